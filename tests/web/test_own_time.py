"""People see their own time, and always whose it is."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from trainer.web.templates import day, moment, own_time, own_zone

AT = datetime(2027, 1, 1, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cookie", "words", "its_day"),
    [
        ("America%2FLos_Angeles", "31 December 2026, 17:00 (Los Angeles time)", "31 December 2026"),
        ("Asia/Tokyo", "1 January 2027, 10:00 (Tokyo time)", "1 January 2027"),
        ("UTC", "1 January 2027, 01:00 UTC", "1 January 2027"),
        ("Mars%2FOlympus", "1 January 2027, 01:00 UTC", "1 January 2027"),
        ("Etc%2FGMT%2B8", "1 January 2027, 01:00 UTC", "1 January 2027"),  # no place, and eight hours behind
        ("..%2F..%2Fetc%2Fpasswd", "1 January 2027, 01:00 UTC", "1 January 2027"),
        ("%3Cscript%3E", "1 January 2027, 01:00 UTC", "1 January 2027"),
        ("", "1 January 2027, 01:00 UTC", "1 January 2027"),
    ],
)
def test_a_moment_is_written_as_the_visitors_clock_shows_it(cookie: str, words: str, its_day: str) -> None:
    with Flask(__name__).test_request_context(headers={"Cookie": f"zone={cookie}"}):
        assert moment(AT) == f'<time datetime="2027-01-01T01:00:00+00:00">{words}</time>'
        assert f">{its_day}<" in day(AT)
        assert day(date(2027, 1, 1)) == '<time datetime="2027-01-01">1 January 2027</time>'  # a day is nobody's to move


@pytest.mark.parametrize(
    ("cookie", "foot", "ends", "named"),
    [
        ("America%2FLos_Angeles", "Los Angeles time", "31 December 2026, 17:00 (Los Angeles time)", ""),
        ("Asia/Kathmandu", "Kathmandu time", "1 January 2027, 06:45 (Kathmandu time)", " (Los Angeles)"),
        ("", "UTC", "1 January 2027, 01:00 UTC", " (Los Angeles)"),
    ],
)
def test_a_sentence_is_said_in_the_readers_time_and_a_certificates_day_names_its_place(
    cookie: str, foot: str, ends: str, named: str
) -> None:
    with Flask(__name__).test_request_context(headers={"Cookie": f"zone={cookie}"}):
        assert own_zone() == foot
        assert own_time("It ended on 1 January 2027, 01:00 UTC.") == f"It ended on {ends}."
        assert day(date(2026, 12, 31), "America/Los_Angeles").endswith(f">31 December 2026</time>{named}")
        assert day(date(2026, 12, 31), "UTC").endswith("</time>" if foot == "UTC" else "</time> (UTC)")
