"""The claim and its number."""

import json
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.certificates.conftest import claim
from trainer.certificates.claim import Claim, canonical, months_later
from trainer.certificates.number import LENGTH, SIGNS, number_from, read_number

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
    assert Claim.read(json.loads(canonical(claim()))) == claim()


def test_the_written_form_does_not_depend_on_the_order_of_facts() -> None:
    facts = json.loads(canonical(claim()))
    assert canonical(Claim.read(dict(reversed(facts.items())))) == canonical(claim())


def test_the_statement_says_what_the_paper_is_not() -> None:
    assert "not a licence to practise or to handle a controlled substance" in claim().statement


@pytest.mark.parametrize(
    ("hours", "words"), [(Fraction(12), "12"), (Fraction(25, 2), "12½"), (Fraction(1, 3), "¼"), (Fraction(0), "0")]
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
    ],
)
def test_validity_counts_in_calendar_months(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later
