// One moment of a case: a countdown in words where there is one, more time without losing what was written, and one
// answer however often the button is pressed. The server judges with its own clock; this page only shows it.
(() => {
  const form = document.querySelector("form[data-moment]");
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    else if (!event.submitter?.matches("[data-more]")) sent = true;
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload(); // the browser's own copy of a moment that may have passed
  });

  const limit = form.querySelector("[data-left]");
  const more = form.querySelector("[data-more]");
  if (!limit) return;
  const seconds = limit.querySelector("[data-seconds]");
  const said = limit.querySelector("[data-said]");
  let end, warned, asking, skew;

  // While a device sleeps, the clock of a page may stand still and the calendar goes on.
  const drift = () => Date.now() - performance.now();
  const set = (left) => {
    end = performance.now() + 1000 * left;
    skew = drift();
  };
  const begin = (left) => {
    set(left);
    warned = false;
    said.textContent = "";
    limit.classList.remove("short");
  };
  const hear = async () => {
    if (asking || sent || document.hidden) return;
    asking = true;
    try {
      const answer = await fetch(limit.dataset.ask, { headers: { Accept: "application/json" } });
      const { here, left } = await answer.json();
      if (sent) return;
      if (here) set(left);
      else if (answer.ok) location.reload(); // this moment is over, perhaps in another window
    } catch {
      skew = drift(); // no connection; asked again at the next occasion
    } finally {
      asking = false;
    }
  };
  const show = (left) => {
    seconds.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  };
  const tick = () => {
    if (Math.abs(drift() - skew) > 1500) hear();
    if (asking) return; // the server is about to say what is left
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    show(left);
    if (left <= 20 && !warned) {
      warned = true;
      said.textContent = limit.dataset.warning;
      limit.classList.add("short");
    }
    if (left > 0 || sent) return;
    said.textContent = limit.dataset.over;
    sent = true;
    form.submit(); // what is marked goes along; without a mark the moment has passed
  };
  const ask = async (event) => {
    event.preventDefault();
    const body = new FormData(form);
    const answer = await fetch(more.formAction, { method: "POST", body, headers: { Accept: "application/json" } });
    const { left } = await answer.json();
    if (!left) return location.reload(); // this moment is over, perhaps in another window
    begin(left);
    said.textContent = limit.dataset.given;
    tick();
  };

  more?.addEventListener("click", (event) => ask(event).catch(() => location.reload()));
  limit.querySelector(".countdown").hidden = false;
  begin(Number(limit.dataset.left));
  tick();
  setInterval(tick, 250);
  setInterval(hear, 30_000);
  document.addEventListener("visibilitychange", hear);
  addEventListener("pageshow", hear);
  addEventListener("focus", hear);
})();
