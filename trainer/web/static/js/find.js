// The dialog over every page: what fits appears while somebody types; arrows go through it, Enter opens the first.
// Loaded by static/js/keys.js when it is first asked for.
const made = (name, words, more = {}) => Object.assign(document.createElement(name), { textContent: words }, more);

async function dressed(sheet) {
  if (document.querySelector(`link[href="${sheet}"]`)) return;
  const link = made("link", "", { rel: "stylesheet", href: sheet });
  await new Promise((done) => { link.onload = link.onerror = done; document.head.append(link); });
}

function over(label) {
  const dialog = made("dialog", "", { className: "over" });
  dialog.setAttribute("aria-label", label);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  return dialog;
}

const shut = (dialog) => made("button", "Close", { type: "button", className: "button quiet", onclick: () => dialog.close() });

function row({ kind, title, about, to }) {
  const link = made("a", "", { href: to });
  link.append(made("span", title, { className: "title" }), " ", made("span", kind, { className: "kind" }));
  if (about) link.append(made("span", about, { className: "about" }));
  const item = made("li", "");
  item.append(link);
  return item;
}

export async function find({ page, sheet }) {
  if (document.querySelector("dialog.over[open]")) return;
  await dressed(sheet);
  const dialog = over("Find");
  const form = made("form", "", { className: "finder", action: page });
  const field = made("input", "", { type: "search", name: "q", id: "find-here", maxLength: 80, autocomplete: "off" });
  const list = made("ul", "", { className: "found" });
  const told = made("p", "", { className: "found-none" });
  list.setAttribute("role", "list");
  told.setAttribute("role", "status");
  form.setAttribute("role", "search");
  form.append(made("label", "Find", { htmlFor: field.id }), field, shut(dialog));
  dialog.append(form, list, told);
  let asked = 0, wait;
  const ask = async () => {
    const mine = (asked += 1);
    let found;
    try {
      const answer = await fetch(`${page}.json?q=${encodeURIComponent(field.value)}`, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      found = answer.ok ? await answer.json() : null;
    } catch {
      found = null;
    }
    if (mine !== asked) return;
    list.replaceChildren(...(found ?? []).map(row));
    if (field.value) list.querySelector("a")?.classList.add("first");
    told.textContent = !found ? "No answer just now. Press Enter to ask on a page of its own."
      : found.length ? (field.value ? `${found.length} found` : "") : `Nothing fits “${field.value}”. Try fewer letters, or one word.`;
  };
  field.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(ask, 150); });
  form.addEventListener("submit", (event) => {
    const first = list.querySelector("a.first");
    if (!first) return;
    event.preventDefault();
    first.click();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { // a field of this kind would only be emptied
      event.preventDefault();
      dialog.close();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const stops = [field, ...list.querySelectorAll("a")];
    event.preventDefault();
    stops[(Math.max(0, stops.indexOf(document.activeElement)) + step + stops.length) % stops.length].focus();
  });
  dialog.showModal();
  field.focus();
  ask();
}

export async function keys({ help, sheet }) {
  if (document.querySelector("dialog.over[open]")) return;
  const [answer] = await Promise.all([fetch(help, { credentials: "same-origin" }), dressed(sheet)]);
  const map = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("keys");
  if (!answer.ok || !map) return location.assign(help);
  const dialog = over("Keys");
  dialog.append(document.adoptNode(map), shut(dialog));
  dialog.showModal();
}
