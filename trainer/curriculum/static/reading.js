// Marks in the contents where the reader is, and keeps the place: once they have rested at a heading, the furthest one
// of this visit goes to the server. Scrolling up to leave loses nothing, and a glance at the end counts for nothing.
(() => {
  const form = document.getElementById("place");
  if (!form) return;
  const headings = [...document.querySelectorAll("#text h2[id], #text h3[id]")];
  const entries = [...document.querySelectorAll(".contents a")];
  const REST = 2000; // milliseconds
  let furthest = -1, sent = -1, shown;
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
    if (furthest <= sent) return;
    const before = sent;
    sent = furthest;
    form.elements.anchor.value = headings[furthest].id;
    fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true, credentials: "same-origin" }).catch(() => { sent = before; });
  };
  let resting;
  const rest = () => {
    clearTimeout(resting);
    resting = setTimeout(() => { furthest = Math.max(furthest, here(1 / 2)); keep(); }, REST);
  };
  rest();
  document.addEventListener("visibilitychange", keep); // what the network had refused
  addEventListener("scroll", () => { later(); rest(); }, { passive: true });
  addEventListener("resize", later, { passive: true });
  mark();
})();
