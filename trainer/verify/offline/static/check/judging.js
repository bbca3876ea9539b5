// What outranks what: the same order as in `judging.py`, held to the same vectors.

import { counted } from "./bytes.js";
import { when } from "./dates.js";
import { FLAW } from "./handed_in.js";
import { CREDENTIAL, REASON } from "./inside.js";
import { SKEW } from "./status_lists.js";

const FILE = "Is this the file we issued, unchanged to the last byte?";
const UNREADABLE = "unreadable";
const NOT_GENUINE = "not genuine";
const FOREIGN_FILE =
  "We did not issue this file. Ask the holder for the original file or for the certificate's " + "number.";
const FOREIGN_CREDENTIAL =
  "We did not issue this credential. Ask the holder for the original file or for the certificate's number.";
const FLAWED = {
  [FLAW.somethingBefore]:
    "Something stands before the PDF in this file, so that it can pass for two kinds of file at " +
    "once. We issue no such file and did not look into it. Ask the holder for the file as they " +
    "received it.",
  [FLAW.noPdf]:
    "This file is neither a PDF nor a credential. Our certificates are PDF files; choose the file as " +
    "the holder received it.",
  [FLAW.notOneSignature]:
    "This text does not carry exactly one signature that could be checked. Choose credential.jwt, or the PDF itself.",
};
const DOUBTED = {
  [REASON.unlogged]: [
    NOT_GENUINE,
    "This certificate cannot be proved to be in our public log. Do not rely on it; please tell the issuer.",
  ],
  [REASON.keyDoesNotCount]: [
    NOT_GENUINE,
    "The key that signed this does not vouch for it. Do not rely on it; ask the issuer.",
  ],
  [REASON.unwitnessed]: [
    UNREADABLE,
    "Too few witnesses have confirmed the checkpoint in this file, so it cannot be checked offline. Ask online.",
  ],
  [REASON.witnessesUnread]: [
    UNREADABLE,
    "Too few witnesses whose signatures this page can check have confirmed the checkpoint in this " +
      "file. Use `trainer verify --offline`, which can check all of them, or ask online.",
  ],
  [REASON.noCredential]: [
    UNREADABLE,
    "This file was signed by us, but carries no credential that can be checked offline. Ask online, " +
      "or by its number.",
  ],
  [REASON.foreignCredential]: [NOT_GENUINE, FOREIGN_CREDENTIAL],
};

export const unreadable = (sentence) => ({ status: UNREADABLE, sentence, checks: [], facts: null });

// the first of these that is so is the answer
export const judge = (handed, seen, now) => {
  const { certificate } = seen;
  if (handed.flaw) return unreadable(FLAWED[handed.flaw]);
  if (!certificate) return foreign(handed, seen);
  if (certificate.doubted) return doubted(certificate);
  const behind = isBehind(certificate, now);
  if (!seen.issued) return beside(altered(handed, seen), certificate, behind, now);
  if (!certificate.logged) return signedAlone(certificate);
  if (behind && !certificate.standing.word) return clockBehind(certificate, seen.issued, now);
  return asSigned(certificate, seen.issued, now);
};

const failed = (question, evidence) => ({ question, holds: false, evidence });
const foreign = (handed, seen) =>
  handed.kind === "credential"
    ? { status: NOT_GENUINE, sentence: FOREIGN_CREDENTIAL, checks: [failed(CREDENTIAL, seen.why)], facts: null }
    : { status: NOT_GENUINE, sentence: FOREIGN_FILE, checks: [failed(FILE, hashed(handed, seen.why))], facts: null };
const doubted = ({ doubted: reason, checks }) => {
  const [status, sentence] = DOUBTED[reason];
  return { status, sentence, checks, facts: null };
};
const hashed = ({ size, sha256 }, why) => `Its ${counted(size)} bytes have the SHA-256 ${sha256}. ${why}`;

const altered = (handed, seen) => {
  const { facts } = seen.certificate;
  if (seen.begins) {
    const count = handed.size - seen.begins;
    const added = `${counted(count)} ${count === 1 ? "byte was" : "bytes were"} added after issue`;
    const evidence =
      `Its first ${counted(seen.begins)} bytes are the file we issued as number ${facts.Number}; ` + `${added}.`;
    const sentence = `This PDF has been changed: ${added}. Do not accept it.`;
    return { sentence, checks: [failed(FILE, evidence)], facts: null };
  }
  const isText = handed.kind === "credential";
  const inside = {
    question: "Did we sign what the credential inside it says?",
    holds: true,
    evidence: `It is the credential of certificate ${facts.Number}, signed with a key of ours.`,
  };
  return {
    sentence:
      `This ${isText ? "text" : "PDF"} has been changed. Do not accept it. Below stands what we certified under ` +
      `number ${facts.Number}.`,
    checks: [failed(isText ? CREDENTIAL : FILE, hashed(handed, seen.why)), inside],
    facts,
  };
};

const byDates = ({ begins, ends }, now) => {
  if (now < begins) return ["not yet valid", `not valid before ${when(begins)}`];
  if (now >= ends) return ["expired", `no longer valid: it expired on ${when(ends)}`];
  return ["valid", "valid"];
};
const withinDates = (certificate, now) => ({
  question: "Is today within its dates?",
  holds: byDates(certificate, now)[0] === "valid",
  evidence: `Valid from ${when(certificate.begins)} up to ${when(certificate.ends)}. Checked on ${when(now)}.`,
});
const hasEnded = ({ word }) => word === "revoked" || word === "suspended";
const isBehind = ({ trustMadeAt }, now) => Boolean(trustMadeAt) && trustMadeAt - now > SKEW;
const setTheClock = ({ trustMadeAt }, now) =>
  `The clock of this machine says ${when(now)}, but the trust file was made later, on ` +
  `${when(trustMadeAt)}, so no date can be judged. Set the clock right, then check again.`;

// Something altered, with what is known about the certificate inside it: the bad news first; that there is none is
// said only of what the log proves.
const beside = (what, certificate, behind, now) => {
  const { standing } = certificate;
  const [status, said] = byDates(certificate, now);
  const sentences = [what.sentence];
  if (hasEnded(standing)) sentences.unshift(`The certificate inside ${standing.sentence}`);
  else if (!behind && status !== "valid") sentences.unshift(`The certificate inside is ${said}.`);
  if (!hasEnded(standing) && behind) sentences.push(setTheClock(certificate, now));
  else if (!hasEnded(standing) && certificate.logged) sentences.push(standing.sentence);
  return {
    ...what,
    status: "altered",
    sentence: sentences.join(" "),
    checks: [...what.checks, ...certificate.checks, ...(behind ? [] : [withinDates(certificate, now)])],
    asOf: standing.asOf,
    fresh: standing.fresh && !behind,
  };
};
const signedAlone = ({ standing, signed, checks }) => ({
  status: hasEnded(standing) ? standing.word : UNREADABLE,
  sentence: hasEnded(standing)
    ? `This credential was signed by us, but the certificate ${standing.sentence}`
    : "This credential was signed by us, but without the certificate file nothing shows offline that " +
      "it is in the public log. Check the PDF, or ask online.",
  checks: [signed, ...checks],
  facts: null,
  asOf: standing.asOf,
  fresh: standing.fresh,
});
const clockBehind = (certificate, whole, now) => ({
  status: UNREADABLE,
  sentence: setTheClock(certificate, now),
  checks: [whole, certificate.signed, ...certificate.checks],
  facts: null,
  asOf: certificate.standing.asOf,
  fresh: false,
});
const asSigned = (certificate, whole, now) => {
  const { standing } = certificate;
  const [status, said] = byDates(certificate, now);
  const unvouched = " The page you see is not vouched for: compare it with the facts shown here.";
  const about = subject(status, said, standing, whole.holds);
  return {
    status: standing.word ?? status,
    sentence: `${about} ${standing.sentence}${whole.holds ? "" : unvouched}`,
    checks: [whole, certificate.signed, ...certificate.checks, withinDates(certificate, now)],
    facts: certificate.facts,
    asOf: standing.asOf,
    fresh: standing.fresh,
  };
};
const subject = (status, said, standing, vouched) => {
  const ours = vouched ? "This file is the one we issued" : "This certificate was issued by us";
  const it = vouched ? "the certificate" : "it";
  if (standing.word === UNREADABLE) return `${ours}.`;
  if (standing.word) return `${ours}, but ${it}`;
  if (status !== "valid") return `${ours}, but ${it} is ${said}.`;
  if (!standing.fresh) return `${ours}, and ${it} is within its dates.`;
  return `${ours}${vouched ? ", and the certificate" : " and"} is valid.`;
};
