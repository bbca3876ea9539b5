// Whether a later trust file continues an earlier one, so that only the first has to be believed.

import { counted, refuse, same } from "./bytes.js";

export const checkFollows = (earlier, later) => {
  checkIssuer(earlier, later);
  checkKeys(earlier, later);
  checkWitnesses(earlier, later);
  if (!earlier.freshness || !later.freshness) return;
  checkLog(earlier.freshness.checkpoint, later.freshness.checkpoint);
  const mayBeGone = earlier.did !== later.did || hasLostAKey(earlier, later);
  checkLists(earlier.freshness.lists, later.freshness.lists, mayBeGone);
};

const checkIssuer = (earlier, later) => {
  if (later.log.name !== earlier.log.name || !same(later.log.key, earlier.log.key)) {
    refuse(
      `This trust file is of another issuer or another log (${later.logText}) than the one pinned ` +
        `before (${earlier.logText}); ask the issuer which is theirs.`,
    );
  }
  if (!same(later.root.bytes, earlier.root.bytes)) {
    refuse(
      "This trust file names another root certificate than the one pinned before. If the issuer says " +
        "that it was renewed, compare its fingerprint with the published one and pin this file alone.",
    );
  }
  if (earlier.freshness && !later.freshness) {
    refuse("The trust file pinned before is signed, and this one is not; fetch the issuer's newest.");
  }
  if (later.madeAt < earlier.madeAt) {
    refuse("This trust file is older than the one pinned before; fetch the issuer's newest.");
  }
};
const checkKeys = (earlier, later) => {
  const pinned = [...earlier.keys.values()].map(({ certificate }) => certificate.bytes);
  for (const [kid, after] of later.keys) {
    if (!after.byRoot && !pinned.some((bytes) => same(bytes, after.certificate.bytes))) {
      refuse(
        `This trust file names the key ${kid} in a new certificate for which the pinned root does not ` +
          "vouch, so whoever made it has the log's key and not the issuer's root. Tell the issuer and your " +
          "board.",
      );
    }
  }
  for (const [kid, before] of earlier.keys) {
    const after = later.keys.get(kid);
    if (!after) refuse(`This trust file no longer names the key ${kid}, which was pinned before.`);
    const isKept = after.status === "compromised" && after.trusted_size === before.trusted_size;
    if (before.status === "compromised" && !isKept) {
      refuse(`This trust file takes back that the key ${kid} was given up, which is never taken back.`);
    }
    if (before.stamps && !after.stamps) {
      refuse(`This trust file takes back that the key ${kid} always stamps, which is never taken back.`);
    }
  }
};
// as many of the witnesses that were pinned must have seen the log as before, whoever else has
const checkWitnesses = (earlier, later) => {
  const isSame = (one, other) => one.name === other.name && one.kind === other.kind && same(one.key, other.key);
  const isNew = (witness) => !earlier.witnesses.some((pinned) => isSame(pinned, witness));
  const added = later.witnesses.filter(isNew).length;
  if (earlier.quorum && later.quorum - added < earlier.quorum) {
    refuse(
      `This trust file would do with fewer of the witnesses pinned before than the ${earlier.quorum} ` +
        "that must have seen the log. If the issuer says that its witnesses have changed, compare them " +
        "with what the issuer publishes and pin this file alone.",
    );
  }
};
const checkLog = (before, after) => {
  const [old, size] = [BigInt(before.size), BigInt(after.size)];
  if (size < old || (size === old && !same(after.root, before.root))) {
    refuse(
      `The log in this trust file (${counted(size)} entries) does not continue the one pinned before ` +
        `(${counted(old)} entries): it was cut off, or shows two histories. Tell the issuer and your ` +
        "board.",
    );
  }
};
const checkLists = (before, after, mayBeGone) => {
  if (before.size && !after.size && !mayBeGone) {
    refuse(
      "This trust file leaves out the status lists, which the one pinned before has, although no key " +
        "was given up since. Fetch the issuer's newest; if that has none either, ask the issuer.",
    );
  }
  for (const [purpose, list] of before) {
    if (after.get(purpose)?.begins < list.begins) {
      refuse(`The ${purpose} list in this trust file is older than the one pinned before.`);
    }
  }
  if (before.size && after.size && !contains(after.get("revocation").bits, before.get("revocation").bits)) {
    refuse(
      "This trust file takes back that a certificate was revoked, which is never taken back. Tell the " +
        "issuer and your board.",
    );
  }
};
// whether a key was given up since that signed at the time, or began to sign after it
const hasLostAKey = (earlier, later) =>
  [...later.keys].some(
    ([kid, { status }]) => status === "compromised" && (earlier.keys.get(kid)?.status ?? "published") === "published",
  );
const contains = (bits, allOf) => bits.length >= allOf.length && allOf.every((byte, at) => !(byte & ~bits[at]));
