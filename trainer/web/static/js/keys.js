// Ctrl+K, or the link “Find”, opens the field for everything; ? opens the map of keys. What they open is loaded then.
const link = document.querySelector("a[data-find]");
const OFF = "single keys off"; // a key without Ctrl can be switched off (WCAG 2.1.4): on the help page
const open = async (event, name) => {
  event.preventDefault();
  try {
    const dialogs = await import(link.dataset.find);
    await dialogs[name]({ page: link.pathname, help: link.dataset.help, sheet: link.dataset.sheet });
  } catch {
    location.assign(name === "find" ? link.href : link.dataset.help);
  }
};
const typing = (element) => element.matches("input, textarea, select, [contenteditable]");
const off = () => { try { return Boolean(localStorage.getItem(OFF)); } catch { return false; } };

link?.addEventListener("click", (event) => {
  if (!(event.button || event.ctrlKey || event.metaKey || event.shiftKey)) open(event, "find");
});
if (link) document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) open(event, "find");
  else if (event.key === "?" && !event.ctrlKey && !event.metaKey && !typing(event.target) && !off()) open(event, "keys");
});
const choice = document.querySelector("[data-single-keys]");
if (choice) {
  choice.parentElement.hidden = false;
  choice.checked = !off();
  choice.addEventListener("change", () => (choice.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
}
