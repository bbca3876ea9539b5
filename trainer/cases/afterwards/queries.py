"""What was written after a run, how far practice has come, and whether what is kept of runs still holds."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.cases.afterwards.rescore import result_by
from trainer.cases.catalogue import cases_of
from trainer.cases.play.score import RUBRIC
from trainer.cases.runs.mastery import Mastery, mastered
from trainer.cases.runs.models import CaseComment, CaseEnding, CaseNote, CaseRescore, CaseRun
from trainer.cases.runs.queries import events_by_run, played_by_enrolment, run_under_examination
from trainer.cases.runs.words import EventKind
from trainer.cases.script.values import Case
from trainer.enrolment.models import Enrolment
from trainer.enrolment.queries import release_with
from trainer.errors import TrainerError

_AT_ONCE = 500
"""So many runs are read at a time, so that memory does not grow with the years."""


@dataclass(frozen=True)
class SharedNote:
    """A note that a trainee shows to their supervisor."""

    enrolment_id: str
    name: str
    case: str
    number: int
    text: str
    at: datetime


@dataclass(frozen=True)
class OwnNote:
    """A note of one's own after a run, as it stands now."""

    run_id: str
    case: str
    number: int
    text: str
    shared: bool
    at: datetime


def note_of(session: Session, *, run_id: str) -> CaseNote | None:
    """Return the note of a run as it stands now."""
    return session.scalar(select(CaseNote).where(CaseNote.run_id == run_id).order_by(CaseNote.seq.desc()).limit(1))


def comments_of(session: Session, *, run_id: str) -> Sequence[CaseComment]:
    """Return what a trainee has told the authors after a run, the earliest first."""
    return session.scalars(
        select(CaseComment).where(CaseComment.run_id == run_id).order_by(CaseComment.at, CaseComment.id)
    ).all()


def shared_notes(
    session: Session, *, programmes: Iterable[str], enrolment_id: str | None = None
) -> Sequence[SharedNote]:
    """Return the notes that are shared at this moment, the newest first.

    Args:
        programmes: those in which the reader supervises or directs.
        enrolment_id: only this person's.
    """
    newest = _newest()
    query = (
        select(CaseNote, CaseRun, Enrolment, Person)
        .join(newest, (newest.c.run_id == CaseNote.run_id) & (newest.c.seq == CaseNote.seq))
        .join(CaseRun, CaseRun.id == CaseNote.run_id)
        .join(Enrolment, Enrolment.id == CaseRun.enrolment_id)
        .join(Person, Person.id == CaseRun.person_id)
        .where(CaseNote.shared, Enrolment.programme.in_(list(programmes)))
        .order_by(CaseNote.at.desc(), CaseNote.run_id)
    )
    if enrolment_id is not None:
        query = query.where(Enrolment.id == enrolment_id)
    return [
        SharedNote(enrolment.id, person.name, _title(session, run), run.number, note.text, note.at)
        for note, run, enrolment, person in session.execute(query)
    ]


def own_notes(session: Session, *, enrolment: Enrolment) -> Sequence[OwnNote]:
    """Return somebody's own notes, the newest first; not of a case in which they are being examined now."""
    newest = _newest()
    query = (
        select(CaseNote, CaseRun)
        .join(newest, (newest.c.run_id == CaseNote.run_id) & (newest.c.seq == CaseNote.seq))
        .join(CaseRun, CaseRun.id == CaseNote.run_id)
        .where(CaseRun.enrolment_id == enrolment.id, CaseNote.text != "")
        .order_by(CaseNote.at.desc(), CaseNote.run_id)
    )
    found = session.execute(query).all()
    slugs = {run.case_slug for _, run in found}
    closed = {slug for slug in slugs if run_under_examination(session, person_id=enrolment.person_id, slug=slug)}
    return [
        OwnNote(run.id, _title(session, run), run.number, note.text, note.shared, note.at)
        for note, run in found
        if run.case_slug not in closed
    ]


def _newest() -> Subquery:
    return select(CaseNote.run_id, func.max(CaseNote.seq).label("seq")).group_by(CaseNote.run_id).subquery()


def _title(session: Session, run: CaseRun) -> str:
    case = cases_of(release_with(session, run.release_hash)).get(run.case_slug)
    return case.title if case else run.case_slug


def mastery_of(session: Session, *, enrolment_id: str, case: Case) -> Mastery:
    """Say how far somebody's practice of this exact text has come; a pass by a later score counts too."""
    played = played_by_enrolment(session, enrolment_ids=[enrolment_id]).get(enrolment_id, {}).get(case.slug, ())
    return mastered([run for run in played if run.case_hash == case.hash], case.variants)


def later_scores(session: Session, *, run_ids: Collection[str]) -> Mapping[str, Sequence[CaseRescore]]:
    """Return the later scores of these runs, by run, the earliest first."""
    query = select(CaseRescore).where(CaseRescore.run_id.in_(list(run_ids)))
    found: dict[str, list[CaseRescore]] = defaultdict(list)
    for rescore in session.scalars(query.order_by(CaseRescore.at, CaseRescore.id)):
        found[rescore.run_id].append(rescore)
    return found


def passed_cases(session: Session, *, enrolment_id: str) -> frozenset[str]:
    """Return the slugs of the cases that somebody has passed in any version."""
    played = played_by_enrolment(session, enrolment_ids=[enrolment_id]).get(enrolment_id, {})
    return frozenset(slug for slug, runs in played.items() if any(run.passed for run in runs))


@dataclass(frozen=True)
class Compared:
    """A run, and how its stored result differs from what its transcript gives now; "" when it is the same."""

    run_id: str
    case: str
    why: str


def compared(session: Session) -> Iterator[Compared]:
    """Score every ended run again from its transcript, in its own text, and compare with what is stored."""
    for run, ending, inputs in _ended(session):
        yield Compared(run.id, run.case_slug, _difference(session, run, ending, inputs))


def _ended(session: Session) -> Iterator[tuple[CaseRun, CaseEnding, Sequence[str]]]:
    """Yield every ended run with its choices, some hundreds at a time."""
    last = ""
    query = select(CaseRun, CaseEnding).join(CaseEnding, CaseEnding.run_id == CaseRun.id).order_by(CaseRun.id)
    while rows := session.execute(query.where(CaseRun.id > last).limit(_AT_ONCE)).all():
        events = events_by_run(session, runs=[run.id for run, _ in rows], kinds=(EventKind.CHOICE,))
        for run, ending in rows:
            yield run, ending, [event.value for event in events.get(run.id, ())]
        last = rows[-1][0].id
        session.expunge_all()


def _difference(session: Session, run: CaseRun, ending: CaseEnding, inputs: Sequence[str]) -> str:
    if ending.rubric != RUBRIC:
        return f"it was scored by rubric {ending.rubric}, and this is rubric {RUBRIC}."
    try:
        case = cases_of(release_with(session, run.release_hash))[run.case_slug]
        result = result_by(case, variant=run.variant, seed=run.seed, inputs=inputs)
    except TrainerError as error:
        return f"it cannot be played again. {error}"
    except KeyError:
        return "its case is no longer understood in its release."
    before, now = (json.dumps(plain, sort_keys=True) for plain in (ending.result, result.plain()))
    if before != now:
        return f"stored {before}, now {now}."
    if (ending.passed, ending.ending) != (result.passed, result.ending):
        return "what stands beside the result is not what stands in it."
    return ""
