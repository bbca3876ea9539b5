// Without a network a click would lead into the browser's own error page, away from what was chosen and written. Here the
// page stays and says so. A browser without a network may still reach this site (on this machine itself), so it is asked.
const told = document.querySelector("[data-no-connection]");
const reached = () => fetch(told.dataset.noConnection, { method: "HEAD", cache: "no-store" }).then(() => true, () => false);
let goingOn = false;
const hold = async (event, goOn) => {
  if (navigator.onLine || goingOn) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // a page that counts what it sends has sent nothing
  if (await reached()) {
    goingOn = true;
    goOn();
    goingOn = false;
  } else {
    told.hidden = false;
    told.focus();
  }
};
const leads = (link) => link && link.origin === location.origin && (link.pathname !== location.pathname || link.search !== location.search);
document.addEventListener("submit", (event) => {
  const { target, submitter } = event;
  if (target.method !== "dialog") hold(event, () => target.requestSubmit(submitter));
}, true);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (leads(link) && !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey) hold(event, () => link.click());
}, true);
addEventListener("online", () => { told.hidden = true; });
