"""What is said about something that is not as we issued it: unreadable, foreign, in doubt, or altered."""

from collections.abc import Mapping
from datetime import datetime

from trainer.certificates.facts.claim import Claim
from trainer.verify.evidence import CREDENTIAL_QUESTION, ENTERED_QUESTION, FILE_QUESTION
from trainer.verify.handed_in.handed import Flaw, HandedIn, Kind
from trainer.verify.handed_in.marks import FileHashes
from trainer.verify.seen import Doubted, DoubtReason, Inside, Registered, Seen
from trainer.verify.verdict import Check, Doubt, Verdict

_FLAWED: Mapping[Flaw, tuple[Doubt, str]] = {
    Flaw.SOMETHING_BEFORE: (
        Doubt.UNREADABLE,
        "Something stands before the PDF in this file, so that it can pass for two kinds of file at once. We "
        "issue no such file and did not look into it. Ask the holder for the file as they received it.",
    ),
    Flaw.EMPTY: (Doubt.UNREADABLE, "This file is empty, so there was nothing to check."),
    Flaw.NO_PDF: (
        Doubt.UNREADABLE,
        "This file is neither a PDF nor a credential. Our certificates are PDF files; send the file as the holder "
        "received it.",
    ),
    Flaw.NOT_ONE_SIGNATURE: (
        Doubt.UNREADABLE,
        "This text does not carry exactly one signature that could be checked. Send credential.jwt, or the PDF itself.",
    ),
    Flaw.NO_REFERENCE: (
        Doubt.UNKNOWN,
        "This is not a certificate number or address of ours; perhaps a sign was left out or mistyped.",
    ),
    Flaw.LEADS_ELSEWHERE: (
        Doubt.UNKNOWN,
        "This address leads to another place than ours, whatever it shows there. We confirm only what you ask for "
        "here: give the number of the certificate.",
    ),
}
_DOUBTED: Mapping[DoubtReason, tuple[Doubt, str]] = {
    DoubtReason.DRIFTED: (
        Doubt.NOT_GENUINE,
        "What is stored about this certificate is no longer what was certified. Do not rely on it; please tell the "
        "issuer.",
    ),
    DoubtReason.UNLOGGED: (
        Doubt.NOT_GENUINE,
        "This certificate cannot be proved to be in our public log. Do not rely on it; please tell the issuer.",
    ),
    DoubtReason.KEY_DOES_NOT_COUNT: (
        Doubt.NOT_GENUINE,
        "The key that signed this does not vouch for it. Do not rely on it; ask the issuer.",
    ),
    DoubtReason.UNWITNESSED: (
        Doubt.UNREADABLE,
        "Too few witnesses have confirmed the checkpoint in this file, so it cannot be checked offline. Ask online.",
    ),
    DoubtReason.NO_CREDENTIAL: (
        Doubt.UNREADABLE,
        "This file was signed by us, but carries no credential that can be checked offline. Ask online, or by "
        "its number.",
    ),
    DoubtReason.FOREIGN_CREDENTIAL: (
        Doubt.NOT_GENUINE,
        "We did not issue this credential. Ask the holder for the original file or for the certificate's number.",
    ),
}


def flawed(flaw: Flaw, now: datetime) -> Verdict:
    """Return the verdict about something in which there is nothing to look up."""
    status, sentence = _FLAWED[flaw]
    if status is Doubt.UNKNOWN:
        return _unknown(sentence, now)
    return Verdict(status=status, sentence=sentence, checked_at=now)


def doubted(certificate: Doubted, now: datetime) -> Verdict:
    """Return the verdict about a certificate of which nothing can be relied on."""
    status, sentence = _DOUBTED[certificate.reason]
    return Verdict(
        status=status, sentence=sentence, checked_at=now, checks=certificate.checks, public_id=certificate.public_id
    )


def foreign(handed: HandedIn, seen: Seen, now: datetime) -> Verdict:
    """Return the verdict about something in which nothing was found that is ours."""
    if handed.kind is Kind.REFERENCE:
        return _unknown("We have no certificate with this number or address.", now)
    if handed.kind is Kind.CREDENTIAL:
        status, sentence = _DOUBTED[DoubtReason.FOREIGN_CREDENTIAL]
        check = Check(question=CREDENTIAL_QUESTION, holds=False, evidence=seen.why)
    else:
        status = Doubt.NOT_GENUINE
        sentence = "We did not issue this file. Ask the holder for the original file or for the certificate's number."
        check = Check(question=FILE_QUESTION, holds=False, evidence=_hashed(handed.marks, seen.why))
    return Verdict(status=status, sentence=sentence, checked_at=now, checks=(check,))


def altered(handed: HandedIn, seen: Seen, now: datetime) -> Verdict:
    """Return the verdict about something that goes beyond what we issued, carries something of ours, or names it."""
    assert isinstance(seen.certificate, Registered | Inside)
    if seen.begins:
        return _added_to(handed.marks, seen.begins, seen.certificate, now)
    if seen.signed:
        return _carries(handed, seen.signed, seen.why, now)
    return _names(handed.marks, seen.certificate, now)


def _added_to(marks: FileHashes, length: int, certificate: Registered | Inside, now: datetime) -> Verdict:
    """Return the verdict about a file that begins with one of ours and goes on after its end."""
    number, public_id = _known_by(certificate)
    count = marks.size - length
    added = f"{count:,} {'byte was' if count == 1 else 'bytes were'} added after issue"
    return _not_the_file(
        f"This PDF has been changed: {added}. Do not accept it.",
        f"Its first {length:,} bytes are the file we issued as number {number}; {added}.",
        public_id,
        now,
    )


def _names(marks: FileHashes, certificate: Registered | Inside, now: datetime) -> Verdict:
    """Return the verdict about a file that names a certificate of ours and is not its paper."""
    number, public_id = _known_by(certificate)
    return _not_the_file(
        f"This PDF names certificate {number} but is not the file we issued. Do not accept it.",
        f"Its {marks.size:,} bytes have the SHA-256 {marks.whole}, which is not in the registry.",
        public_id,
        now,
    )


def _not_the_file(sentence: str, evidence: str, public_id: str, now: datetime) -> Verdict:
    check = Check(question=FILE_QUESTION, holds=False, evidence=evidence)
    return Verdict(status=Doubt.ALTERED, sentence=sentence, checked_at=now, checks=(check,), public_id=public_id)


def _carries(handed: HandedIn, claim: Claim, why: str, now: datetime) -> Verdict:
    """Return the verdict about a file or text that is not ours as it is, and carries what we signed."""
    if handed.kind is Kind.CREDENTIAL:
        question, what = CREDENTIAL_QUESTION, "text"
    else:
        question, what = FILE_QUESTION, "PDF"
    inside = f"It is the credential of certificate {claim.number}, signed with a key of ours."
    return Verdict(
        status=Doubt.ALTERED,
        sentence=f"This {what} has been changed. Do not accept it. Below stands what we certified under number "
        f"{claim.number}.",
        checked_at=now,
        checks=(
            Check(question=question, holds=False, evidence=_hashed(handed.marks, why)),
            Check(question="Did we sign what the credential inside it says?", holds=True, evidence=inside),
        ),
        facts=claim.plain(),
        public_id=claim.public_id,
    )


def _hashed(marks: FileHashes, why: str) -> str:
    return f"Its {marks.size:,} bytes have the SHA-256 {marks.whole}. {why}"


def _known_by(certificate: Registered | Inside) -> tuple[str, str]:
    """Return the number and the id of a certificate."""
    known = certificate.claim if isinstance(certificate, Inside) else certificate
    return known.number, known.public_id


def _unknown(sentence: str, now: datetime) -> Verdict:
    evidence = (
        "Nothing is entered under what was given. That alone is no proof of fraud: "
        "a number has twelve letters and digits, such as 7K4M-2QXH-9PTV, and one wrong sign is enough."
    )
    check = Check(question=ENTERED_QUESTION, holds=False, evidence=evidence)
    return Verdict(status=Doubt.UNKNOWN, sentence=sentence, checked_at=now, checks=(check,))
