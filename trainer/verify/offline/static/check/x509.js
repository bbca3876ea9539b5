// X.509 certificates (RFC 5280) and the keys in them, as far as ours go.

import { NOTHING, bytesOf, joined, refuse, same, sha256, textOf, unbase64, url64 } from "./bytes.js";
import { OID, oidIn, parts, readValue } from "./der.js";

const UTC_TIME = 0x17;
const BOOLEAN = 0x01;
const VERSION = 0xa0; // how the fields before the serial number and behind the key are tagged
const EXTENSIONS = 0xa3;
const HASHES = { [OID.ecdsaWithSha256]: "SHA-256", [OID.ecdsaWithSha384]: "SHA-384" };
const CURVES = { [OID.p256]: ["P-256", 32], [OID.p384]: ["P-384", 48] }; // and the bytes of half a signature

const momentIn = (value) => {
  const digits = textOf(value.content);
  const full = value.tag === UTC_TIME ? (digits < "50" ? "20" : "19") + digits : digits;
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(full);
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
};
export const certificateIn = (bytes) => {
  const [tbs, algorithm, signature] = parts(readValue(bytes));
  const fields = parts(tbs).filter((field, at) => at || field.tag !== VERSION);
  const [serial, , issuer, validity, subject, key] = fields;
  const [begins, ends] = parts(validity).map(momentIn);
  const [how, point] = parts(key);
  const tagged = fields.slice(6).filter((field) => field.tag === EXTENSIONS);
  const extensions = tagged.flatMap((field) => parts(parts(field)[0])).map(parts);
  const extension = (oid) => extensions.find(([name]) => oidIn(name) === oid)?.at(-1);
  const usage = extension(OID.extendedKeyUsage);
  const basic = extension(OID.basicConstraints);
  return {
    bytes,
    tbs: tbs.whole,
    serial,
    issuer,
    subject,
    begins,
    ends,
    key: key.whole,
    point: point.content.subarray(1),
    curve: oidIn(parts(how)[1] ?? { content: NOTHING }),
    algorithm: oidIn(parts(algorithm)[0]),
    signature: signature.content.subarray(1),
    uses: usage ? parts(readValue(usage.content)).map(oidIn) : [],
    authority: basic ? parts(readValue(basic.content))[0]?.tag === BOOLEAN : false,
  };
};
export const pem = (written) => certificateIn(unbase64(written.replace(/-----[^-]+-----|\s/g, "")));

// both halves of an ECDSA signature, each as long as `half`, from the two integers in which it is written
export const halvesOf = (signature, half) =>
  joined(
    ...parts(readValue(signature)).map(({ content }) => {
      const digits = content[0] ? content : content.subarray(1);
      if (digits.length > half) refuse("The signature does not fit.");
      return joined(new Uint8Array(half - digits.length), digits);
    }),
  );
export const isSignedBy = async (signer, signature, message, hash) => {
  const [curve, half] = CURVES[signer.curve] ?? refuse("The key is of another kind than ours.");
  const how = { name: "ECDSA", namedCurve: curve };
  const key = await crypto.subtle.importKey("spki", signer.key, how, false, ["verify"]);
  const halves = half * 2 === signature.length ? signature : halvesOf(signature, half);
  return crypto.subtle.verify({ name: "ECDSA", hash }, key, halves, message);
};
export const isIssued = async (certificate, by) => {
  const hash = HASHES[certificate.algorithm];
  if (!hash || !same(certificate.issuer.whole, by.subject.whole)) return false;
  const halves = halvesOf(certificate.signature, by.curve === OID.p384 ? 48 : 32);
  return isSignedBy(by, halves, certificate.tbs, hash).catch(() => false);
};
export const isVouchedFor = async (signer, root, use) =>
  signer.uses.includes(use) && !signer.authority && isIssued(signer, root);

// RFC 7638 thumbprint of the public key
export const kidOf = async (certificate) => {
  if (certificate.curve !== OID.p256) refuse("Only a P-256 key can be the issuer's.");
  const [x, y] = [certificate.point.subarray(1, 33), certificate.point.subarray(33)].map(url64);
  return url64(await sha256(bytesOf(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`)));
};
