// One tap on the number of a source shows the whole of it where the reader is; without this the number leads to the list.
(() => {
  const text = document.getElementById("text");
  if (!text || !HTMLElement.prototype.showPopover) return;
  const card = Object.assign(document.createElement("div"), { className: "source-card", popover: "auto", tabIndex: -1 });
  card.setAttribute("role", "dialog");
  const made = (name, words, more = {}) => Object.assign(document.createElement(name), { textContent: words }, more);
  const fill = (entry, number) => {
    const parts = [...entry.cloneNode(true).childNodes].filter((part) => !part.classList?.contains("back"));
    const list = made("a", "In the list of sources", { href: `#${entry.id}` });
    const close = made("button", "Close", { type: "button", className: "plain" });
    list.addEventListener("click", () => card.hidePopover());
    close.addEventListener("click", () => card.hidePopover());
    const ways = made("p", "", { className: "source-ways" });
    ways.append(list, close);
    card.setAttribute("aria-label", `Source ${number}`);
    card.replaceChildren(made("span", `Source ${number}`, { className: "source-short" }), ...parts, ways);
  };
  text.addEventListener("click", (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest('a[href^="#ref-"]');
    const entry = link && document.getElementById(link.hash.slice(1));
    if (!entry) return;
    event.preventDefault();
    fill(entry, link.hash.slice("#ref-".length));
    if (!card.isConnected) document.getElementById("main").append(card);
    card.showPopover();
    card.focus();
  });
})();
