"""The shipped cases: an expert passes them, and nobody does who knows nothing or is always cautious."""

from functools import cache

import pytest

from trainer.authoring.release import read_folder
from trainer.cases.catalogue import sound_cases
from trainer.settings import ROOT
from trainer.testwiseness.played_cases import MOST_IGNORANT, PassFigures, broken_bounds, measured_cases
from trainer.testwiseness.players import names_a_cautious_line


@cache
def measured(plays: int) -> tuple[PassFigures, ...]:
    cases = sound_cases(read_folder(ROOT / "content"))
    return tuple(measured_cases(cases, tuple(cases), plays))


def test_each_case_names_its_most_cautious_line() -> None:
    assert len(measured(2)) >= 20
    assert [each.case.slug for each in measured(2) if not names_a_cautious_line(each.case)] == []


def test_experts_pass_even_when_they_slip_and_nobody_passes_by_caution_or_by_looks() -> None:
    assert [str(message) for message in broken_bounds(measured(2))] == []


@pytest.mark.stress
def test_in_no_case_does_anybody_pass_who_knows_nothing() -> None:
    figures = measured(300)
    assert [str(message) for message in broken_bounds(figures)] == []
    lucky = [
        (each.case.slug, name, plays)
        for each in figures
        for name, plays in each.ignorant.items()
        if plays.share > MOST_IGNORANT
    ]
    assert lucky == []
