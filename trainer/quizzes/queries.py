"""What somebody has been asked so far."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trainer.chances.queries import chances_of
from trainer.curriculum.course import course_of
from trainer.enrolment.models import Enrolment
from trainer.enrolment.queries import other_places, release_with
from trainer.errors import Broken, Missing
from trainer.items.answers import ItemAnswer, answer_from_json
from trainer.items.forms import form_from_json
from trainer.quizzes.knowledge_exams import knowledge_exams_of
from trainer.quizzes.models import QuizAnswer, QuizAttempt, QuizSubmission, earned
from trainer.quizzes.pools import ItemsMet
from trainer.quizzes.topics import SentExam, topics_told
from trainer.quizzes.tries import SentAttempt, Tries, tries
from trainer.quizzes.values import Bank


def attempts_of(session: Session, *, enrolment_id: str, bank: str, counted: bool) -> int:
    """Count the attempts that were ever started, sent or not."""
    query = select(func.count()).where(
        QuizAttempt.enrolment_id == enrolment_id, QuizAttempt.bank == bank, QuizAttempt.counted == counted
    )
    return session.scalar(query) or 0


def met_of(session: Session, *, enrolment: Enrolment, bank: str) -> ItemsMet:
    """Return what a person has met of a bank, in the order in which they met it.

    Tries of another place in the same programme are tries here, as long as they count here.
    """
    query = (
        select(QuizAttempt, QuizSubmission.attempt_id)
        .outerjoin(QuizSubmission, QuizSubmission.attempt_id == QuizAttempt.id)
        .where(QuizAttempt.person_id == enrolment.person_id, QuizAttempt.bank == bank)
        .order_by(QuizAttempt.started_at, QuizAttempt.number)
    )
    counting_on = sent_at_other_places(session, enrolment_ids=[enrolment.id]).get(enrolment.id, {}).get(bank, ())
    tried_elsewhere = {attempt.attempt_id for attempt in counting_on}
    in_tries: dict[str, None] = {}  # in order, each once
    elsewhere: set[str] = set()
    for attempt, sent in session.execute(query):
        asked = [question.item_id for question in form_from_json(attempt.form)]
        if attempt.id in tried_elsewhere:
            in_tries.update(dict.fromkeys(asked))
        elif not attempt.counted or attempt.enrolment_id != enrolment.id:
            elsewhere.update(asked)
        elif sent is not None:
            in_tries.update(dict.fromkeys(asked))
    return ItemsMet(in_tries=tuple(in_tries), elsewhere=frozenset(elsewhere))


def attempt_for(session: Session, *, person_id: str, attempt_id: str) -> QuizAttempt:
    """Return my attempt of that id.

    Raises:
        Missing: there is none, or it is somebody else's.
    """
    attempt = session.get(QuizAttempt, attempt_id)
    if attempt is None or attempt.person_id != person_id:
        raise Missing("There is no such attempt among yours.")
    return attempt


def open_attempt(session: Session, *, enrolment_id: str, bank: str, counted: bool) -> QuizAttempt | None:
    """Return the attempt that was started and not yet sent."""
    query = select(QuizAttempt).outerjoin(QuizSubmission, QuizSubmission.attempt_id == QuizAttempt.id)
    return session.scalar(
        query.where(
            QuizAttempt.enrolment_id == enrolment_id,
            QuizAttempt.bank == bank,
            QuizAttempt.counted == counted,
            QuizSubmission.attempt_id.is_(None),
        )
    )


def begun_by_enrolment(
    session: Session, *, enrolment_ids: Iterable[str], banks: Collection[str]
) -> Mapping[str, frozenset[str]]:
    """Return in which of these banks a counted attempt was started and not yet sent, by enrolment."""
    query = select(QuizAttempt.enrolment_id, QuizAttempt.bank)
    query = query.outerjoin(QuizSubmission, QuizSubmission.attempt_id == QuizAttempt.id)
    query = query.where(QuizAttempt.enrolment_id.in_(list(enrolment_ids)), QuizAttempt.bank.in_(banks))
    begun: dict[str, set[str]] = defaultdict(set)
    for enrolment_id, bank in session.execute(query.where(QuizAttempt.counted, QuizSubmission.attempt_id.is_(None))):
        begun[enrolment_id].add(bank)
    return {enrolment_id: frozenset(found) for enrolment_id, found in begun.items()}


def attempts_under_way(session: Session, *, enrolment_id: str) -> Sequence[QuizAttempt]:
    """Return the counted attempts that were started and not yet sent, the newest first."""
    query = select(QuizAttempt).outerjoin(QuizSubmission, QuizSubmission.attempt_id == QuizAttempt.id)
    mine = query.where(
        QuizAttempt.enrolment_id == enrolment_id, QuizAttempt.counted.is_(True), QuizSubmission.attempt_id.is_(None)
    )
    return session.scalars(mine.order_by(QuizAttempt.started_at.desc(), QuizAttempt.id)).all()


def attempts_sent(session: Session, *, enrolment_id: str) -> Sequence[tuple[QuizAttempt, QuizSubmission]]:
    """Return every attempt that was sent, counted or not, with its submission, the newest first."""
    query = select(QuizAttempt, QuizSubmission).join(QuizSubmission, QuizSubmission.attempt_id == QuizAttempt.id)
    mine = query.where(QuizAttempt.enrolment_id == enrolment_id)
    newest = mine.order_by(QuizSubmission.submitted_at.desc(), QuizAttempt.id)
    return [(attempt, submission) for attempt, submission in session.execute(newest)]


def answers_that_count(
    session: Session, *, attempt_id: str, until: int | None = None
) -> tuple[dict[str, ItemAnswer], int]:
    """Return the answers that count, by item, and the number of the last one saved.

    Args:
        until: look back to when this was the last one saved; None for now.
    """
    query = select(QuizAnswer.seq, QuizAnswer.item_id, QuizAnswer.chosen).where(QuizAnswer.attempt_id == attempt_id)
    if until is not None:
        query = query.where(QuizAnswer.seq <= until)
    found: dict[str, ItemAnswer] = {}
    last = 0
    for seq, item_id, chosen in session.execute(query.order_by(QuizAnswer.seq)):
        found[item_id] = answer_from_json(chosen)
        last = seq
    return found, last


def tries_of(session: Session, *, enrolment_id: str, bank: Bank, now: datetime) -> Tries:
    """Say where somebody stands with one quiz or examination, what directors granted counted in."""
    sent = sent_attempts(session, enrolment_ids=[enrolment_id])[enrolment_id][bank.slug]
    chances = chances_of(session, enrolment_id=enrolment_id, kind=bank.required_as, slug=bank.slug)
    elsewhere = sent_at_other_places(session, enrolment_ids=[enrolment_id]).get(enrolment_id, {}).get(bank.slug, ())
    return tries(bank, sent, now=now, chances=chances, elsewhere=elsewhere)


def sent_exams(session: Session, *, enrolment: Enrolment) -> Sequence[SentExam]:
    """Return somebody's tries of knowledge examinations topic by topic, but for those whose text cannot be read."""
    found: list[SentExam] = []
    for slug, sent in sent_attempts(session, enrolment_ids=[enrolment.id])[enrolment.id].items():
        for each in sent:
            attempt = session.get_one(QuizAttempt, each.attempt_id)
            with suppress(Broken):
                release = release_with(session, attempt.release_hash)
                if (bank := knowledge_exams_of(release).get(slug)) is None:
                    continue
                answers, _ = answers_that_count(session, attempt_id=attempt.id)
                topics = topics_told(form_from_json(attempt.form), bank, course_of(release), answers)
                found.append(SentExam(title=bank.title, sent=each, topics=topics))
    return found


def submission_of(session: Session, *, attempt_id: str) -> QuizSubmission | None:
    """Return the submission of an attempt, if it was sent."""
    return session.get(QuizSubmission, attempt_id)


def sent_attempts(session: Session, *, enrolment_ids: Iterable[str]) -> Mapping[str, Mapping[str, list[SentAttempt]]]:
    """Return the counted attempts that were sent, by enrolment and bank, in order, in one query."""
    query = (
        select(
            QuizAttempt.enrolment_id,
            QuizAttempt.bank,
            QuizAttempt.id,
            QuizAttempt.number,
            QuizSubmission.credit,
            QuizSubmission.points,
            QuizSubmission.out_of,
            QuizSubmission.passed,
            QuizSubmission.failed_critical,
            QuizSubmission.submitted_at,
        )
        .join(QuizSubmission, QuizSubmission.attempt_id == QuizAttempt.id)
        .where(QuizAttempt.enrolment_id.in_(list(enrolment_ids)), QuizAttempt.counted.is_(True))
        .order_by(QuizAttempt.number)
    )
    found: dict[str, dict[str, list[SentAttempt]]] = defaultdict(lambda: defaultdict(list))
    for enrolment_id, bank, attempt_id, number, credit, points, out_of, passed, critical, at in session.execute(query):
        found[enrolment_id][bank].append(
            SentAttempt(
                attempt_id=attempt_id,
                number=number,
                credit=earned(credit, points),
                out_of=out_of,
                passed=passed,
                failed_critical=len(critical),
                submitted_at=at,
            )
        )
    return found


def sent_at_other_places(
    session: Session, *, enrolment_ids: Collection[str]
) -> Mapping[str, Mapping[str, list[SentAttempt]]]:
    """Return the failed tries that count on from other places in the same programme, by enrolment and bank.

    Where a quiz was passed at a place its tries have served: somebody who comes once more begins it anew.
    """
    places = other_places(session, enrolment_ids=enrolment_ids)
    if not places:
        return {}
    sent = sent_attempts(session, enrolment_ids={other for others in places.values() for other in others})
    found: dict[str, dict[str, list[SentAttempt]]] = defaultdict(lambda: defaultdict(list))
    for enrolment_id, others in places.items():
        for other in others:
            for bank, attempts in sent.get(other, {}).items():
                if not any(attempt.passed for attempt in attempts):
                    found[enrolment_id][bank] += attempts
    return found
