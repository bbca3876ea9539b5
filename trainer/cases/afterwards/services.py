"""What is written after a run: a note for oneself, a word to the authors; and how far practice has come."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.cases.afterwards.versions import settled
from trainer.cases.catalogue import cases_of
from trainer.cases.runs.mastery import Mastery, mastered
from trainer.cases.runs.models import CaseComment, CaseNote, CaseRescore, CaseRun
from trainer.cases.runs.queries import run_under_examination
from trainer.cases.runs.services import ended_runs
from trainer.cases.script.values import Case
from trainer.db import new_id
from trainer.enrolment.models import Enrolment
from trainer.enrolment.queries import release_with
from trainer.errors import Stale

LONGEST = 2000
"""Characters of a note or a comment."""


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


def keep_note(
    session: Session, *, run: CaseRun, text: str, shared: bool, now: datetime, seen: int | None = None
) -> None:
    """Keep a new version of the note; one that says the same as the last is not kept again.

    Args:
        seen: the number of the version that the page had shown, 0 for none; None where it does not say.

    Raises:
        Stale: the note was changed on this page and on another one meanwhile. What stands is kept.
    """
    _hold(session, run)
    last = note_of(session, run_id=run.id)
    known = last if seen is None else session.get(CaseNote, (run.id, seen))
    (stands, is_shared), (shown, was_shared) = _says(last), _says(known)
    words = settled(stands, shown=shown, here=text.strip()[:LONGEST])
    if words is None:
        raise Stale(
            "This note was changed on another page while this one was open. Both stand here, and yours is not kept "
            "yet: make one note of the two, or of the one that you mean, and keep it."
        )
    shares = bool(words) and (is_shared if shared is was_shared else shared)
    if (words, shares) == (stands, is_shared):
        return
    session.add(CaseNote(run_id=run.id, seq=last.seq + 1 if last else 1, text=words, shared=shares, at=now))
    session.flush()


def _says(note: CaseNote | None) -> tuple[str, bool]:
    return (note.text, note.shared) if note else ("", False)


def comments_of(session: Session, *, run_id: str) -> Sequence[CaseComment]:
    """Return what a trainee has told the authors after a run, the earliest first."""
    return session.scalars(
        select(CaseComment).where(CaseComment.run_id == run_id).order_by(CaseComment.at, CaseComment.id)
    ).all()


def send_comment(session: Session, *, run: CaseRun, scene: str, text: str, now: datetime) -> None:
    """Keep a word to the authors about a scene; the same word sent twice is kept once."""
    _hold(session, run)
    text = text.strip()[:LONGEST]
    if not any((one.scene, one.text) == (scene, text) for one in comments_of(session, run_id=run.id)):
        session.add(CaseComment(id=new_id(), run_id=run.id, scene=scene, text=text, at=now))
        session.flush()


def _hold(session: Session, run: CaseRun) -> None:
    """Let of two clicks at once one come second."""
    session.execute(select(CaseRun.id).where(CaseRun.id == run.id).with_for_update())


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
    closed = {one for one in slugs if run_under_examination(session, person_id=enrolment.person_id, slug=one)}
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
    played = ended_runs(session, enrolment_ids=[enrolment_id]).get(enrolment_id, {}).get(case.slug, ())
    return mastered([run for run in played if run.case_hash == case.hash], case.variants)


def later_scores(session: Session, *, run_ids: Collection[str]) -> Mapping[str, Sequence[CaseRescore]]:
    """Return the later scores of these runs, by run, the earliest first."""
    query = select(CaseRescore).where(CaseRescore.run_id.in_(list(run_ids)))
    found: dict[str, list[CaseRescore]] = defaultdict(list)
    for one in session.scalars(query.order_by(CaseRescore.at, CaseRescore.id)):
        found[one.run_id].append(one)
    return found


def passed_cases(session: Session, *, enrolment_id: str) -> frozenset[str]:
    """Return the slugs of the cases that somebody has passed in any version."""
    played = ended_runs(session, enrolment_ids=[enrolment_id]).get(enrolment_id, {})
    return frozenset(slug for slug, runs in played.items() if any(run.passed for run in runs))
