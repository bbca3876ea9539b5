"""What somebody has written so far, and how it was rated."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.enrolment.queries import release_with
from trainer.errors import Broken
from trainer.written.answers import SentAnswer
from trainer.written.models import WrittenAnswer, WrittenDraft, WrittenOutcome, WrittenRating
from trainer.written.rating import Steps, critical_failures
from trainer.written.reading import tasks_of
from trainer.written.task import WrittenTask


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of an answer with all that its author may read about it.

    Attributes:
        steps: that hold; empty until enough people have rated it, and so are the comments.
    """

    answer: WrittenAnswer
    sent: SentAnswer
    steps: Steps
    comments: Sequence[str]


def draft_of(session: Session, *, enrolment_id: str, task: str) -> WrittenDraft | None:
    """Return what was saved last; None where nothing was."""
    query = select(WrittenDraft).where(WrittenDraft.enrolment_id == enrolment_id, WrittenDraft.task == task)
    return session.scalar(query.order_by(WrittenDraft.seq.desc()).limit(1))


def has_begun(session: Session, *, enrolment_id: str, task: str) -> bool:
    """Say whether anything was written of an answer; whoever sends one has a draft of it."""
    return draft_of(session, enrolment_id=enrolment_id, task=task) is not None


def sent_answers(session: Session, *, enrolment_ids: Iterable[str]) -> Mapping[str, Mapping[str, Sequence[SentAnswer]]]:
    """Return the versions that were sent, by enrolment and task, in order, in one query."""
    query = (
        select(WrittenAnswer, WrittenOutcome)
        .outerjoin(WrittenOutcome, WrittenOutcome.answer_id == WrittenAnswer.id)
        .where(WrittenAnswer.enrolment_id.in_(list(enrolment_ids)))
        .order_by(WrittenAnswer.number)
    )
    found: dict[str, dict[str, list[SentAnswer]]] = defaultdict(lambda: defaultdict(list))
    for answer, outcome in session.execute(query):
        found[answer.enrolment_id][answer.task].append(_sent(session, answer, outcome))
    return found


def versions_of(session: Session, *, enrolment_id: str, task: str) -> Sequence[Version]:
    """Return every version of one answer, the first one first; what people said only once it is rated."""
    query = (
        select(WrittenAnswer, WrittenOutcome)
        .outerjoin(WrittenOutcome, WrittenOutcome.answer_id == WrittenAnswer.id)
        .where(WrittenAnswer.enrolment_id == enrolment_id, WrittenAnswer.task == task)
        .order_by(WrittenAnswer.number)
    )
    rows: list[tuple[WrittenAnswer, WrittenOutcome | None]] = [(row[0], row[1]) for row in session.execute(query)]
    said: dict[str, list[str]] = defaultdict(list)
    rated = [answer.id for answer, outcome in rows if outcome is not None]
    comments = select(WrittenRating.answer_id, WrittenRating.comment).where(WrittenRating.answer_id.in_(rated))
    for answer_id, comment in session.execute(comments.order_by(WrittenRating.place)):
        said[answer_id].append(comment)
    return [
        Version(
            answer=answer,
            sent=_sent(session, answer, outcome),
            steps=tuple(outcome.steps) if outcome else (),
            comments=said[answer.id],
        )
        for answer, outcome in rows
    ]


def _sent(session: Session, answer: WrittenAnswer, outcome: WrittenOutcome | None) -> SentAnswer:
    if outcome is None:
        return SentAnswer(number=answer.number, sent_at=answer.sent_at)
    return SentAnswer(
        number=answer.number,
        sent_at=answer.sent_at,
        holds=outcome.holds,
        points=sum(outcome.steps),
        decided_at=outcome.at,
        failed_critical=not outcome.holds
        and bool(critical_failures(task_behind(session, answer), tuple(outcome.steps))),
    )


def task_behind(session: Session, answer: WrittenAnswer) -> WrittenTask:
    """Return the task of an answer, as it stood in the release from which it was sent.

    Raises:
        Broken: that release has no such task that can be read.
    """
    task = tasks_of(release_with(session, answer.release_hash)).get(answer.task)
    if task is None:
        raise Broken("The task of this answer cannot be read in its release of the content.")
    return task
