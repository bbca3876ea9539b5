"""Keep what is written, and send a version of it. Whatever a page called saved is in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.curriculum.study.prerequisites import Outstanding, refuse_until_done
from trainer.db import new_id
from trainer.enrolment.models import Enrolment
from trainer.written.answers import AnswerState, refuse_length, refuse_sending, tidied
from trainer.written.models import WrittenAnswer, WrittenDraft
from trainer.written.queries import draft_of, has_begun, versions_of
from trainer.written.task import WrittenTask


@dataclass(frozen=True, kw_only=True)
class KeptDraft:
    """What holds after a page was saved.

    Attributes:
        seq: the number of what was saved last.
        newer: what another page had saved meanwhile; then nothing was saved of this one. None otherwise.
    """

    seq: int
    newer: str | None = None


def keep_draft(
    session: Session,
    *,
    enrolment: Enrolment,
    task: WrittenTask,
    written: str,
    seen: int,
    outstanding: Sequence[Outstanding],
    now: datetime,
) -> KeptDraft:
    """Keep what somebody has written so far; what is there already adds nothing.

    Args:
        seen: the number of the last words that the page knew of; another page's newer words are not replaced.
        outstanding: what the programme wants done first; what was begun before it wanted that goes on.

    Raises:
        Refused: it is too long, nothing more can be sent, or something comes first.
    """
    text = tidied(written)
    _lock(session, enrolment)
    _refuse_beginning(session, enrolment, task, outstanding)
    refuse_sending([version.sent for version in versions_of(session, enrolment_id=enrolment.id, task=task.id)])
    last = draft_of(session, enrolment_id=enrolment.id, task=task.id)
    if last is not None and last.text != text and last.seq > seen:
        return KeptDraft(seq=last.seq, newer=last.text)
    return KeptDraft(seq=_append(session, enrolment, task, text, now))


def send_answer(
    session: Session,
    *,
    enrolment: Enrolment,
    task: WrittenTask,
    written: str,
    release_hash: str,
    outstanding: Sequence[Outstanding],
    now: datetime,
) -> WrittenAnswer:
    """Send a version of an answer; a second click sends nothing more.

    Args:
        outstanding: what the programme wants done first; what was begun before it wanted that goes on.

    Raises:
        Refused: it is too short or too long, the last version waits for a rater, one holds, or something comes first.
    """
    text = tidied(written)
    _lock(session, enrolment)
    _refuse_beginning(session, enrolment, task, outstanding)
    versions = versions_of(session, enrolment_id=enrolment.id, task=task.id)
    if versions and versions[-1].sent.state is AnswerState.WAITS and versions[-1].answer.text == text:
        return versions[-1].answer
    refuse_sending([version.sent for version in versions])
    refuse_length(task, text)
    answer = _version(enrolment, task, len(versions) + 1, text, release_hash, now)
    session.add(answer)
    _append(session, enrolment, task, text, now)  # from here a revised version begins
    session.flush()  # two first clicks at once: the number's constraint speaks now
    return answer


def _version(
    enrolment: Enrolment, task: WrittenTask, number: int, text: str, release_hash: str, now: datetime
) -> WrittenAnswer:
    return WrittenAnswer(
        id=new_id(),
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        release_hash=release_hash,
        task=task.id,
        task_hash=task.hash,
        number=number,
        text=text,
        sent_at=now,
    )


def _refuse_beginning(
    session: Session, enrolment: Enrolment, task: WrittenTask, outstanding: Sequence[Outstanding]
) -> None:
    if outstanding and not has_begun(session, enrolment_id=enrolment.id, task=task.id):
        refuse_until_done(outstanding)


def _append(session: Session, enrolment: Enrolment, task: WrittenTask, text: str, now: datetime) -> int:
    """Append what was written, unless it was saved last; return its number."""
    last = draft_of(session, enrolment_id=enrolment.id, task=task.id)
    if last is not None and last.text == text:
        return last.seq
    seq = last.seq + 1 if last else 1
    session.add(WrittenDraft(enrolment_id=enrolment.id, task=task.id, seq=seq, text=text, saved_at=now))
    session.flush()  # durable with the commit; a lost race shows here
    return seq


def _lock(session: Session, enrolment: Enrolment) -> None:
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
