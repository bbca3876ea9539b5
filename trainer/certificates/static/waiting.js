// Looks again every two seconds while something on the page waits for the worker, but not for ever, and not while the
// reader is busy with a form: whoever reads without this uses the browser's reload.
(() => {
  const waits = () => document.querySelector("[data-waits]");
  let looks = 0;
  const look = async () => {
    if (!waits() || ++looks > 90) return;
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!fresh.querySelector("[data-waits]")) {
        location.reload();
        return;
      }
      waits().replaceWith(fresh.querySelector("[data-waits]"));
    } catch { /* offline: look again later */ }
    setTimeout(look, 2000);
  };
  setTimeout(look, 2000);
})();
