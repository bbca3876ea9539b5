// A field above a long list leaves what holds every word that is typed.
(() => {
  const field = document.querySelector("[data-filter]"), list = document.querySelector("[data-filtered]");
  if (!field || !list) return;
  const bare = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const entries = [...list.children].map((entry) => [entry, bare(entry.textContent)]);
  const told = document.querySelector("[data-left]"), letters = document.querySelector(".letters");
  const sift = () => {
    const words = bare(field.value).split(/\s+/).filter(Boolean);
    let left = 0;
    for (const [entry, text] of entries) {
      entry.hidden = !words.every((word) => text.includes(word));
      left += !entry.hidden;
    }
    if (letters) letters.hidden = words.length > 0;
    const { none, one, many } = told.dataset;
    told.textContent = !words.length ? "" : left > 1 ? `${left} ${many}` : left ? one : none;
  };
  field.closest("[hidden]").hidden = false;
  field.addEventListener("input", sift);
  addEventListener("hashchange", () => { // a word that is led to is shown, whatever was typed
    const entry = document.getElementById(location.hash.slice(1))?.closest("[data-filtered] > *");
    if (!entry?.hidden) return;
    field.value = "";
    sift();
    entry.scrollIntoView();
  });
  sift();
})();
