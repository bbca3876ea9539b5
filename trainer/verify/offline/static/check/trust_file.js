// The trust file: what a verifier pins, signed by the log (or, in version 1, by nobody).

import { CannotTell, bytesOf, canonical64, hex, refuse, sha256 } from "./bytes.js";
import { ML_DSA, PLAIN, TIMED, checkpointIn, keyId, opened } from "./notes.js";
import { canonical, carriedLists } from "./status_lists.js";
import { isIssued, kidOf, pem } from "./x509.js";

const UNSIGNED = 1;
const SIGNED = 2;
const HEAD = "trainer/trust/v2";
const ANEW = "fetch it anew from the issuer's /trust.json.";
const NEEDED = ["log", "witnesses", "base_url", "did", "issuer", "root", "keys", "quorum", "made_at"];
const DATED = ["signature", "fresh_until", "checkpoint", "lists"]; // what a signed file has as well
const STATUSES = ["published", "retired", "compromised"];
const ED25519_BYTES = 32;
const ML_DSA_BYTES = 1312;
const OF_THE_LOG = { [PLAIN]: ED25519_BYTES };
const OF_WITNESSES = { [TIMED]: ED25519_BYTES, [ML_DSA]: ML_DSA_BYTES };
const VERIFIER = /^([^\s+\x00-\x1f]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/;

const verifierIn = async (written, lengths) => {
  const refused = "A public key in the trust file cannot be read.";
  const [, name, id, encoded] = VERIFIER.exec(String(written).trim()) ?? refuse(refused);
  const said = canonical64(encoded);
  const kind = said[0];
  const key = said.subarray(1);
  if (key.length !== lengths[kind] || hex(await keyId(name, kind, key)) !== id) refuse(refused);
  return { name, key, kind };
};
const momentIn = (written) => {
  const at = new Date(written);
  if (Number.isNaN(at.valueOf())) refuse("A date in the trust file cannot be read.");
  return /(Z|[+-]\d\d:\d\d)$/.test(written) ? at : refuse("A date in the trust file does not say its time zone.");
};
const checkSigned = async (values, log) => {
  const { signature, ...rest } = values;
  const expected = `${HEAD}\n${hex(await sha256(bytesOf(canonical(rest))))}\n`;
  try {
    if ((await opened(String(signature), log)).text === expected) return;
  } catch (error) {
    if (error instanceof CannotTell) throw error;
  }
  refuse(`The trust file is not as the issuer's log signed it; ${ANEW}`);
};
const freshnessIn = async (values, trust) => {
  const until = momentIn(values.fresh_until);
  if (until <= trust.madeAt) refuse(`The trust file had run out before it was made; ${ANEW}`);
  let checkpoint;
  try {
    checkpoint = checkpointIn(await opened(values.checkpoint, trust.log), trust.log);
  } catch {
    refuse(`The checkpoint in the trust file is not one of its log; ${ANEW}`);
  }
  return { until, checkpoint, lists: await carriedLists(values.lists, trust) };
};
const keyIn = async (values, root) => {
  const certificate = pem(values.certificate);
  if ((await kidOf(certificate)) !== values.kid || !STATUSES.includes(values.status)) {
    refuse("A key in the trust file does not fit its certificate.");
  }
  const isSize = values.trusted_size === null || Number.isInteger(values.trusted_size);
  if (!isSize || ![undefined, true, false].includes(values.stamps)) {
    refuse(`The trust file does not say clearly how the key ${values.kid} stands.`);
  }
  return { ...values, certificate, byRoot: await isIssued(certificate, root).catch(() => false) };
};
const checkWitnesses = ({ log, witnesses, quorum }) => {
  const names = new Set(witnesses.map(({ name }) => name));
  const keys = new Set([log, ...witnesses].map(({ key }) => hex(key)));
  if (names.size < witnesses.length || keys.size <= witnesses.length) {
    refuse("The trust file names a witness twice, or the log as its own witness.");
  }
  if (!Number.isInteger(quorum) || quorum < 0 || quorum > witnesses.length) {
    refuse("The trust file asks for more witnesses than it names.");
  }
};
const trustIn = async (values) => {
  if (values?.v !== UNSIGNED && values?.v !== SIGNED) refuse(`This is not a trust file of version 1 or 2; ${ANEW}`);
  const needed = values.v === SIGNED ? [...NEEDED, ...DATED] : NEEDED;
  const lacking = needed.find((name) => !Object.hasOwn(values, name));
  if (lacking) refuse(`The trust file lacks '${lacking}'; ${ANEW}`);
  const log = await verifierIn(values.log, OF_THE_LOG);
  if (values.v === SIGNED) await checkSigned(values, log);
  const root = pem(values.root);
  const keys = new Map();
  for (const key of values.keys) keys.set(key.kid, await keyIn(key, root));
  const witnesses = [];
  for (const written of values.witnesses) witnesses.push(await verifierIn(written, OF_WITNESSES));
  const { did, quorum } = values;
  const [issuer, address, madeAt] = [values.issuer.name, values.base_url, momentIn(values.made_at)];
  const pinned = { did, issuer, address, madeAt, root, keys, log, logText: values.log, witnesses, quorum };
  checkWitnesses(pinned);
  return { ...pinned, freshness: values.v === SIGNED ? await freshnessIn(values, pinned) : null };
};

export const readTrust = async (written) => {
  let values;
  try {
    values = JSON.parse(written);
  } catch {
    refuse(`The trust file is not JSON; ${ANEW}`);
  }
  try {
    return await trustIn(values);
  } catch (error) {
    if (error instanceof CannotTell || error.constructor === Error) throw error;
    return refuse("A certificate, key or date in the trust file cannot be read; fetch it anew."); // in a hundred ways
  }
};
