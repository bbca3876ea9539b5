// Saves each answer as it is given. The page says "Saved" only after the server has answered, and an answer
// that could not be saved is kept on this device and tried again until it is. Only what was changed here is sent, with
// what this page knew of when it was chosen: where another device answered meanwhile, the person says which it is.

const form = document.querySelector("form[data-attempt]");
const status = form.querySelector("[data-status]");
const key = `attempt ${form.dataset.attempt}`;
const stored = Object.entries(JSON.parse(localStorage.getItem(key) ?? "{}"));
// of each changed question: the places chosen or what its fields hold, when, what the page knew of then, and what it had sent before
const waiting = new Map(stored.map(([number, one]) => [number, Array.isArray(one) ? { places: one, seen: 0, tried: [] } : one]));
const known = new Map(); // by question the number of the last answer that this page knows of
const undecided = new Map(); // by question what was answered elsewhere meanwhile
let busy = false;
let refused = false;

const inputs = (number) => [...form.querySelectorAll(`[name="q${number}"]`)];
const ticked = (input) => input.type === "radio" || input.type === "checkbox";
const chosen = (number) => inputs(number).filter((input) => !ticked(input) || input.checked).map((input) => input.value);
const choose = (number, values) =>
  inputs(number).forEach((input, n) => {
    if (ticked(input)) input.checked = values.includes(input.value);
    else input.value = values[n] ?? "";
  });
const knownOf = (number) => known.get(number) ?? Number(form.elements.seen.value);
const clock = (at) => (at ? `, ${new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })}` : "");

function remember() {
  if (waiting.size) localStorage.setItem(key, JSON.stringify(Object.fromEntries(waiting)));
  else localStorage.removeItem(key);
}

// What is not saved wears the colour and the sign of a warning: it must not look like "Saved".
function write(place, words) {
  place.textContent = words;
  place.classList.toggle("unsaved", words !== form.dataset.saved && words !== form.dataset.saving);
}

function say(words, number) {
  write(status, undecided.size && words === form.dataset.saved ? form.dataset.undecided : words);
  if (number) write(form.querySelector(`[data-saved-for="${number}"]`), words);
}

// Beside the button stands why it does nothing, for as long as nothing can be sent.
const cutOff = (off) => (form.querySelector("[data-cut-off]").hidden = !off);

function inWords(input, n, values) {
  if (ticked(input)) return values.includes(input.value) ? input.parentElement.innerText : "";
  const option = [...(input.options ?? [])].find((one) => one.value === values[n]);
  const label = input.options ? (input.labels[0]?.firstElementChild?.innerText ?? input.ariaLabel) : "";
  return values[n] ? [label, option?.text ?? values[n]].filter(Boolean).join(": ") : "";
}

function list(place, number, values) {
  const told = inputs(number).map((input, n) => inWords(input, n, values)).filter(Boolean);
  const none = form.querySelector("[data-nothing]").textContent;
  place.replaceChildren(...(told.length ? told : [none]).map((words) => Object.assign(document.createElement("li"), { textContent: words })));
}

function ask(number, entry, { newer, at, seen }) {
  const box = form.querySelector(`[data-two-for="${number}"]`);
  const theirs = newer.map(String);
  undecided.set(number, { theirs, seen });
  choose(number, theirs);
  list(box.querySelector("[data-there]"), number, theirs);
  list(box.querySelector("[data-here]"), number, entry.places);
  box.querySelector("[data-there-at]").textContent = clock(at);
  box.querySelector("[data-here-at]").textContent = clock(entry.at);
  box.hidden = false;
  say(form.dataset.undecided, number);
}

function settle(number) {
  undecided.delete(number);
  form.querySelector(`[data-two-for="${number}"]`).hidden = true;
}

async function send(number, entry) {
  const body = new FormData();
  body.append("csrf_token", form.elements.csrf_token.value);
  body.append("only", number);
  body.append("seen", entry.seen);
  entry.places.forEach((place) => body.append(`q${number}`, place));
  entry.tried.forEach((places) => body.append(`tried${number}`, JSON.stringify(places)));
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  const result = await answer.json().catch(() => ({}));
  if (answer.status === 409 && result.newer) {
    if (waiting.get(number) === entry) ask(number, entry, result);
    return false;
  }
  if (answer.status === 409 && result.problem) {
    say(result.problem, number);
    refused = true;
    return true; // the server refused for good; trying again would not help
  }
  if (!answer.ok || !result.saved_at) throw new Error(String(answer.status));
  known.set(number, result.seen);
  form.querySelector("[data-count]").textContent = result.answered;
  form.querySelector("[data-progress]").value = result.answered;
  say(form.dataset.saved, number);
  return true;
}

async function flush() {
  if (busy) return;
  busy = true;
  const open = [...waiting].filter(([number]) => !undecided.has(number));
  for (const [number, entry] of open) {
    try {
      if ((await send(number, entry)) && waiting.get(number) === entry) waiting.delete(number);
      cutOff(false);
      remember();
    } catch {
      for (const one of waiting.keys()) if (!undecided.has(one)) say(form.dataset.failed, one);
      cutOff(true);
      setTimeout(flush, 3000);
      break;
    }
  }
  busy = false;
  const left = [...waiting.keys()].some((number) => !undecided.has(number));
  if (left && status.textContent !== form.dataset.failed) flush();
}

function change(number, places) {
  const before = waiting.get(number);
  waiting.set(number, {
    places,
    at: Date.now(),
    seen: undecided.get(number)?.seen ?? before?.seen ?? knownOf(number),
    tried: before ? [...before.tried, before.places].slice(-50) : [],
  });
  if (undecided.has(number)) settle(number);
  remember();
  say(form.dataset.saving, number);
  flush();
}

// What is typed is sent when the field is left, or half a second after the last letter: nothing typed is only on the screen.
let typing;
function take(number) {
  clearTimeout(typing);
  change(number, chosen(number));
}

form.addEventListener("input", (event) => {
  if (ticked(event.target) || event.target.options) return;
  clearTimeout(typing);
  typing = setTimeout(take, 500, event.target.name.slice(1));
});

form.addEventListener("change", (event) => take(event.target.name.slice(1)));

form.addEventListener("click", (event) => {
  const keep = event.target.closest("[data-keep]")?.dataset.keep;
  if (!keep) return;
  const number = event.target.closest("[data-two-for]").dataset.twoFor;
  const { theirs, seen } = undecided.get(number);
  const mine = waiting.get(number).places;
  if (keep === "here") choose(number, mine);
  const input = inputs(number).find((one) => one.checked) ?? inputs(number)[0];
  if (keep === "here") change(number, mine);
  else {
    known.set(number, seen);
    waiting.delete(number);
    remember();
    settle(number);
    choose(number, theirs);
    say(form.dataset.saved, number);
  }
  input.focus();
});

// Nobody is led on to sending past a question with two answers, or without a network into the browser's own error page.
form.addEventListener("submit", (event) => {
  const [number] = undecided.keys();
  if (number === undefined && (navigator.onLine || !waiting.size)) return;
  event.preventDefault();
  say(number === undefined ? form.dataset.failed : form.dataset.undecided);
  if (number !== undefined) form.querySelector(`[data-two-for="${number}"] [data-keep]`).focus();
});

form.addEventListener("formdata", (event) => {
  const open = [...waiting].filter(([number]) => !undecided.has(number));
  event.formData.append("only", open.map(([number]) => number).join(" "));
  for (const [number, entry] of open) entry.tried.forEach((places) => event.formData.append(`tried${number}`, JSON.stringify(places)));
  if (open.length) event.formData.set("seen", Math.min(...open.map(([, entry]) => entry.seen)));
});

for (const [number, entry] of waiting) choose(number, entry.places);
if (waiting.size) flush();
cutOff(!navigator.onLine);
addEventListener("offline", () => cutOff(true));
addEventListener("online", () => {
  cutOff(false);
  flush();
});

// An attempt with a clock: at its end nothing can be chosen any more, and what is on its way has a few seconds.
const box = form.querySelector("[data-left]");
if (box) {
  const result = box.querySelector("[data-result]");
  const leave = () => location.assign(result.querySelector("a").href);
  const over = () => {
    form.querySelectorAll("input:not([type=hidden]), select, button").forEach((one) => (one.disabled = true));
    flush();
    setTimeout(() => {
      if (!waiting.size && !refused) return leave();
      for (const number of [...waiting.keys()]) {
        settle(number);
        say(box.dataset.missed, number);
      }
      waiting.clear();
      remember();
      clock.say(box.dataset.unsaved);
      result.hidden = false;
    }, 6000);
  };
  const clock = countdown(box, { over, gone: () => (waiting.size ? flush() : leave()) });
}
