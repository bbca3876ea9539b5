"""Rate an answer: once, by somebody else than whoever wrote it, not knowing whose it is; and tell those who wait."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.audit.services import note
from trainer.enrolment.models import Enrolment
from trainer.errors import Refused
from trainer.notices.services import tell
from trainer.notices.words import Channel, Words
from trainer.written.answers import code_of_rating
from trainer.written.models import WrittenAnswer, WrittenOutcome, WrittenRating
from trainer.written.queries import task_behind
from trainer.written.raters.letters import answer_rated, to_rate, to_tell_of
from trainer.written.raters.queries import (
    UNDECIDED,
    answer_to_rate,
    is_decided,
    raters_in,
    ratings_given,
    told_last,
    waiting_since,
)
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
    """Keep what the ratings come to, once enough are there, and write to whoever wrote the answer."""
    steps = settled(task, answer.id, [tuple(rating.steps) for rating in ratings])
    if steps is not None:
        outcome = {"steps": list(steps), "holds": holds(task, steps), "rule": RATING_RULE, "at": ratings[-1].at}
        session.add(WrittenOutcome(answer_id=answer.id, **outcome))
        _write(session, answer.person_id, answer_rated(task.title), ratings[-1].at)


def _note(session: Session, answer: WrittenAnswer, *, by: str, now: datetime) -> None:
    """Write it down without a name, and by a code of its own.

    Other versions of the same answer may wait for eyes that do not know whose; and whoever rates second and reads the
    trail does not learn from it that somebody has rated this answer before, and may have found it unsafe.
    """
    programme = session.get_one(Enrolment, answer.enrolment_id).programme
    subject = f"{answer.task}, rating {code_of_rating(answer.id, by)}"
    note(session, actor_id=by, programme=programme, act="rate written answer", subject=subject, now=now)


def tell_raters(session: Session, *, now: datetime) -> int:
    """Write to each rater for whom a letter is due; return to how many. Repeating it writes none twice."""
    programmes = _hold_undecided(session)  # of two workers one comes second, and finds the letters written
    if not programmes:
        return 0
    told, written = told_last(session), 0
    for person, theirs in raters_in(session, programmes=programmes).items():
        since = waiting_since(session, programmes=theirs, by=person)
        if count := to_tell_of(since, told_at=told.get(person), now=now):
            _write(session, person, to_rate(count), now)
            written += 1
    return written


def _hold_undecided(session: Session) -> frozenset[str]:
    """Hold the answers that want a rating until the transaction ends; return their programmes."""
    held = session.execute(UNDECIDED.with_only_columns(Enrolment.programme).with_for_update(of=WrittenAnswer))
    return frozenset(held.scalars())


def _write(session: Session, recipient: str, words: Words, now: datetime) -> None:
    tell(session, channel=Channel.MAIL, recipient=recipient, subject=words.subject, body=words.body, now=now)
