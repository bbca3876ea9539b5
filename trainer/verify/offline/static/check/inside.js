// The credential inside a file: signed by the issuer, entered in the log, seen by witnesses, and how it stands.

import { CannotTell, counted, hex, same } from "./bytes.js";
import { readCredential } from "./credential.js";
import { when } from "./dates.js";
import { attachmentsIn } from "./handed_in.js";
import { checkLog } from "./merkle.js";
import { ML_DSA, timed } from "./notes.js";
import { standingOf } from "./status_lists.js";

export const LOGGED = "Is it in the public log?";
export const CREDENTIAL = "Is this the credential we issued, unchanged to the last sign?";
const UNPROVED = { question: LOGGED, holds: false, evidence: "The proof of that is in the certificate file." };

// Why a certificate itself is in doubt; the reasons are those of `seen.py`, and one that only this page has.
export const REASON = {
  unlogged: "not proved to be in the log",
  keyDoesNotCount: "its key did not count at the time",
  unwitnessed: "too few witnesses",
  noCredential: "no credential in the file",
  foreignCredential: "the credential in the file is not the issuer's",
  witnessesUnread: "too few witnesses whose signatures this page can check",
};
class Doubtful extends Error {
  constructor(doubted, ...checks) {
    super(doubted);
    this.certificate = { doubted, checks };
  }
}
const failed = (question, evidence) => ({ question, holds: false, evidence });

const checkKey = ({ key }, logged) => {
  const { begins, ends } = key.certificate;
  const heldBefore = key.trusted_size !== null && logged.size <= key.trusted_size;
  const givenUp = key.status === "compromised" && !heldBefore;
  if (!givenUp && logged.at >= begins && logged.at <= ends) return;
  const why = givenUp
    ? `The key ${key.kid} was given up, and this is only proved to have been logged later.`
    : `The key ${key.kid} was not for use at that time.`;
  throw new Doubtful(REASON.keyDoesNotCount, failed("Did the issuer's key count when this was issued?", why));
};
const checkOneHistory = (logged, trust) => {
  const pinned = trust.freshness?.checkpoint;
  if (!pinned || Number(pinned.size) !== logged.size || same(pinned.root, logged.root)) return;
  const both = `both of ${counted(logged.size)} entries`;
  const why = `Its checkpoint and that of the trust file, ${both}, contradict each other.`;
  throw new Doubtful(REASON.unlogged, failed(LOGGED, why));
};
const confirmations = async (note, trust) => {
  const seen = new Set(); // a key counts once
  try {
    for (const witness of trust.witnesses) {
      if (witness.kind !== ML_DSA && (await timed(note, witness))) seen.add(hex(witness.key));
    }
  } catch (error) {
    if (error instanceof CannotTell) throw error;
    return 0; // a false line in the name of a known witness: the note counts for none
  }
  return seen.size;
};
const witnessed = async (note, trust) => {
  if (!trust.quorum) return [];
  const seen = await confirmations(note, trust);
  const unread = trust.witnesses.filter((witness) => witness.kind === ML_DSA).length;
  const signs = unread === 1 ? "signs" : "sign";
  const beyond = unread ? ` ${unread} of them ${signs} with ML-DSA-44, which this page cannot check.` : "";
  const told = `${seen} of ${trust.witnesses.length} known witnesses confirmed the checkpoint; ${trust.quorum} must.`;
  const holds = seen >= trust.quorum;
  const check = { question: "Did enough independent witnesses see this log?", holds, evidence: told + beyond };
  if (!holds) throw new Doubtful(unread ? REASON.witnessesUnread : REASON.unwitnessed, check);
  return [check];
};

const proved = async (bytes, keys, trust, now) => {
  const { credential, proof } = await attachmentsIn(bytes);
  if (!credential) throw new Doubtful(REASON.noCredential);
  let found;
  try {
    found = await readCredential(credential, keys, trust);
  } catch (error) {
    throw new Doubtful(REASON.foreignCredential, failed(CREDENTIAL, error.message));
  }
  let logged;
  try {
    logged = await checkLog(credential, proof, trust);
  } catch (error) {
    if (error instanceof CannotTell) throw error;
    throw new Doubtful(REASON.unlogged, failed(LOGGED, `The file brings no proof that holds: ${error.message}`));
  }
  checkKey(found, logged);
  checkOneHistory(logged, trust);
  const standing = standingOf(trust, found.place, logged.at, now);
  const place = `entry ${counted(BigInt(logged.index) + 1n)} of the ${counted(logged.size)} entries`;
  const inLog =
    `It is ${place} under the checkpoint of ${when(logged.at)}. Its hash was followed up to the root ` +
    "that the checkpoint signs.";
  const checks = [{ question: LOGGED, holds: true, evidence: inLog }, ...(await witnessed(logged.note, trust))];
  return {
    ...known(found, trust, "Are the facts shown here those that were certified?", "They are"),
    logged: true,
    standing,
    checks: standing.check ? [...checks, standing.check] : checks,
  };
};
const known = ({ facts, begins, ends, key }, trust, question, subject) => ({
  facts,
  begins,
  ends,
  trustMadeAt: trust.freshness ? trust.madeAt : null, // nobody vouches for the date of an unsigned trust file
  signed: { question, holds: true, evidence: `${subject} signed with the issuer's key ${key.kid}.` },
});

// the credential that a file carries, when the log proves it; else why it cannot be relied on
export const insideOf = async (bytes, keys, trust, now) => {
  try {
    return await proved(bytes, keys, trust, now);
  } catch (error) {
    if (error instanceof Doubtful) return error.certificate;
    throw error;
  }
};
// a credential that came without its file, and so without a proof that it was ever entered
export const aloneOf = async (jwt, trust, now) => {
  const found = await readCredential(jwt, trust.keys, trust);
  if (found.key.status === "compromised") {
    throw new Error(`It is signed with the key ${found.key.kid}, given up since.`);
  }
  const standing = standingOf(trust, found.place, found.begins, now);
  const shown = ["revoked", "suspended"].includes(standing.word) ? [standing.check] : []; // a free place says nothing
  return {
    ...known(found, trust, "Did we sign what this credential says?", "It is"),
    logged: false,
    standing,
    checks: [UNPROVED, ...shown],
  };
};
