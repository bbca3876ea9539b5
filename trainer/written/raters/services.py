"""Rate an answer: once, by somebody else than whoever wrote it, without knowing whose it is."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.audit.services import note
from trainer.enrolment.models import Enrolment
from trainer.errors import Refused
from trainer.written.answers import code_of
from trainer.written.models import WrittenAnswer, WrittenOutcome, WrittenRating
from trainer.written.queries import task_behind
from trainer.written.raters.queries import answer_to_rate, is_decided, ratings_given
from trainer.written.rating import RATING_RULE, Steps, holds, settled
from trainer.written.task import WrittenTask

RATED_ALREADY = (
    "Somebody has rated this answer while you were reading, and no further rating is wanted. Nothing of yours was kept."
)
YOURS_STANDS = "You have rated this answer already, and a rating stays as it is."


def rate_answer(
    session: Session,
    *,
    answer_id: str,
    programmes: frozenset[str],
    by: str,
    steps: Steps,
    comment: str,
    now: datetime,
) -> WrittenRating:
    """Keep a rating, and what all ratings come to once enough are there; sending the same twice changes nothing.

    Raises:
        Missing: there is no such answer for this person.
        Refused: they have rated it otherwise already, or enough others have.
    """
    answer = answer_to_rate(session, answer_id=answer_id, programmes=programmes, by=by)
    session.execute(select(WrittenAnswer.id).where(WrittenAnswer.id == answer.id).with_for_update())  # of two at once
    task = task_behind(session, answer)
    ratings = ratings_given(session, answer_id=answer.id)
    if mine := next((rating for rating in ratings if rating.rated_by == by), None):
        if (tuple(mine.steps), mine.comment) != (steps, comment.strip()):
            raise Refused(YOURS_STANDS)
        return mine
    if is_decided(session, answer_id=answer.id):
        raise Refused(RATED_ALREADY)
    rating = WrittenRating(
        answer_id=answer.id, place=len(ratings) + 1, steps=list(steps), comment=comment.strip(), rated_by=by, at=now
    )
    session.add(rating)
    session.flush()  # two at once: the place can be taken once only
    _settle(session, answer, task, [*ratings, rating])
    _note(session, answer, by=by, now=now)
    return rating


def _settle(session: Session, answer: WrittenAnswer, task: WrittenTask, ratings: Sequence[WrittenRating]) -> None:
    """Keep what the ratings come to, once enough are there."""
    steps = settled(task, answer.id, [tuple(rating.steps) for rating in ratings])
    if steps is not None:
        outcome = {"steps": list(steps), "holds": holds(task, steps), "rule": RATING_RULE, "at": ratings[-1].at}
        session.add(WrittenOutcome(answer_id=answer.id, **outcome))


def _note(session: Session, answer: WrittenAnswer, *, by: str, now: datetime) -> None:
    """Write it down without a name: other versions of the same answer may wait for eyes that do not know whose."""
    programme = session.get_one(Enrolment, answer.enrolment_id).programme
    subject = f"{answer.task}, answer {code_of(answer.id)}"
    note(session, actor_id=by, programme=programme, act="rate written answer", subject=subject, now=now)
