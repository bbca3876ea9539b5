// One moment of a case: a countdown in words where there is one, more time without losing what was written, and one
// answer however often the button is pressed. The server judges with its own clock; this page only shows it.
(() => {
  const form = document.querySelector("form[data-moment]");
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    else if (!event.submitter?.matches("[data-more]")) sent = true;
  });
  // This moment may be over, perhaps in another window: the server says where the run stands, and gives words back.
  const leave = () => {
    const words = form.elements.reason;
    if (!words || words.value === words.defaultValue) return location.reload();
    sent = true;
    form.querySelectorAll("[name=choice]").forEach((one) => (one.checked = false)); // nobody has pressed “Do this”
    form.submit();
  };
  addEventListener("pageshow", (event) => {
    if (event.persisted) leave(); // the browser's own copy
  });

  // What is marked and written outlives a reload of this tab, until the moment is over or the server keeps something else.
  const moment = form.elements.moment.value;
  const choices = [...form.querySelectorAll("[name=choice]")];
  const words = form.querySelector("textarea");
  const given = () => [words?.defaultValue, choices.find((one) => one.defaultChecked)?.value].join();
  const before = JSON.parse(sessionStorage.getItem("moment") ?? "null");
  if (before?.moment === moment && before.given === given()) {
    if (words) words.value = before.words;
    choices.forEach((one) => (one.checked = one.value === before.marked));
  }
  form.addEventListener("input", () => {
    const marked = choices.find((one) => one.checked)?.value;
    sessionStorage.setItem("moment", JSON.stringify({ moment, given: given(), words: words?.value, marked }));
  });

  const limit = form.querySelector("[data-left]");
  const more = form.querySelector("[data-more]");
  if (!limit) return;
  const over = () => {
    sent = true;
    form.submit(); // what is marked goes along; without a mark the moment has passed
  };
  const clock = countdown(limit, { over, gone: leave, idle: () => sent });
  const ask = async (event) => {
    event.preventDefault();
    const body = new FormData(form);
    const sending = fetch(more.formAction, { method: "POST", body, headers: { Accept: "application/json" } });
    const answer = await sending.catch(() => null);
    if (!answer) return clock.say(limit.dataset.unreached);
    const { left, given, lasts } = await answer.json().catch(() => ({ left: undefined }));
    if (left === undefined) return form.requestSubmit(more); // the sign-in has ended: the whole form is carried along
    if (!left) return leave();
    form.querySelector("[data-lasts]").textContent = lasts;
    clock.begin(left, given ? limit.dataset.given : limit.dataset.already);
  };

  more?.addEventListener("click", ask);
})();
