// The transparency log: Merkle trees (RFC 6962) and proofs that something is in one (C2SP tlog-proof).

import { NOTHING, base64, byte, bytesOf, canonical64, joined, refuse, same, sha256 } from "./bytes.js";
import { PROOF_BEGINS } from "./handed_in.js";
import { checkpointIn, opened, timed } from "./notes.js";

const LEAF = 0; // begins what is hashed of an entry, and of two hashes
const NODE = 1;
const MOST_HASHES = 63;
const HASH_BYTES = 32;
const DOMAIN = "trainer/v1/commit\0"; // begins what an entry commits to

const leafHash = (content) => sha256(joined(byte(LEAF), content));
const nodeHash = (left, right) => sha256(joined(byte(NODE), left, right));
const isIncluded = async (index, size, leaf, hashes, root) => {
  let place = BigInt(index);
  let last = BigInt(size) - 1n;
  let seen = leaf;
  if (place > last) return false;
  for (const step of hashes) {
    if (last === 0n) return false;
    if (place & 1n || place === last) {
      seen = await nodeHash(step, seen);
      while (!(place & 1n) && place) {
        place >>= 1n;
        last >>= 1n;
      }
    } else {
      seen = await nodeHash(seen, step);
    }
    place >>= 1n;
    last >>= 1n;
  }
  return last === 0n && same(seen, root);
};

const readProof = (proof) => {
  const cut = proof.indexOf("\n\n");
  const lines = proof.slice(0, cut).split("\n");
  if (cut < 0 || `${lines.shift()}\n` !== PROOF_BEGINS) refuse("This is not a proof of a transparency log.");
  const extra = lines[0]?.startsWith("extra ") ? canonical64(lines.shift().slice(6)) : NOTHING;
  const index = /^index (0|[1-9]\d{0,18})$/.exec(lines.shift())?.[1] ?? refuse("This proof names no place in the log.");
  const hashes = lines.map(canonical64);
  const isHash = (bytes) => bytes.length === HASH_BYTES;
  if (hashes.length > MOST_HASHES || ![...hashes, extra].every(isHash)) refuse("A line of this proof is not a hash.");
  return { extra, index, hashes, checkpoint: proof.slice(cut + 2) };
};
const entryOf = async (jwt, salt) => {
  const commitment = await sha256(joined(bytesOf(DOMAIN), salt, await sha256(bytesOf(jwt))));
  return bytesOf(`{"c":"${base64(commitment)}","t":"credential","v":1}`);
};

// where a credential stands in the log, and as of when
export const checkLog = async (jwt, written, trust) => {
  const proof = readProof(written);
  const note = await opened(proof.checkpoint, trust.log);
  const { size, root } = checkpointIn(note, trust.log);
  const leaf = await leafHash(await entryOf(jwt, proof.extra));
  if (!(await isIncluded(proof.index, size, leaf, proof.hashes, root))) {
    refuse("The hashes of this proof do not lead from the entry to the log's root.");
  }
  const at = (await timed(note, trust.log)) ?? refuse("No time was signed with this note.");
  return { index: proof.index, size: Number(size), root, at, note };
};
