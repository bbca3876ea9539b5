"""A moment is written in one form, and said again in the zone of whoever reads it."""

import time
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.clock import known_zones
from trainer.moments import date_in_words, day_in_words, in_zone, names_a_place, place, said_in, written

THERE = ZoneInfo("America/Los_Angeles")
HOUR = timedelta(hours=1)
MOMENTS = st.datetimes(datetime(1980, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 – in UTC
PLACES = st.sampled_from(sorted(name for name in known_zones() if names_a_place(name)))


def test_a_moment_is_written_in_utc_wherever_it_was_noted() -> None:
    assert written(datetime(2026, 3, 1, 1, 5, 59, tzinfo=timezone(2 * HOUR))) == "28 February 2026, 23:05 UTC"


@pytest.mark.parametrize(
    ("at", "zone", "words"),
    [
        ((2026, 11, 1, 7, 59), "America/Los_Angeles", "1 November 2026, 00:59 (Los Angeles time)"),
        ((2026, 11, 1, 8, 30), "America/Los_Angeles", "1 November 2026, 01:30 (Los Angeles time, UTC-07:00)"),
        ((2026, 11, 1, 9, 30), "America/Los_Angeles", "1 November 2026, 01:30 (Los Angeles time, UTC-08:00)"),
        ((2026, 11, 1, 10, 0), "America/Los_Angeles", "1 November 2026, 02:00 (Los Angeles time)"),
        ((2026, 3, 8, 9, 59), "America/Los_Angeles", "8 March 2026, 01:59 (Los Angeles time)"),
        ((2026, 3, 8, 10, 0), "America/Los_Angeles", "8 March 2026, 03:00 (Los Angeles time)"),
        ((2026, 6, 1, 18, 14), "Asia/Kathmandu", "1 June 2026, 23:59 (Kathmandu time)"),
        ((2026, 6, 1, 18, 15), "Asia/Kathmandu", "2 June 2026, 00:00 (Kathmandu time)"),
        ((2026, 6, 1, 11, 15), "Pacific/Chatham", "2 June 2026, 00:00 (Chatham time)"),
        ((2026, 6, 1, 11, 15), "America/North_Dakota/New_Salem", "1 June 2026, 06:15 (New Salem time)"),
        ((2026, 6, 1, 11, 15), "Etc/GMT+8", "1 June 2026, 03:15 UTC-08:00"),
        ((2026, 6, 1, 11, 15), "Etc/UTC", "1 June 2026, 11:15 UTC"),
        ((2026, 6, 1, 11, 15), "UTC", "1 June 2026, 11:15 UTC"),
    ],
)
def test_whose_clock_it_is_stands_beside_it_and_an_hour_shown_twice_is_told_apart(
    at: tuple[int, ...], zone: str, words: str
) -> None:
    assert in_zone(datetime(*at, tzinfo=UTC), ZoneInfo(zone)) == words


@given(PLACES, MOMENTS, MOMENTS)
def test_every_moment_of_a_sentence_is_said_again_and_nothing_else(name: str, one: datetime, other: datetime) -> None:
    zone = ZoneInfo(name)
    said = f"Valid from {written(one)} up to {written(other)}. Number 7."
    minute = {"second": 0, "microsecond": 0}
    assert said_in(said, zone) == (
        f"Valid from {in_zone(one.replace(**minute), zone)} up to {in_zone(other.replace(**minute), zone)}. Number 7."
    )
    assert said_in(said, ZoneInfo("UTC")) == said


def test_a_sentence_means_utc_wherever_the_server_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        assert said_in("1 November 2026, 10:00 UTC", THERE) == "1 November 2026, 02:00 (Los Angeles time)"
    time.tzset()


@pytest.mark.parametrize(
    "text",
    [
        "31 June 2026, 08:30 UTC",
        "1 November 2026, 24:00 UTC",
        "0 November 2026, 08:30 UTC",
        "31 December 9999, 23:59 UTC",
        "1 Novembre 2026, 08:30 UTC",
        "1 November 2026, 08:30 UTC-08:00",
        "1 November 2026, 08:30 UTC+1",
        "1 November 2026, 08:30 UTCX",
        "201 November 2026, 08:30 UTC",
        "1 November 2026",
        "1 November 2026, 08:30 (Tokyo time)",
    ],
)
def test_what_is_no_moment_of_ours_stays_as_somebody_wrote_it(text: str) -> None:
    assert said_in(text, ZoneInfo("Asia/Tokyo")) == text


def test_a_zone_is_called_as_people_call_its_place() -> None:
    names = ("America/Los_Angeles", "America/Indiana/Knox", "Asia/Ho_Chi_Minh", "UTC")
    assert [place(name) for name in names] == ["Los Angeles", "Knox", "Ho Chi Minh", "UTC"]
    old = (
        "Africa/Asmera Asia/Calcutta Atlantic/Faeroe America/Godthab Asia/Katmandu Europe/Kiev Asia/Rangoon Asia/Saigon"
    )
    today = ["Asmara", "Kolkata", "Faroe", "Nuuk", "Kathmandu", "Kyiv", "Yangon", "Ho Chi Minh"]
    assert [place(name) for name in old.split()] == today
    assert [name for name in ("Europe/Zurich", "UTC", "GMT", "EST", "Etc/GMT+8") if names_a_place(name)] == [
        "Europe/Zurich"
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2024-08-09", "9 August 2024"),
        ("2024-12-31", "31 December 2024"),
        ("2024-01", "January 2024"),
        ("2024-10", "October 2024"),
        ("2024", "2024"),
    ],
)
def test_a_day_of_no_zone_is_written_as_far_as_it_is_known(text: str, told: str) -> None:
    assert date_in_words(text) == told
    if len(text) == 10:
        assert day_in_words(date.fromisoformat(text)) == told
