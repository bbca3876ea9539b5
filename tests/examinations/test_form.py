"""Forms: every one meets its blueprint, the same seed draws the same, and little is repeated."""

from collections import Counter
from itertools import combinations, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from trainer.cases.runs.words import Pace
from trainer.cases.script.values import Phase
from trainer.errors import Refused
from trainer.examinations.blueprint import Blueprint
from trainer.examinations.candidates import Candidate
from trainer.examinations.form import draw_exam, lacks
from trainer.examinations.search import MOST_SHARED

PHASES = tuple(Phase)
SHOWN = ("safety", "ethics", "presence")


def blueprint(cases: int, warm_up: int = 0, **needs) -> Blueprint:
    values = {"phases": {}, "competencies": {}, "risk": 0, **needs}
    return Blueprint(
        slug="exam", title="Exam", summary="An exam.", cases=cases, warm_up=warm_up, cut=70, attempts=2,
        pace=Pace.CALM, **values,
    )  # fmt: skip


@st.composite
def pools(draw_one) -> list[Candidate]:
    pool = []
    for n in range(draw_one(st.integers(2, 6))):
        phase, risk = draw_one(st.sampled_from(PHASES[:3])), draw_one(st.booleans())
        for variant in range(draw_one(st.integers(1, 3))):
            shown = draw_one(st.frozensets(st.sampled_from(SHOWN), min_size=1))
            pool += [
                Candidate(
                    f"case-{n}", f"hash-{n}", f"v{variant}", seed, phase, shown, frozenset({"cf"} if risk else ())
                )
                for seed in range(2)
            ]
    return pool


@st.composite
def blueprints(draw_one) -> Blueprint:
    cases = draw_one(st.integers(2, 4))
    return blueprint(
        cases,
        draw_one(st.integers(0, 1)),
        phases={"screening": draw_one(st.integers(0, 1)), "preparation": draw_one(st.integers(0, 1))},
        competencies={name: draw_one(st.integers(0, cases)) for name in SHOWN},
        risk=draw_one(st.integers(0, 2)),
    )


def meets(plan: Blueprint, counted: list[Candidate]) -> bool:
    phases = Counter(one.phase for one in counted)
    shown = Counter(name for one in counted for name in one.shown)
    return (
        len(counted) == plan.cases
        and all(phases[name] >= least for name, least in plan.phases.items())
        and all(shown[name] >= least for name, least in plan.competencies.items())
        and sum(bool(one.risk) for one in counted) >= plan.risk
    )


def pairs(form) -> frozenset[tuple[str, str]]:
    return frozenset((seat.candidate.slug, seat.candidate.variant) for seat in form)


def possible(plan: Blueprint, pool: list[Candidate], before: frozenset[tuple[str, str]] = frozenset()) -> bool:
    """Look at every form there is: slow, and plainly right."""
    by_case: dict[str, set[Candidate]] = {}
    for one in pool:
        by_case.setdefault(one.slug, set()).add(Candidate(one.slug, "", one.variant, 0, one.phase, one.shown, one.risk))
    for chosen in combinations(by_case.values(), plan.whole):
        for form in product(*chosen):
            shared = sum((one.slug, one.variant) in before for one in form)
            for warm in combinations(form, plan.warm_up):
                if shared <= MOST_SHARED and meets(plan, [one for one in form if one not in warm]):
                    return True
    return False


@given(blueprints(), pools(), st.integers(0, 2**31))
def test_a_form_meets_its_blueprint_and_is_found_whenever_there_is_one(plan, pool, seed) -> None:
    if not possible(plan, pool):
        with pytest.raises(Refused, match="cases"):
            draw_exam(plan, pool, seed)
        return
    form = draw_exam(plan, pool, seed)
    assert meets(plan, [seat.candidate for seat in form if not seat.warm_up])
    assert [seat.warm_up for seat in form] == [True] * plan.warm_up + [False] * plan.cases
    assert len({seat.candidate.slug for seat in form}) == len(form)
    assert {seat.candidate for seat in form} <= set(pool)
    assert draw_exam(plan, pool, seed) == form


@given(blueprints(), pools(), st.integers(0, 1000))
def test_a_second_form_shares_at_most_one_case_and_variant_with_the_first(plan, pool, seed) -> None:
    assume(possible(plan, pool))
    before = pairs(draw_exam(plan, pool, seed))
    if not possible(plan, pool, before):
        with pytest.raises(Refused, match="No further form"):
            draw_exam(plan, pool, seed + 1, before=before)
        return
    second = draw_exam(plan, pool, seed + 1, before=before)
    assert len(pairs(second) & before) <= MOST_SHARED


@given(pools(), st.integers(0, 1000))
def test_what_was_practised_comes_again_only_where_nothing_else_is_left(pool, seed) -> None:
    plan = blueprint(2)
    practised = frozenset((one.slug, one.variant, one.seed) for one in pool if one.variant == "v0")
    form = draw_exam(plan, pool, seed, practised=practised)
    fresh = {one.slug for one in pool if one.variant != "v0"}
    repeated = sum(seat.candidate.variant == "v0" for seat in form)
    assert repeated == max(0, 2 - len(fresh))


@given(pools(), st.integers(0, 1000))
def test_a_practised_seed_gives_way_to_another(pool, seed) -> None:
    practised = frozenset((one.slug, one.variant, 0) for one in pool)
    assert all(seat.candidate.seed != 0 for seat in draw_exam(blueprint(2), pool, seed, practised=practised))


def test_different_seeds_draw_different_forms() -> None:
    pool = [
        Candidate(f"case-{n}", "", variant, seed, Phase.SESSION, frozenset(SHOWN), frozenset())
        for n in range(8) for variant in "ab" for seed in range(20)
    ]  # fmt: skip
    forms = {draw_exam(blueprint(4, 1), pool, seed) for seed in range(50)}
    assert len(forms) == 50
    met = Counter(seat.candidate.slug for form in forms for seat in form)
    assert len(met) == 8


def test_needs_that_exclude_each_other_are_told_as_such() -> None:
    pool = [
        Candidate("a", "", "v", 0, Phase.SESSION, frozenset({"safety"}), frozenset()),
        Candidate("b", "", "v", 0, Phase.SESSION, frozenset({"safety"}), frozenset()),
        Candidate("c", "", "v", 0, Phase.SESSION, frozenset({"ethics"}), frozenset()),
        Candidate("d", "", "v", 0, Phase.SESSION, frozenset({"ethics"}), frozenset()),
    ]
    plan = blueprint(3, competencies={"safety": 2, "ethics": 2})
    with pytest.raises(Refused, match="No 3 of these cases meet every need at once"):
        draw_exam(plan, pool, 0)
    (lack,) = lacks(plan, pool)
    assert lack.keys == ("needs",)


def test_the_blueprint_of_ten_cases_out_of_twelve_is_drawn_quickly() -> None:
    from time import perf_counter

    shown = (frozenset(SHOWN), frozenset({"safety", "presence"}), frozenset({"ethics", "presence"}))
    pool = [
        Candidate(f"case-{n}", "", f"v{v}", seed, PHASES[n % 4], shown[(n + v) % 3], frozenset({"cf"}))
        for n in range(12) for v in range(3) for seed in range(20)
    ]  # fmt: skip
    needs = {"safety": 8, "ethics": 7, "presence": 8}
    plan = blueprint(10, 1, phases=dict.fromkeys(PHASES, 2), competencies=needs, risk=8)
    began = perf_counter()
    first = draw_exam(plan, pool, 1)
    draw_exam(plan, pool, 2, before=pairs(first))
    assert perf_counter() - began < 5
