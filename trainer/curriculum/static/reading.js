// Marks in the contents where the reader is, and keeps the place: when the reader leaves, the heading they had reached
// goes to the server.
(() => {
  const form = document.getElementById("place");
  if (!form) return;
  const headings = [...document.querySelectorAll("#text h2[id], #text h3[id]")];
  const entries = [...document.querySelectorAll(".contents a")];
  let sent = "", shown;
  const here = (share) => {
    let reached = -1;
    while (reached + 1 < headings.length && headings[reached + 1].getBoundingClientRect().top <= innerHeight * share) reached += 1;
    return reached;
  };
  const mark = () => {
    const reached = headings.slice(0, here(1 / 3) + 1).findLast((heading) => heading.localName === "h2");
    if (reached === shown) return;
    shown = reached;
    const now = entries.findIndex((entry) => entry.hash === `#${reached?.id}`);
    entries.forEach((entry, n) => {
      entry.parentElement.classList.toggle("read", n < now);
      if (n === now) entry.setAttribute("aria-current", "location");
      else entry.removeAttribute("aria-current");
    });
  };
  let waits = false;
  const later = () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => { waits = false; mark(); });
  };
  const keep = () => {
    const anchor = headings[here(1 / 2)]?.id ?? "";
    if (document.visibilityState !== "hidden" || anchor === sent) return;
    sent = anchor;
    form.elements.anchor.value = anchor;
    fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true, credentials: "same-origin" }).catch(() => { sent = ""; });
  };
  document.addEventListener("visibilitychange", keep);
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later, { passive: true });
  mark();
})();
