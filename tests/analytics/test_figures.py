"""What the figures say about people whose runs are known."""

from types import SimpleNamespace

import pytest

from tests.analytics.runs import ended, trace
from trainer.analytics.coverage import coverage_of, fives, readings_of
from trainer.analytics.decisions import decision_points, is_key, rest_scores
from trainer.analytics.failures import FailureKind, failures_of, harder_of, variants_of
from trainer.analytics.figures import first_runs, reliability_of, scores_of
from trainer.analytics.flow import Chosen, flow_of
from trainer.analytics.ratings import Rated, rated, ratings_of
from trainer.analytics.sankey import by_first_visit, sankey_of
from trainer.analytics.tables import FigureTable, table_as_csv
from trainer.analytics.traces import DecisionKind, Taken, Trace
from trainer.cases.runs.transcript import Reaction

EXPERT, HARMFUL, OTHER = DecisionKind.EXPERT, DecisionKind.HARMFUL, DecisionKind.OTHER


def test_only_the_first_ended_run_of_a_person_counts() -> None:
    runs = [ended("mara", after=0, passed=False), ended("omar", after=5), ended("mara", after=60, number=2)]
    firsts = first_runs(runs)
    assert [(one.person_id, one.passed) for one in firsts] == [("mara", False), ("omar", True)]


def test_a_run_in_which_nothing_was_shown_has_no_score() -> None:
    assert scores_of([ended("mara", percent=None), ended("omar", percent=70)]) == {"omar": {"tablet": 70}}


def test_the_rest_score_leaves_the_case_itself_out() -> None:
    scores = {"mara": {"tablet": 0.0, "hold-me": 80.0, "wave": 60.0}, "omar": {"tablet": 50.0}}
    assert rest_scores(scores, "tablet") == {"mara": 70}


def test_a_way_that_few_took_is_not_told_and_cannot_be_worked_out() -> None:
    most = [trace(ended(f"p{n}"), ("a", EXPERT), ("b", EXPERT), ("d", EXPERT)) for n in range(17)]
    few = [trace(ended(f"q{n}"), ("a", OTHER), ("c", EXPERT), ("d", EXPERT)) for n in range(3)]
    flow = flow_of([*most, *few])
    shown = {(one.tail, one.head): one.people["everybody"] for one in flow.links}
    assert shown == {("a", "b"): None, ("a", "c"): None, ("b", "d"): None, ("c", "d"): None, ("d", "well"): 20}
    assert flow.visits == {"a": 20, "d": 20}
    assert Chosen("a", EXPERT) not in flow.chosen
    assert flow.chosen[Chosen("d", EXPERT)] == 20


def test_those_who_passed_are_told_apart_when_there_are_many_of_each() -> None:
    passed = [trace(ended(f"p{n}"), ("a", EXPERT)) for n in range(20)]
    failed = [trace(ended(f"q{n}", passed=False, ending="badly"), ("a", HARMFUL)) for n in range(20)]
    assert flow_of([*passed, *failed]).groups == {"passed": 20, "failed": 20}
    assert flow_of([*passed, *failed[1:]]).groups == {"everybody": 39}
    split = flow_of([*passed, *failed])
    assert {(one.head, *one.people.items()) for one in split.links} == {
        ("well", ("passed", 20)),
        ("badly", ("failed", 20)),
    }


def test_somebody_who_comes_to_a_scene_twice_counts_once() -> None:
    runs = [trace(ended(f"p{n}"), ("a", OTHER), ("b", OTHER), ("a", EXPERT), ("c", EXPERT)) for n in range(9)]
    flow = flow_of(runs)
    assert flow.visits == {"a": 9, "b": 9, "c": 9}
    assert flow.chosen[Chosen("a", OTHER)] == 9


def test_the_drawing_holds_every_way_and_stays_in_its_box() -> None:
    one = [trace(ended(f"p{n}"), ("a", EXPERT), ("b", EXPERT), ("d", EXPERT)) for n in range(12)]
    other = [trace(ended(f"q{n}"), ("a", OTHER), ("c", EXPERT), ("d", EXPERT)) for n in range(8)]
    flow = flow_of([*one, *other])
    links = by_first_visit(flow, [*one, *other])
    drawn = sankey_of(links, flow.visits, {"a": "A title that is far too long to stand over a narrow bar of a drawing"})
    assert {(ribbon.tail, ribbon.head) for ribbon in drawn.ribbons} == {(one.tail, one.head) for one in links}
    assert all(node.x >= 0 and node.x + node.width <= drawn.width for node in drawn.nodes)
    rows = {node.name: node.y for node in drawn.nodes}
    assert rows["a"] < rows["b"] == rows["c"] < rows["d"] < rows["well"]
    assert next(node.label for node in drawn.nodes if node.name == "a").endswith("…")


def test_a_decision_tells_how_many_did_as_the_expert(catalogue) -> None:
    case = catalogue.cases["hold-me"]
    scene = next(one.id for one in case.scenes.values() if is_key(case, one))
    runs = [trace(ended(f"p{n}", case="hold-me"), (scene, EXPERT if n < 12 else HARMFUL)) for n in range(20)]
    rest = {f"p{n}": float(100 - n) for n in range(20)}
    row = next(one for one in decision_points(case, runs, flow_of(runs), rest) if one.scene == scene)
    assert (row.people, row.seconds) == (20, 10)
    assert (row.expert.value, row.expert.exact, row.harmful.value) == (0.6, True, 0.4)
    assert row.discriminates.r > 0.8


def test_a_decision_whose_numbers_are_kept_back_is_told_in_tenths(catalogue) -> None:
    case = catalogue.cases["hold-me"]
    scene = next(one.id for one in case.scenes.values() if is_key(case, one))
    runs = [trace(ended(f"p{n}", case="hold-me"), (scene, EXPERT if n < 37 else HARMFUL)) for n in range(40)]
    row = next(one for one in decision_points(case, runs, flow_of(runs), {}) if one.scene == scene)
    assert (row.expert.value, row.expert.exact) == (0.9, False)
    assert (row.harmful.value, row.harmful.exact) == (0.1, False)
    few = decision_points(case, runs[:1] + runs[-3:], flow_of(runs[:1] + runs[-3:]), {})
    assert all(one.expert is None and one.seconds is None for one in few)


def test_falls_are_counted_among_those_for_whom_the_duty_was_due() -> None:
    runs = [
        *(ended(f"a{n}", duties={"tell": "missed"}, failures=("alone",)) for n in range(6)),
        *(ended(f"b{n}", duties={"tell": "done"}) for n in range(6)),
        *(ended(f"c{n}", duties={"tell": "idle"}) for n in range(8)),
    ]
    found = {(one.kind, one.rule): one.share for one in failures_of(runs, failures=["alone", "held"], duties=["tell"])}
    assert (found[FailureKind.FAILURE, "alone"].count, found[FailureKind.FAILURE, "alone"].of) == (6, 20)
    assert (found[FailureKind.MISSED, "tell"].count, found[FailureKind.MISSED, "tell"].of) == (6, 12)
    assert found[FailureKind.LATE, "tell"].few
    assert found[FailureKind.FAILURE, "held"].few


def test_a_duty_that_was_not_due_for_a_few_is_not_told() -> None:
    runs = [ended(f"a{n}", duties={"tell": "missed" if n else "idle"}) for n in range(20)]
    assert not any(one.share.shown for one in failures_of(runs, failures=[], duties=["tell"]))


def of_variant(name: str, passed: int, failed: int) -> list:
    return [ended(f"{name} {n}", variant=name, passed=n < passed) for n in range(passed + failed)]


def test_a_variant_that_is_surely_harder_is_named() -> None:
    runs = [*of_variant("easy", 45, 5), *of_variant("hard", 15, 35)]
    harder = harder_of(runs, variants_of(runs))
    assert [(one.name, one.than) for one in harder] == [("hard", "easy")]
    assert harder[0].costs.low > 0.1


def test_a_difference_that_may_be_chance_is_not_named() -> None:
    runs = [*of_variant("easy", 14, 6), *of_variant("hard", 9, 11)]
    assert harder_of(runs, variants_of(runs)) == ()


def test_ten_points_are_allowed() -> None:
    runs = [*of_variant("easy", 1800, 200), *of_variant("hard", 1600, 400)]  # 10 points, and surely more than nought
    assert harder_of(runs, variants_of(runs)) == ()


def test_a_harder_variant_with_few_passes_is_named_without_its_numbers() -> None:
    runs = [*of_variant("easy", 45, 5), *of_variant("hard", 2, 48)]
    harder = harder_of(runs, variants_of(runs))
    assert [(one.name, one.costs) for one in harder] == [("hard", None)]


def test_self_ratings_stand_beside_the_scores() -> None:
    said = Reaction(felt={"safety": 2, "ethics": 5, "touch": 1})
    assert [rating.felt for rating in rated("mara", {"safety": 80, "ethics": None}, said)] == [2]
    given = [
        one for n in range(30) for one in rated(f"p{n}", {"safety": 40 + n}, Reaction(felt={"safety": 1 + n // 6}))
    ]
    found = ratings_of(given)[0]
    assert [(level.felt, level.given) for level in found.levels] == [(n, 6) for n in range(1, 6)]
    assert found.r > 0.9


def test_a_rating_that_few_gave_is_kept_back_and_another_with_it() -> None:
    percents = {"safety": 50}
    marks = [2] * 3 + [3] * 8 + [4] * 20
    found = ratings_of(
        [one for n, mark in enumerate(marks) for one in rated(f"p{n}", percents, Reaction(felt={"safety": mark}))]
    )[0]
    assert [level.given for level in found.levels] == [None, None, None, 20, None]


def test_a_choice_that_nobody_takes_in_fifty_runs_is_dead(catalogue) -> None:
    case = catalogue.cases["hold-me"]
    scene = next(iter(case.scenes.values()))
    first, second = scene.choices[0].id, scene.choices[1].id

    def met(person: int) -> Trace:
        taken = Taken(scene.id, first, EXPERT, 10, (first, second), 50)
        return Trace(ended(f"p{person}"), (taken,))

    fifty = {one.choice: one for one in coverage_of(case, [met(n) for n in range(50)])}
    assert fifty[second].dead
    assert not fifty[first].dead
    assert not any(one.dead for one in coverage_of(case, [met(n) for n in range(49)]))
    assert (fives(4), fives(9), fives(10)) == (0, 5, 10)


@pytest.mark.parametrize("people", [0, 19])
def test_reliability_waits_for_people(people: int) -> None:
    scores = {f"p{n}": {f"c{c}": 50.0 + n + c * n % 7 for c in range(4)} for n in range(people)}
    assert reliability_of(scores).found is None


def test_reliability_waits_for_cases() -> None:
    scores = {f"p{n}": {f"c{c}": 50.0 + n + (c * n) % 7 for c in range(4)} for n in range(30)}
    assert reliability_of(scores).found is not None
    assert reliability_of({person: dict(list(row.items())[:2]) for person, row in scores.items()}).found is None


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", " =1", "|x", "%x"])
def test_no_cell_is_taken_for_a_formula(cell: str) -> None:
    written = table_as_csv(FigureTable("t", ("a",), ((cell,),))).decode("utf-8-sig")
    assert written.splitlines()[1].strip('"').startswith("'")


def test_what_is_kept_back_is_an_empty_cell() -> None:
    assert table_as_csv(FigureTable("t", ("a", "b"), ((None, 0.12345),))).decode("utf-8-sig") == "a,b\r\n,0.1235\r\n"


def test_the_table_of_decisions_does_not_give_away_what_the_drawing_keeps_back() -> None:
    def went(name: str, people: int, sort: DecisionKind, to: str) -> list:
        return [trace(ended(f"{name}{n}"), ("a", sort), (to, EXPERT)) for n in range(people)]

    flow = flow_of(
        [
            *went("p", 12, EXPERT, "b"),
            *went("q", 13, OTHER, "c"),
            *went("r", 4, HARMFUL, "c"),
            *went("s", 3, HARMFUL, "d"),
        ]
    )
    ways = {one.head: one.people["everybody"] for one in flow.links if one.tail == "a"}
    # Everybody knows that the expert's answer leads to b. Were c shown and b not, 32 - 12 - 17 would tell of d.
    assert flow.chosen[Chosen("a", EXPERT)] == 12
    assert ways == {"b": 12, "c": None, "d": None}


def test_one_person_who_rates_themselves_after_every_case_is_not_picked_out() -> None:
    alone = [Rated("mara", "safety", 1, 10.0)] * 12
    others = [Rated(f"p{n}", "safety", 3 + n % 2, 70.0) for n in range(30)]
    found = ratings_of([*alone, *others])[0]
    assert found.levels[0].given is None
    assert sum(level.given is None and level.felt in (1, 3, 4) for level in found.levels) == 2
    assert ratings_of(alone)[0].r is None


def test_the_few_who_did_a_duty_in_time_cannot_be_worked_out() -> None:
    def told(done: int, late: int, missed: int) -> list[int | None]:
        states = ["done"] * done + ["late"] * late + ["missed"] * missed
        runs = [ended(f"p{n}", duties={"tell-lead": state}) for n, state in enumerate(states)]
        found = {one.kind: one.share.count for one in failures_of(runs, failures=(), duties=("tell-lead",))}
        return [found["late"], found["missed"]]

    assert told(2, 10, 8) == [10, None]
    assert told(0, 6, 14) == [None, 14]
    assert told(5, 10, 8) == [10, 8]
    assert told(12, 5, 3) == [5, None]


def test_whoever_reads_a_scene_again_is_counted_by_their_first_time() -> None:
    case = SimpleNamespace(scenes={"a": SimpleNamespace(id="a", title="A")})
    first = [trace(ended(f"p{n}"), ("a", EXPERT), seconds=60) for n in range(5)]
    again = [trace(ended(f"p{n}", number=2), ("a", EXPERT), seconds=4) for n in range(5)]
    assert readings_of(case, [*first, *again])[0].seconds == 60
