"""What the look-ups brought, as plain values: from the registry as of now, or from pinned keys as of a date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from trainer.certificates.facts.claim import Claim
from trainer.registry.status import Status
from trainer.verify.offline.standing import KnownStatus
from trainer.verify.verdict import Check, Unentered


class DoubtReason(StrEnum):
    """Why a certificate itself is in doubt, whatever was shown of it."""

    DRIFTED = "what is stored is not what was certified"
    UNLOGGED = "not proved to be in the log"
    KEY_DOES_NOT_COUNT = "its key did not count at the time"
    UNWITNESSED = "too few witnesses"
    NO_CREDENTIAL = "no credential in the file"
    FOREIGN_CREDENTIAL = "the credential in the file is not the issuer's"


@dataclass(frozen=True, kw_only=True)
class Doubted:
    """A certificate of which nothing can be relied on.

    Attributes:
        checks: what did not hold, with its evidence.
        public_id: the certificate concerned, or "" where not even that is sure.
    """

    reason: DoubtReason
    checks: tuple[Check, ...] = ()
    public_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Registered:
    """A certificate as the registry has it now, proved to be in the log.

    Attributes:
        issued_at: from when it is valid.
        valid_until: the first moment at which it is not any more.
        facts: those that were certified, or None since its holder was erased.
        logged: how we know that it is in the log.
        name_shown: the holder lets everybody see the name, and not only whoever has the file.
    """

    public_id: str
    number: str
    issued_at: datetime
    valid_until: datetime
    status: Status
    facts: Mapping[str, Any] | None
    logged: Check
    name_shown: bool = True


@dataclass(frozen=True, kw_only=True)
class Inside:
    """A certificate as its own credential tells of it, signed with a pinned key.

    Attributes:
        signed: that a key of the issuer signed the credential.
        checks: of the log, its witnesses, and the status lists.
        standing: what is known about later decisions, and as of when.
        logged: it is proved to be in the log.
        trust_made_at: when the trust file was made, where its log vouches for that; else None.
    """

    claim: Claim
    signed: Check
    checks: tuple[Check, ...]
    standing: KnownStatus
    logged: bool = True
    trust_made_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was found out about something that was handed in; what was not found, or not looked for, is empty.

    Attributes:
        issued: that we issued this very thing, and how we know; it does not hold where its key was given up since.
        document: what it is beside the certificate's own paper ("transcript"), or "".
        begins: the length in bytes of a beginning that is a file of ours, with more behind it; else 0.
        signed: what a credential in it says under a good signature of ours.
        why: in words, why it is not as we issued it.
        certificate: what is known about the certificate that it is, carries or names.
        unentered: that a key of ours signed something in it which was never entered.
    """

    issued: Check | None = None
    document: str = ""
    begins: int = 0
    signed: Claim | None = None
    why: str = ""
    certificate: Registered | Inside | Doubted | None = None
    unentered: Unentered | None = None
