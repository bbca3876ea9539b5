// The credential: a JWT by a key of the issuer (ES256), and the facts in it.

import { bytesOf, refuse, textOf, unurl64 } from "./bytes.js";
import { day, duration } from "./dates.js";
import { isSignedBy } from "./x509.js";

const ES256_BYTES = 64;
const A_DAY = 24 * 60; // in minutes
const IN_ZONE = /^([A-Za-z][A-Za-z0-9_+/-]{0,63}) ([+-])(\d\d):(\d\d) ([+-])(\d\d):(\d\d)$/;

const NO_KEY = "It names a key that is not among the issuer's known keys.";

// what a JWT says, when one of these keys of the issuer signed it
export const readJwt = async (jwt, keys, trust, anotherIssuer = NO_KEY) => {
  const [head, body, tail, ...more] = jwt.split(".");
  const header = JSON.parse(textOf(unurl64(head)));
  const payload = JSON.parse(textOf(unurl64(body)));
  const [did, kid] = String(header.kid).split("#");
  const key = keys.get(kid);
  const isPlain = header.alg === "ES256" && header.typ === "JWT" && Object.keys(header).length === 3 && !more.length;
  if (did !== trust.did) refuse(anotherIssuer);
  if (!isPlain || !key) refuse(NO_KEY);
  const signature = unurl64(tail);
  const message = bytesOf(`${head}.${body}`);
  if (signature.length !== ES256_BYTES || !(await isSignedBy(key.certificate, signature, message, "SHA-256"))) {
    refuse("Its signature does not hold: it was changed, or somebody else signed it.");
  }
  return { payload, key: { ...key, kid } };
};

// whose days the dates are: a zone, and its minutes from UTC at the issue and at the end
const daysOf = ([, zone]) => {
  if (!zone) return { place: "", atIssue: 0, atEnd: 0 };
  const [, name, ...offsets] =
    (zone.identifierType === "ext:daysOf" && IN_ZONE.exec(zone.identifier)) ||
    refuse("It does not say whose days its dates are.");
  const minutes = (sign, hours, rest) => (sign === "-" ? -1 : 1) * (60 * hours + Number(rest));
  return {
    place: ` (${name.split("/").at(-1).replaceAll("_", " ")})`,
    atIssue: minutes(...offsets.slice(0, 3)),
    atEnd: minutes(...offsets.slice(3)),
  };
};
const factsIn = (document) => {
  const subject = document.credentialSubject;
  const achievement = subject.achievement;
  const titles = new Map(achievement.resultDescription.map(({ id, name }) => [id, name]));
  const results = subject.result.slice(0, -1);
  const title = (result) => titles.get(result.resultDescription);
  const hours = results.filter((result) => "value" in result);
  const days = daysOf(achievement.otherIdentifier);
  const local = (at, minutes) => day(new Date(Date.parse(at) + minutes * 60_000)) + days.place;
  return {
    Holder: subject.identifier[0].identityHash,
    Credential: achievement.name,
    Programme: `${achievement.fieldOfStudy}, version ${achievement.version}`,
    Number: subject.licenseNumber,
    Issued: local(document.validFrom, days.atIssue),
    "Valid until": local(document.validUntil, days.atEnd - A_DAY),
    Issuer: document.issuer.name,
    "Conferred by": document.issuer.official,
    Cohort: subject.term,
    "Hours of learning": String(subject.creditsEarned),
    ...(hours.length && {
      "They consist of": hours.map((result) => `${title(result)}: ${duration(Number(result.value))}`),
    }),
    "What it covers": results.filter((result) => !("value" in result)).map(title),
    Statement: document.description,
  };
};

export const readCredential = async (jwt, keys, trust) => {
  const { payload: document, key } = await readJwt(jwt, keys, trust);
  if (document.iss !== trust.did || String(document.type) !== "VerifiableCredential,OpenBadgeCredential") {
    refuse("It is no certificate of this issuer.");
  }
  const facts = factsIn(document);
  const place = String(document.credentialStatus?.statusListIndex);
  if (!/^\d{1,9}$/.test(place)) refuse("It has no place in the status lists.");
  const [begins, ends] = [new Date(document.validFrom), new Date(document.validUntil)];
  return { facts, place: Number(place), key, begins, ends };
};
