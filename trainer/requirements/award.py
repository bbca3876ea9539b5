"""How the certificate of an enrolment stands, for the path that led to it."""

from dataclasses import dataclass
from datetime import date, datetime

from trainer.registry.status import Status


@dataclass(frozen=True, kw_only=True)
class TakenBack:
    """That the newest decision to confer was taken back, before a certificate had followed."""

    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Award:
    """What has become of a decision to confer.

    Attributes:
        status: of the newest certificate; None while it is being signed.
        valid_until: its last valid day; None while it is being signed.
        taken_back: how the decision was taken back; then there is no certificate, and a new decision can be taken.
        days_of: the IANA name of the zone that this day is counted in.
    """

    status: Status | None = None
    valid_until: date | None = None
    taken_back: TakenBack | None = None
    days_of: str = "UTC"
