// Bytes and how they are written; and the two ways in which a check can end early.

const utf8 = new TextEncoder();
const words = new TextDecoder();
const latin1 = new TextDecoder("latin1");

export const bytesOf = (text) => utf8.encode(text);
export const textOf = (bytes) => words.decode(bytes);
// one sign for each byte, so that places in the text are places in the file
export const latin = (bytes) => latin1.decode(bytes);

// This page, or this browser, cannot tell. That speaks neither for the certificate nor against it.
export class CannotTell extends Error {}

export const refuse = (why) => {
  throw new Error(why);
};

export const NOTHING = new Uint8Array();
export const byte = (...values) => Uint8Array.of(...values);
export const same = (left, right) => left.length === right.length && left.every((value, at) => value === right[at]);
export const joined = (...pieces) => {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};

export const hex = (bytes) => Array.from(bytes, (value) => value.toString(16).padStart(2, "0")).join("");
export const unhex = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));

export const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
export const unbase64 = (written) => Uint8Array.from(atob(written), (sign) => sign.charCodeAt(0));
export const canonical64 = (written) => {
  const bytes = unbase64(written);
  return base64(bytes) === written ? bytes : refuse("A line is not written in the one canonical way.");
};
export const url64 = (bytes) => base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
export const unurl64 = (written) => {
  const bytes = unbase64(written.replaceAll("-", "+").replaceAll("_", "/"));
  return url64(bytes) === written ? bytes : refuse("The credential is not written in the one canonical way.");
};

export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
export const counted = (number) => number.toLocaleString("en");
