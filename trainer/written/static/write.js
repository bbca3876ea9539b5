// Saves an answer as it is typed. The page says "Saved" only after the server has answered, and words that could not be
// saved are kept on this device and tried again until they are. Where another page saved meanwhile, the person says which
// words are theirs.

const form = document.querySelector("form[data-written]");
const box = form.elements.text;
const status = form.querySelector("[data-status]");
const two = form.querySelector("[data-two]");
const key = `written ${form.dataset.written}`;
let saved = box.value; // what the server has, or what the page came with
let there = null; // what another page saved meanwhile, until the person has decided
let busy = false;
let typing;

const say = (words) => (status.textContent = words);
const changed = () => box.value !== saved;

function remember() {
  if (changed()) localStorage.setItem(key, JSON.stringify({ text: box.value, seen: form.elements.seen.value }));
  else localStorage.removeItem(key);
}

function count() {
  form.querySelector("[data-words]").textContent = box.value.split(/\s+/).filter(Boolean).length;
}

function ask({ newer, seen }) {
  there = { text: newer, seen };
  two.querySelector("[data-there]").textContent = newer;
  two.hidden = false;
  say(form.dataset.undecided);
}

async function send() {
  const text = box.value;
  const body = new FormData();
  body.append("csrf_token", form.elements.csrf_token.value);
  body.append("seen", form.elements.seen.value);
  body.append("text", text);
  const answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { Accept: "application/json" } });
  const result = await answer.json().catch(() => ({}));
  if (answer.status === 409 && typeof result.newer === "string") return ask(result);
  if (answer.status === 409 && result.problem) {
    saved = text; // the server refused for good; trying again would not help before something is changed
    return say(result.problem);
  }
  if (!answer.ok || !result.seen) throw new Error(String(answer.status));
  form.elements.seen.value = result.seen;
  saved = text;
  remember();
  say(form.dataset.saved);
}

async function flush() {
  clearTimeout(typing);
  if (busy || there || !changed()) return;
  busy = true;
  try {
    say(form.dataset.saving);
    await send();
    busy = false;
    if (changed()) flush();
  } catch {
    busy = false;
    say(form.dataset.failed);
    typing = setTimeout(flush, 3000);
  }
}

// What is typed is sent a second after the last letter, or when the box is left.
box.addEventListener("input", () => {
  count();
  remember();
  clearTimeout(typing);
  typing = setTimeout(flush, 1000);
});
box.addEventListener("change", flush);
addEventListener("online", flush);

form.addEventListener("click", (event) => {
  const take = event.target.closest("[data-take]")?.dataset.take;
  if (!take) return;
  form.elements.seen.value = there.seen;
  saved = there.text;
  if (take === "there") box.value = there.text;
  there = null;
  two.hidden = true;
  count();
  remember();
  say(form.dataset.saved);
  box.focus();
  flush();
});

// Nobody is led on past words of two pages, or without a network into the browser's own error page.
form.addEventListener("submit", (event) => {
  if (there || !navigator.onLine) {
    event.preventDefault();
    say(there ? form.dataset.undecided : form.dataset.failed);
    if (there) two.querySelector("button").focus();
    return;
  }
  clearTimeout(typing);
});

const kept = JSON.parse(localStorage.getItem(key) ?? "null");
if (kept && kept.text !== box.value) {
  box.value = kept.text;
  form.elements.seen.value = kept.seen;
  count();
  flush();
}
