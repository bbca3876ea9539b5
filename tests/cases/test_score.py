"""A play is compared with the expert in the same variant; the debrief says where they parted."""

from functools import cache
from pathlib import Path

from trainer.authoring.release import read_folder, release_of
from trainer.cases.afterwards.debrief import debrief
from trainer.cases.afterwards.moments import MOST_MOMENTS, MomentReason
from trainer.cases.catalogue import cases_of
from trainer.cases.language.compiler import Case, compile_case
from trainer.cases.play.chart import HEIGHT, WIDTH, chart_of
from trainer.cases.play.engine import Play, expert_choice, expert_play, init, replay, step
from trainer.cases.play.score import score
from trainer.cases.play.state import Done
from trainer.settings import ROOT


@cache
def hold_me() -> Case:
    return cases_of(release_of(read_folder(ROOT / "content")))["hold-me"]


@cache
def anna() -> Case:
    case, _ = compile_case("cases/anna-psilocybin-1/en.md", (Path(__file__).parent / "anna.md").read_text())
    assert case is not None
    return case


def expert_but(case: Case, variant: str, **instead: str) -> Play:
    """Play as the expert does, but otherwise in the scenes named."""
    state, inputs = init(case, variant, 0), []
    while not state.ending:
        inputs.append(instead.get(state.scene.replace("-", "_")) or expert_choice(case, state) or "")
        state, _ = step(case, state, inputs[-1])
    return replay(case, variant, 0, tuple(inputs))


def test_the_expert_has_everything_and_passes() -> None:
    for case in (hold_me(), anna()):
        for variant in case.variants:
            result = score(case, expert_play(case, variant, 0))
            assert result.passed
            assert {one.percent for one in result.marks} <= {100, None}


def test_one_critical_failure_is_not_made_good_by_points() -> None:
    play = expert_but(hold_me(), "no-touch", love="between-us")
    result = score(hold_me(), play)
    assert [one.rule for one in result.failures] == ["cf08-romantic-reply"]
    assert not result.passed


def test_a_competency_the_variant_never_asked_for_is_not_shown() -> None:
    case = anna()
    play = expert_play(case, "pressure", 0)
    marks = {one.competency: one.percent for one in score(case, play).marks}
    assert play.state.ending == "transferred"
    assert marks == {"presence": 100, "safety": 100, "ethics": None}


def test_one_late_duty_is_forgiven_and_a_missed_one_is_not() -> None:
    case = hold_me()
    late = score(case, expert_but(case, "no-touch", notes="walk-then-write"))
    missed = score(case, expert_but(case, "no-touch", notes="write-friday"))
    assert [one.state for one in late.duties][-1] is Done.LATE
    assert late.passed
    assert [one.state for one in missed.duties][-1] is Done.MISSED
    assert not missed.passed


def test_too_few_points_in_one_competency_fail_whatever_the_others() -> None:
    case = hold_me()
    result = score(
        case, expert_but(case, "no-touch", sobbing="name-the-boy", love="medicine-speaking", coming_back="ask-back")
    )
    assert {one.competency for one in result.marks if not one.met} == {"presence"}
    assert not result.passed


def test_the_debrief_names_three_moments_and_one_of_them_went_well() -> None:
    case = hold_me()
    play = expert_but(case, "no-touch", love="between-us", home="let-him-walk", notes="write-friday")
    moments = debrief(case, play, score(case, play)).moments
    assert len(moments) == MOST_MOMENTS
    assert [one.why for one in moments] == [MomentReason.FAILURE, MomentReason.FAILURE, MomentReason.WELL]
    assert moments[0].would.startswith('"Thank you for saying it.')
    assert all(one.because for one in moments)


def test_a_perfect_play_is_told_what_went_well_and_nothing_else() -> None:
    case = hold_me()
    play = expert_play(case, "crossed-out", 0)
    looked = debrief(case, play, score(case, play))
    assert [one.why for one in looked.moments] == [MomentReason.WELL]
    assert looked.cues == ()
    assert looked.reading == ()
    assert all(one.shared for one in looked.expert)
    assert all(one.agreed for one in looked.timeline)


def test_a_sentence_that_led_to_nothing_is_a_missed_cue() -> None:
    case = hold_me()
    play = expert_but(case, "no-touch", open_hand="hold-not-agreed")
    cues = debrief(case, play, score(case, play)).cues
    assert any("*no touch*" in one.text for one in cues)


def test_a_question_never_asked_is_a_missed_cue() -> None:
    case = anna()
    play = expert_but(case, "usual", interview="enough")
    cues = debrief(case, play, score(case, play)).cues
    assert {one.asked for one in cues} == {False}
    assert any("medicines" in one.would for one in cues)


def test_the_chart_stays_inside_its_frame_and_says_the_same_as_its_table() -> None:
    case = anna()
    for variant in case.variants:
        play = expert_play(case, variant, 3)
        chart = chart_of(case, play)
        assert chart is not None
        for line in chart.lines:
            assert all(0 <= one.x <= WIDTH and 0 <= one.y <= HEIGHT for one in line.points)
            by_minute = {one.minute: one.value for one in line.points}
            assert [by_minute[row.minute] for row in chart.rows] == [getattr(row, line.name) for row in chart.rows]
        assert len(chart.acts) <= len(play.steps)


def test_there_is_no_chart_before_anything_is_measured() -> None:
    case = anna()
    assert chart_of(case, replay(case, "usual", 0, ())) is None


def test_a_result_can_be_kept_as_plain_values() -> None:
    kept = score(hold_me(), expert_play(hold_me(), "no-touch", 0)).plain()
    assert kept["passed"] is True
    assert kept["duties"] == {"say-the-limit": "done", "second-person": "done", "write-the-record": "done"}
