"""The debrief as it is read: what the chart shows stands in words beside it."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import given, settings

from tests.cases.test_engine import case_named, plays
from trainer.cases.afterwards.debrief import debrief, verdict_on
from trainer.cases.afterwards.forms import CommentForm, NoteForm
from trainer.cases.afterwards.map import map_of
from trainer.cases.afterwards.moments import (
    MOST_MOMENTS,
    BesideExpert,
    MomentReason,
    agreed,
    every_moment,
    moments_of,
)
from trainer.cases.afterwards.next_steps import Next, what_next
from trainer.cases.afterwards.next_steps import NextReason as NextWhy
from trainer.cases.afterwards.pages import DebriefPage
from trainer.cases.afterwards.what_if import decisions
from trainer.cases.play.chart import chart_of
from trainer.cases.play.engine import expert_choice, expert_play, options, replay
from trainer.cases.play.score import score
from trainer.cases.runs.mastery import Mastery
from trainer.cases.runs.models import CaseEnding, CaseRun
from trainer.cases.runs.walk import DebriefWalk
from trainer.clock import utc_now
from trainer.web.pages import show

BEFORE = ("ask-medicines", "enough", "refer")
MEASURED = ("sit-quiet", "explain-away", "recheck", "only-note", "stay-near", "listen")


@pytest.fixture
def page(app: Flask, catalogue) -> DebriefPage:
    """Anna's session has ended; the trainee explained her fear away."""
    case = case_named("anna-psilocybin-1")
    play = replay(case, "no-touch", 0, BEFORE + MEASURED)
    result = score(case, play)
    with app.test_request_context():
        comment_form = CommentForm()
        comment_form.scene.choices = []
        return DebriefPage(
            enrolment_id="0" * 32,
            case=case,
            run=CaseRun(id="1" * 32, enrolment_id="0" * 32, case_slug=case.slug, number=1),
            practice=True,
            walk=DebriefWalk(gone=1, whole=1, at=utc_now()),
            first=CaseEnding(run_id="r", passed=result.passed),
            later=(),
            debrief=debrief(case, play, result),
            said=every_moment(case, play),
            chart=chart_of(case, play),
            map=map_of(case, play, expert_play(case, "no-touch", 0), whole=False),
            course=catalogue.course,
            reaction="",
            felt={"presence": 5, "safety": 1, "ethics": 3},
            reasons={},
            decisions=decisions(case, play),
            mastery=Mastery(1, 2),
            nexts=(),
            titles={},
            note_form=NoteForm(),
            comment_form=comment_form,
            comments=[],
        )


def read(app: Flask, page: DebriefPage) -> str:
    with app.test_request_context():
        return show(page).get_data(as_text=True)


def test_every_decision_has_its_circle_and_its_row(app, page) -> None:
    text = read(app, page)
    assert page.chart is not None
    assert text.count('<circle class="fill-paper stroke-line"') == len(MEASURED)
    assert [text.count(f'<td class="number">{row.clock}</td>') for row in page.chart.rows] == [1] * (len(MEASURED) + 1)


def test_the_peak_is_shaded_and_said_in_words(app, page) -> None:
    text = read(app, page)
    assert text.count('<rect class="fill-calm"') == 1
    assert "shaded: the peak of the effect" in text
    assert "<td>onset</td>" in text
    assert "<td>peak</td>" in text


def test_how_many_experts_would_do_this_is_said_at_the_moment_it_is_about(app, page) -> None:
    text = read(app, page)
    text = " ".join(text.split())  # as a browser shows it
    assert text.count("experts asked would do this") == 1
    assert "15 of 17 experts" in text


def test_a_place_may_name_a_heading(app, page) -> None:
    with app.test_request_context():
        assert page.address("boundaries/touch#a-no").endswith("/touch#a-no")
        assert page.address("boundaries").endswith("/boundaries/")
    known = page.course.modules[0]
    assert page.title_of(f"{known.slug}#anything") == known.title


def test_the_clock_begins_anew_with_every_chapter_and_the_chapters_are_named(app, page) -> None:
    text = read(app, page)
    assert [name for name, _ in page.chapters] == ["Screening", "Dosing day"]
    assert text.index("<h3>Screening</h3>") < text.index('id="step-0"') < text.index("<h3>Dosing day</h3>")


def test_how_sure_somebody_felt_stands_beside_how_it_went(app, page) -> None:
    text = read(app, page)
    assert {one.competency: page.beside(one) for one in page.debrief.result.marks} == {
        "presence": "surer",
        "safety": "humbler",
        "ethics": "",
    }
    assert "surer than it went" in text
    assert "it went better than it felt" in text
    mark = page.debrief.result.marks[0]
    assert replace(page, felt={}).beside(mark) == ""

    def beside(felt: int, *, met: bool) -> str:
        return replace(page, felt={mark.competency: felt}).beside(replace(mark, percent=100 if met else 0))

    assert [beside(felt, met=False) for felt in (1, 2, 3, 4, 5)] == ["fits", "fits", "", "surer", "surer"]
    assert [beside(felt, met=True) for felt in (1, 2, 3, 4, 5)] == ["humbler", "humbler", "", "fits", "fits"]


def test_a_visited_scene_on_the_map_leads_to_its_line_in_the_timeline(app, page) -> None:
    text = read(app, page)
    steps = re.findall(r'<a href="#step-(\d+)" aria-label', text)
    assert len(steps) == page.map.visited
    assert all(f'<li id="step-{one}"' in text for one in steps)


def test_the_experts_way_is_dashed_and_said_in_words(app, page) -> None:
    text = read(app, page)
    assert 'class="way-own"' in text
    assert 'class="way-expert"' in text
    assert f"You came to {page.map.visited} scenes" in text


def test_after_an_examination_nothing_is_rehearsed_or_written(app, page) -> None:
    text = read(app, replace(page, practice=False, decisions=()))
    for words in ("What if", "A note to myself", "Tell the authors"):
        assert words not in text


@settings(max_examples=60, deadline=None)
@given(plays())
def test_there_are_three_moments_at_most_and_one_of_them_is_good_if_anything_was(played) -> None:
    case, play = played
    moments = debrief(case, play, score(case, play)).moments
    assert len(moments) <= MOST_MOMENTS
    assert len({one.step for one in moments}) == len(moments)
    good = [one for one in play.steps if agreed(case, one) and not one.failures and sum(p for _, p in one.gains) > 0]
    taken = {one.step for one in moments if one.why is not MomentReason.WELL}
    left = [one for number, one in enumerate(play.steps) if one in good and number not in taken]
    assert not left or moments[-1].why is MomentReason.WELL


@settings(max_examples=60, deadline=None)
@given(plays())
def test_a_question_is_called_never_asked_only_if_it_could_have_been(played) -> None:
    case, play = played
    opened = {case.choices[name].text for one in play.steps for name in options(case, one.before)}
    for cue in debrief(case, play, score(case, play)).cues:
        assert cue.asked or cue.would in opened


@settings(max_examples=60, deadline=None)
@given(plays())
def test_what_comes_next_is_the_weakest_and_the_same_case_until_it_is_mastered(played) -> None:
    case, play = played
    result = score(case, play)
    nexts = what_next(case, play, result, Mastery(1, 2), ["another"])
    assert nexts[-2:] == (Next(NextWhy.AGAIN), Next(NextWhy.CASE, "another"))
    weakest = [one for one in nexts if one.why is NextWhy.WEAKEST]
    for one in weakest:
        shown = {mark.competency: mark.percent - mark.needed for mark in result.marks if mark.percent is not None}
        assert shown[one.about] == min(shown.values())
        assert 0 < len(one.read) <= 2
    assert what_next(case, play, result, Mastery(2, 2), []) == tuple(weakest)
    assert what_next(case, play, result, None, []) == tuple(weakest), "nobody plays again what is only examined"


@settings(max_examples=60, deadline=None)
@given(plays())
def test_moments_stand_by_their_weight_critical_failures_first(played) -> None:
    case, play = played

    def loss(step) -> int:
        would = case.choices.get(expert_choice(case, step.before) or "")
        return sum(p for _, p in would.scores if would) - sum(p for _, p in step.gains) if would else 0

    worst = [one for one in moments_of(case, play) if one.why is not MomentReason.WELL]
    weights = [(one.why is not MomentReason.FAILURE, -loss(play.steps[one.step])) for one in worst]
    assert weights == sorted(weights)
    failed = {rule for step in play.steps for rule in step.failures}
    assert len(failed) < MOST_MOMENTS or all(one.why is MomentReason.FAILURE for one in worst)


@settings(max_examples=60, deadline=None)
@given(plays())
def test_where_there_was_one_thing_to_do_nothing_is_counted_as_decided(played) -> None:
    case, play = played
    look = debrief(case, play, score(case, play))
    assert [entry.step for entry in look.decided] == [
        number for number, step in enumerate(play.steps) if step.failures or len(options(case, step.before)) > 1
    ]
    for entry in look.timeline:
        step = play.steps[entry.step]
        assert (entry.compared is BesideExpert.CRITICAL) == bool(step.failures)
        if entry.compared is BesideExpert.EXPERT:
            assert agreed(case, step)
        if entry.compared is BesideExpert.COST:
            assert min(points for _, points in step.gains) < 0


def test_each_decision_is_marked_and_each_miss_has_its_reason_one_tap_away(app, page) -> None:
    text = read(app, page)
    right = (BesideExpert.EXPERT, BesideExpert.NO_CHOICE)
    missed = [one for one in page.debrief.timeline if one.compared not in right]
    assert missed
    assert text.count('<details class="why">') == len([one for one in missed if page.said[one.step].would])


def test_feedback_on_a_choice_that_was_not_made_is_never_said_to_the_reader(app, page) -> None:
    case = case_named("tablet")
    play = replay(case, "lithium", 0, ("line-by-line", "enough", "take-her-word", "admit-gap", "keep-lithium"))
    said, look = every_moment(case, play), debrief(case, play, score(case, play))
    text = " ".join(read(app, replace(page, case=case, debrief=look, said=said, chart=None)).split())
    because = [one.because for one in said if one.because and one.why is not MomentReason.WELL]
    assert because
    for words in because:
        plain = str(page.inline(words))
        assert text.count(plain) == text.count(f"Whoever does that reads here: “{plain}”")


def test_after_a_critical_failure_the_banner_leads_with_it_and_not_with_the_end(app, page) -> None:
    case = page.case
    inputs = ["enough", "book"]
    play = replay(case, "no-touch", 0, tuple(inputs))
    while not play.state.ending:
        inputs.append(expert_choice(case, play.state) or options(case, play.state)[0])
        play = replay(case, "no-touch", 0, tuple(inputs))
    look = debrief(case, play, score(case, play))
    assert look.result.failures
    assert verdict_on(look).startswith("One thing happened that must not; in ")
    banner = read(app, replace(page, debrief=look, said=every_moment(case, play))).split('id="moments"')[0]
    assert look.ending not in banner
    assert "A critical failure:" in banner
