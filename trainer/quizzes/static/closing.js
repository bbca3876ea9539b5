// The page before sending: when the time of the attempt ends, it leads to the result.
(() => {
  const box = document.querySelector("[data-left]");
  const leave = () => location.assign(box.querySelector("[data-result] a").href);
  countdown(box, { over: () => setTimeout(leave, 6000), gone: leave });
})();
