"""What a director decided is to be certified, as it stood at that moment; the days follow when it is issued."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from trainer.certificates.facts.claim import STATEMENT, Claim, months_later
from trainer.certificates.facts.zone import ZonedDays, zone_named


@dataclass(frozen=True, kw_only=True)
class Conferred:
    """Every certified fact but the two dates; what else a director decided stands below them.

    Attributes:
        validity_months: how long the certificate is valid.
        runs_from: the day from which these months count; None for the day of issue.
        time_zone: the IANA name of the programme's zone.
        topics: what was studied, with minutes, for the transcript; empty for decisions of a time that did not keep it.
    """

    public_id: str
    number: str
    holder: str
    credential: str
    programme: str
    version: str
    cohort: str
    release: str
    conferred_by: str
    issuer: str
    covered: tuple[str, ...]
    hours: Fraction
    hours_from: tuple[tuple[str, int], ...] = ()
    statement: str = STATEMENT
    validity_months: int
    runs_from: date | None = None
    time_zone: str = "UTC"
    topics: tuple[tuple[str, int], ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone whose days count."""
        return zone_named(self.time_zone)

    def issued_at(self, at: datetime) -> Claim:
        """Return the claim that follows when the certificate is issued at that moment: its days are the programme's."""
        issued_on = at.astimezone(self.zone).date()
        ends = datetime.combine(self._valid_until(issued_on) + timedelta(days=1), time.min, self.zone)
        return self.issued_on(issued_on, ZonedDays.of(self.zone, issued=at, ends=ends))

    def issued_on(self, day: date, days: ZonedDays | None = None) -> Claim:
        """Return the claim that follows when the certificate is issued on that day, counted as `days` says."""
        certified = {field.name for field in fields(Claim)}
        facts = {field.name: getattr(self, field.name) for field in fields(self) if field.name in certified}
        days_of = days.written if days else ""
        return Claim(**facts, issued_on=day, valid_until=self._valid_until(day), days_of=days_of)

    def corrected(self, *, holder: str, issued_on: date) -> "Conferred":
        """Return the same with another name; the last valid day stays. `issued_on`: the day of the old certificate."""
        return replace(self, holder=holder, runs_from=self.runs_from or issued_on)

    def renewed(self, *, valid_until: date, conferred_by: str, today: date) -> "Conferred":
        """Return the same for another term: from the old end while it is to come, else from the day of issue."""
        runs_from = valid_until if today <= valid_until else None
        return replace(self, conferred_by=conferred_by, runs_from=runs_from)

    def plain(self) -> dict[str, Any]:
        """Return it in values that JSON knows; a zone other than UTC is named."""
        values: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        values["covered"] = list(self.covered)
        values["hours"] = str(self.hours)
        values["hours_from"] = [list(part) for part in self.hours_from]
        values["runs_from"] = self.runs_from.isoformat() if self.runs_from else None
        values["topics"] = [list(topic) for topic in self.topics]
        if self.time_zone == "UTC":
            del values["time_zone"]
        return values

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> "Conferred":
        """Read back what `plain` returned, in any version; unknown keys of later versions are passed over."""
        later = {"hours_from", "statement", "runs_from", "time_zone", "topics"}
        known = {field.name: values[field.name] for field in fields(cls) if field.name in values}
        if missing := {field.name for field in fields(cls)} - known.keys() - later:
            raise KeyError(missing)
        runs_from = known.get("runs_from")
        known["covered"] = tuple(known["covered"])
        known["hours"] = Fraction(known["hours"])
        known["runs_from"] = date.fromisoformat(runs_from) if runs_from else None
        for parts in ("hours_from", "topics"):
            known[parts] = tuple((str(words), int(minutes)) for words, minutes in known.get(parts, ()))
        return cls(**known)

    @classmethod
    def before(cls, claim: Claim) -> "Conferred":
        """Return what must have been decided before this was certified; the oldest decisions did not keep it."""
        months = (claim.valid_until.year - claim.issued_on.year) * 12 + claim.valid_until.month - claim.issued_on.month
        known = {field.name for field in fields(cls)}
        facts = {field.name: getattr(claim, field.name) for field in fields(claim) if field.name in known}
        return cls(**facts, validity_months=months, time_zone=claim.days.name)

    def _valid_until(self, issued_on: date) -> date:
        return months_later(self.runs_from or issued_on, self.validity_months)
