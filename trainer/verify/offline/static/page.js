// The page around check.js: takes two files, shows one verdict.
(() => {
  "use strict";
  const LARGEST = 8 * 1024 * 1024;
  const WORDS = {
    "not yet valid": ["calm", "Not yet valid"],
    expired: ["warn", "Expired"],
    revoked: ["stop", "Revoked"],
    suspended: ["warn", "Suspended"],
    altered: ["stop", "Changed after issue"],
    "not genuine": ["stop", "Not ours"],
    unreadable: ["calm", "Could not be checked"],
  };
  const ENDED = ["revoked", "suspended", "expired"];
  const at = (id) => document.getElementById(id);
  const made = (name, content, scope) => {
    const element = document.createElement(name);
    if (scope) element.scope = scope;
    element.append(...[content].flat());
    return element;
  };
  // moments as the clock of this browser shows them, and whose that is; days on a certificate are not moved
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone,
    place = /^(?!Etc\/).+\/(.+)$/.exec(zone)?.[1].replaceAll("_", " ");
  const when = (date) => {
    const timeZone = place ? zone : "UTC",
      day = date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone });
    const [clock, distance] = date
      .toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone, timeZoneName: "longOffset" })
      .split(" GMT");
    return `${day}, ${clock} ${place ? `(${place} time, UTC${distance})` : "UTC"}`;
  };
  const WRITTEN = /\b\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d UTC\b/g; // as check.js says moments
  const own = (text) => text.replace(WRITTEN, (moment) => when(new Date(moment.replace(",", ""))));
  // valid is never said without its date: nobody here knows of today
  const worded = (verdict) => {
    if (verdict.status !== "valid") return WORDS[verdict.status];
    if (!verdict.checks.every((one) => one.holds)) return ["stop", "Genuine facts in a page that is not vouched for"];
    return verdict.fresh
      ? ["good", `Valid as of ${when(verdict.asOf)}`]
      : ["warn", `Genuine; status known up to ${when(verdict.asOf)}`];
  };
  let trust = null;
  let anchor = null; // the keys that came with this copy, then the newest that were chosen: a file must continue them
  let turn = 0; // a slow answer about an earlier file must not stand beside a later one

  const complain = (sentence) => {
    at("problem").textContent = sentence;
    at("problem").hidden = !sentence;
    if (sentence) at("answer").hidden = true;
  };
  const described = ({ freshness, madeAt }) => {
    if (!freshness)
      return (
        `Made on ${when(madeAt)}, says the file; it is of an earlier version, not signed and without ` + "status lists."
      );
    const lists = [...freshness.lists.values()],
      listed = lists.length
        ? `with status lists of ${when(new Date(Math.min(...lists.map((one) => one.begins))))}`
        : "without status lists";
    const old = new Date() >= freshness.until ? " That has passed: fetch a newer trust.json." : "";
    return `Made on ${when(madeAt)} ${listed}, to be relied on until ${when(freshness.until)}.${old}`;
  };
  const pin = async (written) => {
    const read = await globalThis.trainerOffline.readTrust(written);
    if (anchor) globalThis.trainerOffline.checkFollows(anchor, read);
    trust = read;
    if (anchor) anchor = read;
    at("pinned").replaceChildren(
      `The keys of ${trust.issuer} (${trust.address}). ${described(trust)} Make sure, once, that the key of the log ` +
        "is the issuer’s. Ask the issuer where they publish it other than on this site, such as in print or on " +
        "another site of theirs, or ask them by telephone, and compare it letter by letter: ",
      made("code", trust.logText),
    );
  };
  const numbered = (number) => {
    const element = made("span", number);
    element.className = "number"; // it is not broken in two
    return element;
  };
  const list = (value) =>
    Array.isArray(value)
      ? made(
          "ul",
          value.map((one) => made("li", one)),
        )
      : value;
  // beside a last day that the status has overtaken, wherever on the page somebody looks first
  const asIssued = (day) => [made("s", day), " as issued; it does not hold today"];
  const show = (verdict) => {
    const [kind, word] = worded(verdict);
    document.querySelector(".verdict").className = `verdict ${kind}`;
    at("word").textContent = word;
    at("sentence").textContent = own(verdict.sentence);
    const { Holder, Credential, Issuer, Number: number, "Valid until": until } = verdict.facts ?? {};
    at("who").hidden = !Holder || verdict.status === "altered"; // what stands around those facts is not ours
    at("holder").textContent = Holder ?? "";
    at("credential").textContent = Credential ?? "";
    at("issued").replaceChildren(
      `${Issuer} · number `,
      numbered(number ?? ""),
      " · ",
      ...(verdict.status === "valid" ? [`valid until ${until}`] : ["valid until, as issued: ", made("s", until ?? "")]),
    );
    at("facts").replaceChildren(
      ...Object.entries(verdict.facts ?? {}).flatMap(([name, value]) => [
        made("dt", name),
        made("dd", name === "Valid until" && ENDED.includes(verdict.status) ? asIssued(value) : list(value)),
      ]),
    );
    at("certified").hidden = !verdict.facts;
    at("checks").replaceChildren(
      ...verdict.checks.map((one) =>
        made("tr", [
          made("th", one.question, "row"),
          made("td", one.holds ? "✓ Yes" : "✕ No"),
          made("td", own(one.evidence)),
        ]),
      ),
    );
    at("how").hidden = !verdict.checks.length;
    at("answer").hidden = false;
    at("answer").dataset.status = verdict.status;
    bring();
  };
  // the verdict itself, from its first line: the focus alone would leave a telephone far below it
  const bring = () => {
    at("word").focus({ preventScroll: true });
    document.querySelector(".verdict").scrollIntoView({ block: "start", behavior: "instant" });
  };
  const judge = async () => {
    const mine = ++turn,
      [file] = at("file").files;
    at("answer").hidden = true;
    at("chosen").textContent = file?.name ?? "";
    if (!file) return;
    if (!trust) {
      complain("Choose the issuer’s trust.json first.");
      return;
    }
    if (file.size > LARGEST) {
      complain("This file is larger than any certificate of ours.");
      return;
    }
    complain("");
    const verdict = await globalThis.trainerOffline.verify(new Uint8Array(await file.arrayBuffer()), trust);
    if (mine === turn) show(verdict);
  };
  const choose = async () => {
    const [file] = at("trust").files;
    if (!file) return;
    turn++;
    try {
      complain("");
      await pin(await file.text());
      await judge();
    } catch (error) {
      at("trust").value = ""; // the keys of before stay, as the page says: older ones could hide what is known
      complain(`This trust file is not used. ${error.message}`);
    }
  };

  at("trust").addEventListener("change", choose);
  at("file").addEventListener("change", judge);
  const kept = location.protocol === "file:"; // a copy on a stick has nothing to go back to
  if (kept) document.querySelector(".brand").removeAttribute("href");
  at("back").hidden = kept;
  at("download").hidden = kept;
  at("others").open = !globalThis.pinnedTrust;
  if (!globalThis.crypto?.subtle)
    complain("This browser offers no cryptography here. Open the page from a file or over HTTPS.");
  else if (globalThis.pinnedTrust)
    pin(JSON.stringify(globalThis.pinnedTrust)).then(
      () => {
        anchor = trust;
        return judge();
      },
      (error) => complain(`The pinned keys cannot be read: ${error.message}`),
    );
})();
