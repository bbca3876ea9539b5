"""What a machine is told: the verdict, with the facts that the holder lets be shown."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trainer.certificates.facts.claim import Claim
from trainer.certificates.models import ConsentLevel
from trainer.verify.verdict import Verdict, as_json

TITLES: Mapping[int, str] = {
    400: "Bad request",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Too large",
    415: "Unsupported media type",
    422: "Cannot be done with what was sent",
    429: "Too many requests",
    500: "Failure on our side",
    503: "Cannot be afforded at this moment",
}


@dataclass(frozen=True, kw_only=True)
class Further:
    """What belongs to a certificate beyond the verdict.

    Attributes:
        credential: the JWT, or None when the holder's name may not be shown or there is none.
        tlog_proof: that the credential is in the log (c2sp.org/tlog-proof@v1), together with the credential only.
        checkpoint: the newest signed one.
    """

    supersedes: str | None = None
    superseded_by: str | None = None
    credential: str | None = None
    tlog_proof: str | None = None
    checkpoint: str | None = None


def problem(status: int, detail: str) -> dict[str, Any]:
    """Return an error in its one shape (RFC 9457)."""
    return {"type": "about:blank", "title": TITLES.get(status, "Error"), "status": status, "detail": detail}


def verdict_answer(verdict: Verdict, *, consent: ConsentLevel, receipt: str) -> dict[str, Any]:
    """Return a verdict; the name is in it only when the holder lets it be shown, or the file itself was sent."""
    claim = Claim.read(verdict.facts) if verdict.facts else None
    said = as_json(verdict)
    return {
        "id": verdict.public_id or None,
        "number": claim.number if claim else None,
        "status": said["status"],
        "sentence": said["sentence"],
        "certificate_status": said["certificate_status"],
        "status_since": said["status_since"],
        "status_reason_code": said["status_reason"],
        "public_note": said["public_note"],
        "checked_at": said["checked_at"],
        "file_seen": verdict.file_seen,
        "valid_from": claim.issued_on.isoformat() if claim else None,
        "valid_until": claim.valid_until.isoformat() if claim else None,
        "time_zone": claim.days.name if claim else None,
        "credential": claim.credential if claim else None,
        "programme": _programme(claim) if claim else None,
        "issuer": claim.issuer if claim else None,
        "holder": _holder(verdict, claim, consent),
        "statement": claim.statement if claim else None,
        "checks": said["checks"],
        "receipt": receipt,
    }


def _programme(claim: Claim) -> dict[str, Any]:
    said = {"title": claim.programme, "version": claim.version, "hours": float(claim.hours)}
    parts = [{"work": words, "minutes": minutes} for words, minutes in claim.hours_from]
    return {**said, "hours_consist_of": parts} if parts else said


def credential_answer(verdict: Verdict, *, consent: ConsentLevel, receipt: str, further: Further) -> dict[str, Any]:
    """Return all that is public about one certificate."""
    return {
        **verdict_answer(verdict, consent=consent, receipt=receipt),
        "supersedes": further.supersedes,
        "superseded_by": further.superseded_by,
        "proofs": {
            "credential": further.credential,
            "tlog_proof": further.tlog_proof,
            "checkpoint": further.checkpoint,
        },
    }


def version_of(answer: Mapping[str, Any]) -> str:
    """Return what changes whenever the answer does, leaving out what only says that time has gone by."""
    lasting = {name: value for name, value in answer.items() if name not in ("checked_at", "receipt", "checks")}
    lasting["checks"] = [(check["question"], check["holds"]) for check in answer["checks"]]
    return hashlib.sha256(json.dumps(lasting, sort_keys=True).encode()).hexdigest()[:32]


def _holder(verdict: Verdict, claim: Claim | None, consent: ConsentLevel) -> dict[str, str] | None:
    if claim is None:
        return None
    if verdict.file_seen or consent is ConsentLevel.SHOWN:
        return {"name": claim.holder, "consent": consent.value}
    return {"consent": consent.value}
