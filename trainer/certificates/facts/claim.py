"""What a certificate says: one frozen value, and its exact written form."""

import hashlib
import json
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from trainer.certificates.facts.zone import ZonedDays

STATEMENT = "This is an educational credential. It is not a licence to practise or to handle a controlled substance."


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Every certified fact.

    Attributes:
        public_id: the random id in the certificate's address.
        number: as printed, see `trainer.certificates.facts.number`.
        credential: what was awarded.
        release: hash of the content that the holder's cohort followed.
        valid_until: the last day on which it is valid.
        covered: the titles of the requirements that were met, in the programme's order.
        hours: of learning; a fraction of an hour is kept exactly.
        hours_from: what they consist of, in words with minutes; empty for certificates of a time that did not say it.
        days_of: whose days these are, see `zone`; "" for UTC, and then not in the written form.
    """

    public_id: str
    number: str
    holder: str
    credential: str
    programme: str
    version: str
    cohort: str
    release: str
    issued_on: date
    valid_until: date
    conferred_by: str
    issuer: str
    covered: tuple[str, ...]
    hours: Fraction
    statement: str = STATEMENT
    hours_from: tuple[tuple[str, int], ...] = ()
    days_of: str = ""

    def address(self, base_url: str) -> str:
        """Return the public address of this certificate, the one in its QR code."""
        return f"{base_url}/c/{self.public_id}"

    @property
    def ends_at(self) -> datetime:
        """Return the first moment at which it is no longer valid, in UTC."""
        midnight = datetime.combine(self.valid_until + timedelta(days=1), time.min, self.days.at_end)
        return midnight.astimezone(UTC)

    @property
    def begins_at(self) -> datetime:
        """Return the first moment of the day of issue, in UTC."""
        return datetime.combine(self.issued_on, time.min, self.days.at_issue).astimezone(UTC)

    @property
    def days(self) -> ZonedDays:
        """Return whose days its dates are."""
        return ZonedDays.read(self.days_of)

    def is_issued_on_the_day_of(self, at: datetime) -> bool:
        """Say whether its day of issue is the day of this moment, where its days are counted."""
        return at.astimezone(self.days.at_issue).date() == self.issued_on

    @property
    def hours_in_words(self) -> str:
        """Return the hours as people write them: 12, or 12½."""
        whole, rest = divmod(self.hours, 1)
        quarter = {Fraction(0): "", Fraction(1, 4): "¼", Fraction(1, 2): "½", Fraction(3, 4): "¾"}
        part = quarter[Fraction(int(rest * 4), 4)]  # rounded down: nobody is credited with more than they did
        return f"{whole}{part}" if whole or not part else part

    @property
    def hours_apart(self) -> str:
        """Return what the hours consist of, in one line; empty if the certificate does not say it."""
        return "; ".join(f"{words}: {minutes_in_words(minutes)}" for words, minutes in self.hours_from)

    def plain(self) -> dict[str, Any]:
        """Return the claim in values that JSON knows."""
        values = asdict(self)
        values["issued_on"] = self.issued_on.isoformat()
        values["valid_until"] = self.valid_until.isoformat()
        values["covered"] = list(self.covered)
        values["hours"] = str(self.hours)
        if self.hours_from:
            values["hours_from"] = [list(part) for part in self.hours_from]
        else:  # the written form of what was certified before is as it was
            del values["hours_from"]
        if not self.days_of:
            del values["days_of"]  # claims from before there were zones keep their fingerprint
        return values

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> "Claim":
        """Read back what `plain` returned; unknown keys of later versions are passed over."""
        later = {"hours_from", "days_of"}
        known = {field.name: values[field.name] for field in fields(cls) if field.name not in later}
        known["hours_from"] = tuple((str(words), int(minutes)) for words, minutes in values.get("hours_from", ()))
        known["days_of"] = values.get("days_of", "")
        ZonedDays.read(known["days_of"])
        known["issued_on"] = date.fromisoformat(known["issued_on"])
        known["valid_until"] = date.fromisoformat(known["valid_until"])
        known["covered"] = tuple(known["covered"])
        known["hours"] = Fraction(known["hours"])
        return cls(**known)


def canonical_claim(claim: Claim) -> bytes:
    """Return the one written form of a claim: JSON, sorted keys, no spaces, UTF-8 (RFC 8785 for these types)."""
    return json.dumps(claim.plain(), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def fingerprint(claim: Claim) -> str:
    """Return the SHA-256 of the claim's canonical form, as 64 hex digits."""
    return hashlib.sha256(canonical_claim(claim)).hexdigest()


def months_later(day: date, months: int) -> date:
    """Return the same day that many months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def minutes_in_words(minutes: int) -> str:
    """Return minutes as people write them: 45 min, 1 h, 1 h 30 min."""
    whole, rest = divmod(minutes, 60)
    return " ".join([f"{whole} h"] * bool(whole) + [f"{rest} min"] * bool(rest or not whole))


def hours_certified(minutes: int) -> Fraction:
    """Return the hours that so many minutes of learning are certified as: by quarters, rounded down."""
    return Fraction(minutes // 15, 4)
