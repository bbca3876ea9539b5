"""Every way we know to write down anew what we signed, or to put it beside something else, without any key.

What comes out still carries a good signature of ours. None of it is what we issued.
"""

import base64
import gzip
import json
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from tests.verify.attacks import CONTENTS, edited
from tests.verify.carrier import Carried
from trainer.registry.lower_s import ORDER

ENVELOPE = {"@context": "https://www.w3.org/ns/credentials/v2", "type": "EnvelopedVerifiableCredential"}
FORGED = {
    "type": ["VerifiableCredential"],
    "credentialSubject": {"name": "Eve Forger", "licence": "Licensed Psychedelic Therapist"},
    "validUntil": "2099-12-31T00:00:00Z",
}
Rewrite = Callable[[Carried], bytes]


# credentials as text


def mirrored(signature: bytes) -> bytes:
    """The other s of an ECDSA signature in DER."""
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, ORDER - s)


def mirrored_jwt(jwt: str) -> str:
    signed, _, tail = jwt.rpartition(".")
    both = base64.urlsafe_b64decode(tail + "=" * (-len(tail) % 4))
    s = ORDER - int.from_bytes(both[32:], "big")
    return f"{signed}.{base64.urlsafe_b64encode(both[:32] + s.to_bytes(32, 'big')).rstrip(b'=').decode()}"


def in_der(jwt: str) -> str:
    """The same signature of a JWT as CMS writes it, which JOSE does not."""
    head, _, tail = jwt.rpartition(".")
    raw = base64.urlsafe_b64decode(tail + "==")
    written = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    return f"{head}.{base64.urlsafe_b64encode(written).rstrip(b'=').decode()}"


def envelope(jwt: str, **more: object) -> bytes:
    return json.dumps({**ENVELOPE, "id": f"data:application/vc+jwt,{jwt}", **more}).encode()


def named_twice(file: Carried) -> bytes:
    foreign = "eyJhIjoxfQ.eyJhIjoxfQ.AAAA"
    return b'{"id": "data:application/vc+jwt,%s", %s' % (foreign.encode(), envelope(file.jwt)[1:])


def named_twice_in_the_clear(file: Carried) -> bytes:
    return b'{"type": "Licence of Eve Forger", ' + envelope(file.jwt)[1:]


def forged_page() -> bytes:
    out = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(400, 200))
        pdf.pages[0].Contents = pikepdf.Stream(pdf, b"BT /F1 20 Tf 20 90 Td (Eve Forger, licensed until 2099) Tj ET")
        pdf.save(out, compress_streams=False)
    return out.getvalue()


def json_that_is_a_pdf(file: Carried) -> bytes:
    """Valid JSON that poppler opens as a page: its head at the third byte, its objects and their table in a text."""
    objects = (
        "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
        "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj",
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Contents 5 0 R/Resources<</Font<</F1 4 0 R>>>>>>endobj",
        "4 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj",
        '5 0 obj<</Length 72>>stream ",\n"": " q Q BT /F1 20 Tf 20 90 Td (Eve Forger, licensed until 2099) Tj ET '
        "endstream endobj",
    )
    begun = f'{{"%PDF-1.4": "{file.jwt}",\n"page": " '
    places = [len(begun) - 2 + len(" ".join(objects[:at])) + bool(at) for at in range(len(objects))]
    written = begun + " ".join(objects)
    table = "".join(f"{place:010} 00000 n  " for place in places)
    end = f' xref 0 6 0000000000 65535 f  {table}trailer<</Root 1 0 R/Size 6>> startxref {len(written) - 1} %%EOF"}}'
    return (written + end).encode()


def envelope_that_is_a_pdf(file: Carried) -> bytes:
    return b"\n" * 200 + forged_page() + envelope(file.jwt)


def zipped(file: Carried) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("credential.jwt", file.jwt)
        archive.writestr("licence.html", "<h1>Eve Forger</h1>")
    return out.getvalue()


def baked_png(file: Carried) -> bytes:
    """A badge: the credential in a chunk of a picture, as Open Badges bakes it."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")

    head = chunk(b"IHDR", b"\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00")
    text = chunk(b"iTXt", b"openbadgecredential\x00\x00\x00\x00\x00" + file.jwt.encode())
    return b"\x89PNG\r\n\x1a\n" + head + text + chunk(b"IDAT", zlib.compress(b"\x00\x00")) + chunk(b"IEND", b"")


TEXTS: dict[str, Rewrite] = {
    "a forged credential with the genuine one in a note": lambda file: json.dumps(
        {**FORGED, "note": file.jwt}
    ).encode(),
    "two credentials in one JSON": lambda file: json.dumps({"a": file.jwt, "b": f"{file.jwt[:-4]}AAAA"}).encode(),
    "an envelope that names two credentials": named_twice,
    "an envelope that says its type twice": named_twice_in_the_clear,
    "words before the comma of the envelope": lambda file: json.dumps(
        {**ENVELOPE, "id": f"data:text/plain;Eve Forger, licensed until 2099,{file.jwt}"}
    ).encode(),
    "JSON that is a PDF": json_that_is_a_pdf,
    "a PDF before the envelope": envelope_that_is_a_pdf,
    "a PDF behind a JWT": lambda file: file.jwt[:900].encode() + b"\n" + forged_page() + file.jwt.encode(),
    "the signature of the JWT mirrored": lambda file: mirrored_jwt(file.jwt).encode(),
    "the same in an envelope": lambda file: envelope(mirrored_jwt(file.jwt)),
    "an envelope with a proof beside it": lambda file: envelope(file.jwt, proof={"type": "DataIntegrityProof"}),
    "an envelope of another type": lambda file: envelope(file.jwt, type=["EnvelopedVerifiableCredential", "Licence"]),
    "an envelope with a context of somebody else": lambda file: envelope(
        file.jwt, **{"@context": ["https://www.w3.org/ns/credentials/v2", "https://evil.example/licence"]}
    ),
    "an envelope in a presentation": lambda file: json.dumps(
        {"type": "VerifiablePresentation", "holder": "Eve", "verifiableCredential": [json.loads(envelope(file.jwt))]}
    ).encode(),
    "a tail of disclosures (SD-JWT)": lambda file: f"{file.jwt}~WyJzYWx0IiwgImxpY2VuY2UiLCAieWVzIl0~".encode(),
    "a line of text behind it": lambda file: f"{file.jwt}\nEve Forger is licensed until 2099.".encode(),
    "the JWT twice, once mirrored": lambda file: f"{file.jwt}\n{mirrored_jwt(file.jwt)}".encode(),
    "a NUL behind it": lambda file: file.jwt.encode() + b"\x00",
    "a mark of the byte order before it": lambda file: b"\xef\xbb\xbf" + file.jwt.encode(),
    "in UTF-16": lambda file: file.jwt.encode("utf-16"),
    "in UTF-7, as JSON": lambda file: b"+AHs-" + envelope(file.jwt)[1:],
    "packed": lambda file: gzip.compress(file.jwt.encode(), mtime=0),
    "in a ZIP": zipped,
    "baked into a PNG": baked_png,
    "baked into an SVG": lambda file: (
        f'<svg xmlns="http://www.w3.org/2000/svg"><openbadges:credential verify="{file.jwt}"/><text>Eve</text></svg>'
    ).encode(),
    "in a web page": lambda file: f"<h1>Eve Forger</h1><!-- {file.jwt} -->".encode(),
    "in an address": lambda file: f"https://evil.example/licence#{file.jwt}".encode(),
}


# the signature of the paper


def structure_in(pdf: bytes) -> bytes:
    found = CONTENTS.search(pdf)
    assert found
    return bytes.fromhex(found[0][11:-1].decode())


def with_structure(pdf: bytes, structure: bytes) -> bytes:
    """The same file with another CMS structure in the hole, which no signature covers."""
    found = CONTENTS.search(pdf)
    assert found
    digits = structure.hex().encode().ljust(len(found[0]) - 12, b"0")
    return pdf[: found.start()] + b"/Contents <" + digits + b">" + pdf[found.end() :]


@dataclass
class Value:
    """A value of DER that can be changed; `held` are its parts if it has any, else its content."""

    tag: int
    held: "list[Value] | bytes"

    @classmethod
    def read(cls, written: bytes) -> "Value":
        value, _ = cls._read(written)
        return value

    @classmethod
    def _read(cls, written: bytes) -> "tuple[Value, bytes]":
        count = written[1] & 0x7F if written[1] & 0x80 else 0
        size = int.from_bytes(written[2 : 2 + count], "big") if count else written[1]
        content, rest = written[2 + count :][:size], written[2 + count + size :]
        if not written[0] & 0x20:
            return cls(written[0], content), rest
        parts = []
        while content:
            part, content = cls._read(content)
            parts.append(part)
        return cls(written[0], parts), rest

    def dump(self) -> bytes:
        content = self.held if isinstance(self.held, bytes) else b"".join(part.dump() for part in self.held)
        size = len(content)
        length = size.to_bytes((size.bit_length() + 7) // 8, "big")
        return bytes((self.tag, size) if size < 128 else (self.tag, 0x80 | len(length), *length)) + content


class Wasteful(Value):
    """The same with one byte too many in its length: BER, not DER."""

    def dump(self) -> bytes:
        written = Value(self.tag, self.held).dump()
        count = written[1] & 0x7F
        return bytes((written[0], 0x80 | count + 1, 0)) + written[2:]


class Endless(Value):
    """The same with its length left open and its end marked: BER, not DER."""

    def dump(self) -> bytes:
        return bytes((self.tag, 0x80)) + b"".join(part.dump() for part in self.held) + b"\x00\x00"


class Signed:
    """The parts of a CMS structure that are not signed, by name."""

    def __init__(self, info: Value) -> None:
        self.data = info.held[1].held[0]
        self.version, self.algorithms, _about, self.certificates, self.signers = self.data.held
        self.signer = self.signers.held[0]

    @property
    def unsigned(self) -> Value:
        return self.signer.held[6]

    @property
    def stamps(self) -> Value:
        """The set that holds the token."""
        return self.unsigned.held[0].held[1]

    @property
    def token(self) -> "Signed":
        return Signed(self.stamps.held[0])


def rewritten(change: Callable[[Signed], None]) -> Rewrite:
    def write(file: Carried) -> bytes:
        info = Value.read(structure_in(file.pdf))
        change(Signed(info))
        return with_structure(file.pdf, info.dump())

    return write


def of_another_kind(kind: type[Value]) -> Rewrite:
    def write(file: Carried) -> bytes:
        info = Value.read(structure_in(file.pdf))
        return with_structure(file.pdf, kind(info.tag, info.held).dump())

    return write


def strip_timestamp(signed: Signed) -> None:
    del signed.signer.held[6]


def mirror(signed: Signed) -> None:
    signed.signer.held[5].held = mirrored(signed.signer.held[5].held)


def strip_and_mirror(signed: Signed) -> None:
    strip_timestamp(signed)
    mirror(signed)


def turn(certificates: Value) -> None:
    certificates.held = certificates.held[::-1]


def waste_around_the_timestamp(signed: Signed) -> None:
    token = signed.stamps.held[0]
    signed.stamps.held = [Wasteful(token.tag, token.held)]


def pad_serial(signed: Signed) -> None:
    serial = signed.signer.held[1].held[1]
    serial.held = b"\x00" + serial.held


def name_parameters(signed: Signed) -> None:
    for algorithm in (signed.algorithms.held[0], signed.signer.held[2]):
        algorithm.held = [*algorithm.held, Value(0x05, b"")]


def another_version(signed: Signed) -> None:
    signed.version.held = b"\x04"


def add_to(values: Value) -> None:
    values.held = [*values.held, SOMETHING]


def add_to_timestamp(signed: Signed) -> None:
    signed.token.signer.held = [*signed.token.signer.held, Value(0xA1, [SOMETHING])]


def twice(values: Value) -> None:
    values.held = [*values.held, values.held[-1]]


SOMETHING = Value.read(bytes.fromhex("301c06092a864886f70d010905310f170d3939313233313233353935395a"))  # a signing time


def something_in_the_padding(file: Carried) -> bytes:
    found = CONTENTS.search(file.pdf)
    assert found
    return file.pdf[: found.end() - 5] + b"beef" + file.pdf[found.end() - 1 :]


def in_capitals(file: Carried) -> bytes:
    found = CONTENTS.search(file.pdf)
    assert found
    return file.pdf.replace(found[0], found[0].upper().replace(b"/CONTENTS", b"/Contents"))


SIGNATURES: dict[str, Rewrite] = {
    "the timestamp stripped": rewritten(strip_timestamp),
    "the timestamp stripped, the signature mirrored": rewritten(strip_and_mirror),
    "the signature mirrored under its timestamp": rewritten(mirror),
    "the signature of the timestamp mirrored": rewritten(lambda signed: mirror(signed.token)),
    "the certificates in another order": rewritten(lambda signed: turn(signed.certificates)),
    "the root left out": rewritten(lambda signed: signed.certificates.held.pop()),
    "the root doubled": rewritten(lambda signed: twice(signed.certificates)),
    "the certificate of the timestamp added": rewritten(
        lambda signed: signed.certificates.held.append(signed.token.certificates.held[0])
    ),
    "the certificates of the timestamp in another order": rewritten(lambda signed: turn(signed.token.certificates)),
    "an unsigned attribute added": rewritten(lambda signed: add_to(signed.unsigned)),
    "an unsigned attribute added to the timestamp": rewritten(add_to_timestamp),
    "the timestamp doubled": rewritten(lambda signed: twice(signed.unsigned)),
    "two timestamps in one attribute": rewritten(lambda signed: twice(signed.stamps)),
    "the signer doubled": rewritten(lambda signed: twice(signed.signers)),
    "a list of revocations added": rewritten(lambda signed: signed.data.held.insert(4, Value(0xA1, []))),
    "the hash named with parameters": rewritten(name_parameters),
    "another version": rewritten(another_version),
    "a length of one byte too many": of_another_kind(Wasteful),
    "the same around the timestamp": rewritten(waste_around_the_timestamp),
    "a length left open": of_another_kind(Endless),
    "the serial number with a zero before it": rewritten(pad_serial),
    "something in the padding": something_in_the_padding,
    "its digits in capitals": in_capitals,
}


# forged pages


def swapped_for(change: Callable[[str], str]) -> Rewrite:
    def swap(file: Carried) -> bytes:
        def attach(opened: pikepdf.Pdf) -> None:
            text = change(file.jwt).encode()
            opened.attachments["credential.jwt"] = pikepdf.AttachedFileSpec(opened, text)

        return edited(attach)(file.pdf)

    return swap


PAGES: dict[str, Rewrite] = {
    "a forged page around the genuine credential": lambda file: file.pdf.replace(b"/MediaBox", b"/MediaBax"),
    "a forged page around the credential, mirrored": swapped_for(mirrored_jwt),
}

REWRITTEN: dict[str, Rewrite] = {**TEXTS, **SIGNATURES, **PAGES}
