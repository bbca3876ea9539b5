"""What a bank holds against its head and its module, and how soon people know it."""

from collections import Counter
from fractions import Fraction

import pytest

from tests.testwiseness.conftest import a_bank, an_item
from trainer.testwiseness.coverage import ObjectiveAsked, bank_counts, countable_items, level_promised, objectives_asked
from trainer.testwiseness.exposure import Exposure, exposure
from trainer.testwiseness.figures import readability_of


@pytest.mark.parametrize(
    ("objective", "level"),
    [
        ("Define consent.", "know"),
        ("State the eight R’s.", "know"),
        ("Compare two trials.", "evaluate"),
        ("Weigh what a trial says.", "evaluate"),
        ("Ask, compare and weigh.", "apply"),
        ("", "apply"),
    ],
)
def test_the_first_verb_of_an_objective_promises_a_level(objective: str, level: str) -> None:
    assert level_promised(objective) == level


def test_an_objective_is_asked_at_its_level_or_above_by_what_may_count() -> None:
    bank = a_bank(
        an_item("*a", "b", level="know"),
        an_item("*a", "b", level="apply"),
        an_item("*a", "b", level="evaluate"),
        an_item("*a", "b", level="evaluate", never_counts=True),
        an_item("*a", "b", level="evaluate", readiness="pending review"),
        an_item("*a", "b", objective="weigh"),
        objectives={"ask": "Ask her.", "weigh": "Weigh it.", "state": "State it."},
    )
    assert objectives_asked(bank) == [
        ObjectiveAsked("ask", "apply", 2, 3),
        ObjectiveAsked("weigh", "evaluate", 0, 1),
        ObjectiveAsked("state", "know", 0, 0),
    ]
    assert len(countable_items(bank)) == 4


def test_items_are_counted_by_kind_level_and_readiness() -> None:
    counts = bank_counts(
        a_bank(
            an_item("*a", "b", critical=True),
            an_item("*a", "*b", "c", level="know", readiness="pending review", critical=True),
            an_item("*a", "b", readiness="pending review", never_counts=True, critical=True),
            critical=2,
            attempts=4,
        )
    )
    assert counts.items == 3
    assert counts.by_kind == {"single": 2, "multiple": 1}
    assert counts.by_level == {"apply": 2, "know": 1}
    assert counts.by_readiness == Counter(["solid", "pending review", "practice"])
    assert (counts.critical, counts.critical_wanted) == (1, 8)
    assert bank_counts(a_bank()).critical_wanted == 0


def test_of_a_hundred_people_so_many_meet_an_item() -> None:
    bank = a_bank(*(an_item("*a", "b", name=name) for name in "zyxwvutsdcba"))
    shown = exposure(bank, [frozenset("ab"), frozenset("ac"), frozenset("ab")])
    assert shown == Exposure(pool=12, shown=Fraction(1, 6), most=Fraction(100), never=tuple("dstuvwxyz"))
    assert shown.mean == Fraction(50, 3)
    assert exposure(bank, [frozenset("bc"), frozenset("ac"), frozenset("ab")]).most == Fraction(200, 3)


def test_a_bank_that_fills_no_form_shows_nothing() -> None:
    assert exposure(a_bank(an_item("*a", "b")), []) == Exposure(1, Fraction(0), Fraction(0), ())
    assert exposure(a_bank(), [frozenset()]) == Exposure(0, Fraction(0), Fraction(0), ())


def test_questions_and_options_are_read_apart_and_the_hardest_question_is_named() -> None:
    hard = "Which contraindication necessitates immediate interdisciplinary consultation before administration?"
    found = readability_of([an_item("*Sit down", "Go", stem="Who is it?"), an_item("*Sit", "Go", name="h", stem=hard)])
    assert found.hardest_item == "h"
    assert found.options < 1 < found.stems < found.hardest
    assert readability_of([]).hardest_item == ""
