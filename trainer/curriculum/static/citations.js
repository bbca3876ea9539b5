// One tap on the number of a source, or on a word of the glossary, shows the whole of it where the reader is; without
// this it leads to the list at the end.
(() => {
  const text = document.getElementById("text");
  if (!text || !HTMLElement.prototype.showPopover) return;
  const card = Object.assign(document.createElement("div"), { className: "source-card", popover: "auto", tabIndex: -1 });
  card.setAttribute("role", "dialog");
  const made = (name, words, more = {}) => Object.assign(document.createElement(name), { textContent: words }, more);
  const parts = (entry) => [...entry.cloneNode(true).childNodes].filter((part) => !part.classList?.contains("back"));
  const fill = (title, shown, where, entry) => {
    const list = made("a", where, { href: `#${entry.id}` });
    const close = made("button", "Close", { type: "button", className: "plain" });
    list.addEventListener("click", () => card.hidePopover());
    close.addEventListener("click", () => card.hidePopover());
    const ways = made("p", "", { className: "source-ways" });
    ways.append(list, close);
    card.setAttribute("aria-label", title);
    card.replaceChildren(made("span", title, { className: "source-short" }), ...shown, ways);
  };
  // a word is explained below its line, or above it where there is no room; on a phone at the foot of the screen
  const put = (link) => {
    const wide = matchMedia("(min-width: 40rem)").matches;
    card.classList.toggle("beside-word", wide);
    Object.assign(card.style, { inset: "", left: "", top: "" });
    if (!wide) return;
    const word = link.getClientRects()[0];
    const below = word.bottom + 8 + card.offsetHeight < innerHeight;
    const left = Math.max(16, Math.min(word.left, document.documentElement.clientWidth - card.offsetWidth - 16));
    Object.assign(card.style, { inset: "auto", left: `${left + scrollX}px` });
    card.style.top = `${(below ? word.bottom + 8 : Math.max(8, word.top - 8 - card.offsetHeight)) + scrollY}px`;
  };
  text.addEventListener("click", (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest('a[href^="#ref-"], a.term[href^="#term-"]');
    const entry = link && document.getElementById(link.hash.slice(1));
    if (!entry) return;
    event.preventDefault();
    const term = entry.localName === "dt";
    if (term) fill(parts(entry).map((part) => part.textContent).join("").trim(), parts(entry.nextElementSibling), "In the list of words", entry);
    else fill(`Source ${link.hash.slice("#ref-".length)}`, parts(entry), "In the list of sources", entry);
    if (!card.isConnected) document.getElementById("main").append(card);
    card.showPopover();
    put(link);
    card.focus({ preventScroll: true });
  });
})();
