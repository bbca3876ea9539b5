"""How the certificate of an enrolment stands, for the path that led to it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from trainer.registry.status import Status, Word


class AwardState(StrEnum):
    """What there is to say about the certificate of an enrolment; the words of the registry among them."""

    TAKEN_BACK = "taken back"
    SIGNING = "being signed"
    VALID = Word.VALID
    ENDING = "ending soon"
    NOT_YET_VALID = Word.NOT_YET_VALID
    EXPIRED = Word.EXPIRED
    SUSPENDED = Word.SUSPENDED
    REVOKING = "about to be revoked"
    GIVING_BACK = "about to be given back"
    REVOKED = Word.REVOKED
    SURRENDERED = Word.SURRENDERED
    SUPERSEDED = Word.SUPERSEDED
    ERASED = Word.ERASED


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
        public_id, number: of the newest certificate; "" while it is being signed.
        conferred_by: whom its holder may ask about it.
        took_place_of: why it stands in the place of an earlier one, "renewal" or "correction"; "" where it does not.
        renewable_until: the last day on which it can be renewed; None where that cannot be decided now.
        over: what becomes final can no longer be recalled, and is about to be entered.
    """

    status: Status | None = None
    valid_until: date | None = None
    taken_back: TakenBack | None = None
    days_of: str = "UTC"
    public_id: str = ""
    number: str = ""
    conferred_by: str = ""
    took_place_of: str = ""
    renewable_until: date | None = None
    over: bool = False

    @property
    def stands(self) -> AwardState:
        """Return in which state it is."""
        if self.taken_back:
            return AwardState.TAKEN_BACK
        if self.status is None:
            return AwardState.SIGNING
        word = self.status.word
        if word is Word.VALID and self.renewable_until:
            return AwardState.ENDING
        if word is Word.SUSPENDED and self.status.becomes:
            return AwardState.GIVING_BACK if self.status.becomes is Word.SURRENDERED else AwardState.REVOKING
        return AwardState(word.value)
