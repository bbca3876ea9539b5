"""What a director decided is to be certified: kept as it stood, and carried over to what replaces a certificate."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from tests.certificates.conftest import claim
from trainer.certificates.facts.claim import Claim
from trainer.certificates.facts.conferred import Conferred

LAST_DAY = date(2028, 2, 1)
DAY = timedelta(days=1)
CLAIM = {
    "public_id": "abcdefghijklmnopqrstuvwxyz",
    "number": "7K4M-2QXH-9PTC",
    "holder": "Mara Vogel",
    "credential": "A credential",
    "programme": "A programme",
    "version": "1",
    "cohort": "Spring",
    "release": "3f",
    "issued_on": "2026-02-01",
    "valid_until": "2028-02-01",
    "conferred_by": "Dana Rivers",
    "issuer": "A programme",
    "covered": ["Ethics"],
    "hours": "25/2",
    "statement": "Not a licence.",
}
KEPT = {
    **{name: value for name, value in CLAIM.items() if name not in ("issued_on", "valid_until")},
    "hours_from": [["reading", 700], ["one case", 50]],
    "validity_months": 24,
    "runs_from": None,
    "topics": [["Ethics", 700]],
}
CONFERRED = Conferred.read(KEPT)


@pytest.mark.parametrize("change", [{}, {"runs_from": "2028-02-01"}, {"time_zone": "Europe/Zurich"}])
def test_what_was_kept_is_read_and_written_to_the_letter(change: dict[str, Any]) -> None:
    assert Conferred.read({**KEPT, **change}).plain() == {**KEPT, **change}


def test_the_programmes_of_utc_name_no_zone() -> None:
    assert "time_zone" not in CONFERRED.plain()
    assert (CONFERRED.zone.key, Conferred.read({**KEPT, "time_zone": "Asia/Tokyo"}).zone.key) == ("UTC", "Asia/Tokyo")


@pytest.mark.parametrize("name", ["hours_from", "topics", "runs_from", "statement", "time_zone"])
def test_a_decision_from_before_something_was_kept_is_read(name: str) -> None:
    assert Conferred.read({key: value for key, value in KEPT.items() if key != name}).holder == "Mara Vogel"


def test_a_decision_without_a_holder_cannot_be_read_and_a_key_of_tomorrow_is_passed_over() -> None:
    with pytest.raises(KeyError, match="holder"):
        Conferred.read({key: value for key, value in KEPT.items() if key != "holder"})
    assert Conferred.read({**KEPT, "new": "A fact of tomorrow"}) == CONFERRED


def test_all_that_was_decided_is_certified() -> None:
    made = CONFERRED.issued_on(date(2026, 2, 1))
    assert made == Claim.read({**CLAIM, "hours_from": KEPT["hours_from"]})
    assert made.hours == Fraction(25, 2)


@pytest.mark.parametrize(
    ("issued_on", "valid_until", "months"),
    [
        (date(2026, 2, 1), date(2026, 3, 1), 1),
        (date(2026, 12, 1), date(2027, 1, 1), 1),
        (date(2027, 8, 31), date(2028, 2, 29), 6),
        (date(2026, 2, 1), date(2028, 2, 1), 24),
        (date(2026, 11, 15), date(2029, 2, 15), 27),
    ],
)
def test_what_the_oldest_decisions_did_not_keep_follows_from_the_certificate(
    issued_on: date, valid_until: date, months: int
) -> None:
    certified = claim(issued_on=issued_on, valid_until=valid_until)
    before = Conferred.before(certified)
    assert (before.validity_months, before.runs_from) == (months, None)
    assert before.issued_on(issued_on) == certified


def test_and_so_do_the_days_they_were_counted_in() -> None:
    assert Conferred.before(claim(days_of="Asia/Tokyo +09:00 +09:00")).zone.key == "Asia/Tokyo"


@pytest.mark.parametrize(("before", "after"), [(None, date(2026, 2, 1)), (LAST_DAY, LAST_DAY)])
def test_a_correction_changes_the_name_and_counts_from_where_the_old_one_counted(
    before: date | None, after: date
) -> None:
    kept = {**KEPT, "runs_from": before and before.isoformat()}
    changed = Conferred.read(kept).corrected(holder="Mara Falk", issued_on=date(2026, 2, 1))
    assert changed.plain() == {**KEPT, "holder": "Mara Falk", "runs_from": after.isoformat()}


@pytest.mark.parametrize(
    ("today", "runs_from"), [(LAST_DAY - DAY, LAST_DAY), (LAST_DAY, LAST_DAY), (LAST_DAY + DAY, None)]
)
def test_a_renewal_runs_from_the_old_end_while_that_is_to_come_or_today(today: date, runs_from: date | None) -> None:
    old = Conferred.read({**KEPT, "runs_from": "2026-02-01"})
    new = old.renewed(valid_until=LAST_DAY, conferred_by="Nils Berg", today=today)
    assert new.plain() == {**KEPT, "conferred_by": "Nils Berg", "runs_from": runs_from and runs_from.isoformat()}
