// Signed notes, checkpoints and cosignatures (C2SP signed-note, tlog-checkpoint, tlog-cosignature).

import { CannotTell, NOTHING, byte, bytesOf, canonical64, joined, refuse, same, sha256 } from "./bytes.js";

export const PLAIN = 1; // kinds of keys: Ed25519, Ed25519 with a time, ML-DSA-44 with a time
export const TIMED = 4;
export const ML_DSA = 6;
const LONGEST_NOTE = 64 * 1024;
const MOST_SIGNATURES = 64;
const ID_BYTES = 4;
const TIME_BYTES = 8;
const TIMED_BYTES = ID_BYTES + TIME_BYTES + 64;
const HASH_BYTES = 32;
const NO_ED25519 =
  "This browser cannot check Ed25519 signatures, so the log cannot be checked here. Use a newer " +
  "one, or `trainer verify --offline`.";

export const keyId = async (name, kind, key) =>
  (await sha256(joined(bytesOf(`${name}\n`), byte(kind), key))).subarray(0, ID_BYTES);
const isEd25519 = async (key, signature, message) => {
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  } catch {
    throw new CannotTell(NO_ED25519);
  }
  return crypto.subtle.verify("Ed25519", imported, signature, message);
};

const signatureIn = (line) => {
  const refused = "A line under this note is not a signature.";
  const [, name, said] = /^— ([^\s+]+) ([A-Za-z0-9+/=]{8,})$/.exec(line) ?? refuse(refused);
  const bytes = canonical64(said);
  return bytes.length > ID_BYTES ? [name, bytes] : refuse(refused);
};
const readNote = (written) => {
  const cut = written.lastIndexOf("\n\n");
  const isText = !/[\x00-\x09\x0b-\x1f]/.test(written);
  if (cut < 1 || !written.endsWith("\n") || written.length > LONGEST_NOTE || !isText)
    refuse("This is not a signed note.");
  const lines = written
    .slice(cut + 2, -1)
    .split("\n")
    .map(signatureIn);
  if (lines.length > MOST_SIGNATURES) refuse("A note has not more than 64 signatures.");
  return { text: written.slice(0, cut + 1), lines };
};
export const opened = async (written, verifier) => {
  const note = readNote(written);
  const own = await keyId(verifier.name, PLAIN, verifier.key);
  const isOwn = ([name, said]) => name === verifier.name && same(said.subarray(0, ID_BYTES), own);
  const signatures = note.lines.filter(isOwn);
  if (!signatures.length) refuse("This note was not signed with the expected key.");
  for (const [, said] of signatures) {
    if (!(await isEd25519(verifier.key, said.subarray(ID_BYTES), bytesOf(note.text)))) {
      refuse("The signature under this note does not fit its text.");
    }
  }
  return note;
};

// the earliest moment at which somebody confirmed a note, or null where they did not
export const timed = async (note, verifier) => {
  const own = await keyId(verifier.name, TIMED, verifier.key);
  const moments = [];
  for (const [name, said] of note.lines) {
    if (name !== verifier.name || !same(said.subarray(0, ID_BYTES), own)) continue;
    const isWhole = said.length === TIMED_BYTES;
    const at = isWhole ? new DataView(said.buffer, said.byteOffset + ID_BYTES, TIME_BYTES).getBigUint64(0) : 0n;
    const message = bytesOf(`cosignature/v1\ntime ${at}\n${note.text}`);
    const signature = said.subarray(ID_BYTES + TIME_BYTES);
    if (!at || at >> 63n || !(await isEd25519(verifier.key, signature, message))) {
      refuse(`The line of ${name} under this note does not fit it.`);
    }
    moments.push(Number(at) * 1000);
  }
  return moments.length ? new Date(Math.min(...moments)) : null;
};

export const checkpointIn = (note, verifier) => {
  const [origin, size, root, ...more] = note.text.split("\n");
  const hash = root && more.length ? canonical64(root) : NOTHING;
  const isWhole = /^(0|[1-9]\d{0,18})$/.test(size) && hash.length === HASH_BYTES && !more.slice(0, -1).includes("");
  if (origin !== verifier.name || !isWhole) refuse("This checkpoint is of another log.");
  return { size, root: hash };
};
