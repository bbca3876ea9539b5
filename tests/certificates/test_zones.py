"""Whose days stand on a certificate: those of the programme's zone, on paper, page and offline alike."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.certificates.conftest import claim
from trainer.certificates.credential.open_badge import claim_in, credential_of
from trainer.certificates.facts.claim import Claim, canonical_claim, fingerprint
from trainer.certificates.facts.conferred import Conferred
from trainer.certificates.facts.zone import ZonedDays
from trainer.clock import known_zones

CONFERRED = Conferred.before(claim())
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 – in UTC
ZONES = st.sampled_from(sorted(name for name in known_zones() if "/" in name))


def test_five_on_new_years_eve_in_los_angeles_is_that_day_and_ends_at_midnight_there() -> None:
    there = ZoneInfo("America/Los_Angeles")
    at = datetime(2026, 12, 31, 17, tzinfo=there).astimezone(UTC)
    made = replace(CONFERRED, time_zone=there.key).issued_at(at)
    assert (made.issued_on, made.valid_until) == (date(2026, 12, 31), date(2028, 12, 31))
    assert made.ends_at == datetime(2029, 1, 1, 8, tzinfo=UTC)
    assert (made.days.place, made.days_of) == ("Los Angeles", "America/Los_Angeles -08:00 -08:00")


@given(ZONES, MOMENTS)
def test_every_zone_counts_its_own_days_and_the_credential_says_the_same(name: str, at: datetime) -> None:
    zone = ZoneInfo(name)
    made = replace(CONFERRED, time_zone=name).issued_at(at)
    assert made.issued_on == at.astimezone(zone).date()
    assert made.is_issued_on_the_day_of(at)
    assert made.begins_at <= at
    assert made.ends_at == datetime.combine(made.valid_until + timedelta(days=1), time.min, zone)
    read = claim_in(credential_of(made, base_url="https://example.org", status_index=7))
    assert (read, fingerprint(read)) == (made, fingerprint(made))
    assert Claim.read(made.plain()) == made


@pytest.mark.parametrize(
    ("last_day", "at_the_end"),
    [
        (date(2028, 11, 4), "-07:00"),
        (date(2028, 11, 5), "-08:00"),
        (date(2028, 3, 11), "-08:00"),
        (date(2028, 3, 12), "-07:00"),
    ],
)
def test_the_last_day_ends_by_the_clock_of_that_night_also_when_clocks_change(last_day: date, at_the_end: str) -> None:
    there = ZoneInfo("America/Los_Angeles")
    at = datetime.combine(last_day.replace(year=2026), time(12), there).astimezone(UTC)
    made = replace(CONFERRED, time_zone=there.key).issued_at(at)
    assert made.valid_until == last_day
    assert made.days_of.split()[-1] == at_the_end


@given(MOMENTS)
def test_a_programme_without_a_zone_certifies_as_before(at: datetime) -> None:
    made = CONFERRED.issued_at(at)
    assert b"days_of" not in canonical_claim(made)
    assert (made.issued_on, made.begins_at.time()) == (at.date(), time.min)
    document = credential_of(made, base_url="https://example.org", status_index=7)
    assert len(document["credentialSubject"]["achievement"]["otherIdentifier"]) == 1


def test_whose_days_they_are_is_certified() -> None:
    there = replace(claim(), days_of="America/Los_Angeles -08:00 -08:00")
    assert len({fingerprint(one) for one in (claim(), there, replace(there, days_of="Asia/Tokyo +09:00 +09:00"))}) == 3


@pytest.mark.parametrize(
    "text", ["UTC", "Asia/Tokyo", "Asia/Tokyo +9 +9", "Asia/Tokyo +09:00 +99:00", "é +09:00 +09:00"]
)
def test_nonsense_is_no_zone(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        ZonedDays.read(text)
    with pytest.raises(ValueError, match=r"."):
        Claim.read({**claim().plain(), "days_of": text})
