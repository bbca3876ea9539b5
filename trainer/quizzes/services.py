"""Start an attempt, keep answers, send it. Whatever a page called saved is in the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trainer.curriculum.queries import signed_hashes
from trainer.curriculum.study.prerequisites import Outstanding, refuse_until_done
from trainer.db import new_id
from trainer.enrolment.models import Enrolment
from trainer.errors import Refused
from trainer.items.answers import Answers, answer_as_json
from trainer.items.forms import ItemForm, form_as_json, form_from_json
from trainer.items.grading import GRADER, grade
from trainer.items.merging import Newer, SentPage, merged
from trainer.moments import written
from trainer.quizzes.form import draw_practice, draw_quiz
from trainer.quizzes.models import QuizAnswer, QuizAttempt, QuizSubmission
from trainer.quizzes.pools import practice_pool
from trainer.quizzes.queries import answers_that_count, attempts_of, met_of, open_attempt, submission_of, tries_of
from trainer.quizzes.values import Bank
from trainer.windows.opening import opening
from trainer.windows.queries import windows_for

ARRIVAL_GRACE = timedelta(seconds=5)
"""Answers that were on their way when the clock ran out still count."""


class TooLate(Refused):
    """Answers arrived after the time of their attempt had ended."""


def left_of(attempt: QuizAttempt, now: datetime) -> int | None:
    """Return the seconds left, rounded up so that no countdown ends before the server agrees; None without a clock."""
    return max(0, ceil((attempt.closes_at - now).total_seconds())) if attempt.closes_at else None


def is_over(attempt: QuizAttempt, now: datetime) -> bool:
    """Say whether the time has ended, and nothing can be on its way any more."""
    return attempt.closes_at is not None and now > attempt.closes_at + ARRIVAL_GRACE


def start_attempt(
    session: Session,
    *,
    enrolment: Enrolment,
    bank: Bank,
    release_hash: str,
    counted: bool,
    outstanding: Sequence[Outstanding],
    now: datetime,
) -> QuizAttempt:
    """Start an attempt, or go on with the open one: a second click starts nothing.

    Raises:
        Refused: something comes first, it is passed, no tries are left, the wait is not over, or no window for
            sittings is open; or, for practice, a try is open or no question can be spared.
    """
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    if present := open_attempt(session, enrolment_id=enrolment.id, bank=bank.slug, counted=counted):
        return present
    attempt_id = new_id()
    if counted:
        form = _counted_form(session, enrolment, bank, attempt_id, outstanding, now)
    else:
        form = _practice_form(session, enrolment, bank, attempt_id)
    attempt = QuizAttempt(
        id=attempt_id,
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        release_hash=release_hash,
        bank=bank.slug,
        counted=counted,
        number=attempts_of(session, enrolment_id=enrolment.id, bank=bank.slug, counted=counted) + 1,
        seed=attempt_id,
        form=form_as_json(form),
        started_at=now,
        closes_at=now + timedelta(minutes=bank.minutes) if bank.minutes and counted else None,
    )
    session.add(attempt)
    session.flush()  # two first clicks at once: the number's constraint speaks now
    return attempt


def _counted_form(
    session: Session, enrolment: Enrolment, bank: Bank, seed: str, outstanding: Sequence[Outstanding], now: datetime
) -> ItemForm:
    refuse_until_done(outstanding)
    left = _refuse_too_many(session, enrolment=enrolment, bank=bank, now=now)
    met = met_of(session, enrolment=enrolment, bank=bank.slug)
    return draw_quiz(bank, seed=seed, signed=signed_hashes(session), met=met, left=left)


def _practice_form(session: Session, enrolment: Enrolment, bank: Bank, seed: str) -> ItemForm:
    _refuse_during_a_try(session, enrolment_id=enrolment.id, bank=bank.slug)
    _refuse_without_questions(bank)
    return draw_practice(bank, seed=seed)


def _refuse_too_many(session: Session, *, enrolment: Enrolment, bank: Bank, now: datetime) -> int:
    """Return how many tries are left, the next one among them.

    Raises:
        Refused: none may begin now.
    """
    stand = tries_of(session, enrolment_id=enrolment.id, bank=bank, now=now)
    if stand.passed and bank.is_examination:
        raise Refused("You have passed this examination; there is nothing left to sit.")
    if stand.passed:
        raise Refused("You have passed this quiz already. You can practise as often as you like.")
    if not stand.left:
        what = "examination" if bank.is_examination else "quiz"
        raise Refused(
            f"All tries of this {what} are used. Please talk with your programme director about the next step."
        )
    if bank.is_examination:
        windows = windows_for(session, cohort_id=enrolment.cohort_id, exam=bank.slug)
        opens = opening(windows, now=now, not_before=stand.next_at)
        if opens.kept_shut:
            raise Refused(opens.words)
    if stand.next_at:
        raise Refused(f"The next try is possible from {written(stand.next_at)}.")
    return stand.left


def _refuse_without_questions(bank: Bank) -> None:
    if not practice_pool(bank):
        raise Refused(
            "This quiz has no questions to spare for practice, because each of its questions may count. "
            "The checks in the lessons are there for practising."
        )


def _refuse_during_a_try(session: Session, *, enrolment_id: str, bank: str) -> None:
    """Refuse what would show the key of questions that an open try is asking."""
    if open_attempt(session, enrolment_id=enrolment_id, bank=bank, counted=True):
        raise Refused("You have begun a try of this quiz. Send it first; after that, practice is open again.")


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What holds after a page was saved.

    Attributes:
        answers: what counts now, by item.
        last: the number of the last answer saved.
        newer: by item what was not saved, since somebody has to say which of two answers it is.
    """

    answers: Answers
    last: int
    newer: Mapping[str, Newer]


def save_answers(session: Session, *, attempt: QuizAttempt, sent: SentPage, now: datetime) -> Saved:
    """Keep what the person changed on their page.

    A page that stood open in a second tab does not undo what was answered in the first: an answer counts as changed
    only if it differs from what that page had shown. Nor does an answer that waited on one device replace what was
    answered on another meanwhile: that stands, and both are given back.

    Raises:
        TooLate: its clock has run out.
        Refused: the attempt was sent.
    """
    _lock(session, attempt)
    if submission_of(session, attempt_id=attempt.id):
        raise Refused("This try has been sent, so its answers can no longer change.")
    if attempt.closes_at and is_over(attempt, now):
        raise TooLate(f"The time for this try ended on {written(attempt.closes_at)}. What was saved counts.")
    current, last = answers_that_count(session, attempt_id=attempt.id)
    shown = current.copy()
    if sent.seen is not None:
        shown, _ = answers_that_count(session, attempt_id=attempt.id, until=sent.seen)
    asked = {question.item_id for question in form_from_json(attempt.form)}
    ours = {item_id: chosen for item_id, chosen in sent.given.items() if item_id in asked}
    found = merged(ours, shown=shown, current=current, changed=sent.changed, tried=sent.tried)
    for item_id, chosen in found.kept.items():
        last += 1
        current[item_id] = chosen
        kept = answer_as_json(chosen)
        session.add(QuizAnswer(attempt_id=attempt.id, seq=last, item_id=item_id, chosen=kept, saved_at=now))
    session.flush()  # durable with the commit; a lost race shows here
    at = _answered_at(session, attempt_id=attempt.id) if found.disputed else {}
    newer = {one: Newer(stands=current[one], at=at[one], here=here) for one, here in found.disputed.items()}
    return Saved(answers=current, last=last, newer=newer)


def _answered_at(session: Session, *, attempt_id: str) -> Mapping[str, datetime]:
    """Return when each item was answered last."""
    query = select(QuizAnswer.item_id, func.max(QuizAnswer.saved_at)).where(QuizAnswer.attempt_id == attempt_id)
    return dict(session.execute(query.group_by(QuizAnswer.item_id)).all())


def _lock(session: Session, attempt: QuizAttempt) -> None:
    session.execute(select(QuizAttempt.id).where(QuizAttempt.id == attempt.id).with_for_update())


def submit(session: Session, *, attempt: QuizAttempt, bank: Bank, now: datetime) -> QuizSubmission:
    """Send the attempt and grade what is saved; sending it again changes nothing.

    Raises:
        Refused: this is practice, and a try of the same quiz is open.
    """
    _lock(session, attempt)
    present = submission_of(session, attempt_id=attempt.id)
    if present is not None:
        return present
    if not attempt.counted:
        _refuse_during_a_try(session, enrolment_id=attempt.enrolment_id, bank=attempt.bank)
    items = [bank.item(question.item_id) for question in form_from_json(attempt.form)]
    answers, _ = answers_that_count(session, attempt_id=attempt.id)
    result = grade(items, answers, pass_share=bank.pass_share)
    submission = QuizSubmission(
        attempt_id=attempt.id,
        submitted_at=now,
        points=result.points,
        credit=str(result.credit),
        out_of=result.out_of,
        passed=result.passed,
        failed_critical=list(result.failed_critical),
        grader=GRADER,
    )
    session.add(submission)
    session.flush()  # the primary key makes a second submission impossible
    return submission
