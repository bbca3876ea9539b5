"""The claim and its number."""

import hashlib
import json
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.certificates.conftest import claim
from trainer.certificates.facts.claim import Claim, canonical_claim, fingerprint, hours_certified, months_later
from trainer.certificates.facts.conferred import Conferred
from trainer.certificates.facts.number import LENGTH, SIGNS, number_from, read_number

entropy = st.integers(min_value=0, max_value=2**128 - 1)


@given(entropy)
def test_a_number_reads_back_as_itself(value: int) -> None:
    assert read_number(number_from(value)) == number_from(value)


@given(entropy)
def test_spacing_case_and_lookalikes_are_forgiven(value: int) -> None:
    number = number_from(value)
    typed = number.lower().replace("-", " ").replace("1", "l")
    assert read_number(f"  {typed}\n") == number


@given(entropy, st.integers(0, LENGTH - 1), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_always_noticed(value: int, at: int, sign: str) -> None:
    signs = number_from(value).replace("-", "")
    changed = signs[:at] + sign + signs[at + 1 :]
    assert changed == signs or read_number(changed) is None


@given(entropy, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_two_swapped_signs_are_always_noticed(value: int, one: int, other: int) -> None:
    signs = list(number_from(value).replace("-", ""))
    before = "".join(signs)
    signs[one], signs[other] = signs[other], signs[one]
    assert "".join(signs) == before or read_number("".join(signs)) is None


@given(st.text(max_size=30))
def test_anything_may_be_typed(text: str) -> None:
    read_number(text)


def test_a_claim_survives_being_written_and_read() -> None:
    assert Claim.read(json.loads(canonical_claim(claim()))) == claim()


def test_the_written_form_does_not_depend_on_the_order_of_facts() -> None:
    facts = json.loads(canonical_claim(claim()))
    assert canonical_claim(Claim.read(dict(reversed(facts.items())))) == canonical_claim(claim())


PLAIN = {
    "public_id": "abcdefghijklmnopqrstuvwxyz",
    "number": "7K4M-2QXH-9PTC",
    "holder": "Zoë Vogel",
    "credential": "A credential",
    "programme": "A programme",
    "version": "1",
    "cohort": "Spring",
    "release": "3f",
    "issued_on": "2026-02-01",
    "valid_until": "2028-02-01",
    "conferred_by": "Dana",
    "issuer": "A programme",
    "covered": ["Ethics", "Touch"],
    "hours": "25/2",
    "statement": "This is an educational credential. "
    "It is not a licence to practise or to handle a controlled substance.",
}
WRITTEN = (
    '{"cohort":"Spring","conferred_by":"Dana","covered":["Ethics","Touch"],"credential":"A credential",'
    '"holder":"Zoë Vogel","hours":"25/2","issued_on":"2026-02-01","issuer":"A programme","number":"7K4M-2QXH-9PTC",'
    '"programme":"A programme","public_id":"abcdefghijklmnopqrstuvwxyz","release":"3f",'
    '"statement":"This is an educational credential. It is not a licence to practise or to handle a controlled '
    'substance.","valid_until":"2028-02-01","version":"1"}'
)


def test_a_claim_is_written_to_the_letter_as_it_always_was() -> None:
    read = Claim.read(PLAIN)
    assert read == Claim(
        **{
            **{name: value for name, value in PLAIN.items() if name != "statement"},
            "issued_on": date(2026, 2, 1),
            "valid_until": date(2028, 2, 1),
            "covered": ("Ethics", "Touch"),
            "hours": Fraction(25, 2),
        }
    )
    assert read.plain() == PLAIN
    assert canonical_claim(read) == WRITTEN.encode()
    assert fingerprint(read) == hashlib.sha256(WRITTEN.encode()).hexdigest()


def test_what_a_later_version_adds_is_passed_over() -> None:
    assert Claim.read({**PLAIN, "new": "A fact of tomorrow"}) == Claim.read(PLAIN)


def test_its_address_is_that_of_the_qr_code() -> None:
    assert claim().address("https://example.org") == "https://example.org/c/abcdefghijklmnopqrstuvwxyz"


def test_it_holds_through_its_last_day_and_not_a_moment_longer() -> None:
    assert claim(valid_until=date(2028, 2, 28)).ends_at == datetime(2028, 2, 29, tzinfo=UTC)
    assert claim(valid_until=date(2027, 12, 31)).ends_at == datetime(2028, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("facts", [{}, {"runs_from": None}])
def test_the_months_count_from_the_day_of_issue(facts: dict[str, object]) -> None:
    decided = {**PLAIN, **facts, "validity_months": 24}
    made = Conferred.read(decided).issued_on(date(2026, 8, 31))
    assert (made.issued_on, made.valid_until) == (date(2026, 8, 31), date(2028, 8, 31))
    assert made.holder == "Zoë Vogel"


def test_the_months_of_a_renewal_count_from_the_old_end() -> None:
    decided = {**PLAIN, "validity_months": 6, "runs_from": "2028-02-01"}
    made = Conferred.read(decided).issued_on(date(2027, 12, 1))
    assert (made.issued_on, made.valid_until) == (date(2027, 12, 1), date(2028, 8, 1))


@pytest.mark.parametrize(
    ("minutes", "hours"),
    [
        (0, Fraction(0)),
        (14, Fraction(0)),
        (15, Fraction(1, 4)),
        (29, Fraction(1, 4)),
        (30, Fraction(1, 2)),
        (59, Fraction(3, 4)),
        (60, Fraction(1)),
        (74, Fraction(1)),
        (75, Fraction(5, 4)),
        (764, Fraction(25, 2)),
        (765, Fraction(51, 4)),
    ],
)
def test_hours_are_certified_by_quarters_and_nobody_is_credited_with_more_than_they_did(
    minutes: int, hours: Fraction
) -> None:
    assert hours_certified(minutes) == hours


@given(st.integers(0, 10_000))
def test_less_than_a_quarter_of_an_hour_is_ever_left_out(minutes: int) -> None:
    assert 0 <= minutes - hours_certified(minutes) * 60 < 15


def test_the_statement_says_what_the_paper_is_not() -> None:
    assert "not a licence to practise or to handle a controlled substance" in claim().statement


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (Fraction(12), "12"),
        (Fraction(49, 4), "12¼"),
        (Fraction(25, 2), "12½"),
        (Fraction(51, 4), "12¾"),
        (Fraction(1), "1"),
        (Fraction(999, 1000), "¾"),
        (Fraction(3, 4), "¾"),
        (Fraction(749, 1000), "½"),
        (Fraction(1, 2), "½"),
        (Fraction(1, 3), "¼"),
        (Fraction(1, 4), "¼"),
        (Fraction(1, 5), "0"),
        (Fraction(0), "0"),
    ],
)
def test_hours_are_written_as_people_write_them_and_never_rounded_up(hours: Fraction, words: str) -> None:
    assert claim(hours=hours).hours_in_words == words


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 2, 1), 24, date(2028, 2, 1)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 5, 15), 0, date(2026, 5, 15)),
    ],
)
def test_validity_counts_in_calendar_months(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


def test_a_claim_that_says_what_its_hours_consist_of_is_read_back_and_says_it_in_words() -> None:
    said = claim(hours_from=(("Reading at 150 words a minute", 227), ("Quizzes", 60), ("Cases", 45)))
    assert Claim.read(said.plain()) == said
    assert said.hours_apart == "Reading at 150 words a minute: 3 h 47 min; Quizzes: 1 h; Cases: 45 min"
    assert fingerprint(said) != fingerprint(claim())
    assert "hours_from" not in claim().plain()


def test_what_the_hours_consist_of_is_certified_and_read_back() -> None:
    apart = claim(hours_from=(("Reading", 90), ("Cases", 0)))
    assert apart.plain()["hours_from"] == [["Reading", 90], ["Cases", 0]]
    assert Claim.read(apart.plain()) == apart
    assert apart.hours_apart == "Reading: 1 h 30 min; Cases: 0 min"
