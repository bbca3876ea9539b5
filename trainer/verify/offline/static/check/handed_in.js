// What was handed in: the credential and the proof in a file, found as `handed_in/attachments.py` finds them; and a
// credential as text: a bare JWT, or W3C's envelope around it and nothing else.

import { NOTHING, joined, latin, textOf } from "./bytes.js";

export const PROOF_BEGINS = "c2sp.org/tlog-proof@v1\n";
export const FLAW = {
  somethingBefore: "something before the PDF",
  noPdf: "neither a PDF nor a credential",
  notOneSignature: "not exactly one signed line",
};
const MOST_STREAMS = 500;
const LONGEST_TEXT = 256 * 1024;
const MOST_TEXT = 4 * LONGEST_TEXT; // unpacked in all
const HEAD = "%PDF-";
const HEAD_WITHIN = 1024; // bytes in which readers look for the head of a PDF
const KNOWN_BY = 32; // bytes by which one of our texts is known
const DEFLATE = 8;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const BLANKS = [32, 9, 13, 10];
const JWT = /^eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const JWT_AND_BLANKS = /^(eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)[ \t\n\r\v\f]*$/;
const WORD = /[A-Za-z0-9_.-]+/g;
const CONTEXT = "https://www.w3.org/ns/credentials/v2";
const ENVELOPE_QUOTES = 12; // a name that stands twice in it has more

const isOurs = (text) => text.startsWith("eyJ") || text.startsWith(PROOF_BEGINS);
const unpacked = async (packed) => {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  let read = NOTHING;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      read = joined(read, value);
      if (read.length >= KNOWN_BY && !isOurs(latin(read.subarray(0, KNOWN_BY)))) return NOTHING;
      if (read.length > LONGEST_TEXT) return NOTHING;
    }
  } catch {
    /* what was read up to here counts */
  } finally {
    reader.cancel().catch(() => {});
  }
  return read;
};
const textAt = async (bytes, start) => {
  const near = bytes.subarray(start, start + 2 * LONGEST_TEXT); // how far is looked is bounded
  const open = isOurs(latin(near.subarray(0, KNOWN_BY)));
  if (!open && (near[0] & 15) !== DEFLATE) return NOTHING;
  let end = latin(open ? near.subarray(0, LONGEST_TEXT) : near).indexOf("endstream");
  if (open && end < 0) return NOTHING;
  if (end < 0) end = near.length;
  else if (near[end - 1] === LINE_FEED) end -= near[end - 2] === CARRIAGE_RETURN ? 2 : 1;
  const held = near.subarray(0, end);
  return open ? held : unpacked(held);
};
export const attachmentsIn = async (bytes) => {
  const credentials = new Set();
  const proofs = new Set();
  let count = 0;
  let left = MOST_TEXT;
  for (const found of latin(bytes).matchAll(/(?<!end)stream\r?\n/g)) {
    if (++count > MOST_STREAMS) break;
    const held = await textAt(bytes, found.index + found[0].length);
    const said = latin(held);
    left -= isOurs(said) ? held.length : 0;
    if (left < 0) return { credential: "", proof: "" }; // no paper carries so much
    const [, jwt] = JWT_AND_BLANKS.exec(said) ?? [];
    if (said.startsWith(PROOF_BEGINS)) proofs.add(textOf(held));
    else if (jwt) credentials.add(jwt);
  }
  const only = (texts) => (texts.size === 1 ? [...texts][0] : "");
  return { credential: only(credentials), proof: only(proofs) };
};

const isEnvelope = (said, jwt) => {
  let values;
  try {
    values = JSON.parse(said);
  } catch {
    return false;
  }
  const context = values["@context"];
  const isContext = context === CONTEXT || (Array.isArray(context) && context.length === 1 && context[0] === CONTEXT);
  return (
    isContext &&
    said.split('"').length === ENVELOPE_QUOTES + 1 &&
    Object.keys(values).length === 3 &&
    values.id === `data:application/vc+jwt,${jwt}` &&
    values.type === "EnvelopedVerifiableCredential"
  );
};
const credentialText = (bytes) => {
  let begin = 0;
  let end = bytes.length;
  while (begin < end && BLANKS.includes(bytes[begin])) begin++;
  while (end > begin && BLANKS.includes(bytes[end - 1])) end--;
  let said;
  try {
    said = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(begin, end));
  } catch {
    return null;
  }
  if (!/^(eyJ|\{)/.test(said) || said.length > LONGEST_TEXT) return null;
  const carried = [...new Set(said.match(WORD) ?? [])].filter((word) => JWT.test(word));
  const jwt = carried.length === 1 ? carried[0] : "";
  return { jwt, alone: Boolean(jwt) && (said === jwt || isEnvelope(said, jwt)) };
};

export const readContent = (bytes) => {
  const file = { kind: "file", flaw: null, bytes };
  const head = latin(bytes.subarray(0, HEAD_WITHIN + HEAD.length)).indexOf(HEAD);
  if (head > 0) return { ...file, flaw: FLAW.somethingBefore };
  const text = head < 0 ? credentialText(bytes) : null;
  if (text) return { ...file, kind: "credential", flaw: text.jwt ? null : FLAW.notOneSignature, text };
  return head < 0 ? { ...file, flaw: FLAW.noPdf } : file;
};
