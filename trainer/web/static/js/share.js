// Copies, hands on and prints. Where scripts do not run, verdict.css shows the address in a field instead.
const told = (button, words) => {
  button.dataset.words ??= button.textContent;
  button.style.minWidth = `${button.offsetWidth}px`; // nothing beside it moves
  button.textContent = words;
  setTimeout(() => (button.textContent = button.dataset.words), 4000);
};
for (const tools of document.querySelectorAll(".by-script")) {
  const said = tools.querySelector("[role=status]");
  for (const button of tools.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        said.classList.add("hidden-visually");
        said.textContent = `Copied: ${button.dataset.copy}`;
        told(button, "Copied ✓");
      } catch {
        said.classList.remove("hidden-visually");
        said.textContent = `Please copy it by hand: ${button.dataset.copy}`; // the browser does not allow it
      }
    });
  }
  tools.querySelector("[data-print]")?.addEventListener("click", () => print());
  const share = tools.querySelector("[data-share]");
  if (!share || !navigator.share) continue;
  share.hidden = false;
  share.addEventListener("click", () =>
    navigator.share({ title: document.title, url: share.dataset.share }).catch(() => {
      /* they changed their mind */
    }),
  );
}
