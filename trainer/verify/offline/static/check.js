// Checks a certificate from pinned keys alone, in the browser, without any server: the same rules as
// trainer/verify/offline.py, signature_check.py, trust_file.py, standing.py and succession.py. It knows nothing of the
// page around it.
(() => {
  "use strict";
  const text = new TextEncoder();
  const words = new TextDecoder();
  const latin = new TextDecoder("latin1");
  const MOST_STREAMS = 500, LONGEST_TEXT = 256 * 1024, MOST_TEXT = 4 * LONGEST_TEXT, LARGEST_HOLE = 10 * 1024, MOST_HASHES = 63, LONGEST_NOTE = 64 * 1024;
  const PROOF = "c2sp.org/tlog-proof@v1\n", DOMAIN = "trainer/v1/commit\0";
  const JWT = /^eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
  const JWT_AND_BLANKS = /^(eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)[ \t\n\r\v\f]*$/;
  const OID = {
    data: "2a864886f70d010701", contentType: "2a864886f70d010903", digest: "2a864886f70d010904",
    certificate: "2a864886f70d010910022f", token: "2a864886f70d010910020e",
    stamped: "2a864886f70d0109100104", policy: "6982ba82dc97c2e2a89787b0ec84d1b1fce159",
    usage: "551d25", basic: "551d13", signing: "2b06010505070324", stamping: "2b06010505070308",
    p256: "2a8648ce3d030107", p384: "2b81040022", sha256: "2a8648ce3d040302", sha384: "2a8648ce3d040303",
  };

  class Doubt extends Error {
    constructor(status, sentence, checks = []) { super(sentence); Object.assign(this, { status, checks }); }
  }
  const refuse = (why) => { throw new Error(why); };

  // bytes
  const hex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
  const same = (left, right) => left.length === right.length && left.every((one, at) => one === right[at]);
  const joined = (...parts) => {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) { whole.set(part, at); at += part.length; }
    return whole;
  };
  const unbase64 = (written) => Uint8Array.from(atob(written), (one) => one.charCodeAt(0));
  const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
  const canonical64 = (written) => {
    const bytes = unbase64(written);
    return base64(bytes) === written ? bytes : refuse("A line is not written in the one canonical way.");
  };
  const url64 = (bytes) => base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const unurl64 = (written) => {
    const bytes = unbase64(written.replaceAll("-", "+").replaceAll("_", "/"));
    return url64(bytes) === written ? bytes : refuse("The credential is not written in the one canonical way.");
  };
  const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

  // DER (X.690)
  const der = (bytes, at = 0) => {
    const long = bytes[at + 1] & 0x80 ? bytes[at + 1] & 0x7f : 0;
    let size = long ? 0 : bytes[at + 1];
    for (let step = 0; step < long; step++) size = size * 256 + bytes[at + 2 + step];
    const begin = at + 2 + long, end = begin + size;
    if (long > 4 || !(end <= bytes.length)) refuse("The signature is not written as ours are.");
    return { tag: bytes[at], content: bytes.subarray(begin, end), whole: bytes.subarray(at, end), end };
  };
  const parts = (value) => {
    const found = [];
    for (let at = 0; at < value.content.length;) { const one = der(value.content, at); found.push(one); at = one.end; }
    return found;
  };
  const made = (tag, ...contents) => {
    const content = joined(...contents), size = [];
    for (let rest = content.length; rest; rest >>>= 8) size.unshift(rest & 255);
    return joined(Uint8Array.from(content.length < 128 ? [tag, content.length] : [tag, 0x80 | size.length, ...size]), content);
  };
  const unhex = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (two) => parseInt(two, 16));
  const named = (digits) => made(0x06, unhex(digits));
  const SHA256 = made(0x30, named("608648016503040201")), ECDSA = made(0x30, named(OID.sha256));
  const SIGNED_DATA = named("2a864886f70d010702");
  const ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551n; // of P-256

  // X.509
  const moment = (value) => {
    const digits = words.decode(value.content);
    const full = value.tag === 0x17 ? (digits < "50" ? "20" : "19") + digits : digits;
    const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(full);
    return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  };
  const certificate = (bytes) => {
    const [tbs, algorithm, signature] = parts(der(bytes));
    const fields = parts(tbs).filter((one, at) => at || one.tag !== 0xa0);
    const [serial, , issuer, validity, subject, key] = fields;
    const [begins, ends] = parts(validity).map(moment);
    const [how, point] = parts(key);
    const extensions = fields.slice(6).filter((one) => one.tag === 0xa3).flatMap((one) => parts(parts(one)[0])).map(parts);
    const extension = (id) => extensions.find((one) => hex(one[0].content) === id)?.at(-1);
    const usage = extension(OID.usage), basic = extension(OID.basic);
    return {
      bytes, tbs: tbs.whole, serial, issuer, subject, begins, ends, key: key.whole, point: point.content.subarray(1),
      curve: hex(parts(how)[1]?.content ?? []), algorithm: hex(parts(algorithm)[0].content),
      signature: signature.content.subarray(1),
      uses: usage ? parts(der(usage.content)).map((one) => hex(one.content)) : [],
      authority: basic ? parts(der(basic.content))[0]?.tag === 1 : false,
    };
  };
  const pem = (written) => certificate(unbase64(written.replace(/-----[^-]+-----|\s/g, "")));
  const raw = (signature, half) => joined(...parts(der(signature)).map((one) => {
    const digits = one.content[0] ? one.content : one.content.subarray(1);
    return digits.length <= half ? joined(new Uint8Array(half - digits.length), digits) : refuse("The signature does not fit.");
  }));
  const ecdsa = async (signer, signature, message, hash) => {
    const [curve, half] = signer.curve === OID.p256 ? ["P-256", 32] : signer.curve === OID.p384 ? ["P-384", 48] : refuse("The key is of another kind than ours.");
    const key = await crypto.subtle.importKey("spki", signer.key, { name: "ECDSA", namedCurve: curve }, false, ["verify"]);
    return crypto.subtle.verify({ name: "ECDSA", hash }, key, half * 2 === signature.length ? signature : raw(signature, half), message);
  };
  const issued = async (one, by) => {
    const hash = { [OID.sha256]: "SHA-256", [OID.sha384]: "SHA-384" }[one.algorithm];
    return Boolean(hash) && same(one.issuer.whole, by.subject.whole) && ecdsa(by, raw(one.signature, by.curve === OID.p384 ? 48 : 32), one.tbs, hash).catch(() => false);
  };
  const kidOf = async (one) => {
    if (one.curve !== OID.p256) refuse("Only a P-256 key can be the issuer's.");
    const [x, y] = [one.point.subarray(1, 33), one.point.subarray(33)].map(url64);
    return url64(await sha256(text.encode(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`)));
  };

  // the signature of a paper
  const signedPart = (bytes, plain) => {
    if (!plain.startsWith("%PDF-1.7\n") || !plain.endsWith("%%EOF\n") || plain.indexOf("%%EOF") !== plain.length - 6) refuse("The file is not one single revision.");
    const found = [...plain.matchAll(/\/ByteRange \[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\] {0,40}\/Contents <([0-9a-f]{2,20480})>/g)];
    if (found.length !== 1 || plain.split("/ByteRange").length !== 2) refuse("The file has no single signature of our shape.");
    const [place] = found, [hole, after, rest] = place.slice(1, 4).map(Number);
    const end = place.index + place[0].length;
    if (place[4].length > 2 * LARGEST_HOLE) refuse("The signature is longer than any of ours.");
    if (hole !== end - place[4].length - 2 || after !== end || after + rest !== bytes.length) refuse("The signature does not cover the whole file.");
    const padded = unhex(place[4]), one = der(padded);
    if (one.tag !== 0x30 || padded.subarray(one.end).some(Boolean)) refuse("The signature is not written as ours are.");
    return { ranged: joined(bytes.subarray(0, hole), bytes.subarray(after)), written: one.whole };
  };
  // What is not signed in a CMS structure can be written anew by anybody, so it is composed again and must be the same.
  const integer = (bytes) => {
    let at = 0;
    while (at < bytes.length - 1 && !bytes[at]) at++;
    return made(0x02, bytes[at] & 0x80 ? joined(Uint8Array.of(0), bytes.subarray(at)) : bytes.subarray(at));
  };
  const composed = (found, root, kind, content, unsigned) => made(0x30, SIGNED_DATA, made(0xa0, made(0x30,
    Uint8Array.of(2, 1, content ? 3 : 1), made(0x31, SHA256),
    content ? made(0x30, named(kind), made(0xa0, made(0x04, content))) : made(0x30, named(kind)),
    made(0xa0, found.signer.bytes, root.bytes),
    made(0x31, made(0x30, Uint8Array.of(2, 1, 1), made(0x30, found.signer.issuer.whole, found.signer.serial.whole), SHA256,
      made(0xa0, found.attributes), ECDSA,
      made(0x04, made(0x30, integer(found.halves.subarray(0, 32)), integer(found.halves.subarray(32)))), unsigned)))));
  const verifiedCms = async (written, content) => {
    const [, tagged] = parts(der(written)), data = parts(parts(tagged)[0]);
    const [, , about, carriedCertificates, infos] = data;
    const info = parts(parts(infos)[0]);
    const [, sid, , attributes, , signature, unsigned] = info;
    const certificates = parts(carriedCertificates).map((one) => certificate(one.whole));
    const values = new Map();
    for (const one of parts(attributes).map(parts)) {
      const id = hex(one[0].content), held = parts(one[1]);
      if (values.has(id) || held.length !== 1) refuse("The signature does not have each attribute once.");
      values.set(id, held[0]);
    }
    const kind = parts(about)[0];
    const inside = parts(about)[1] ? parts(parts(about)[1])[0].content : null;
    if ((content === null) !== (inside !== null)) refuse("The signature is about another kind of content.");
    if (!same(values.get(OID.contentType).content, kind.content)) refuse("The signature is about another kind of content.");
    if (!same(values.get(OID.digest).content, await sha256(content ?? inside))) refuse("The file was changed after it was signed.");
    const [issuer, serial] = parts(sid);
    const signer = certificates.find((one) => same(one.issuer.whole, issuer.whole) && same(one.serial.whole, serial.whole)) ?? refuse("The certificate of the signer is missing.");
    const message = joined(Uint8Array.of(0x31), attributes.whole.subarray(1)), halves = raw(signature.content, 32);
    if (!await ecdsa(signer, halves, message, "SHA-256")) refuse("The signature does not fit.");
    const esscert = parts(parts(parts(values.get(OID.certificate))[0])[0])[0];
    if (signer.curve !== OID.p256 || esscert.tag !== 0x04 || !same(esscert.content, await sha256(signer.bytes))) refuse("The signature names another certificate than the one it brings.");
    return { signer, halves, attributes: attributes.content, signature: signature.content, unsigned, inside };
  };
  const vouched = async (signer, root, use) => signer.uses.includes(use) && !signer.authority && issued(signer, root);
  const checkTimestamp = async (found, token, root) => {
    let stamp;
    try { stamp = await verifiedCms(token, null); } catch { stamp = null; }
    if (!stamp || !await vouched(stamp.signer, root, OID.stamping)) throw new Doubt("unreadable", "The timestamp in this file is of an authority that this page cannot check. Use `trainer verify --offline`, or ask online.");
    const [, policy, imprint] = parts(der(stamp.inside)), [hash, digest] = parts(imprint);
    const mirrored = hex(policy.content) === OID.policy && BigInt(`0x${hex(stamp.halves.subarray(32))}`) > ORDER / 2n;
    if (mirrored || !same(token, composed(stamp, root, OID.stamped, stamp.inside, new Uint8Array()))) refuse("The timestamp is not written as ours are.");
    if (!same(hash.whole, SHA256) || !same(digest.content, await sha256(found.signature))) refuse("The timestamp is about another signature.");
  };
  const tokenIn = (unsigned) => {
    if (!unsigned) return null;
    const [token, ...more] = parts(unsigned).map(parts);
    if (more.length || hex(token[0].content) !== OID.token || parts(token[1]).length !== 1) refuse("The signature has more beside it than one timestamp.");
    return parts(token[1])[0].whole;
  };
  const checkSignature = async (bytes, trust) => {
    const { ranged, written } = signedPart(bytes, latin.decode(bytes));
    const found = await verifiedCms(written, ranged);
    const kid = await kidOf(found.signer), pinned = trust.keys.get(kid), known = pinned && same(pinned.certificate.bytes, found.signer.bytes);
    if (!known && !await vouched(found.signer, trust.root, OID.signing)) refuse("No authority that is trusted here vouches for the signer.");
    const token = tokenIn(found.unsigned);
    if (!token && known && pinned.stamps) refuse("The timestamp is missing, which the key of this signature always adds.");
    const unsigned = token ? made(0xa1, made(0x30, named(OID.token), made(0x31, token))) : new Uint8Array();
    if (!same(written, composed(found, trust.root, OID.data, null, unsigned))) refuse("The signature is not written as ours are.");
    if (token) await checkTimestamp(found, token, trust.root);
    return { kid, certificate: found.signer, status: "published", trusted_size: null, covers: ranged.length, stamped: Boolean(token) };
  };

  // what a file carries, found as trainer/verify/attachments.py finds it
  const ours = (said) => said.startsWith("eyJ") || said.startsWith(PROOF);
  const NOTHING = new Uint8Array();
  const unpacked = async (packed) => {
    const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
    let read = NOTHING;
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        read = joined(read, value);
        if (read.length >= 32 && !ours(latin.decode(read.subarray(0, 32)))) return NOTHING;
        if (read.length > LONGEST_TEXT) return NOTHING;
      }
    } catch { /* what was read up to here counts */ } finally { reader.cancel().catch(() => {}); }
    return read;
  };
  const textAt = async (bytes, start) => {
    const near = bytes.subarray(start, start + 2 * LONGEST_TEXT), open = ours(latin.decode(near.subarray(0, 32)));
    if (!open && (near[0] & 15) !== 8) return NOTHING;
    let end = latin.decode(open ? near.subarray(0, LONGEST_TEXT) : near).indexOf("endstream"); // how far is looked is bounded
    if (open && end < 0) return NOTHING;
    if (end < 0) end = near.length;
    else if (near[end - 1] === 10) end -= near[end - 2] === 13 ? 2 : 1;
    const held = near.subarray(0, end);
    return open ? held : unpacked(held);
  };
  const attached = async (bytes) => {
    const credentials = new Set(), proofs = new Set();
    let count = 0, left = MOST_TEXT;
    for (const found of latin.decode(bytes).matchAll(/(?<!end)stream\r?\n/g)) {
      if (++count > MOST_STREAMS) break;
      const held = await textAt(bytes, found.index + found[0].length), said = latin.decode(held);
      if ((left -= ours(said) ? held.length : 0) < 0) return { credential: "", proof: "" }; // no paper carries so much
      const [, jwt] = JWT_AND_BLANKS.exec(said) ?? [];
      if (said.startsWith(PROOF)) proofs.add(words.decode(held));
      else if (jwt) credentials.add(jwt);
    }
    const only = (those) => (those.size === 1 ? [...those][0] : "");
    return { credential: only(credentials), proof: only(proofs) };
  };

  // the credential
  const day = (date) => date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const duration = (minutes) => [minutes >= 60 && `${Math.floor(minutes / 60)} h`, (minutes % 60 || !minutes) && `${minutes % 60} min`].filter(Boolean).join(" ");
  const when = (date) => `${day(date)}, ${date.toISOString().slice(11, 16)} UTC`;
  const IN_ZONE = /^([A-Za-z][A-Za-z0-9_+/-]{0,63}) ([+-])(\d\d):(\d\d) ([+-])(\d\d):(\d\d)$/;
  const daysOf = ([, zone]) => { // whose days the dates are: a zone, and its minutes from UTC at the issue and at the end
    if (!zone) return { place: "", atIssue: 0, atEnd: 0 };
    const [, name, ...offsets] = (zone.identifierType === "ext:daysOf" && IN_ZONE.exec(zone.identifier)) || refuse("It does not say whose days its dates are.");
    const minutes = (sign, hours, rest) => (sign === "-" ? -1 : 1) * (60 * hours + Number(rest));
    return { place: ` (${name.split("/").at(-1).replaceAll("_", " ")})`, atIssue: minutes(...offsets.slice(0, 3)), atEnd: minutes(...offsets.slice(3)) };
  };
  const readCredential = async (jwt, keys, trust) => {
    const [head, body, tail] = jwt.split(".");
    const header = JSON.parse(words.decode(unurl64(head))), document = JSON.parse(words.decode(unurl64(body)));
    const [did, kid] = String(header.kid).split("#"), key = keys.get(kid);
    if (header.alg !== "ES256" || header.typ !== "JWT" || Object.keys(header).length !== 3 || did !== trust.did || !key) refuse("It names a key that is not among the issuer's known keys.");
    const signature = unurl64(tail);
    if (signature.length !== 64 || !await ecdsa(key.certificate, signature, text.encode(`${head}.${body}`), "SHA-256")) refuse("Its signature does not hold: it was changed, or somebody else signed it.");
    if (document.iss !== trust.did || String(document.type) !== "VerifiableCredential,OpenBadgeCredential") refuse("It is no certificate of this issuer.");
    const subject = document.credentialSubject, achievement = subject.achievement;
    const titles = new Map(achievement.resultDescription.map((one) => [one.id, one.name]));
    const parts = subject.result.slice(0, -1).filter((one) => "value" in one);
    const days = daysOf(achievement.otherIdentifier);
    const local = (at, minutes) => day(new Date(Date.parse(at) + minutes * 6e4));
    const facts = {
      Holder: subject.identifier[0].identityHash, Credential: achievement.name,
      Programme: `${achievement.fieldOfStudy}, version ${achievement.version}`, Number: subject.licenseNumber,
      Issued: local(document.validFrom, days.atIssue) + days.place, "Valid until": local(document.validUntil, days.atEnd - 1440) + days.place,
      Issuer: document.issuer.name, "Conferred by": document.issuer.official, Cohort: subject.term,
      "Hours of learning": String(subject.creditsEarned),
      ...(parts.length && { "They consist of": parts.map((one) => `${titles.get(one.resultDescription)}: ${duration(Number(one.value))}`) }),
      "What it covers": subject.result.slice(0, -1).filter((one) => !("value" in one)).map((one) => titles.get(one.resultDescription)),
      Statement: document.description,
    };
    const place = String(document.credentialStatus?.statusListIndex);
    if (!/^\d{1,9}$/.test(place)) refuse("It has no place in the status lists.");
    return { facts, place: Number(place), key: { ...key, kid }, begins: new Date(document.validFrom), ends: new Date(document.validUntil) };
  };

  // the log
  const leafHash = (content) => sha256(joined(Uint8Array.of(0), content));
  const nodeHash = (left, right) => sha256(joined(Uint8Array.of(1), left, right));
  const included = async (index, size, leaf, hashes, root) => {
    let place = BigInt(index), last = BigInt(size) - 1n, seen = leaf;
    if (place > last) return false;
    for (const step of hashes) {
      if (last === 0n) return false;
      if (place & 1n || place === last) {
        seen = await nodeHash(step, seen);
        while (!(place & 1n) && place) { place >>= 1n; last >>= 1n; }
      } else seen = await nodeHash(seen, step);
      place >>= 1n; last >>= 1n;
    }
    return last === 0n && same(seen, root);
  };
  const keyId = async (name, kind, key) => (await sha256(joined(text.encode(`${name}\n`), Uint8Array.of(kind), key))).subarray(0, 4);
  const ed25519 = async (key, signature, message) => {
    let imported;
    try { imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]); } catch {
      throw new Doubt("unreadable", "This browser cannot check Ed25519 signatures, so the log cannot be checked here. Use a newer one, or `trainer verify --offline`.");
    }
    return crypto.subtle.verify("Ed25519", imported, signature, message);
  };
  const timed = async (note, verifier) => {
    const moments = [];
    for (const [name, said] of note.lines) {
      if (name !== verifier.name || !same(said.subarray(0, 4), await keyId(name, 4, verifier.key))) continue;
      const at = said.length === 76 ? new DataView(said.buffer, said.byteOffset + 4, 8).getBigUint64(0) : 0n;
      if (!at || at >> 63n || !await ed25519(verifier.key, said.subarray(12), text.encode(`cosignature/v1\ntime ${at}\n${note.text}`))) refuse(`The line of ${name} under this note does not fit it.`);
      moments.push(Number(at) * 1000);
    }
    return moments.length ? new Date(Math.min(...moments)) : null;
  };
  const readNote = (written) => {
    const cut = written.lastIndexOf("\n\n");
    if (cut < 1 || !written.endsWith("\n") || written.length > LONGEST_NOTE || /[\x00-\x09\x0b-\x1f]/.test(written)) refuse("This is not a signed note.");
    const lines = written.slice(cut + 2, -1).split("\n").map((line) => {
      const [, name, said] = /^— ([^\s+]+) ([A-Za-z0-9+/=]{8,})$/.exec(line) ?? refuse("A line under this note is not a signature.");
      const bytes = canonical64(said);
      return bytes.length > 4 ? [name, bytes] : refuse("A line under this note is not a signature.");
    });
    return { text: written.slice(0, cut + 1), lines: lines.length <= 64 ? lines : refuse("A note has not more than 64 signatures.") };
  };
  const opened = async (written, verifier) => {
    const note = readNote(written), own = await keyId(verifier.name, 1, verifier.key);
    const signatures = note.lines.filter(([name, said]) => name === verifier.name && same(said.subarray(0, 4), own));
    if (!signatures.length) refuse("This note was not signed with the expected key.");
    for (const [, said] of signatures) if (!await ed25519(verifier.key, said.subarray(4), text.encode(note.text))) refuse("The signature under this note does not fit its text.");
    return note;
  };
  const checkpointIn = (note, verifier) => {
    const [origin, size, root, ...more] = note.text.split("\n");
    const hash = root && more.length ? canonical64(root) : new Uint8Array();
    if (origin !== verifier.name || !/^(0|[1-9]\d{0,18})$/.test(size) || hash.length !== 32 || more.slice(0, -1).includes("")) refuse("This checkpoint is of another log.");
    return { size, root: hash };
  };
  const checkLog = async (jwt, proof, trust) => {
    const cut = proof.indexOf("\n\n"), lines = proof.slice(0, cut).split("\n");
    if (cut < 0 || `${lines.shift()}\n` !== PROOF) refuse("This is not a proof of a transparency log.");
    const extra = lines[0]?.startsWith("extra ") ? canonical64(lines.shift().slice(6)) : new Uint8Array();
    const index = /^index (0|[1-9]\d{0,18})$/.exec(lines.shift())?.[1] ?? refuse("This proof names no place in the log.");
    const hashes = lines.map(canonical64);
    if (hashes.length > MOST_HASHES || hashes.some((one) => one.length !== 32) || extra.length !== 32) refuse("A line of this proof is not a hash.");
    const note = await opened(proof.slice(cut + 2), trust.log), { size, root } = checkpointIn(note, trust.log);
    const commitment = await sha256(joined(text.encode(DOMAIN), extra, await sha256(text.encode(jwt))));
    const entry = text.encode(`{"c":"${base64(commitment)}","t":"credential","v":1}`);
    if (!await included(index, size, await leafHash(entry), hashes, root)) refuse("The hashes of this proof do not lead from the entry to the log's root.");
    const at = await timed(note, trust.log) ?? refuse("No time was signed with this note.");
    return { index, size: Number(size), root, at, note };
  };

  // the status lists (W3C Bitstring Status List), and what they say about a certificate
  const LEAST_BYTES = 16384, MOST_BYTES = 4 * 1024 * 1024, IN_FORCE = 864e5, SKEW = 3e5;
  const canonical = (value) => {
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
  };
  const bitsIn = async (encoded) => {
    if (!encoded.startsWith("u")) refuse("The list is not written in multibase base64url.");
    const reader = new Blob([unurl64(encoded.slice(1))]).stream().pipeThrough(new DecompressionStream("gzip")).getReader(), parts = [];
    for (let size = 0; ;) {
      const { value, done } = await reader.read();
      if (done) break;
      if ((size += value.length) > MOST_BYTES) refuse("The list is larger than any of ours.");
      parts.push(value);
    }
    const bits = joined(...parts);
    return bits.length < LEAST_BYTES ? refuse("The list has fewer than 131,072 places.") : bits;
  };
  const listIn = async (jwt, purpose, trust) => {
    const [head, body, tail, ...more] = jwt.split("."), address = `${trust.address}/status/${purpose}`;
    const header = JSON.parse(words.decode(unurl64(head))), payload = JSON.parse(words.decode(unurl64(body)));
    const [did, kid] = String(header.kid).split("#"), key = trust.keys.get(kid), signature = unurl64(tail);
    if (did !== trust.did) refuse("The status list is not the issuer's: Its key is not one of this issuer's.");
    if (more.length || header.alg !== "ES256" || header.typ !== "JWT" || Object.keys(header).length !== 3 || !key || key.status === "compromised") refuse("It names a key that is not among the issuer's known keys.");
    if (signature.length !== 64 || !await ecdsa(key.certificate, signature, text.encode(`${head}.${body}`), "SHA-256")) refuse("Its signature does not hold: it was changed, or somebody else signed it.");
    const begins = Date.parse(payload.validFrom), encodedList = String(payload.credentialSubject?.encodedList);
    const written = (at) => `${new Date(at).toISOString().slice(0, 19)}Z`;
    const expected = {
      "@context": ["https://www.w3.org/ns/credentials/v2"], id: address, type: ["VerifiableCredential", "BitstringStatusListCredential"], issuer: trust.did,
      validFrom: written(begins), validUntil: written(begins + IN_FORCE),
      credentialSubject: { id: `${address}#list`, type: "BitstringStatusList", statusPurpose: purpose, encodedList, ttl: 300000 },
      iss: trust.did, jti: address, sub: `${address}#list`, nbf: begins / 1000, exp: (begins + IN_FORCE) / 1000,
    };
    if (canonical(payload) !== canonical(expected)) refuse(`It is not the issuer's list for ${purpose}, or has another form.`);
    return { bits: await bitsIn(encodedList), begins: new Date(begins), ends: new Date(begins + IN_FORCE) };
  };
  const carriedLists = async (written, trust) => {
    const purposes = ["revocation", "suspension"], lists = new Map(), named = Object.keys(written);
    if (named.length && canonical(named.sort()) !== canonical(purposes)) refuse("The trust file carries one status list without the other; fetch it anew from the issuer's /trust.json.");
    for (const purpose of named) {
      try { lists.set(purpose, await listIn(written[purpose], purpose, trust)); } catch (error) { refuse(`The ${purpose} list in the trust file does not count. ${error.message}`); }
      if (lists.get(purpose).begins - trust.madeAt > SKEW) refuse(`The ${purpose} list is dated later than the trust file that carries it; fetch it anew from the issuer's /trust.json.`);
    }
    for (const [purpose, older] of lists) for (const newer of lists.values()) if (newer.begins >= older.ends) refuse(`The ${purpose} list in the trust file had run out when the other was made; fetch it anew from the issuer's /trust.json.`);
    return lists;
  };
  const STANDING = "Is it free of any later decision against it, as far as the status lists go?";
  const earliest = (dates) => new Date(Math.min(...dates));
  const standingOf = (trust, place, loggedAt, now) => {
    const unknown = (why) => ({ word: null, asOf: loggedAt, fresh: false, checks: [], sentence: `Status unknown since the checkpoint of ${when(loggedAt)}: ${why}, so a later revocation cannot be seen offline.` });
    if (!trust.freshness) return unknown("this trust file is of an earlier version, which carries no status lists");
    const { lists, until } = trust.freshness;
    if (!lists.size) return unknown("this trust file carries no status lists");
    const asOf = earliest([...lists.values()].map((one) => one.begins)), ends = earliest([...lists.values()].map((one) => one.ends));
    if (asOf < loggedAt) return unknown("the status lists in this trust file are older than the certificate");
    if ([...lists.values()].some((one) => place >= 8 * one.bits.length)) {
      return { word: "unreadable", asOf, fresh: false, sentence: "The status lists in this trust file do not cover this certificate, so whether it holds cannot be said. Ask online.",
        checks: [check(STANDING, false, `The lists of ${when(asOf)} have no place ${place.toLocaleString("en")}, which is the one that the credential names.`)] };
    }
    for (const [purpose, word] of [["revocation", "revoked"], ["suspension", "suspended"]]) {
      const { bits, begins } = lists.get(purpose);
      if (!(bits[place >> 3] & (0x80 >> (place & 7)))) continue;
      const said = word === "revoked" ? `is not valid: the issuer's list of ${when(begins)} shows it as revoked, which includes given back and replaced. Ask online which, and since when.` : `is suspended: the issuer's list of ${when(begins)} shows it. Ask online whether it still is.`;
      return { word, asOf: begins, fresh: false, sentence: said, checks: [check(STANDING, false, `Its place in the issuer's signed list of ${when(begins)} says ${word}.`)] };
    }
    const listed = now >= ends ? `. They were to be relied on until ${when(ends)}: fetch a newer trust.json` : "; what was decided later cannot be seen offline";
    const keyed = now >= until ? `. The keys in this trust file are old as well: it was to be relied on until ${when(until)}` : "";
    return { word: null, asOf, fresh: now < ends && now < until, sentence: `Not revoked or suspended as of ${when(asOf)}, the date of the issuer's status lists${listed}${keyed}.`,
      checks: [check(STANDING, true, `Its place in both of the issuer's signed lists is free; the older one is of ${when(asOf)}.`)] };
  };

  // the verdict
  const check = (question, holds, evidence) => ({ question, holds, evidence });
  const FILE = "Is this the file we issued, unchanged to the last byte?", LOGGED = "Is it in the public log?";
  const SIGNED = "Is everything in this file, but for the signature itself, as we signed it?", CREDENTIAL = "Is this the credential we issued, unchanged to the last sign?";
  const FOREIGN = "We did not issue this credential. Ask the holder for the original file or for the certificate's number.";
  const SAYS = "Did we sign what this credential says?", UNPROVED = check(LOGGED, false, "The proof of that is in the certificate file.");
  const confirmed = async (note, trust) => {
    const seen = new Set();
    try { for (const one of trust.witnesses) if (one.kind !== ML_DSA && await timed(note, one)) seen.add(hex(one.key)); } catch (error) {
      if (error instanceof Doubt) throw error;
      return 0; // a false line in the name of a known witness: the note counts for none
    }
    return seen.size;
  };
  const inside = async (bytes, keys, trust, now) => {
    const { credential, proof } = await attached(bytes);
    if (!credential) throw new Doubt("unreadable", "This file was signed by us, but carries no credential that can be checked offline. Ask online, or by its number.");
    let found, logged;
    try { found = await readCredential(credential, keys, trust); } catch (error) { throw new Doubt("not genuine", FOREIGN, [check(CREDENTIAL, false, error.message)]); }
    try { logged = await checkLog(credential, proof, trust); } catch (error) {
      if (error instanceof Doubt) throw error;
      throw new Doubt("not genuine", "This certificate cannot be proved to be in our public log. Do not rely on it; please tell the issuer.", [check(LOGGED, false, `The file brings no proof that holds: ${error.message}`)]);
    }
    const { key } = found, given = key.status === "compromised" && !(key.trusted_size !== null && logged.size <= key.trusted_size);
    if (given || logged.at < key.certificate.begins || logged.at > key.certificate.ends) throw new Doubt("not genuine", "The key that signed this does not vouch for it. Do not rely on it; ask the issuer.", [check("Did the issuer's key count when this was issued?", false, given ? `The key ${key.kid} was given up, and this is only proved to have been logged later.` : `The key ${key.kid} was not for use at that time.`)]);
    const pinned = trust.freshness?.checkpoint;
    if (pinned && Number(pinned.size) === logged.size && !same(pinned.root, logged.root)) throw new Doubt("not genuine", "This certificate cannot be proved to be in our public log. Do not rely on it; please tell the issuer.", [check(LOGGED, false, `Its checkpoint and that of the trust file, both of ${logged.size.toLocaleString("en")} entries, contradict each other.`)]);
    const standing = standingOf(trust, found.place, logged.at, now);
    const checks = [
      check("Are the facts shown here those that were certified?", true, `They are signed with the issuer's key ${key.kid}.`),
      check(LOGGED, true, `It is entry ${(BigInt(logged.index) + 1n).toLocaleString("en")} of the ${logged.size.toLocaleString("en")} entries under the checkpoint of ${when(logged.at)}. Its hash was followed up to the root that the checkpoint signs.`),
    ];
    if (trust.quorum) {
      const seen = await confirmed(logged.note, trust), unread = trust.witnesses.filter((one) => one.kind === ML_DSA).length;
      const beyond = unread ? ` ${unread} of them ${unread === 1 ? "signs" : "sign"} with ML-DSA-44, which this page cannot check.` : "";
      checks.push(check("Did enough independent witnesses see this log?", seen >= trust.quorum, `${seen} of ${trust.witnesses.length} known witnesses confirmed the checkpoint; ${trust.quorum} must.${beyond}`));
      if (seen < trust.quorum) throw new Doubt("unreadable", unread ? "Too few witnesses whose signatures this page can check have confirmed the checkpoint in this file. Use `trainer verify --offline`, which can check all of them, or ask online." : "Too few witnesses have confirmed the checkpoint in this file, so it cannot be checked offline. Ask online.", checks.slice(-1));
    }
    return { ...found, logged, standing, checks: [...checks, ...standing.checks] };
  };
  const attempt = async (bytes, keys, trust, now) => { try { return await inside(bytes, keys, trust, now); } catch (error) { if (error instanceof Doubt) return null; throw error; } };
  const byDates = (found, now) => {
    if (now < found.begins) return ["not yet valid", `not valid before ${when(found.begins)}`];
    if (now >= found.ends) return ["expired", `no longer valid: it expired on ${when(found.ends)}`];
    return ["valid", "valid"];
  };
  const withinDates = (found, now) => check("Is today within its dates?", byDates(found, now)[0] === "valid", `Valid from ${when(found.begins)} up to ${when(found.ends)}. Checked on ${when(now)}.`);
  const ended = (standing) => ["revoked", "suspended"].includes(standing.word);
  const isBehind = (trust, now) => Boolean(trust.freshness) && trust.madeAt - now > SKEW;
  const setTheClock = (trust, now) => `The clock of this machine says ${when(now)}, but the trust file was made later, on ${when(trust.madeAt)}, so no date can be judged. Set the clock right, then check again.`;

  // Something altered, with what is known about the certificate inside it: the bad news first; that there is none is
  // said only of what the log proves.
  const beside = (altered, found, trust, now) => {
    const { standing } = found, behind = isBehind(trust, now), over = ended(standing), [status, said] = byDates(found, now), sentences = [altered.sentence];
    if (over) sentences.unshift(`The certificate inside ${standing.sentence}`);
    else if (!behind && status !== "valid") sentences.unshift(`The certificate inside is ${said}.`);
    if (!over && behind) sentences.push(setTheClock(trust, now));
    else if (!over && found.logged) sentences.push(standing.sentence);
    return {
      ...altered, status: "altered", sentence: sentences.join(" "), asOf: standing.asOf, fresh: standing.fresh && !behind,
      checks: [...altered.checks, ...found.checks.slice(1), ...(behind ? [] : [withinDates(found, now)])],
    };
  };
  const signedInside = (found) => check("Did we sign what the credential inside it says?", true, `It is the credential of certificate ${found.facts.Number}, signed with a key of ours.`);
  const hashed = async (bytes, why) => `Its ${bytes.length.toLocaleString("en")} bytes have the SHA-256 ${hex(await sha256(bytes))}. ${why}`;
  const notOurs = async (bytes, why, trust, now) => {
    const evidence = await hashed(bytes, why);
    const length = latin.decode(bytes).indexOf("%%EOF\n") + 6, beginning = bytes.subarray(0, length);
    try {
      await checkSignature(beginning, trust);
      const found = await attempt(beginning, trust.keys, trust, now), count = bytes.length - length;
      const added = `${count.toLocaleString("en")} ${count === 1 ? "byte was" : "bytes were"} added after issue`;
      if (found) return beside({ sentence: `This file was changed after it was issued: ${added}. Do not rely on what it shows.`, checks: [check(FILE, false, `Its first ${length.toLocaleString("en")} bytes are the file we issued as number ${found.facts.Number}; ${added}.`)], facts: null }, found, trust, now);
    } catch { /* it does not begin with a file of ours */ }
    const found = await attempt(bytes, trust.keys, trust, now);
    if (found) return beside({ sentence: "The page you see is not our file. The data inside was issued by us: here is what it says. Believe only what stands here.", checks: [check(FILE, false, evidence), signedInside(found)], facts: found.facts }, found, trust, now);
    return { status: "not genuine", sentence: "We did not issue this file. Ask the holder for the original file or for the certificate's number.", checks: [check(FILE, false, `${evidence} We found nothing in it that our log proves.`)], facts: null };
  };
  const about = (status, said, standing, page) => {
    const subject = page ? "This file is the one we issued" : "This certificate was issued by us", it = page ? "the certificate" : "it";
    if (standing.word === "unreadable") return `${subject}.`;
    if (standing.word) return `${subject}, but ${it}`;
    if (!standing.fresh && status === "valid") return `${subject}, and ${it} is within its dates.`;
    if (status === "valid") return `${subject}${page ? ", and the certificate" : " and"} is valid.`;
    return `${subject}, but ${it} is ${said}.`;
  };
  const signedFile = async (bytes, signer, trust, now) => {
    const keys = new Map([[signer.kid, signer], ...trust.keys]);
    const found = await inside(bytes, keys, trust, now), page = keys.get(signer.kid).status !== "compromised", { standing } = found;
    const whole = check(SIGNED, page, page ? `All of it but the signature itself, ${signer.covers.toLocaleString("en")} bytes, is under one signature of the issuer's key ${signer.kid}, ${signer.stamped ? "with" : "without"} a timestamp.` : `It is signed with the key ${signer.kid}, which was given up since. Whoever has that key can make such a page, so only the facts shown here count, which the log proves.`);
    const known = { asOf: standing.asOf, fresh: standing.fresh };
    if (!standing.word && isBehind(trust, now)) return { ...known, fresh: false, status: "unreadable", facts: null, checks: [whole, ...found.checks], sentence: setTheClock(trust, now) };
    const [status, said] = byDates(found, now), vouched = page ? "" : " The page you see is not vouched for: compare it with the facts shown here.";
    return { ...known, status: standing.word ?? status, facts: found.facts, checks: [whole, ...found.checks, withinDates(found, now)], sentence: `${about(status, said, standing, page)} ${standing.sentence}${vouched}` };
  };

  // a credential as text: a bare JWT, or W3C's envelope around it and nothing else
  const WORD = /[A-Za-z0-9_.-]+/g, CONTEXT = "https://www.w3.org/ns/credentials/v2", LONGEST_CREDENTIAL = 256 * 1024;
  const isEnvelope = (said, jwt) => {
    let values;
    try { values = JSON.parse(said); } catch { return false; }
    const context = values["@context"];
    return said.split('"').length === 13 && Object.keys(values).length === 3 // a name that stands twice has more quotes
      && values.id === `data:application/vc+jwt,${jwt}` && values.type === "EnvelopedVerifiableCredential"
      && (context === CONTEXT || (Array.isArray(context) && context.length === 1 && context[0] === CONTEXT));
  };
  const textIn = (bytes) => {
    const blank = (one) => [32, 9, 13, 10].includes(one);
    let begin = 0, end = bytes.length, said;
    while (begin < end && blank(bytes[begin])) begin++;
    while (end > begin && blank(bytes[end - 1])) end--;
    try { said = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(begin, end)); } catch { return null; }
    if (!/^(eyJ|\{)/.test(said) || said.length > LONGEST_CREDENTIAL) return null;
    const carried = [...new Set(said.match(WORD) ?? [])].filter((one) => JWT.test(one)), jwt = carried.length === 1 ? carried[0] : "";
    return { jwt, alone: Boolean(jwt) && (said === jwt || isEnvelope(said, jwt)) };
  };
  const aloneOf = async (jwt, trust, now) => {
    const foreign = (why) => new Doubt("not genuine", FOREIGN, [check(CREDENTIAL, false, why)]);
    let found;
    try { found = await readCredential(jwt, trust.keys, trust); } catch (error) { throw foreign(error.message); }
    if (found.key.status === "compromised") throw foreign(`It is signed with the key ${found.key.kid}, given up since.`);
    const standing = standingOf(trust, found.place, found.begins, now), signed = check(SAYS, true, `It is signed with the issuer's key ${found.key.kid}.`);
    return { ...found, logged: null, standing, checks: [signed, UNPROVED, ...(ended(standing) ? standing.checks : [])] };
  };
  const credentialAlone = async (bytes, said, trust, now) => {
    if (!said.jwt) throw new Doubt("unreadable", "This text does not carry exactly one signature that could be checked. Choose credential.jwt, or the PDF itself.");
    const found = await aloneOf(said.jwt, trust, now), { standing, checks } = found;
    if (!said.alone) {
      const evidence = await hashed(bytes, "More stands in it than the credential, and we did not sign that.");
      return beside({ facts: found.facts, checks: [check(CREDENTIAL, false, evidence), signedInside(found)], sentence: "This text is not the credential we issued. The data inside was signed by us: here is what it says. Believe only what stands here." }, found, trust, now);
    }
    return {
      status: ended(standing) ? standing.word : "unreadable", facts: null, checks, asOf: standing.asOf, fresh: standing.fresh,
      sentence: ended(standing) ? `This credential was signed by us, but the certificate ${standing.sentence}` : "This credential was signed by us, but without the certificate file nothing shows offline that it is in the public log. Check the PDF, or ask online.",
    };
  };

  // the trust file
  const PLAIN = 1, TIMED = 4, ML_DSA = 6;
  const verifierIn = async (written, lengths) => {
    const [, name, id, encoded] = /^([^\s+\x00-\x1f]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(String(written).trim()) ?? refuse("A public key in the trust file cannot be read.");
    const said = canonical64(encoded), kind = said[0], key = said.subarray(1);
    if (key.length !== lengths[kind] || hex(await keyId(name, kind, key)) !== id) refuse("A public key in the trust file cannot be read.");
    return { name, key, kind };
  };
  const dated = (written) => {
    const at = new Date(written);
    if (Number.isNaN(at.valueOf())) refuse("A date in the trust file cannot be read.");
    return /(Z|[+-]\d\d:\d\d)$/.test(written) ? at : refuse("A date in the trust file does not say its time zone.");
  };
  const signedTrust = async (values, log) => {
    const { signature, ...rest } = values;
    const expected = `trainer/trust/v2\n${hex(await sha256(text.encode(canonical(rest))))}\n`;
    try { if ((await opened(String(signature), log)).text === expected) return; } catch (error) { if (error instanceof Doubt) throw error; }
    refuse("The trust file is not as the issuer's log signed it; fetch it anew from the issuer's /trust.json.");
  };
  const freshnessOf = async (values, trust) => {
    const until = dated(values.fresh_until);
    if (until <= trust.madeAt) refuse("The trust file had run out before it was made; fetch it anew from the issuer's /trust.json.");
    let checkpoint;
    try { checkpoint = checkpointIn(await opened(values.checkpoint, trust.log), trust.log); } catch { refuse("The checkpoint in the trust file is not one of its log; fetch it anew from the issuer's /trust.json."); }
    return { until, checkpoint, lists: await carriedLists(values.lists, trust) };
  };

  const NEEDED = ["log", "witnesses", "base_url", "did", "issuer", "root", "keys", "quorum", "made_at"];
  const DATED = ["signature", "fresh_until", "checkpoint", "lists"]; // what a file of version 2 has as well
  const trustIn = async (values) => {
    if (values?.v !== 1 && values?.v !== 2) refuse("This is not a trust file of version 1 or 2; fetch it anew from the issuer's /trust.json.");
    for (const name of values.v === 2 ? [...NEEDED, ...DATED] : NEEDED) if (!Object.hasOwn(values, name)) refuse(`The trust file lacks '${name}'; fetch it anew from the issuer's /trust.json.`);
    const log = await verifierIn(values.log, { [PLAIN]: 32 });
    if (values.v === 2) await signedTrust(values, log);
    const keys = new Map(), root = pem(values.root);
    for (const one of values.keys) {
      const key = { ...one, certificate: pem(one.certificate) };
      if (await kidOf(key.certificate) !== one.kid || !["published", "retired", "compromised"].includes(one.status)) refuse("A key in the trust file does not fit its certificate.");
      if (!(one.trusted_size === null || Number.isInteger(one.trusted_size)) || ![undefined, true, false].includes(one.stamps)) refuse(`The trust file does not say clearly how the key ${one.kid} stands.`);
      keys.set(one.kid, { ...key, byRoot: await issued(key.certificate, root).catch(() => false) });
    }
    const witnesses = [];
    for (const one of values.witnesses) witnesses.push(await verifierIn(one, { [TIMED]: 32, [ML_DSA]: 1312 }));
    if (new Set(witnesses.map((one) => one.name)).size < witnesses.length || new Set([log, ...witnesses].map((one) => hex(one.key))).size <= witnesses.length) refuse("The trust file names a witness twice, or the log as its own witness.");
    const trust = { did: values.did, issuer: values.issuer.name, address: values.base_url, madeAt: dated(values.made_at), root, keys, log, logText: values.log, witnesses, quorum: values.quorum, freshness: null };
    if (!Number.isInteger(trust.quorum) || trust.quorum < 0 || trust.quorum > witnesses.length) refuse("The trust file asks for more witnesses than it names.");
    return values.v === 2 ? { ...trust, freshness: await freshnessOf(values, trust) } : trust;
  };

  async function readTrust(written) {
    let values;
    try { values = JSON.parse(written); } catch { refuse("The trust file is not JSON; fetch it anew from the issuer's /trust.json."); }
    try { return await trustIn(values); } catch (error) {
      if (error instanceof Doubt || error.constructor === Error) throw error;
      return refuse("A certificate, key or date in the trust file cannot be read; fetch it anew."); // it can be wrong in a hundred ways
    }
  }

  const hasLostAKey = (earlier, later) => [...later.keys].some(([kid, { status }]) => status === "compromised" && (earlier.keys.get(kid)?.status ?? "published") === "published");
  const contains = (bits, allOf) => bits.length >= allOf.length && allOf.every((one, at) => !(one & ~bits[at]));
  function checkFollows(earlier, later) {
    if (later.log.name !== earlier.log.name || !same(later.log.key, earlier.log.key)) refuse(`This trust file is of another issuer or another log (${later.logText}) than the one pinned before (${earlier.logText}); ask the issuer which is theirs.`);
    if (!same(later.root.bytes, earlier.root.bytes)) refuse("This trust file names another root certificate than the one pinned before. If the issuer says that it was renewed, compare its fingerprint with the published one and pin this file alone.");
    if (earlier.freshness && !later.freshness) refuse("The trust file pinned before is signed, and this one is not; fetch the issuer's newest.");
    if (later.madeAt < earlier.madeAt) refuse("This trust file is older than the one pinned before; fetch the issuer's newest.");
    const pinned = [...earlier.keys.values()].map((one) => one.certificate.bytes);
    for (const [kid, after] of later.keys) if (!after.byRoot && !pinned.some((one) => same(one, after.certificate.bytes))) refuse(`This trust file names the key ${kid} in a new certificate for which the pinned root does not vouch, so whoever made it has the log's key and not the issuer's root. Tell the issuer and your board.`);
    for (const [kid, before] of earlier.keys) {
      const after = later.keys.get(kid);
      if (!after) refuse(`This trust file no longer names the key ${kid}, which was pinned before.`);
      if (before.status === "compromised" && (after.status !== "compromised" || after.trusted_size !== before.trusted_size)) refuse(`This trust file takes back that the key ${kid} was given up, which is never taken back.`);
      if (before.stamps && !after.stamps) refuse(`This trust file takes back that the key ${kid} always stamps, which is never taken back.`);
    }
    const added = later.witnesses.filter((one) => !earlier.witnesses.some((other) => other.name === one.name && other.kind === one.kind && same(other.key, one.key))).length;
    if (earlier.quorum && later.quorum - added < earlier.quorum) refuse(`This trust file would do with fewer of the witnesses pinned before than the ${earlier.quorum} that must have seen the log. If the issuer says that its witnesses have changed, compare them with what the issuer publishes and pin this file alone.`);
    if (!earlier.freshness || !later.freshness) return;
    const [before, after] = [earlier, later].map((one) => one.freshness.checkpoint), sizes = [BigInt(before.size), BigInt(after.size)];
    if (sizes[1] < sizes[0] || (sizes[1] === sizes[0] && !same(after.root, before.root))) refuse(`The log in this trust file (${sizes[1].toLocaleString("en")} entries) does not continue the one pinned before (${sizes[0].toLocaleString("en")} entries): it was cut off, or shows two histories. Tell the issuer and your board.`);
    const [lists, newer] = [earlier, later].map((one) => one.freshness.lists);
    if (lists.size && !newer.size && earlier.did === later.did && !hasLostAKey(earlier, later)) refuse("This trust file leaves out the status lists, which the one pinned before has, although no key was given up since. Fetch the issuer's newest; if that has none either, ask the issuer.");
    for (const [purpose, one] of lists) if (newer.get(purpose)?.begins < one.begins) refuse(`The ${purpose} list in this trust file is older than the one pinned before.`);
    if (lists.size && newer.size && !contains(newer.get("revocation").bits, lists.get("revocation").bits)) refuse("This trust file takes back that a certificate was revoked, which is never taken back. Tell the issuer and your board.");
  }

  async function verify(bytes, trust, now = new Date()) {
    try {
      const head = latin.decode(bytes.subarray(0, 1029)).indexOf("%PDF-"); // readers look for it in the first 1,024 bytes
      if (head > 0) throw new Doubt("unreadable", "Something stands before the PDF in this file, so that it can pass for two kinds of file at once. We issue no such file and did not look into it. Ask the holder for the file as they received it.");
      const said = head < 0 ? textIn(bytes) : null;
      if (said) return await credentialAlone(bytes, said, trust, now);
      if (head < 0) throw new Doubt("unreadable", "This file is neither a PDF nor a credential. Our certificates are PDF files; choose the file as the holder received it.");
      let signer;
      try { signer = await checkSignature(bytes, trust); } catch (error) {
        if (error instanceof Doubt) throw error;
        return await notOurs(bytes, error.message, trust, now);
      }
      return await signedFile(bytes, signer, trust, now);
    } catch (error) {
      if (!(error instanceof Doubt)) return { status: "not genuine", sentence: "This file could not be read as one of ours.", checks: [], facts: null };
      return { status: error.status, sentence: error.message, checks: error.checks, facts: null };
    }
  }

  globalThis.trainerOffline = { readTrust, checkFollows, verify };
})();
