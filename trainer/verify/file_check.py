"""Look at an uploaded file without ever parsing it.

A paper of ours is one revision: it ends at its only `%%EOF`, and nothing may follow. So the hash of the
whole file decides; if it is unknown, the hash of each beginning that ends at an `%%EOF` shows whether our
file is still inside, with something added. Only then is the plain-text metadata searched for our address
(C. Mainka et al., "Shadow Attacks", NDSS 2021: every such attack needs an appended revision).
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from trainer.certificates.facts.claim import Claim
from trainer.verify.handed_in.reference import id_at_the_end
from trainer.verify.verdict import Check, Doubt, Verdict

LARGEST_FILE = 8 * 1024 * 1024
"""Bytes; no certificate of ours is larger."""
END = b"%%EOF\n"
MOST_BEGINNINGS = 16
_HEAD = b"%PDF-"
_HEAD_WITHIN = 1024  # bytes in which readers look for the head of a PDF, whatever stands before it
_IDENTIFIER = re.compile(rb"<dc:identifier>([^<>\s]{1,300})</dc:identifier>")
QUESTION = "Is this the file we issued, unchanged to the last byte?"


@dataclass(frozen=True, kw_only=True)
class Marks:
    """The hashes of a file.

    Attributes:
        whole: SHA-256 of all of it, hexadecimal.
        beginnings: SHA-256 of each shorter beginning that ends at an `%%EOF` line, with its length in bytes.
    """

    size: int
    whole: str
    beginnings: Mapping[str, int]


def marks_of(content: bytes) -> Marks:
    """Return the hashes of a file and of its first beginnings."""
    running = hashlib.sha256()
    beginnings: dict[str, int] = {}
    done = 0
    while len(beginnings) < MOST_BEGINNINGS and (at := content.find(END, done)) >= 0:
        running.update(content[done : at + len(END)])
        done = at + len(END)
        if done < len(content):
            beginnings[running.hexdigest()] = done
    running.update(content[done:])
    return Marks(size=len(content), whole=running.hexdigest(), beginnings=beginnings)


def named_in(content: bytes) -> str | None:
    """Return the id of the certificate that the file's metadata name, or None. It proves nothing by itself."""
    found = _IDENTIFIER.search(content)
    return id_at_the_end(found[1].decode("ascii", "replace")) if found else None


def polyglot(content: bytes, now: datetime) -> Verdict | None:
    """Return a verdict when readers would find a PDF behind something else in the upload, else None."""
    if content.find(_HEAD, 0, _HEAD_WITHIN + len(_HEAD)) <= 0:
        return None
    return Verdict(
        status=Doubt.UNREADABLE,
        sentence="Something stands before the PDF in this file, so that it can pass for two kinds of file at once. We "
        "issue no such file and did not look into it. Ask the holder for the file as they received it.",
        checked_at=now,
    )


def unreadable(content: bytes, now: datetime) -> Verdict | None:
    """Return a verdict when the upload is no PDF at all, else None."""
    if not content:
        sentence = "This file is empty, so there was nothing to check."
    elif not content.startswith(_HEAD):
        sentence = (
            "This file is neither a PDF nor a credential. Our certificates are PDF files; send the file as the holder "
            "received it."
        )
    else:
        return None
    return Verdict(status=Doubt.UNREADABLE, sentence=sentence, checked_at=now)


def unchanged(marks: Marks) -> Check:
    """Return the check of a file whose hash is in the registry."""
    return Check(
        question=QUESTION,
        holds=True,
        evidence=f"Its {marks.size:,} bytes have the SHA-256 {marks.whole}, which is in the registry.",
    )


def added_to(marks: Marks, *, length: int, number: str, public_id: str, now: datetime) -> Verdict:
    """Return the verdict about a file that begins with one of ours and goes on after its end."""
    count = marks.size - length
    added = f"{count:,} {'byte was' if count == 1 else 'bytes were'} added after issue"
    return Verdict(
        status=Doubt.ALTERED,
        sentence=f"This file was changed after it was issued: {added}. Do not rely on what it shows.",
        checked_at=now,
        checks=(
            Check(
                question=QUESTION,
                holds=False,
                evidence=f"Its first {length:,} bytes are the file we issued as number {number}; {added}.",
            ),
        ),
        public_id=public_id,
    )


def not_as_issued(marks: Marks, *, number: str, public_id: str, now: datetime) -> Verdict:
    """Return the verdict about a file that names a certificate of ours and is not its paper."""
    return Verdict(
        status=Doubt.ALTERED,
        sentence=f"This file names certificate {number} but is not the file we issued. Do not rely on what it shows.",
        checked_at=now,
        checks=(
            Check(
                question=QUESTION,
                holds=False,
                evidence=f"Its {marks.size:,} bytes have the SHA-256 {marks.whole}, which is not in the registry.",
            ),
        ),
        public_id=public_id,
    )


def data_inside(marks: Marks, *, claim: Claim, evidence: str, now: datetime) -> Verdict:
    """Return the verdict about a file that is not ours and carries a credential that is."""
    return Verdict(
        status=Doubt.ALTERED,
        sentence="The page you see is not our file. The data inside was issued by us: here is what it says. Believe "
        "only what stands here.",
        checked_at=now,
        checks=(
            Check(
                question=QUESTION,
                holds=False,
                evidence=f"Its {marks.size:,} bytes have the SHA-256 {marks.whole}. {evidence}",
            ),
            _signed_inside(claim),
        ),
        facts=claim.plain(),
        public_id=claim.public_id,
    )


def _signed_inside(claim: Claim) -> Check:
    return Check(
        question="Did we sign what the credential inside it says?",
        holds=True,
        evidence=f"It is the credential of certificate {claim.number}, signed with a key of ours.",
    )


CREDENTIAL_QUESTION = "Is this the credential we issued, unchanged to the last sign?"
SIGNED_QUESTION = "Did we sign what this credential says?"
BESIDE = "More stands in it than the credential, and we did not sign that."
REWRITTEN = "Its signature is written in another way than we wrote it, which takes no key."
ONLY_REWRITTEN = (
    "That is not in the registry. Its page is as we signed it, but the signature beside it is written in another way "
    "than we wrote it, which takes no key."
)


def credential_inside(marks: Marks, *, claim: Claim, evidence: str, now: datetime) -> Verdict:
    """Return the verdict about a text that is not a credential as we issue them, and carries what we signed."""
    return Verdict(
        status=Doubt.ALTERED,
        sentence="This text is not the credential we issued. The data inside was signed by us: here is what it says. "
        "Believe only what stands here.",
        checked_at=now,
        checks=(
            Check(
                question=CREDENTIAL_QUESTION,
                holds=False,
                evidence=f"Its {marks.size:,} bytes have the SHA-256 {marks.whole}. {evidence}",
            ),
            _signed_inside(claim),
        ),
        facts=claim.plain(),
        public_id=claim.public_id,
    )


def unsigned_credential(now: datetime) -> Verdict:
    """Return the verdict about a text that carries no signed line, a damaged one, or several."""
    return Verdict(
        status=Doubt.UNREADABLE,
        sentence="This text does not carry exactly one signature that could be checked. Send credential.jwt, or the "
        "PDF itself.",
        checked_at=now,
    )


def credential_not_genuine(evidence: str, now: datetime) -> Verdict:
    """Return the verdict about a credential that is not ours."""
    return Verdict(
        status=Doubt.NOT_GENUINE,
        sentence="We did not issue this credential. Ask the holder for the original file or for the certificate's "
        "number.",
        checked_at=now,
        checks=(Check(question=CREDENTIAL_QUESTION, holds=False, evidence=evidence),),
    )


def not_genuine(
    marks: Marks,
    now: datetime,
    evidence: str = "That is not in the registry.",
    found: str = "We found no credential of ours in it.",
) -> Verdict:
    """Return the verdict about a file in which nothing was found that is ours."""
    return Verdict(
        status=Doubt.NOT_GENUINE,
        sentence="We did not issue this file. Ask the holder for the original file or for the certificate's number.",
        checked_at=now,
        checks=(
            Check(
                question=QUESTION,
                holds=False,
                evidence=f"Its {marks.size:,} bytes have the SHA-256 {marks.whole}. {evidence} {found}",
            ),
        ),
    )
