"""What somebody has been asked so far."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trainer.enrolment.models import Enrolment
from trainer.quizzes.form import form_from_json
from trainer.quizzes.models import QuizAttempt, QuizSubmission
from trainer.quizzes.pools import Met


def attempts_of(session: Session, *, enrolment_id: str, bank: str, counted: bool) -> int:
    """Count the attempts that were ever started, sent or not."""
    query = select(func.count()).where(
        QuizAttempt.enrolment_id == enrolment_id, QuizAttempt.bank == bank, QuizAttempt.counted == counted
    )
    return session.scalar(query) or 0


def met_of(session: Session, *, enrolment: Enrolment, bank: str) -> Met:
    """Return what a person has met of a bank, in the order in which they met it."""
    query = (
        select(QuizAttempt, QuizSubmission.attempt_id)
        .outerjoin(QuizSubmission, QuizSubmission.attempt_id == QuizAttempt.id)
        .where(QuizAttempt.person_id == enrolment.person_id, QuizAttempt.bank == bank)
        .order_by(QuizAttempt.number)
    )
    in_tries: dict[str, None] = {}  # in order, each once
    elsewhere: set[str] = set()
    for attempt, sent in session.execute(query):
        asked = [question.item_id for question in form_from_json(attempt.form)]
        if not attempt.counted or attempt.enrolment_id != enrolment.id:
            elsewhere.update(asked)
        elif sent is not None:
            in_tries.update(dict.fromkeys(asked))
    return Met(in_tries=tuple(in_tries), elsewhere=frozenset(elsewhere))
