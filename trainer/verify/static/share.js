// Copies, hands on and prints. Where scripts do not run, counter.css shows the address in a field instead.
for (const tools of document.querySelectorAll(".by-script")) {
  const said = tools.querySelector("[role=status]");
  for (const button of tools.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        said.textContent = `Copied: ${button.dataset.copy}`;
      } catch {
        said.textContent = `Please copy it by hand: ${button.dataset.copy}`; // the browser does not allow it
      }
    });
  }
  tools.querySelector("[data-print]").addEventListener("click", () => print());
  const share = tools.querySelector("[data-share]");
  if (!navigator.share) continue;
  share.hidden = false;
  share.addEventListener("click", () =>
    navigator.share({ title: document.title, url: share.dataset.share }).catch(() => {
      /* they changed their mind */
    }),
  );
}
