// A link to something inside a fold opens the fold: not every browser does so by itself.
(() => {
  const unfold = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const folds = [];
    for (let fold = target?.closest("details"); fold; fold = fold.parentElement.closest("details")) folds.push(fold);
    if (folds.every((fold) => fold.open)) return;
    folds.forEach((fold) => (fold.open = true));
    target.scrollIntoView();
    target.focus();
  };
  addEventListener("hashchange", unfold);
  unfold();
})();
