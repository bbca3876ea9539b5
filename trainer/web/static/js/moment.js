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
  const over = () => {
    sent = true;
    form.submit(); // what is marked goes along; without a mark the moment has passed
  };
  const clock = countdown(limit, { over, gone: () => location.reload(), idle: () => sent });
  const ask = async (event) => {
    event.preventDefault();
    const body = new FormData(form);
    const answer = await fetch(more.formAction, { method: "POST", body, headers: { Accept: "application/json" } });
    const { left, given } = await answer.json();
    if (!left) return location.reload(); // this moment is over, perhaps in another window
    clock.begin(left, given ? limit.dataset.given : limit.dataset.already);
  };

  more?.addEventListener("click", (event) => ask(event).catch(() => location.reload()));
})();
