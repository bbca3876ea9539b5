// DER (ITU-T X.690): values are read and written in the one way there is.

import { hex, joined, refuse, unhex } from "./bytes.js";

export const SEQUENCE = 0x30;
export const SET = 0x31;
export const OCTETS = 0x04;
const INTEGER = 0x02;
const OBJECT = 0x06;
const LONGEST_LENGTH = 4; // bytes in which a length is written

// the names of objects, as they are written, in hexadecimal
export const OID = {
  data: "2a864886f70d010701",
  signedData: "2a864886f70d010702",
  contentType: "2a864886f70d010903",
  messageDigest: "2a864886f70d010904",
  signingCertificateV2: "2a864886f70d010910022f",
  timestampToken: "2a864886f70d010910020e",
  timestampInfo: "2a864886f70d0109100104",
  ourTimestampPolicy: "6982ba82dc97c2e2a89787b0ec84d1b1fce159",
  extendedKeyUsage: "551d25",
  basicConstraints: "551d13",
  documentSigning: "2b06010505070324",
  timeStamping: "2b06010505070308",
  p256: "2a8648ce3d030107",
  p384: "2b81040022",
  sha256: "608648016503040201",
  ecdsaWithSha256: "2a8648ce3d040302",
  ecdsaWithSha384: "2a8648ce3d040303",
};

export const readValue = (bytes, at = 0) => {
  const long = bytes[at + 1] & 0x80 ? bytes[at + 1] & 0x7f : 0;
  let size = long ? 0 : bytes[at + 1];
  for (let step = 0; step < long; step++) size = size * 256 + bytes[at + 2 + step];
  const begin = at + 2 + long;
  const end = begin + size;
  if (long > LONGEST_LENGTH || !(end <= bytes.length)) refuse("The signature is not written as ours are.");
  return { tag: bytes[at], content: bytes.subarray(begin, end), whole: bytes.subarray(at, end), end };
};
export const parts = (value) => {
  const found = [];
  for (let at = 0; at < value.content.length;) {
    const part = readValue(value.content, at);
    found.push(part);
    at = part.end;
  }
  return found;
};
export const oidIn = (value) => hex(value.content);

export const made = (tag, ...contents) => {
  const content = joined(...contents);
  const size = [];
  for (let rest = content.length; rest; rest >>>= 8) size.unshift(rest & 255);
  const length = content.length < 128 ? [content.length] : [0x80 | size.length, ...size];
  return joined(Uint8Array.from([tag, ...length]), content);
};
export const object = (digits) => made(OBJECT, unhex(digits));
export const integer = (bytes) => {
  let at = 0;
  while (at < bytes.length - 1 && !bytes[at]) at++;
  const shortest = bytes.subarray(at);
  return made(INTEGER, shortest[0] & 0x80 ? joined(Uint8Array.of(0), shortest) : shortest);
};
