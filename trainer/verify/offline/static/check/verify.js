// What is seen of something that was handed in, from pinned keys alone; `judging.js` says what follows from it.

import { CannotTell, counted, hex, latin, sha256 } from "./bytes.js";
import { checkSignature } from "./cms.js";
import { readContent } from "./handed_in.js";
import { aloneOf, insideOf } from "./inside.js";
import { judge, unreadable } from "./judging.js";
import { checkFollows } from "./succession.js";
import { readTrust } from "./trust_file.js";

const END = "%%EOF\n";
const BESIDE = "More stands in it than the credential, and we did not sign that.";
const NOTHING_PROVED = "We found nothing in it that our log proves.";
const SIGNED = "Is everything in this file, but for the signature itself, as we signed it?";

const wholeOf = (signature, vouched) => ({
  question: SIGNED,
  holds: vouched,
  evidence: vouched
    ? `All of it but the signature itself, ${counted(signature.covers)} bytes, is under one signature ` +
      `of the issuer's key ${signature.kid}, ${signature.stamped ? "with" : "without"} a timestamp.`
    : `It is signed with the key ${signature.kid}, which was given up since. Whoever has that key can ` +
      "make such a page, so only the facts shown here count, which the log proves.",
});
const provedIn = async (bytes, trust, now) => {
  try {
    const found = await insideOf(bytes, trust.keys, trust, now);
    return found.doubted ? null : found;
  } catch (error) {
    if (error instanceof CannotTell) return null;
    throw error;
  }
};
const seenAtTheBeginning = async (bytes, trust, now) => {
  const begins = latin(bytes).indexOf(END) + END.length;
  const beginning = bytes.subarray(0, begins);
  try {
    await checkSignature(beginning, trust);
    const certificate = await provedIn(beginning, trust, now);
    return certificate && { begins, certificate };
  } catch {
    return null; // it does not begin with a file of ours
  }
};
const seenInside = async (bytes, why, trust, now) => {
  const beginning = await seenAtTheBeginning(bytes, trust, now);
  if (beginning) return beginning;
  const certificate = await provedIn(bytes, trust, now);
  return certificate ? { certificate, why } : { why: `${why} ${NOTHING_PROVED}` };
};
const seenOfCredential = async ({ text }, trust, now) => {
  try {
    const certificate = await aloneOf(text.jwt, trust, now);
    return text.alone ? { issued: certificate.signed, certificate } : { certificate, why: BESIDE };
  } catch (error) {
    return { why: error.message };
  }
};
const seenOf = async (handed, trust, now) => {
  if (handed.flaw) return {};
  if (handed.kind === "credential") return seenOfCredential(handed, trust, now);
  let signature;
  try {
    signature = await checkSignature(handed.bytes, trust);
  } catch (error) {
    if (error instanceof CannotTell) throw error;
    return seenInside(handed.bytes, error.message, trust, now);
  }
  const keys = new Map([[signature.kid, signature], ...trust.keys]);
  const vouched = keys.get(signature.kid).status !== "compromised";
  return { issued: wholeOf(signature, vouched), certificate: await insideOf(handed.bytes, keys, trust, now) };
};

const verify = async (bytes, trust, now = new Date()) => {
  try {
    const handed = { ...readContent(bytes), size: bytes.length, sha256: hex(await sha256(bytes)) };
    return judge(handed, await seenOf(handed, trust, now), now);
  } catch (error) {
    if (error instanceof CannotTell) return unreadable(error.message);
    const sentence = "This file could not be read as one of ours.";
    return { status: "not genuine", sentence, checks: [], facts: null };
  }
};

globalThis.trainerOffline = { readTrust, checkFollows, verify, judge };
