"""Sit an examination: draw a form once, begin its cases one after the other, keep what they come to."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from math import ceil
from secrets import randbelow

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.cases.play.score import KeptResult
from trainer.cases.runs.models import CaseEnding, CaseRun
from trainer.cases.runs.queries import practised
from trainer.cases.runs.run import Setup
from trainer.cases.runs.services import start_exam_run
from trainer.cases.runs.timing import PAUSES
from trainer.cases.script.values import Case
from trainer.chances.granted import Chances
from trainer.chances.queries import chances_of
from trainer.curriculum.queries import signed_hashes
from trainer.curriculum.study.prerequisites import Outstanding, refuse_until_done
from trainer.db import new_id
from trainer.enrolment.models import Enrolment
from trainer.errors import Broken, Missing, Refused
from trainer.examinations.aggregate import CaseMarks, aggregate
from trainer.examinations.blueprint import Blueprint
from trainer.examinations.candidates import candidates_in, may_count, unreviewed
from trainer.examinations.form import ExamForm, draw_exam
from trainer.examinations.models import Flag, Sitting, SittingCase, SittingResult, SittingRun
from trainer.examinations.outcome import Outcome
from trainer.examinations.queries import (
    SittingPlace,
    SittingRecord,
    ended_and_unsettled,
    is_settled,
    material_of,
    places_of,
    sittings_of,
    standstill_in,
)
from trainer.moments import written
from trainer.windows.opening import Window, opening
from trainer.windows.queries import windows_for

FORMS = 2**31
"""Forms are drawn from so many seeds; 31 bits, so that every database can keep one."""


def start_sitting(
    session: Session,
    *,
    enrolment: Enrolment,
    exam: Blueprint,
    cases: Mapping[str, Case],
    release_hash: str,
    outstanding: Sequence[Outstanding],
    now: datetime,
) -> Sitting:
    """Draw a form and begin a sitting, or go on with the open one: a second click draws nothing.

    Raises:
        Refused: it was passed, is being read, all sittings are used, no window is open, something comes first, or no
            form can be drawn.
    """
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    before = sittings_of(session, enrolment_id=enrolment.id, exam=exam.slug)
    if before and before[-1].outcome is Outcome.UNDER_WAY:
        return before[-1].sitting
    _check_may_begin(session, enrolment, exam, before, now=now)
    refuse_until_done(outstanding)
    seed = randbelow(FORMS)
    form = _drawn(session, enrolment=enrolment, exam=exam, cases=cases, seed=seed, before=before)
    sitting = Sitting(
        id=new_id(),
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        release_hash=release_hash,
        exam=exam.slug,
        number=len(before) + 1,
        form=seed,
        started_at=now,
    )
    session.add(sitting)
    session.flush()  # its cases refer to it; and of two first clicks at once the number's constraint stops one now
    session.add_all(_placed(sitting, form))
    return sitting


def _check_may_begin(
    session: Session, enrolment: Enrolment, exam: Blueprint, before: Sequence[SittingRecord], *, now: datetime
) -> None:
    chances = chances_of(session, enrolment_id=enrolment.id, kind="exam", slug=exam.slug)
    windows = windows_for(session, cohort_id=enrolment.cohort_id, exam=exam.slug)
    if refusal := why_not(exam, before, chances, windows, now=now):
        raise Refused(refusal)


def _placed(sitting: Sitting, form: ExamForm) -> Iterator[SittingCase]:
    """Write a form down, case by case."""
    for position, seat in enumerate(form, start=1):
        yield SittingCase(
            sitting_id=sitting.id,
            position=position,
            case_slug=seat.candidate.slug,
            case_hash=seat.candidate.case_hash,
            variant=seat.candidate.variant,
            seed=seat.candidate.seed,
            warm_up=seat.warm_up,
        )


def why_not(
    exam: Blueprint,
    before: Sequence[SittingRecord],
    chances: Chances,
    windows: Sequence[Window],
    *,
    now: datetime,
) -> str:
    """Say why no further sitting may begin, those that a director granted counted in; empty when one may."""
    if any(sitting.outcome is Outcome.PASSED for sitting in before):
        return "You have passed this examination; there is nothing left to sit."
    if before and before[-1].outcome is Outcome.LOOKED_AT:
        return "An examiner still reads your last sitting. That is usual; please wait for the decision."
    if len(before) >= exam.attempts + chances.further:
        return (
            f"Your {exam.attempts + chances.further} sittings are used. Talk with your programme director; "
            "together you make a learning plan."
        )
    opens = opening(windows, now=now, not_before=chances.not_before if len(before) >= exam.attempts else None)
    if opens.kept_shut:
        return opens.words
    return "" if opens.may_begin else f"The next sitting is possible from {written(opens.since)}."


def _drawn(
    session: Session,
    *,
    enrolment: Enrolment,
    exam: Blueprint,
    cases: Mapping[str, Case],
    seed: int,
    before: Sequence[SittingRecord],
) -> ExamForm:
    signed = signed_hashes(session)
    met = [case for sitting in before for case, _, _ in places_of(session, sitting_id=sitting.sitting.id)]
    try:
        return draw_exam(
            exam,
            candidates_in(may_count(cases, signed)),
            seed,
            before=frozenset((seat.case_slug, seat.variant) for seat in met),
            practised=practised(session, enrolment_id=enrolment.id),
        )
    except Refused as refusal:
        waiting = " ".join(str(case) for case in unreviewed(cases, signed)[:1])
        raise Refused(f"This examination cannot be sat yet. {refusal} {waiting}".strip()) from None


def begin_case(session: Session, *, sitting: Sitting, position: str, now: datetime) -> CaseRun:
    """Begin the case in this place of the form, or go on with it.

    Raises:
        Missing: the form has no such place.
        Refused: an earlier case has not ended.
    """
    session.execute(select(Sitting.id).where(Sitting.id == sitting.id).with_for_update())
    places = places_of(session, sitting_id=sitting.id)
    place, run, _ = place_at(places, position)
    if run is not None:
        return run
    if any(ending is None for case, _, ending in places if case.position < place.position):
        raise Refused("Play the case before this one to its end first.")
    exam, cases = material_of(session, sitting)
    run = start_exam_run(
        session,
        enrolment=session.get_one(Enrolment, sitting.enrolment_id),
        case=cases[place.case_slug],
        release_hash=sitting.release_hash,
        setup=Setup(
            variant=place.variant,
            seed=place.seed,
            pace=exam.pace,
            pauses=max(0, PAUSES - standstill_in(session, places=places, cases=cases, now=now).count),
        ),
        now=now,
    )
    session.add(SittingRun(sitting_id=sitting.id, position=place.position, run_id=run.id))
    return run


def place_at(places: Sequence[SittingPlace], position: str) -> SittingPlace:
    """Return one case of a form by its place, counted from 1.

    Raises:
        Missing: the form has no such place.
    """
    found = next((place for place in places if str(place[0].position) == position), None)
    if found is None:
        raise Missing("There is no such case in this sitting.")
    return found


def settle(session: Session, *, sitting: Sitting, now: datetime) -> None:
    """Raise a flag for every critical failure so far and, when the last case has ended, keep the result. Once.

    The warm-up raises no flag: it is there to find one's feet, and never counts.
    """
    session.execute(select(Sitting.id).where(Sitting.id == sitting.id).with_for_update())
    if is_settled(session, sitting):
        return
    places = places_of(session, sitting_id=sitting.id)
    _raise_flags(session, sitting, places)
    if all(ending is not None for _, _, ending in places):
        exam, cases = material_of(session, sitting)
        came_to = aggregate(
            [_marks(cases[place.case_slug], ending) for place, _, ending in places if ending and not place.warm_up],
            exam.cut,
        )
        paused = standstill_in(session, places=places, cases=cases, now=now)
        result = {**came_to.plain(), "pauses": {"count": paused.count, "seconds": ceil(paused.seconds)}}
        session.add(SittingResult(sitting_id=sitting.id, zone=came_to.zone, result=result, at=now))


def settle_ended(session: Session, *, programmes: frozenset[str], now: datetime) -> None:
    """Settle the sittings whose last case has ended and that their person has not looked at since."""
    for sitting in ended_and_unsettled(session, programmes=programmes):
        with suppress(Broken):  # one that cannot be read holds up no other
            settle(session, sitting=sitting, now=now)


def _raise_flags(session: Session, sitting: Sitting, places: Sequence[SittingPlace]) -> None:
    raised = select(Flag.run_id, Flag.rule).where(Flag.sitting_id == sitting.id)
    known = {(run_id, rule) for run_id, rule in session.execute(raised)}
    session.add_all(
        Flag(id=new_id(), sitting_id=sitting.id, run_id=run.id, rule=rule, raised_at=ending.ended_at)
        for place, run, ending in places
        if run and ending and not place.warm_up
        for rule in KeptResult.read(ending.result).failures
        if (run.id, rule) not in known
    )


def _marks(case: Case, ending: CaseEnding) -> CaseMarks:
    result = KeptResult.read(ending.result)
    return CaseMarks(
        percents={name: percent for name, percent in result.percents.items() if percent is not None},
        needed={competency.name: competency.mark for competency in case.head.competencies},
        duties=tuple(result.duties.values()),
    )
