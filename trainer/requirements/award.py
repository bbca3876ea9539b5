"""How the certificate of an enrolment stands, for the path that led to it."""

from dataclasses import dataclass
from datetime import date

from trainer.registry.status import Status


@dataclass(frozen=True, kw_only=True)
class Award:
    """What has become of a decision to confer.

    Attributes:
        status: of the newest certificate; None while it is being signed.
        valid_until: its last valid day; None while it is being signed.
        days_of: the IANA name of the zone that this day is counted in.
    """

    status: Status | None = None
    valid_until: date | None = None
    days_of: str = "UTC"
