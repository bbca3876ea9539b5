"""Numbers as people type them, and amounts as authors write them."""

from decimal import Decimal

import pytest

from trainer.items.amounts import CLOCK, Amount, typed_number, written_amount


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("158", "158"),
        (" 158 ", "158"),
        ("15,8", "15.8"),
        ("+5", "5"),
        ("-5", "-5"),
        ("\u22125", "-5"),
        ("123456789", "123456789"),
        ("0.123456", "0.123456"),
        ("158 mmHg", "158"),
        ("158MMHG", "158"),
        ("\u0661\u0665\u0668", "158"),
    ],
)
def test_a_number_is_taken_as_it_was_typed(text: str, number: str) -> None:
    assert typed_number(text, "mmHg") == Decimal(number)


@pytest.mark.parametrize(
    "text", ["", "mmHg", "1234567890", "0.1234567", "1.5.2", "1 5", "158 kPa", "1e3", "five", "--5", "5-", "."]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert typed_number(text, "mmHg") is None


def test_without_a_unit_none_is_taken_off() -> None:
    assert typed_number("158 mmHg", "") is None
    assert typed_number("158", "") == 158


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("0:00", 0), ("00:00", 0), ("9:05", 545), ("14:35", 875), ("14.35", 875), ("14h35", 875), ("23:59", 1439)],
)
def test_a_time_is_minutes_after_midnight(text: str, minutes: int) -> None:
    assert typed_number(text, CLOCK) == minutes


@pytest.mark.parametrize("text", ["24:00", "14:60", "14:5", "875", "14-35", "114:35", "14:350", ""])
def test_what_is_no_time_is_none(text: str) -> None:
    assert typed_number(text, CLOCK) is None


@pytest.mark.parametrize("text", ["158 ± 2", "158±2", "158 +/- 2", "158 mmHg ± 2"])
def test_an_amount_is_read_however_its_sign_is_written(text: str) -> None:
    assert written_amount(text, "mmHg") == Amount(Decimal(158), Decimal(2))


def test_a_whole_number_may_stand_alone_and_no_other() -> None:
    assert written_amount("4", "") == Amount(Decimal(4), Decimal(0))
    assert written_amount("4.0", "") == Amount(Decimal(4), Decimal(0))
    assert (
        written_amount("4.5", "")
        == "Say how far an answer may be off, such as 4.5 ± 0.1: nobody types all digits of it."
    )
    assert written_amount("4.5 ± 0.1", "") == Amount(Decimal("4.5"), Decimal("0.1"))


@pytest.mark.parametrize("text", ["158 ± 0", "158 ± -1", "158 ±", "158 ± two", "158 ± 2 ± 3"])
def test_a_tolerance_is_above_nought(text: str) -> None:
    assert written_amount(text, "") == "Write a tolerance above 0 behind ±, or leave it out of a whole number."


def test_what_cannot_be_read_is_given_back_with_an_example() -> None:
    assert written_amount("much", "") == "Write a number, such as 158 ± 2, in place of “much”."
    assert written_amount("noon", CLOCK) == "Write a time of day, such as 14:35 ± 10, in place of “noon”."


@pytest.mark.parametrize(("other", "meet"), [(162, True), (163, False), (154, True), (153, False)])
def test_amounts_that_touch_meet(other: int, meet: bool) -> None:
    assert Amount(Decimal(158), Decimal(2)).meets(Amount(Decimal(other), Decimal(2))) is meet
