// Keeps the place: when the reader leaves, the heading they had reached goes to the server.
(() => {
  const form = document.getElementById("place");
  if (!form) return;
  let sent = "";
  const here = () => {
    let anchor = "";
    for (const heading of document.querySelectorAll("#text h2[id], #text h3[id]")) {
      if (heading.getBoundingClientRect().top > window.innerHeight / 2) break;
      anchor = heading.id;
    }
    return anchor;
  };
  const keep = () => {
    const anchor = here();
    if (document.visibilityState !== "hidden" || anchor === sent) return;
    sent = anchor;
    form.elements.anchor.value = anchor;
    fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true, credentials: "same-origin" }).catch(() => { sent = ""; });
  };
  document.addEventListener("visibilitychange", keep);
})();
