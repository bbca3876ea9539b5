"""What counts towards a certificate: for every kind of leaf and every record, what is on record, and the next step."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from markupsafe import Markup

from tests.written.conftest import a_task
from trainer.authoring.release import Release
from trainer.cases.runs.mastery import EndedRun
from trainer.cases.runs.walk import DebriefWalk
from trainer.cases.runs.words import Pace
from trainer.cases.script.values import Case, CasePreface, ReviewStatus, Variant
from trainer.chances.granted import GrantedChance
from trainer.curriculum.study.progress import ReadSoFar
from trainer.curriculum.values import Attestation, Course, Lesson, Module, Readiness
from trainer.examinations.blueprint import Blueprint
from trainer.examinations.outcome import Outcome, Sat
from trainer.items.values import Level
from trainer.quizzes.tries import SentAttempt
from trainer.quizzes.values import Bank
from trainer.requirements.catalogue import Catalogue
from trainer.requirements.rules import (
    Group,
    LeafRecord,
    RequirementKind,
    RequirementLeaf,
    proof_as_json,
    prove_requirement,
)
from trainer.requirements.standing import EMPTY_RECORD, Record, leaf_record
from trainer.windows.opening import Window
from trainer.written.answers import SentAnswer

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
SIGNED = frozenset({"text-of-tablet", "text-of-touch", "text-of-old"})


def lesson(slug: str) -> Lesson:
    return Lesson(
        module="ethics",
        slug=slug,
        title=f"On {slug}",
        minutes=20,
        objectives=(),
        readiness=Readiness.SOLID,
        html=Markup(),
        headings=(),
        references=(),
        terms=(),
        checks=(),
        words=0,
        path="",
        hash=slug,
    )


def module(slug: str, *lessons: str) -> Module:
    return Module(
        slug=slug,
        number=1,
        title=slug,
        minutes=20 * len(lessons),
        objectives={},
        competencies=(),
        topics=(),
        sources=(),
        readiness=Readiness.SOLID,
        reviewed=(),
        intro_html=Markup(),
        references=(),
        terms=(),
        lessons=tuple(map(lesson, lessons)),
        path="",
        hash=slug,
    )


def case(slug: str, status: ReviewStatus = ReviewStatus.LIVE, marks: tuple[int, ...] = (3,)) -> Case:
    """A case in two variants; marked lines have still to be reviewed."""
    return Case(
        path=f"cases/{slug}/en.md",
        head=CasePreface(slug=slug, title=slug, status=status, variants=(Variant("calm", 1), Variant("afraid", 2))),
        chapters=(),
        duties=(),
        must_nots=(),
        endings=(),
        sources=(),
        hash=f"text-of-{slug}",
        marks=marks,
        lines={},
    )


BANK = Bank(
    slug="ethics",
    title="Ethics",
    serve=12,
    pass_share=Fraction(4, 5),
    attempts=3,
    wait=DAY,
    minutes=None,
    blueprint={Level.KNOW: 12},
    critical=None,
    items=(),
)
EXAM = Blueprint(
    slug="judgement",
    title="Judgement",
    summary="",
    cases=2,
    warm_up=1,
    cut=70,
    attempts=2,
    pace=Pace.CALM,
    phases={},
    competencies={},
    risk=0,
)
CODE = Attestation(slug="code", title="The code of ethics", version="2", html=Markup(), hash="version-2")
CATALOGUE = Catalogue(
    release=Release(hash="r", files={}),
    course=Course(
        modules=(module("ethics", "consent", "touch", "money"), module("empty")),
        references={},
        glossary={},
        competencies={},
        crosswalks={},
        attestations={"code": CODE},
    ),
    banks={"ethics": BANK},
    cases={slug: case(slug) for slug in ("tablet", "touch", "old", "new")},
    exams={"judgement": EXAM},
    knowledge_exams={},
    programmes={},
    written={"coffee": a_task()},
)


def record(**parts: Mapping[str, object]) -> Record:
    return Record(**{**{name: {} for name in ("read", "sent", "played", "sat", "texts")}, **parts})


def stands(leaf: RequirementLeaf, on_record: Record, signed: frozenset[str] = SIGNED) -> LeafRecord:
    return leaf_record(leaf, CATALOGUE, on_record, signed, NOW)


def met(leaf: RequirementLeaf, standing: LeafRecord) -> bool:
    return prove_requirement(leaf, {(leaf.kind, leaf.slug): standing}).met


# --- reading -------------------------------------------------------------------------------------

MODULE = RequirementLeaf(kind=RequirementKind.MODULE, slug="ethics", title="Ethics")


def read(*lessons: str) -> Record:
    return record(read={"ethics": ReadSoFar(frozenset(lessons), NOW - HOUR)})


@pytest.mark.parametrize(
    ("on_record", "expected"),
    [
        (EMPTY_RECORD, LeafRecord(done=0, whole=3, evidence="0 of 3 lessons read.", step="Read “On consent”.")),
        (read("consent"), LeafRecord(done=1, whole=3, evidence="1 of 3 lessons read.", step="Read “On touch”.")),
        (read("touch"), LeafRecord(done=1, whole=3, evidence="1 of 3 lessons read.", step="Read “On consent”.")),
        (
            read("consent", "touch"),
            LeafRecord(done=2, whole=3, evidence="2 of 3 lessons read.", step="Read “On money”."),
        ),
        (
            read("consent", "touch", "money"),
            LeafRecord(done=3, whole=3, evidence="3 of 3 lessons read.", at=NOW - HOUR),
        ),
        (
            read("consent", "touch", "a-lesson-of-an-older-release"),
            LeafRecord(done=2, whole=3, evidence="2 of 3 lessons read.", step="Read “On money”."),
        ),
    ],
)
def test_a_module_is_done_when_its_last_lesson_has_been_read(on_record: Record, expected: LeafRecord) -> None:
    assert stands(MODULE, on_record) == expected
    assert met(MODULE, expected) is (expected.done == 3)


def test_a_module_that_is_not_in_the_release_stops_and_says_so() -> None:
    gone = RequirementLeaf(kind=RequirementKind.MODULE, slug="gone", title="Gone")
    standing = stands(gone, record(read={"gone": ReadSoFar(frozenset({"consent"}), NOW)}))
    blocked = "Its text cannot be read in your release of the content. Please tell your programme director."
    assert standing == LeafRecord(done=0, whole=1, evidence="", blocked=blocked)
    assert not met(gone, standing)


@pytest.mark.parametrize("kind", RequirementKind)
def test_nothing_whose_text_cannot_be_read_is_ever_met(kind: RequirementKind) -> None:
    gone = RequirementLeaf(kind=kind, slug="gone", title="Gone")
    assert stands(gone, EMPTY_RECORD).blocked
    assert not met(gone, stands(gone, EMPTY_RECORD))


def test_a_module_without_a_lesson_is_never_met() -> None:
    empty = RequirementLeaf(kind=RequirementKind.MODULE, slug="empty", title="Empty")
    assert not met(empty, stands(empty, EMPTY_RECORD))


# --- quizzes -------------------------------------------------------------------------------------

QUIZ = RequirementLeaf(kind=RequirementKind.QUIZ, slug="ethics", title="Ethics")


def sent(
    number: int, points: int, *, passed: bool = False, critical: int = 0, at: datetime = NOW - HOUR
) -> SentAttempt:
    return SentAttempt(
        attempt_id=f"a{number}",
        number=number,
        credit=Fraction(points),
        out_of=12,
        passed=passed,
        failed_critical=critical,
        submitted_at=at,
    )


@pytest.mark.parametrize(
    ("tries", "expected"),
    [
        ((), LeafRecord(done=0, whole=1, evidence="Not tried yet.", step="Answer 12 questions.")),
        (
            (sent(1, 9),),
            LeafRecord(
                done=0,
                whole=1,
                evidence="Best try: 9 of 12 points.",
                step="Read again, then try again: 2 tries left.",
                not_before=NOW - HOUR + DAY,
                tries_left=2,
            ),
        ),
        (
            (sent(1, 9, at=NOW - 3 * DAY), sent(2, 8, at=NOW - DAY)),
            LeafRecord(
                done=0,
                whole=1,
                evidence="Best try: 9 of 12 points.",
                step="Read again, then try again: 1 try left.",
                tries_left=1,
            ),
        ),
        (
            (sent(1, 11, critical=1, at=NOW - DAY),),
            LeafRecord(
                done=0,
                whole=1,
                evidence="Best try: 11 of 12 points and a critical question wrong.",
                step="Read again, then try again: 2 tries left.",
                unsafe=True,
                tries_left=2,
            ),
        ),
        (
            (sent(1, 7, at=NOW - 3 * DAY), sent(2, 8, at=NOW - 2 * DAY), sent(3, 9)),
            LeafRecord(
                done=0,
                whole=1,
                evidence="Best try: 9 of 12 points.",
                blocked="All tries are used; a programme director decides about the next step.",
                stuck=True,
                since=NOW - HOUR,
            ),
        ),
        (
            (sent(1, 12, critical=1, at=NOW - DAY), sent(2, 10, passed=True)),
            LeafRecord(done=1, whole=1, evidence="Passed with 10 of 12 points.", at=NOW - HOUR),
        ),
        (
            (sent(1, 3, at=NOW - 9 * DAY), sent(2, 4, at=NOW - 5 * DAY), sent(3, 10, passed=True)),
            LeafRecord(done=1, whole=1, evidence="Passed with 10 of 12 points.", at=NOW - HOUR),
        ),
    ],
)
def test_a_quiz_is_done_when_a_try_has_passed(tries: tuple[SentAttempt, ...], expected: LeafRecord) -> None:
    assert stands(QUIZ, record(sent={"ethics": tries})) == expected
    assert met(QUIZ, expected) is (expected.done == 1)


ELSEWHERE = (sent(1, 5, at=NOW - 9 * DAY), sent(2, 6, at=NOW - 8 * DAY))


@pytest.mark.parametrize(
    ("here", "elsewhere", "expected"),
    [
        (
            (),
            ELSEWHERE[:1],
            LeafRecord(
                done=0,
                whole=1,
                evidence="Not tried at this place. 1 try at another place in this programme counts as well.",
                step="Read again, then try again: 2 tries left.",
                tries_left=2,
            ),
        ),
        (
            (sent(1, 9, at=NOW - 2 * DAY),),
            ELSEWHERE[:1],
            LeafRecord(
                done=0,
                whole=1,
                evidence="Best try: 9 of 12 points. 1 try at another place in this programme counts as well.",
                step="Read again, then try again: 1 try left.",
                tries_left=1,
            ),
        ),
        (
            (sent(1, 9, at=NOW - 2 * DAY),),
            ELSEWHERE,
            LeafRecord(
                done=0,
                whole=1,
                evidence="Best try: 9 of 12 points. 2 tries at another place in this programme count as well.",
                blocked="All tries are used; a programme director decides about the next step.",
                stuck=True,
                since=NOW - 2 * DAY,
            ),
        ),
    ],
)
def test_tries_at_another_place_in_the_programme_count_on(here, elsewhere, expected: LeafRecord) -> None:
    on_record = record(sent={"ethics": here} if here else {}, sent_elsewhere={"ethics": elsewhere})
    assert stands(QUIZ, on_record) == expected
    assert on_record.touches(QUIZ)
    assert not record().touches(QUIZ)


@pytest.mark.parametrize(("since", "waits"), [(DAY - MOMENT, True), (DAY, False)])
def test_the_next_try_waits_until_the_very_moment(since: timedelta, waits: bool) -> None:
    standing = stands(QUIZ, record(sent={"ethics": (sent(1, 9, at=NOW - since),)}))
    assert standing.not_before == (NOW + MOMENT if waits else None)


def granted(leaf: RequirementLeaf, *, further: int = 1, **said: object) -> GrantedChance:
    about = {"id": "g", "proposer": "d", "number": 1, "kind": leaf.kind.value, "slug": leaf.slug, "further": further}
    told = {"plan": "", "not_before": None, "reason": "she was ill", "by": ("Dana Rivers",), "at": NOW, "holds": True}
    return GrantedChance(**{**about, **told, **said})


ALL_USED = (sent(1, 7, at=NOW - 9 * DAY), sent(2, 8, at=NOW - 8 * DAY), sent(3, 9, at=NOW - 7 * DAY))


def test_whoever_is_granted_one_more_try_has_one_and_reads_who_granted_it_and_why() -> None:
    standing = stands(QUIZ, record(sent={"ethics": ALL_USED}, granted=[granted(QUIZ)]))
    assert (standing.stuck, standing.blocked, standing.met) == (False, "", False)
    assert standing.step == "Read again, then try again: 1 try left."
    assert "Dana Rivers granted one more try on 1 March 2026, 12:00 UTC because: she was ill." in standing.evidence
    again = (*ALL_USED, sent(4, 9, at=NOW - DAY))
    assert stands(QUIZ, record(sent={"ethics": again}, granted=[granted(QUIZ)])).stuck


@pytest.mark.parametrize(("opens", "waits"), [(NOW + MOMENT, True), (NOW, False)])
def test_a_learning_plan_holds_the_granted_try_back_until_its_day(opens: datetime, waits: bool) -> None:
    plan = granted(QUIZ, plan="read module 2", not_before=opens)
    standing = stands(QUIZ, record(sent={"ethics": ALL_USED}, granted=[plan]))
    assert standing.not_before == (opens if waits else None)
    assert "Before the next try: read module 2." in standing.evidence


def test_what_is_waived_is_met_and_says_who_waived_it() -> None:
    waiver = granted(QUIZ, further=0, by=("Dana Rivers", "Ester Lund"))
    standing = stands(QUIZ, record(sent={"ethics": ALL_USED}, granted=[waiver]))
    assert met(QUIZ, standing)
    assert standing.waived
    assert standing.evidence == "Waived by Dana Rivers and Ester Lund on 1 March 2026, 12:00 UTC because: she was ill."
    assert proof_as_json(prove_requirement(QUIZ, {(RequirementKind.QUIZ, "ethics"): standing}))["waived"] is True


def test_a_waiver_is_dated_and_takes_nothing_from_what_was_done() -> None:
    waiver = granted(QUIZ, further=0, at=NOW - HOUR)
    assert stands(QUIZ, record(granted=[waiver])).at == NOW - HOUR
    passed = stands(QUIZ, record(sent={"ethics": (sent(1, 11, passed=True),)}, granted=[waiver]))
    assert (passed.waived, passed.evidence) == (False, "Passed with 11 of 12 points.")
    assert stands(QUIZ, record(sent={"ethics": ALL_USED})).waived is False


def test_what_was_decided_about_somebody_who_has_not_begun_is_on_record_too() -> None:
    assert record(granted=[granted(QUIZ)]).touches(QUIZ)
    assert not record(granted=[granted(QUIZ)]).touches(
        RequirementLeaf(kind=RequirementKind.QUIZ, slug="consent", title="Consent")
    )


@pytest.mark.parametrize("wrong", [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)])
@pytest.mark.parametrize("used", [2, 3])
def test_a_critical_mistake_in_any_try_stays_one(wrong: tuple[int, ...], used: int) -> None:
    history = tuple(sent(n, 9, critical=critical, at=NOW - DAY) for n, critical in enumerate(wrong[:used], start=1))
    standing = stands(QUIZ, record(sent={"ethics": history}))
    assert standing.unsafe is any(wrong[:used])
    assert prove_requirement(QUIZ, {(RequirementKind.QUIZ, "ethics"): standing}).waivable is not any(wrong[:used])


def test_a_waiver_that_waits_for_the_second_director_waives_nothing() -> None:
    waiver = granted(QUIZ, further=0, holds=False)
    assert stands(QUIZ, record(sent={"ethics": ALL_USED}, granted=[waiver])).stuck


def test_a_chance_about_one_quiz_changes_nothing_about_another() -> None:
    other = RequirementLeaf(kind=RequirementKind.QUIZ, slug="consent", title="Consent")
    assert stands(QUIZ, record(sent={"ethics": ALL_USED}, granted=[granted(other, further=0)])).stuck


@pytest.mark.parametrize(
    ("kind", "unsafe", "may"),
    [
        (RequirementKind.MODULE, False, True),
        (RequirementKind.CASE, False, True),
        (RequirementKind.QUIZ, False, True),
        (RequirementKind.QUIZ, True, False),
        (RequirementKind.WRITTEN, False, True),
        (RequirementKind.WRITTEN, True, False),
        (RequirementKind.EXAM, False, False),
        (RequirementKind.ATTESTATION, False, False),
    ],
)
def test_an_examination_a_promise_and_a_critical_mistake_are_never_waived(
    kind: RequirementKind, unsafe: bool, may: bool
) -> None:
    leaf = RequirementLeaf(kind=kind, slug="x", title="X")
    proof = prove_requirement(leaf, {(kind, "x"): LeafRecord(done=0, whole=1, evidence="", unsafe=unsafe)})
    assert proof.waivable is may
    assert not prove_requirement(leaf, {(kind, "x"): LeafRecord(done=1, whole=1, evidence="", unsafe=unsafe)}).waivable


def test_what_somebody_is_stuck_at_is_named_although_there_is_something_else_to_do() -> None:
    stuck = stands(QUIZ, record(sent={"ethics": ALL_USED}))
    both = Group(title="All", needed=2, parts=(QUIZ, MODULE))
    proof = prove_requirement(
        both,
        {(RequirementKind.QUIZ, "ethics"): stuck, (RequirementKind.MODULE, "ethics"): stands(MODULE, EMPTY_RECORD)},
    )
    assert [leaf.title for leaf in proof.stuck_leaves()] == ["Ethics"]
    assert proof.next_leaf() is not None


def test_another_quiz_that_was_passed_does_not_count_here() -> None:
    assert stands(QUIZ, record(sent={"touch": (sent(1, 12, passed=True),)})).done == 0


# --- cases ---------------------------------------------------------------------------------------

CASE = RequirementLeaf(kind=RequirementKind.CASE, slug="tablet", title="The tablet")
TWICE = RequirementLeaf(kind=RequirementKind.CASE, slug="tablet", title="The tablet", variants=2)
AGAIN = "Play it again; it will not be quite the same."


def run(variant: str = "calm", *, passed: bool = True, text: str = "text-of-tablet", at: datetime = NOW) -> EndedRun:
    return EndedRun(case="tablet", case_hash=text, variant=variant, passed=passed, ended_at=at)


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ((), LeafRecord(done=0, whole=1, evidence="Not played yet.", step="Play the case and pass it.")),
        (
            (run(passed=False),),
            LeafRecord(done=0, whole=1, evidence="Played once, not passed yet.", step=AGAIN),
        ),
        (
            (run(passed=False), run("afraid", passed=False)),
            LeafRecord(done=0, whole=1, evidence="Played 2 times, not passed yet.", step=AGAIN),
        ),
        (
            (run(text="an-older-text"),),
            LeafRecord(done=0, whole=1, evidence="Played once, not passed yet.", step=AGAIN),
        ),
        (
            (run(text="an-older-text"), run(passed=False)),
            LeafRecord(done=0, whole=1, evidence="Played 2 times, not passed yet.", step=AGAIN),
        ),
        ((run(),), LeafRecord(done=1, whole=1, evidence="Passed.", at=NOW)),
        (
            (run(passed=False, at=NOW - DAY), run(at=NOW - HOUR), run("afraid", passed=False, at=NOW)),
            LeafRecord(done=1, whole=1, evidence="Passed.", at=NOW - HOUR),
        ),
        (
            (run(at=NOW - HOUR), run("afraid", at=NOW)),
            LeafRecord(done=1, whole=1, evidence="Passed.", at=NOW),
        ),
    ],
)
def test_a_case_is_done_when_this_very_text_was_passed(runs: tuple[EndedRun, ...], expected: LeafRecord) -> None:
    assert stands(CASE, record(played={"tablet": runs})) == expected
    assert met(CASE, expected) is (expected.done == 1)


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ((), LeafRecord(done=0, whole=2, evidence="Not played yet.", step="Play the case and pass it.")),
        ((run(at=NOW),), LeafRecord(done=1, whole=2, evidence="Passed in 1 of 2 versions.", step=AGAIN, at=NOW)),
        (
            (run(at=NOW - HOUR), run(at=NOW)),
            LeafRecord(done=1, whole=2, evidence="Passed in 1 of 2 versions.", step=AGAIN, at=NOW),
        ),
        (
            (run(at=NOW - HOUR), run("afraid", passed=False)),
            LeafRecord(done=1, whole=2, evidence="Passed in 1 of 2 versions.", step=AGAIN, at=NOW - HOUR),
        ),
        (
            (run(at=NOW - HOUR), run("afraid", text="an-older-text")),
            LeafRecord(done=1, whole=2, evidence="Passed in 1 of 2 versions.", step=AGAIN, at=NOW - HOUR),
        ),
        (
            (run(at=NOW), run("afraid", at=NOW - HOUR)),
            LeafRecord(done=2, whole=2, evidence="Passed in 2 of 2 versions.", at=NOW),
        ),
        (
            (run(at=NOW - 2 * HOUR), run("afraid", at=NOW - HOUR), run("a third", at=NOW)),
            LeafRecord(done=2, whole=2, evidence="Passed in 2 of 2 versions.", at=NOW),
        ),
    ],
)
def test_where_two_variants_are_asked_for_two_different_ones_count(
    runs: tuple[EndedRun, ...], expected: LeafRecord
) -> None:
    assert stands(TWICE, record(played={"tablet": runs})) == expected
    assert met(TWICE, expected) is (expected.done == 2)


DEBRIEFED = replace(CASE, debrief=True)
TWICE_DEBRIEFED = replace(TWICE, debrief=True)
GO_THROUGH = "Go through the debrief, moment by moment. Then it counts."


def walked(gone: int, variant: str = "calm", at: datetime = NOW, **about: object) -> EndedRun:
    """A run whose debrief has nine moments, the last of those so far gone through a minute after its end."""
    walk = DebriefWalk(gone=gone, whole=9, at=at + MINUTE)
    return replace(run(variant, at=at), walk=walk, run_id=f"{variant}-{gone}", **about)


@pytest.mark.parametrize(
    ("leaf", "runs", "expected"),
    [
        (DEBRIEFED, (walked(9),), LeafRecord(done=1, whole=1, evidence="Passed.", at=NOW + MINUTE)),
        (CASE, (walked(4),), LeafRecord(done=1, whole=1, evidence="Passed.", at=NOW)),
        (CASE, (walked(9),), LeafRecord(done=1, whole=1, evidence="Passed.", at=NOW)),
        (
            DEBRIEFED,
            (walked(8),),
            LeafRecord(0, 1, "Passed; 8 of 9 moments of its debrief so far.", GO_THROUGH, run_id="calm-8"),
        ),
        (
            DEBRIEFED,
            (replace(run(), run_id="old"),),
            LeafRecord(0, 1, "Passed; its debrief is not begun.", GO_THROUGH, run_id="old"),
        ),
        (
            DEBRIEFED,
            (walked(4), walked(0, at=NOW + HOUR), walked(0, at=NOW + DAY)),
            LeafRecord(0, 1, "Passed; 4 of 9 moments of its debrief so far.", GO_THROUGH, run_id="calm-4"),
        ),
        (
            DEBRIEFED,
            (walked(0, "afraid"), walked(0, at=NOW + HOUR)),
            LeafRecord(0, 1, "Passed; 0 of 9 moments of its debrief so far.", GO_THROUGH, run_id="calm-0"),
        ),
        (DEBRIEFED, (walked(9, at=NOW - DAY), walked(2)), LeafRecord(1, 1, "Passed.", at=NOW - DAY + MINUTE)),
        (DEBRIEFED, (walked(9), walked(2, "afraid")), LeafRecord(1, 1, "Passed.", at=NOW + MINUTE)),
        (DEBRIEFED, (walked(9, passed=False),), LeafRecord(0, 1, "Played once, not passed yet.", AGAIN)),
        (DEBRIEFED, (walked(9, case_hash="an-older-text"),), LeafRecord(0, 1, "Played once, not passed yet.", AGAIN)),
        (
            TWICE_DEBRIEFED,
            (walked(9), walked(3, "afraid")),
            LeafRecord(
                1,
                2,
                "Passed in 2 of 2 versions, 1 of them debriefed; 3 of 9 moments of the next debrief so far.",
                GO_THROUGH,
                run_id="afraid-3",
            ),
        ),
        (
            TWICE_DEBRIEFED,
            (walked(0), walked(0, "afraid"), walked(0, "a third")),
            LeafRecord(
                0,
                2,
                "Passed in 2 of 2 versions, 0 of them debriefed; 0 of 9 moments of the next debrief so far.",
                GO_THROUGH,
                run_id="calm-0",
            ),
        ),
        (
            DEBRIEFED,
            (walked(0), replace(run(at=NOW + HOUR), run_id="old")),
            LeafRecord(0, 1, "Passed; its debrief is not begun.", GO_THROUGH, run_id="old"),
        ),
        (
            DEBRIEFED,
            (walked(1), replace(run(at=NOW + HOUR), run_id="old")),
            LeafRecord(0, 1, "Passed; 1 of 9 moments of its debrief so far.", GO_THROUGH, run_id="calm-1"),
        ),
        (
            replace(DEBRIEFED, variants=3),
            (walked(9), replace(run("afraid"), run_id="old")),
            LeafRecord(
                1,
                3,
                "Passed in 2 of 3 versions, 1 of them debriefed; the next debrief is not begun.",
                GO_THROUGH,
                run_id="old",
            ),
        ),
        (
            TWICE_DEBRIEFED,
            (walked(9), walked(9)),
            LeafRecord(1, 2, "Passed in 1 of 2 versions.", AGAIN, at=NOW + MINUTE),
        ),
    ],
)
def test_where_the_debrief_is_asked_for_a_pass_counts_once_all_its_moments_were_gone_through(
    leaf: RequirementLeaf, runs: tuple[EndedRun, ...], expected: LeafRecord
) -> None:
    standing = stands(leaf, record(played={"tablet": runs}))
    assert standing == expected
    proof = prove_requirement(leaf, {(leaf.kind, leaf.slug): standing})
    assert (proof.met, proof.run_id) == (expected.done == leaf.variants, expected.run_id)


def test_a_debrief_that_waits_is_told_also_while_the_case_waits_for_a_reviewer() -> None:
    standing = stands(DEBRIEFED, record(played={"tablet": (walked(4),)}), signed=frozenset())
    assert (standing.done, standing.evidence) == (0, "Passed; 4 of 9 moments of its debrief so far.")
    assert "clinical reviewer" in standing.blocked


def test_a_case_that_nobody_has_signed_counts_for_nobody_however_well_it_was_played() -> None:
    standing = stands(CASE, record(played={"tablet": (run(),)}), signed=SIGNED - {"text-of-tablet"})
    blocked = "Waits until a clinical reviewer has signed this case. You can play it already."
    assert standing == LeafRecord(done=1, whole=1, evidence="Passed.", blocked=blocked)
    assert not met(CASE, standing)


def test_another_case_that_was_passed_does_not_count_here() -> None:
    assert stands(CASE, record(played={"touch": (run(),)})).done == 0


def test_an_examination_of_questions_stands_like_a_quiz() -> None:
    final = RequirementLeaf(kind=RequirementKind.EXAM, slug="final", title="Final")
    catalogue = replace(CATALOGUE, knowledge_exams={"final": replace(BANK, slug="final")})
    assert leaf_record(final, catalogue, EMPTY_RECORD, SIGNED, NOW).step == "Answer 12 questions."
    assert record(sent={"final": ()}).touches(final)
    assert not record(sent={"ethics": ()}).touches(final)


# --- examinations --------------------------------------------------------------------------------

JUDGEMENT = RequirementLeaf(kind=RequirementKind.EXAM, slug="judgement", title="Judgement")
LOOKED_AT = "An examiner reads this sitting before it is decided. That is usual, and you need to do nothing."
USED_UP = "All sittings are used; a talk with a programme director and a learning plan come next."


def sat(number: int, outcome: Outcome, at: datetime | None = None, played: int = 3, paused: int = 0) -> Sat:
    return Sat(number=number, outcome=outcome, at=at, played=played, whole=3, paused=paused)


FAILED = sat(1, Outcome.FAILED, NOW - DAY)


@pytest.mark.parametrize(
    ("sittings", "expected"),
    [
        ((), LeafRecord(done=0, whole=1, evidence="Not sat yet.", step="Play the 3 cases of a sitting.")),
        (
            (sat(1, Outcome.UNDER_WAY, played=1),),
            LeafRecord(done=0, whole=1, evidence="Sitting 1: 1 of 3 cases played.", step="Play the next case."),
        ),
        (
            (replace(sat(1, Outcome.LOOKED_AT), waits_since=NOW - DAY),),
            LeafRecord(done=0, whole=1, evidence="Sitting 1: every case played.", blocked=LOOKED_AT, since=NOW - DAY),
        ),
        (
            (FAILED,),
            LeafRecord(
                done=0, whole=1, evidence="Sitting 1 was not passed.", step="Read its debriefs, then sit it again."
            ),
        ),
        (
            (FAILED, sat(2, Outcome.UNDER_WAY, played=2)),
            LeafRecord(done=0, whole=1, evidence="Sitting 2: 2 of 3 cases played.", step="Play the next case."),
        ),
        (
            (FAILED, sat(2, Outcome.FAILED, NOW)),
            LeafRecord(done=0, whole=1, evidence="Sitting 2 was not passed.", blocked=USED_UP, stuck=True, since=NOW),
        ),
        (
            (sat(1, Outcome.PASSED, NOW - HOUR),),
            LeafRecord(done=1, whole=1, evidence="Passed in sitting 1.", at=NOW - HOUR),
        ),
        (
            (FAILED, sat(2, Outcome.PASSED, NOW)),
            LeafRecord(done=1, whole=1, evidence="Passed in sitting 2.", at=NOW),
        ),
        (
            (FAILED, sat(2, Outcome.PASSED, NOW, paused=1)),
            LeafRecord(done=1, whole=1, evidence="Passed in sitting 2, its clock stopped by 1 pause.", at=NOW),
        ),
        (
            (sat(1, Outcome.PASSED, NOW, paused=2),),
            LeafRecord(done=1, whole=1, evidence="Passed in sitting 1, its clock stopped by 2 pauses.", at=NOW),
        ),
    ],
)
def test_an_examination_is_done_when_its_newest_decided_sitting_was_passed(
    sittings: tuple[Sat, ...], expected: LeafRecord
) -> None:
    assert stands(JUDGEMENT, record(sat={"judgement": sittings})) == expected
    assert met(JUDGEMENT, expected) is (expected.done == 1)


BOTH_FAILED = (FAILED, sat(2, Outcome.FAILED, NOW))
SIT_AGAIN = "Read its debriefs, then sit it again."


@pytest.mark.parametrize(
    ("sittings", "further", "opens", "expected"),
    [
        (BOTH_FAILED, 1, None, (False, SIT_AGAIN, None)),
        (BOTH_FAILED, 1, NOW + MOMENT, (False, SIT_AGAIN, NOW + MOMENT)),
        (BOTH_FAILED, 1, NOW, (False, SIT_AGAIN, None)),
        ((FAILED,), 1, NOW + DAY, (False, SIT_AGAIN, None)),  # a plan is about the sittings that were granted
        ((*BOTH_FAILED, sat(3, Outcome.FAILED, NOW)), 1, None, (True, "", None)),
        ((*BOTH_FAILED, sat(3, Outcome.FAILED, NOW)), 2, NOW + DAY, (False, SIT_AGAIN, NOW + DAY)),
    ],
)
def test_a_further_sitting_can_be_sat_from_the_day_of_its_plan(
    sittings: tuple[Sat, ...], further: int, opens: datetime | None, expected: tuple[bool, str, datetime | None]
) -> None:
    grant = granted(JUDGEMENT, further=further, not_before=opens)
    standing = stands(JUDGEMENT, record(sat={"judgement": sittings}, granted=[grant]))
    assert (standing.stuck, standing.step, standing.not_before) == expected


def test_a_pass_holds_while_a_later_sitting_is_under_way_and_falls_with_a_later_failure() -> None:
    passed = sat(1, Outcome.PASSED, NOW - DAY)
    under_way = stands(JUDGEMENT, record(sat={"judgement": (passed, sat(2, Outcome.UNDER_WAY, played=1))}))
    failed = stands(JUDGEMENT, record(sat={"judgement": (passed, sat(2, Outcome.FAILED, NOW))}))
    assert (under_way.done, under_way.evidence, under_way.at) == (1, "Passed in sitting 1.", NOW - DAY)
    assert (failed.done, failed.blocked) == (0, USED_UP)


@pytest.mark.parametrize(
    ("signed", "expected"),
    [
        (
            frozenset({"text-of-tablet", "text-of-touch"}),
            LeafRecord(
                done=0,
                whole=1,
                evidence="Not sat yet.",
                blocked="Waits until clinical reviewers have signed 3 cases; 2 are signed.",
            ),
        ),
        (SIGNED, LeafRecord(done=0, whole=1, evidence="Not sat yet.", step="Play the 3 cases of a sitting.")),
    ],
)
def test_a_sitting_waits_until_enough_cases_are_signed(signed: frozenset[str], expected: LeafRecord) -> None:
    assert stands(JUDGEMENT, EMPTY_RECORD, signed) == expected


# --- windows for sittings ------------------------------------------------------------------------

FINAL = RequirementLeaf(kind=RequirementKind.EXAM, slug="final", title="Final")
WITH_FINAL = replace(CATALOGUE, knowledge_exams={"final": replace(BANK, slug="final")})
CLOSED = (
    "The last window for sittings closed on 1 March 2026, 12:00 UTC. Please ask your programme director about another "
    "window."
)


def in_window(leaf: RequirementLeaf, on_record: Record, opens: datetime, closes: datetime) -> LeafRecord:
    windows = {leaf.slug: (Window(number=1, opens=opens, closes=closes),)}
    return leaf_record(leaf, WITH_FINAL, on_record, SIGNED, NOW, windows)


@pytest.mark.parametrize("leaf", [FINAL, JUDGEMENT])
def test_before_a_window_it_opens_on_a_day_and_within_it_can_be_worked_on(leaf: RequirementLeaf) -> None:
    ever = leaf_record(leaf, WITH_FINAL, EMPTY_RECORD, SIGNED, NOW)
    assert leaf_record(leaf, WITH_FINAL, EMPTY_RECORD, SIGNED, NOW, {"another": ()}) == ever
    assert in_window(leaf, EMPTY_RECORD, NOW + MOMENT, NOW + DAY) == ever._replace(not_before=NOW + MOMENT)
    until = f"{ever.evidence} The window for sittings is open until 2 March 2026, 12:00 UTC."
    assert in_window(leaf, EMPTY_RECORD, NOW, NOW + DAY) == ever._replace(evidence=until)
    assert in_window(leaf, EMPTY_RECORD, NOW - DAY, NOW) == ever._replace(step="", blocked=CLOSED)


@pytest.mark.parametrize(
    ("leaf", "begun"),
    [
        (FINAL, record(begun=frozenset({"final"}))),
        (JUDGEMENT, record(sat={"judgement": (FAILED, sat(2, Outcome.UNDER_WAY, played=1))})),
    ],
)
def test_who_is_in_the_middle_of_it_is_not_stopped_by_a_window(leaf: RequirementLeaf, begun: Record) -> None:
    assert begun.touches(leaf)
    ever = leaf_record(leaf, WITH_FINAL, begun, SIGNED, NOW)
    assert in_window(leaf, begun, NOW - DAY, NOW) == in_window(leaf, begun, NOW + DAY, NOW + 2 * DAY) == ever


@pytest.mark.parametrize("outcome", [Outcome.PASSED, Outcome.LOOKED_AT])
def test_who_has_nothing_to_begin_hears_nothing_of_windows(outcome: Outcome) -> None:
    done = record(sat={"judgement": (sat(1, outcome, NOW if outcome is Outcome.PASSED else None),)})
    assert in_window(JUDGEMENT, done, NOW - DAY, NOW) == stands(JUDGEMENT, done)


def test_a_further_sitting_waits_for_its_day_and_then_for_a_window() -> None:
    grant = granted(JUDGEMENT, further=1, not_before=NOW + DAY)
    again = record(sat={"judgement": BOTH_FAILED}, granted=[grant])
    assert in_window(JUDGEMENT, again, NOW - DAY, NOW + 2 * DAY).not_before == NOW + DAY
    assert in_window(JUDGEMENT, again, NOW + 2 * DAY, NOW + 3 * DAY).not_before == NOW + 2 * DAY
    shut = in_window(JUDGEMENT, again, NOW - DAY, NOW + DAY)
    assert (shut.not_before, shut.step) == (None, "")
    assert "before you may begin again" in shut.blocked


def test_a_window_is_about_examinations_alone() -> None:
    quiz = RequirementLeaf(kind=RequirementKind.QUIZ, slug="ethics", title="Ethics")
    assert in_window(quiz, EMPTY_RECORD, NOW - DAY, NOW) == stands(quiz, EMPTY_RECORD)


# --- attestations --------------------------------------------------------------------------------

PROMISE = RequirementLeaf(kind=RequirementKind.ATTESTATION, slug="code", title="The code of ethics")
UNSIGNED = LeafRecord(done=0, whole=1, evidence="Not signed yet.", step="Read the text and sign it.")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({}, UNSIGNED),
        ({"code": {"version-1": NOW}}, UNSIGNED),
        ({"another": {"version-2": NOW}}, UNSIGNED),
        ({"code": {"version-2": NOW}}, LeafRecord(done=1, whole=1, evidence="Version 2 signed.", at=NOW)),
        (
            {"code": {"version-1": NOW, "version-2": NOW - DAY}},
            LeafRecord(done=1, whole=1, evidence="Version 2 signed.", at=NOW - DAY),
        ),
    ],
)
def test_a_promise_counts_in_the_version_of_today(texts: Mapping[str, object], expected: LeafRecord) -> None:
    assert stands(PROMISE, record(texts=texts)) == expected
    assert met(PROMISE, expected) is (expected.done == 1)


# --- answers in one's own words -----------------------------------------------------------------

COFFEE = RequirementLeaf(kind=RequirementKind.WRITTEN, slug="coffee", title="A coffee")
TO_SIGN = replace(CATALOGUE, written={"coffee": replace(a_task(), readiness=Readiness.PENDING)})


def version(number: int, holds: bool | None = None, points: int = 0, *, critical: bool = False) -> SentAnswer:
    decided = NOW - DAY + number * HOUR
    return SentAnswer(
        number=number,
        sent_at=NOW - 2 * DAY + number * HOUR,
        holds=holds,
        points=points,
        decided_at=decided,
        failed_critical=critical,
    )


@pytest.mark.parametrize(
    ("sent", "evidence", "step", "blocked", "done"),
    [
        ((), "Not written yet.", "Write your answer and send it.", "", 0),
        (
            (version(1),),
            "Version 1 is sent and waits for a rater.",
            "",
            "A rater reads it, who does not know whose it is. You need to do nothing.",
            0,
        ),
        (
            (version(1, False, 5),),
            "Version 1: 5 of 10 points; not yet.",
            "Read what the rater says, then send a revised version.",
            "",
            0,
        ),
        (
            (version(1, False, 5), version(2)),
            "Version 2 is sent and waits for a rater.",
            "",
            "A rater reads it, who does not know whose it is. You need to do nothing.",
            0,
        ),
        ((version(1, False, 5), version(2, True, 8)), "Version 2: 8 of 10 points; it holds.", "", "", 1),
    ],
)
def test_an_answer_waits_for_a_rater_and_is_revised_until_it_holds(sent, evidence, step, blocked, done) -> None:
    standing = stands(COFFEE, record(written={"coffee": sent}))
    at = NOW - DAY + len(sent) * HOUR if done else None
    since = sent[-1].sent_at if blocked else None
    assert standing == LeafRecord(done=done, whole=1, evidence=evidence, step=step, blocked=blocked, at=at, since=since)
    assert met(COFFEE, standing) is bool(done)


def test_an_answer_to_a_task_that_nobody_signed_counts_for_nothing_until_somebody_does() -> None:
    held = record(written={"coffee": (version(1, True, 8),)})
    waits = leaf_record(COFFEE, TO_SIGN, held, frozenset(), NOW)
    assert waits.blocked == "Waits until a reviewer has signed this task. You can write it already."
    assert (waits.done, waits.whole, met(COFFEE, waits)) == (1, 1, False)
    assert leaf_record(COFFEE, TO_SIGN, record(), frozenset(), NOW).done == 0
    assert met(COFFEE, leaf_record(COFFEE, TO_SIGN, held, frozenset({"h"}), NOW))


@pytest.mark.parametrize("critical", [False, True])
@pytest.mark.parametrize("later", [(), (version(2),), (version(2, False, 5),)])
def test_an_answer_that_failed_a_critical_criterion_is_mended_and_never_waived(critical, later) -> None:
    failed = record(written={"coffee": (version(1, False, 5, critical=critical), *later)})
    for catalogue in (CATALOGUE, TO_SIGN):
        standing = leaf_record(COFFEE, catalogue, failed, frozenset(), NOW)
        assert standing.unsafe is critical
        assert prove_requirement(COFFEE, {(COFFEE.kind, COFFEE.slug): standing}).waivable is not critical
    assert stands(COFFEE, record(granted=[granted(COFFEE, further=0)])).waived


# --- whether anything is on record ---------------------------------------------------------------

PLACES = {
    RequirementKind.MODULE: ("read", MODULE),
    RequirementKind.QUIZ: ("sent", QUIZ),
    RequirementKind.CASE: ("played", CASE),
    RequirementKind.EXAM: ("sat", JUDGEMENT),
    RequirementKind.ATTESTATION: ("texts", PROMISE),
    RequirementKind.WRITTEN: ("written", COFFEE),
}


@pytest.mark.parametrize("kind", RequirementKind)
def test_a_record_touches_only_what_was_worked_on(kind: RequirementKind) -> None:
    part, leaf = PLACES[kind]
    everything_else = {name: {leaf.slug: object()} for name, _ in PLACES.values() if name != part}
    assert record(**{part: {leaf.slug: object()}}).touches(leaf)
    if kind is RequirementKind.EXAM:  # a knowledge examination is sent, and no module has its name
        del everything_else["sent"]
    assert not record(**everything_else, **{part: {"another": object()}}).touches(leaf)
