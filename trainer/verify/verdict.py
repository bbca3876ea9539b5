"""The answer to "is this genuine, and does it hold?", with the evidence for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from trainer.registry.status import Word


class Doubt(StrEnum):
    """What may stand in a verdict instead of a status of the registry."""

    ALTERED = "altered"
    NOT_GENUINE = "not genuine"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One question, whether it holds, and how we know."""

    question: str
    holds: bool
    evidence: str


@dataclass(frozen=True, kw_only=True)
class Unentered:
    """Something that a key of ours signed and that was never entered: a matter for the operator, and for nobody else.

    Attributes:
        kind: "file" or "credential".
        kid: the name of the key.
        signed: SHA-256 of what it signed, which stays the same however the signature is written.
        seen: SHA-256 of what was shown to us.
        names: the id of the certificate that it claims to be, or "".
    """

    kind: str
    kid: str
    signed: str
    seen: str
    names: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The whole answer.

    Attributes:
        status: a `Word` of the registry, or a `Doubt`.
        sentence: the answer in words.
        facts: every certified fact; empty unless the thing shown is ours, unchanged. Beside ALTERED they are what
            the credential inside the file says, and the page around it is not to be believed.
        file_seen: the file itself was compared, not only a number or an address.
        public_id: the certificate it concerns, also when the file was altered; else "".
        standing: beside ALTERED, what holds now about that certificate, of which `since`, `reason_code` and
            `public_note` speak; else None.
        alarm: what the operator has to know; it is never shown to whoever asked.
        as_of: up to when the status of the certificate is known; None when that is now.
        fresh: whether what was gone by is still to be relied on.
    """

    status: Word | Doubt
    sentence: str
    checked_at: datetime
    checks: tuple[Check, ...] = ()
    facts: Mapping[str, Any] | None = None
    since: datetime | None = None
    reason_code: str = ""
    public_note: str = ""
    public_id: str = ""
    file_seen: bool = False
    standing: Word | None = None
    alarm: Unentered | None = None
    as_of: datetime | None = None
    fresh: bool = True

    @property
    def certificate_status(self) -> Word | None:
        """Return how the certificate itself stands, whatever became of the file; None if that is unknown."""
        return self.status if isinstance(self.status, Word) else self.standing

    @property
    def holds(self) -> bool:
        """Say whether it is genuine and valid now, and so is the very file, if one was seen."""
        return self.status is Word.VALID and all(check.holds for check in self.checks)


def verdict_as_json(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict as plain values: `status`, `sentence`, `checks`, `certificate` and what belongs to them."""
    return {
        "status": verdict.status.value,
        "sentence": verdict.sentence,
        "checked_at": verdict.checked_at.isoformat(),
        "status_since": verdict.since.isoformat() if verdict.since else None,
        "status_reason": verdict.reason_code or None,
        "public_note": verdict.public_note or None,
        "as_of": (verdict.as_of or verdict.checked_at).isoformat(),
        "fresh": verdict.fresh,
        "checks": [
            {"question": check.question, "holds": check.holds, "evidence": check.evidence} for check in verdict.checks
        ],
        "file_seen": verdict.file_seen,
        "certificate_status": verdict.certificate_status.value if verdict.certificate_status else None,
        "certificate": dict(verdict.facts) if verdict.facts else None,
    }
