"""A verdict as it goes into a receipt: the answer and how we know, without a person's name."""

import hashlib
from typing import Any

from trainer.certificates.facts.claim import Claim
from trainer.verify.handed_in.reference import read_reference
from trainer.verify.verdict import Verdict


def answer_of(verdict: Verdict) -> dict[str, Any]:
    """Return what a receipt keeps of a verdict."""
    return {
        "status": verdict.status.value,
        "sentence": verdict.sentence,
        "status_since": verdict.since.isoformat() if verdict.since else None,
        "status_reason_code": verdict.reason_code or None,
        "id": verdict.public_id or None,
        "number": verdict.facts["number"] if verdict.facts else None,
        "file_seen": verdict.file_seen,
        "certificate_status": verdict.certificate_status.value if verdict.certificate_status else None,
        "checks": [{"question": check.question, "holds": check.holds} for check in verdict.checks],
    }


def beside(verdict: Verdict, *, number: str, name_shown: bool, base_url: str) -> dict[str, str]:
    """Return what is written beside the signed line, as the page showed it; empty where it is about no certificate.

    Args:
        number: of the certificate, which some verdicts do not tell.
        name_shown: the public register shows the name, so that it may stand in somebody's file.
    """
    if not verdict.public_id:
        return {}
    lines = {"Certificate number": number} if number else {}
    if verdict.facts and verdict.certificate_status is verdict.status:
        claim = Claim.read(verdict.facts)
        lines["Holder"] = claim.holder if name_shown and claim.holder else "not shown in the public register"
        lines["Credential"] = claim.credential
    return {**lines, "Its public page": f"{base_url}/c/{verdict.public_id}"}


def asked_by_reference(text: str, *, base_url: str) -> dict[str, str]:
    """Return what was asked for; a text that is neither number nor id is kept as its SHA-256 alone."""
    public_id, number = read_reference(text, base_url=base_url)
    if public_id:
        return {"kind": "id", "value": public_id}
    if number:
        return {"kind": "number", "value": number}
    return {"kind": "text", "sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()}
