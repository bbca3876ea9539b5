// The status lists (W3C Bitstring Status List), and what they say about a certificate.

import { counted, joined, refuse, unurl64 } from "./bytes.js";
import { readJwt } from "./credential.js";
import { earliest, when } from "./dates.js";

export const SKEW = 5 * 60_000; // so much may two clocks differ, in milliseconds
const PURPOSES = ["revocation", "suspension"];
const WORDS = { revocation: "revoked", suspension: "suspended" };
const LEAST_BYTES = 16_384;
const MOST_BYTES = 4 * 1024 * 1024;
const IN_FORCE = 24 * 3_600_000; // in milliseconds
const KEPT = 300_000;
const NOT_THE_ISSUERS = "The status list is not the issuer's: Its key is not one of this issuer's.";
const ANEW = "fetch it anew from the issuer's /trust.json.";

export const canonical = (value) => {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
};
const bitsIn = async (encoded) => {
  if (!encoded.startsWith("u")) refuse("The list is not written in multibase base64url.");
  const packed = new Blob([unurl64(encoded.slice(1))]).stream();
  const reader = packed.pipeThrough(new DecompressionStream("gzip")).getReader();
  const pieces = [];
  for (let size = 0; ;) {
    const { value, done } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > MOST_BYTES) refuse("The list is larger than any of ours.");
    pieces.push(value);
  }
  const bits = joined(...pieces);
  return bits.length < LEAST_BYTES ? refuse("The list has fewer than 131,072 places.") : bits;
};
const expectedList = (payload, purpose, trust) => {
  const address = `${trust.address}/status/${purpose}`;
  const begins = Date.parse(payload.validFrom);
  const encodedList = String(payload.credentialSubject?.encodedList);
  const written = (at) => `${new Date(at).toISOString().slice(0, 19)}Z`;
  const subject = { type: "BitstringStatusList", statusPurpose: purpose, encodedList, ttl: KEPT };
  return {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    id: address,
    type: ["VerifiableCredential", "BitstringStatusListCredential"],
    issuer: trust.did,
    validFrom: written(begins),
    validUntil: written(begins + IN_FORCE),
    credentialSubject: { id: `${address}#list`, ...subject },
    iss: trust.did,
    jti: address,
    sub: `${address}#list`,
    nbf: begins / 1000,
    exp: (begins + IN_FORCE) / 1000,
  };
};
const listIn = async (jwt, purpose, trust) => {
  const good = new Map([...trust.keys].filter(([, key]) => key.status !== "compromised"));
  const { payload } = await readJwt(jwt, good, trust, NOT_THE_ISSUERS);
  const expected = expectedList(payload, purpose, trust);
  if (canonical(payload) !== canonical(expected)) {
    refuse(`It is not the issuer's list for ${purpose}, or has another form.`);
  }
  const bits = await bitsIn(expected.credentialSubject.encodedList);
  return { bits, begins: new Date(expected.validFrom), ends: new Date(expected.validUntil) };
};
export const carriedLists = async (written, trust) => {
  const named = Object.keys(written);
  if (named.length && canonical(named.sort()) !== canonical(PURPOSES)) {
    refuse(`The trust file carries one status list without the other; ${ANEW}`);
  }
  const lists = new Map();
  for (const purpose of named) {
    try {
      lists.set(purpose, await listIn(written[purpose], purpose, trust));
    } catch (error) {
      refuse(`The ${purpose} list in the trust file does not count. ${error.message}`);
    }
    if (lists.get(purpose).begins - trust.madeAt > SKEW) {
      refuse(`The ${purpose} list is dated later than the trust file that carries it; ${ANEW}`);
    }
  }
  for (const [purpose, older] of lists) {
    if ([...lists.values()].some((newer) => newer.begins >= older.ends)) {
      refuse(`The ${purpose} list in the trust file had run out when the other was made; ${ANEW}`);
    }
  }
  return lists;
};

const QUESTION = "Is it free of any later decision against it, as far as the status lists go?";
const answered = (holds, evidence) => ({ question: QUESTION, holds, evidence });
const unknown = (since, why) => ({
  word: null,
  asOf: since,
  fresh: false,
  check: null,
  sentence:
    `Status unknown since the checkpoint of ${when(since)}: ${why}, so a later revocation cannot be ` + "seen offline.",
});
const uncovered = (asOf, place) => ({
  word: "unreadable",
  asOf,
  fresh: false,
  check: answered(
    false,
    `The lists of ${when(asOf)} have no place ${counted(place)}, which is the one that the credential names.`,
  ),
  sentence:
    "The status lists in this trust file do not cover this certificate, so whether it holds cannot " +
    "be said. Ask online.",
});
const shown = (word, at) => ({
  word,
  asOf: at,
  fresh: false,
  check: answered(false, `Its place in the issuer's signed list of ${when(at)} says ${word}.`),
  sentence:
    word === "revoked"
      ? `is not valid: the issuer's list of ${when(at)} shows it as revoked, which includes given back ` +
        "and replaced. Ask online which, and since when."
      : `is suspended: the issuer's list of ${when(at)} shows it. Ask online whether it still is.`,
});
const free = (asOf, ends, until, now) => {
  const listed =
    now >= ends
      ? `. They were to be relied on until ${when(ends)}: fetch a newer trust.json`
      : "; what was decided later cannot be seen offline";
  const keyed =
    now >= until ? `. The keys in this trust file are old as well: it was to be relied on until ${when(until)}` : "";
  return {
    word: null,
    asOf,
    fresh: now < ends && now < until,
    check: answered(true, `Its place in both of the issuer's signed lists is free; the older one is of ${when(asOf)}.`),
    sentence: `Not revoked or suspended as of ${when(asOf)}, the date of the issuer's status lists${listed}${keyed}.`,
  };
};
// what a trust file says about the certificate at this place of the lists, which was logged then
export const standingOf = (trust, place, loggedAt, now) => {
  if (!trust.freshness) {
    return unknown(loggedAt, "this trust file is of an earlier version, which carries no status lists");
  }
  const { lists, until } = trust.freshness;
  if (!lists.size) return unknown(loggedAt, "this trust file carries no status lists");
  const both = [...lists.values()];
  const asOf = earliest(both.map(({ begins }) => begins));
  if (asOf < loggedAt) return unknown(loggedAt, "the status lists in this trust file are older than the certificate");
  if (both.some(({ bits }) => place >= 8 * bits.length)) return uncovered(asOf, place);
  const isSet = ({ bits }) => bits[place >> 3] & (0x80 >> (place & 7));
  const purpose = PURPOSES.find((name) => isSet(lists.get(name)));
  if (purpose) return shown(WORDS[purpose], lists.get(purpose).begins);
  const ends = earliest(both.map((list) => list.ends));
  return free(asOf, ends, until, now);
};
