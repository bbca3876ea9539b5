// Saves each answer as it is given. The page says "Saved" only after the server has answered, and an answer
// that could not be saved is kept on this device and tried again until it is. Only what was changed here is sent:
// the rest of this page may be older than what was answered in another tab.

const form = document.querySelector("form[data-attempt]");
const status = form.querySelector("[data-status]");
const key = `attempt ${form.dataset.attempt}`;
const waiting = new Map(Object.entries(JSON.parse(localStorage.getItem(key) ?? "{}")));
let busy = false;

const inputs = (number) => [...form.querySelectorAll(`input[name="q${number}"]`)];

function remember() {
  if (waiting.size) localStorage.setItem(key, JSON.stringify(Object.fromEntries(waiting)));
  else localStorage.removeItem(key);
}

function say(words, number) {
  status.textContent = words;
  if (number) form.querySelector(`[data-saved-for="${number}"]`).textContent = words;
}

async function send(number, places) {
  const body = new FormData();
  body.append("csrf_token", form.elements.csrf_token.value);
  body.append("only", number);
  places.forEach((place) => body.append(`q${number}`, place));
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  const result = await answer.json().catch(() => ({}));
  if (answer.status === 409 && result.problem) {
    say(result.problem, number);
    return true; // the server refused for good; trying again would not help
  }
  if (!answer.ok || !result.saved_at) throw new Error(String(answer.status));
  form.querySelector("[data-count]").textContent = result.answered;
  form.querySelector("[data-progress]").value = result.answered;
  say(`${form.dataset.saved} ${result.saved_at}`, number);
  return true;
}

async function flush() {
  if (busy) return;
  busy = true;
  for (const [number, places] of waiting) {
    try {
      await send(number, places);
      if (waiting.get(number) === places) waiting.delete(number);
      remember();
    } catch {
      say(form.dataset.failed, number);
      setTimeout(flush, 3000);
      break;
    }
  }
  busy = false;
  if (waiting.size && status.textContent !== form.dataset.failed) flush();
}

form.addEventListener("change", (event) => {
  const number = event.target.name.slice(1);
  waiting.set(number, inputs(number).filter((input) => input.checked).map((input) => input.value));
  remember();
  say(form.dataset.saving, number);
  flush();
});

form.addEventListener("formdata", (event) => event.formData.append("only", [...waiting.keys()].join(" ")));

for (const [number, places] of waiting) inputs(number).forEach((input) => (input.checked = places.includes(input.value)));
if (waiting.size) flush();
addEventListener("online", flush);
