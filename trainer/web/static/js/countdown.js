// Counts down by the server's clock. While a device sleeps, the clock of its page may stand still: the server is asked
// again when the page comes back, when the calendar runs ahead of that clock, and every half minute.
//
// `box` carries the seconds left (data-left), where to ask for them (data-ask), what to say when so many are left
// (data-warning-60="…"), and places for the time ([data-seconds]) and the words ([data-said]).
// `over` is called once when the time is up, `gone` when there is nothing to count down any more.
globalThis.countdown = (box, { over, gone, idle = () => false }) => {
  const seconds = box.querySelector("[data-seconds]");
  const said = box.querySelector("[data-said]");
  const warnings = Object.entries(box.dataset)
    .filter(([name]) => name.startsWith("warning-"))
    .map(([name, words]) => [Number(name.slice(8)), words])
    .sort(([one], [other]) => one - other);
  let end, skew, asking, warned = Infinity, ended = false;

  const drift = () => Date.now() - performance.now();
  const set = (left) => {
    end = performance.now() + 1000 * left;
    skew = drift();
  };
  const say = (words) => (said.textContent = words);
  const hear = async () => {
    if (asking || ended || idle() || document.hidden) return;
    asking = true;
    try {
      const answer = await fetch(box.dataset.ask, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(10_000) });
      const { here, left } = await answer.json();
      if (ended || idle()) return;
      if (here) set(left);
      else if (answer.ok) gone();
    } catch {
      skew = drift(); // no connection; asked again at the next occasion
    } finally {
      asking = false;
    }
  };
  const tick = () => {
    if (ended) return;
    if (Math.abs(drift() - skew) > 1500) {
      hear();
      if (asking) return; // the server is about to say what is left
    }
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    seconds.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    const [due, words] = warnings.find(([at]) => left <= at) ?? [];
    if (due < warned) {
      warned = due;
      say(words);
      box.classList.add("short");
    }
    if (left > 0 || idle()) return;
    ended = true;
    say(box.dataset.over);
    over();
  };
  const begin = (left, words = "") => {
    set(left);
    warned = Infinity;
    box.classList.remove("short");
    say(words);
    tick();
  };

  box.querySelector(".countdown").hidden = false;
  begin(Number(box.dataset.left));
  setInterval(tick, 250);
  setInterval(hear, 30_000);
  document.addEventListener("visibilitychange", hear);
  addEventListener("pageshow", hear);
  addEventListener("focus", hear);
  return { begin, say };
};
