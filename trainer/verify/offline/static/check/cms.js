// The signature of a paper: CMS (RFC 5652) with a timestamp (RFC 3161), found by bytes alone.

import { CannotTell, NOTHING, byte, hex, joined, latin, refuse, same, sha256, unhex } from "./bytes.js";
import { OCTETS, OID, SEQUENCE, SET, integer, made, object, oidIn, parts, readValue } from "./der.js";
import { certificateIn, halvesOf, isSignedBy, isVouchedFor, kidOf } from "./x509.js";

const HEAD = "%PDF-1.7\n";
const END = "%%EOF\n";
const LARGEST_HOLE = 10 * 1024; // bytes of a signature that are parsed at all
const PLACE = /\/ByteRange \[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\] {0,40}\/Contents <([0-9a-f]{2,20480})>/g;
const TAGGED = 0xa0;
const UNSIGNED = 0xa1;
const SHA256 = made(SEQUENCE, object(OID.sha256));
const ECDSA = made(SEQUENCE, object(OID.ecdsaWithSha256));
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const NOT_OURS = "The signature is not written as ours are.";
const UNKNOWN_AUTHORITY =
  "The timestamp in this file is of an authority that this page cannot check. Use `trainer verify " +
  "--offline`, or ask online.";

const signedPart = (bytes, plain) => {
  if (!plain.startsWith(HEAD) || !plain.endsWith(END) || plain.indexOf("%%EOF") !== plain.length - END.length) {
    refuse("The file is not one single revision.");
  }
  const found = [...plain.matchAll(PLACE)];
  if (found.length !== 1 || plain.split("/ByteRange").length !== 2) {
    refuse("The file has no single signature of our shape.");
  }
  const [place] = found;
  const [hole, after, rest] = place.slice(1, 4).map(Number);
  const end = place.index + place[0].length;
  if (place[4].length > 2 * LARGEST_HOLE) refuse("The signature is longer than any of ours.");
  if (hole !== end - place[4].length - 2 || after !== end || after + rest !== bytes.length) {
    refuse("The signature does not cover the whole file.");
  }
  const padded = unhex(place[4]);
  const signature = readValue(padded);
  if (signature.tag !== SEQUENCE || padded.subarray(signature.end).some(Boolean)) refuse(NOT_OURS);
  return { ranged: joined(bytes.subarray(0, hole), bytes.subarray(after)), written: signature.whole };
};

// What is not signed in a CMS structure can be written anew by anybody, so it is composed again and must be the same.
const composed = (found, root, { kind, content = null, unsigned = NOTHING }) => {
  const { signer, halves } = found;
  const signature = made(SEQUENCE, integer(halves.subarray(0, 32)), integer(halves.subarray(32)));
  const signerInfo = made(
    SEQUENCE,
    integer(byte(1)),
    made(SEQUENCE, signer.issuer.whole, signer.serial.whole),
    SHA256,
    made(TAGGED, found.attributes),
    ECDSA,
    made(OCTETS, signature),
    unsigned,
  );
  const signedData = made(
    SEQUENCE,
    integer(byte(content ? 3 : 1)),
    made(SET, SHA256),
    made(SEQUENCE, object(kind), content ? made(TAGGED, made(OCTETS, content)) : NOTHING),
    made(TAGGED, signer.bytes, root.bytes),
    made(SET, signerInfo),
  );
  return made(SEQUENCE, object(OID.signedData), made(TAGGED, signedData));
};

const attributesIn = (written) => {
  const values = new Map();
  for (const [name, held] of parts(written).map(parts)) {
    const inside = parts(held);
    if (values.has(oidIn(name)) || inside.length !== 1) refuse("The signature does not have each attribute once.");
    values.set(oidIn(name), inside[0]);
  }
  return values;
};
const checkContent = async (values, about, content) => {
  const [kind, held] = parts(about);
  const inside = held ? parts(held)[0].content : null;
  if ((content === null) !== (inside !== null) || !same(values.get(OID.contentType).content, kind.content)) {
    refuse("The signature is about another kind of content.");
  }
  if (!same(values.get(OID.messageDigest).content, await sha256(content ?? inside))) {
    refuse("The file was changed after it was signed.");
  }
  return inside;
};
const checkNamed = async (values, signer) => {
  const named = parts(parts(parts(values.get(OID.signingCertificateV2))[0])[0])[0];
  const fits = named.tag === OCTETS && same(named.content, await sha256(signer.bytes));
  if (signer.curve !== OID.p256 || !fits) refuse("The signature names another certificate than the one it brings.");
};
// `content` is what the signature has to be about, or null where it brings that along
const verified = async (written, content) => {
  const [, tagged] = parts(readValue(written));
  const [, , about, carried, infos] = parts(parts(tagged)[0]);
  const [, sid, , attributes, , signature, unsigned] = parts(parts(infos)[0]);
  const values = attributesIn(attributes);
  const inside = await checkContent(values, about, content);
  const [issuer, serial] = parts(sid);
  const signer =
    parts(carried)
      .map(({ whole }) => certificateIn(whole))
      .find((known) => same(known.issuer.whole, issuer.whole) && same(known.serial.whole, serial.whole)) ??
    refuse("The certificate of the signer is missing.");
  const message = joined(byte(SET), attributes.whole.subarray(1));
  const halves = halvesOf(signature.content, 32);
  if (!(await isSignedBy(signer, halves, message, "SHA-256"))) refuse("The signature does not fit.");
  await checkNamed(values, signer);
  return { signer, halves, attributes: attributes.content, signature: signature.content, unsigned, inside };
};

const checkTimestamp = async (found, token, root) => {
  let stamp;
  try {
    stamp = await verified(token, null);
  } catch {
    throw new CannotTell(UNKNOWN_AUTHORITY);
  }
  if (!(await isVouchedFor(stamp.signer, root, OID.timeStamping))) throw new CannotTell(UNKNOWN_AUTHORITY);
  const [, policy, imprint] = parts(readValue(stamp.inside));
  const [hash, digest] = parts(imprint);
  const upperHalf = BigInt(`0x${hex(stamp.halves.subarray(32))}`) > P256_ORDER / 2n;
  const mirrored = oidIn(policy) === OID.ourTimestampPolicy && upperHalf;
  const expected = composed(stamp, root, { kind: OID.timestampInfo, content: stamp.inside });
  if (mirrored || !same(token, expected)) refuse("The timestamp is not written as ours are.");
  if (!same(hash.whole, SHA256) || !same(digest.content, await sha256(found.signature))) {
    refuse("The timestamp is about another signature.");
  }
};
const tokenIn = (unsigned) => {
  if (!unsigned) return null;
  const [token, ...more] = parts(unsigned).map(parts);
  if (more.length || oidIn(token[0]) !== OID.timestampToken || parts(token[1]).length !== 1) {
    refuse("The signature has more beside it than one timestamp.");
  }
  return parts(token[1])[0].whole;
};

// whose key signed a paper, when it is whole and by a pinned key or one that the root vouches for
export const checkSignature = async (bytes, trust) => {
  const { ranged, written } = signedPart(bytes, latin(bytes));
  const found = await verified(written, ranged);
  const kid = await kidOf(found.signer);
  const pinned = trust.keys.get(kid);
  const known = pinned && same(pinned.certificate.bytes, found.signer.bytes);
  if (!known && !(await isVouchedFor(found.signer, trust.root, OID.documentSigning))) {
    refuse("No authority that is trusted here vouches for the signer.");
  }
  const token = tokenIn(found.unsigned);
  if (!token && known && pinned.stamps) {
    refuse("The timestamp is missing, which the key of this signature always adds.");
  }
  const unsigned = token ? made(UNSIGNED, made(SEQUENCE, object(OID.timestampToken), made(SET, token))) : NOTHING;
  if (!same(written, composed(found, trust.root, { kind: OID.data, unsigned }))) refuse(NOT_OURS);
  if (token) await checkTimestamp(found, token, trust.root);
  const key = { kid, certificate: found.signer, status: "published", trusted_size: null };
  return { ...key, covers: ranged.length, stamped: Boolean(token) };
};
