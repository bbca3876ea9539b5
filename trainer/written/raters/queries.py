"""What waits for a rater, one answer to rate, and what was rated twice."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from trainer.accounts.models import HELD_NOW, Membership
from trainer.accounts.queries import stands_aside
from trainer.enrolment.models import PLACE_ENDED, Enrolment
from trainer.errors import Missing
from trainer.notices.models import Notice
from trainer.written.answers import order_for
from trainer.written.models import WrittenAnswer, WrittenOutcome, WrittenRating
from trainer.written.queries import task_behind
from trainer.written.raters.letters import TO_RATE
from trainer.written.rating import RATERS

_DECIDED = exists().where(WrittenOutcome.answer_id == WrittenAnswer.id)
UNDECIDED = (
    select(WrittenAnswer).join(Enrolment, Enrolment.id == WrittenAnswer.enrolment_id).where(~_DECIDED, ~PLACE_ENDED)
)
"""Answers that want a rating; those of somebody whose place has ended rest, until they take it up again."""
_SINCE = func.coalesce(
    select(func.max(WrittenRating.at)).where(WrittenRating.answer_id == WrittenAnswer.id).scalar_subquery(),
    WrittenAnswer.sent_at,
)
_SHOWN = 20
"""Of what somebody has rated, so many are listed."""


def _waiting(*, programmes: frozenset[str], by: str, aside: frozenset[str]) -> Select[WrittenAnswer]:
    mine = exists().where(WrittenRating.answer_id == WrittenAnswer.id, WrittenRating.rated_by == by)
    return UNDECIDED.where(Enrolment.programme.in_(programmes), WrittenAnswer.person_id.not_in(aside), ~mine)


def answers_waiting(session: Session, *, programmes: frozenset[str], by: str) -> Sequence[WrittenAnswer]:
    """Return the answers that this person can rate now, by chance and not by when they came."""
    aside = stands_aside(session, person_id=by)
    found = session.scalars(_waiting(programmes=programmes, by=by, aside=aside)).all()
    return sorted(found, key=lambda answer: order_for(by, answer.id))


def how_many_to_rate(session: Session, *, programmes: frozenset[str], by: str) -> int:
    """Return how many answers this person can rate now."""
    if not programmes:
        return 0
    aside = stands_aside(session, person_id=by)
    waiting = _waiting(programmes=programmes, by=by, aside=aside).subquery()
    return session.scalar(select(func.count()).select_from(waiting)) or 0


def raters_in(session: Session, *, programmes: frozenset[str]) -> Mapping[str, frozenset[str]]:
    """Return who rates in these programmes now, by id, each with those in which they do."""
    query = select(Membership.person_id, Membership.programme).where(
        Membership.programme.in_(programmes), Membership.role.in_(RATERS), HELD_NOW
    )
    found: dict[str, set[str]] = defaultdict(set)
    for person, programme in session.execute(query.order_by(Membership.id)):
        found[person].add(programme)
    return {person: frozenset(theirs) for person, theirs in found.items()}


def waiting_since(session: Session, *, programmes: frozenset[str], by: str) -> Sequence[datetime]:
    """Return since when each answer waits that this person can rate: since it was sent, or last rated by another."""
    aside = stands_aside(session, person_id=by)
    query = _waiting(programmes=programmes, by=by, aside=aside)
    return session.scalars(query.with_only_columns(_SINCE)).all()


def told_last(session: Session) -> Mapping[str, datetime]:
    """Return when each rater was told last that something waits, by id."""
    query = select(Notice.recipient, func.max(Notice.at)).where(Notice.subject == TO_RATE).group_by(Notice.recipient)
    return dict(session.execute(query).all())


def answer_to_rate(session: Session, *, answer_id: str, programmes: frozenset[str], by: str) -> WrittenAnswer:
    """Return an answer that this person may rate, or has rated.

    Raises:
        Missing: there is none, it belongs to another programme, or the rater stands aside from whoever wrote it. They
            are not told which: that would say whose it is.
    """
    query = select(WrittenAnswer).join(Enrolment, Enrolment.id == WrittenAnswer.enrolment_id)
    aside = stands_aside(session, person_id=by)
    found = session.scalar(
        query.where(
            WrittenAnswer.id == answer_id, Enrolment.programme.in_(programmes), WrittenAnswer.person_id.not_in(aside)
        )
    )
    if found is None:
        raise Missing("There is no such answer among those that you may rate.")
    return found


def rated_last(session: Session, *, programmes: frozenset[str], by: str) -> Sequence[tuple[WrittenAnswer, datetime]]:
    """Return the answers that this person rated last, the newest rating first, each with when they did."""
    aside = stands_aside(session, person_id=by)
    query = (
        select(WrittenAnswer, WrittenRating.at)
        .join(WrittenRating, WrittenRating.answer_id == WrittenAnswer.id)
        .join(Enrolment, Enrolment.id == WrittenAnswer.enrolment_id)
        .where(WrittenRating.rated_by == by, Enrolment.programme.in_(programmes), WrittenAnswer.person_id.not_in(aside))
        .order_by(WrittenRating.at.desc(), WrittenAnswer.id)
    )
    return [(row[0], row[1]) for row in session.execute(query.limit(_SHOWN))]


def ratings_given(session: Session, *, answer_id: str) -> Sequence[WrittenRating]:
    """Return the ratings of an answer, the first one first."""
    query = select(WrittenRating).where(WrittenRating.answer_id == answer_id)
    return session.scalars(query.order_by(WrittenRating.place)).all()


def is_decided(session: Session, *, answer_id: str) -> bool:
    """Say whether enough people have rated an answer."""
    return session.get(WrittenOutcome, answer_id) is not None


Pairs = Mapping[tuple[str, str, str], Sequence[tuple[int, int]]]
"""By task, its title, and the name of a criterion: what the first and the second rater of an answer gave."""


def rated_twice(session: Session, *, programmes: frozenset[str]) -> Pairs:
    """Return what two people gave the same answers of these programmes, without seeing each other's marks."""
    second = aliased(WrittenRating)
    query = (
        select(WrittenAnswer, WrittenRating.steps, second.steps)
        .join(Enrolment, Enrolment.id == WrittenAnswer.enrolment_id)
        .join(WrittenRating, (WrittenRating.answer_id == WrittenAnswer.id) & (WrittenRating.place == 1))
        .join(second, (second.answer_id == WrittenAnswer.id) & (second.place == 2))
        .where(Enrolment.programme.in_(programmes))
        .order_by(WrittenAnswer.task, WrittenAnswer.id)
    )
    found: dict[tuple[str, str, str], list[tuple[int, int]]] = defaultdict(list)
    for answer, first_steps, second_steps in session.execute(query):
        task = task_behind(session, answer)
        for criterion, pair in zip(task.rubric, zip(first_steps, second_steps, strict=True), strict=True):
            found[task.id, task.title, criterion.name].append(pair)
    return found
