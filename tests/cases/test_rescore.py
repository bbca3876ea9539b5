"""What another text would make of a run: looked at, and nothing changed."""

import pytest

from trainer.cases.afterwards.rescore import Scored, effect, result_by
from trainer.cases.language.compiler import compile_case
from trainer.cases.play.engine import expert_play
from trainer.cases.play.score import score
from trainer.errors import Refused
from trainer.settings import ROOT

TABLET = (ROOT / "content/cases/tablet/en.md").read_text()


@pytest.fixture(scope="module")
def case():
    return compile_case("cases/tablet/en.md", TABLET)[0]


def test_in_its_own_text_a_run_has_its_own_result(case) -> None:
    for variant in case.variants:
        play = expert_play(case, variant, 3)
        again = result_by(case, variant=variant, seed=3, inputs=play.inputs)
        assert again == score(case, play)
        assert again.plain() == result_by(case, variant=variant, seed=3, inputs=play.inputs).plain()


def test_a_choice_that_the_text_does_not_have_is_named(case) -> None:
    variant = next(iter(case.variants))
    with pytest.raises(Refused, match="Step 1, “vanished”, does not exist"):
        result_by(case, variant=variant, seed=3, inputs=("vanished",))


def test_a_variant_that_the_text_does_not_have_is_named(case) -> None:
    with pytest.raises(Refused, match="variant “other”"):
        result_by(case, variant="other", seed=3, inputs=())


def test_a_run_that_does_not_come_to_its_end_there_is_left(case) -> None:
    variant = next(iter(case.variants))
    inputs = expert_play(case, variant, 3).inputs
    with pytest.raises(Refused, match="does not come to its end"):
        result_by(case, variant=variant, seed=3, inputs=inputs[:-1])
    with pytest.raises(Refused, match="not open at that moment"):
        result_by(case, variant=variant, seed=3, inputs=inputs[1:])


def test_the_effect_counts_both_ways_and_names_what_is_left() -> None:
    runs = [
        Scored("a", before=True, after=True),
        Scored("b", before=True, after=False),
        Scored("c", before=False, after=True),
        Scored("d", before=False, after=False),
        Scored("e", before=True, after=None, problem="It cannot."),
    ]
    found = effect(runs)
    assert found.runs == 4
    assert [one.run_id for one in (*found.raised, *found.lowered, *found.left)] == ["c", "b", "e"]
