"""What waits in the outbox."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from trainer.accounts.models import Person
from trainer.notices.models import Delivery, Notice
from trainer.notices.schedule import next_attempt
from trainer.notices.words import Channel

_LETTERS = select(func.count()).select_from(Notice).where(Notice.channel == Channel.MAIL)


def due(session: Session, *, now: datetime) -> Sequence[Notice]:
    """Return the notices whose turn it is, the oldest first; what was delivered or given up is not among them."""
    failed = (
        select(Delivery.notice_id, func.count().label("failures"), func.max(Delivery.at).label("last"))
        .where(~Delivery.delivered)
        .group_by(Delivery.notice_id)
        .subquery()
    )
    waiting = (
        select(Notice, failed.c.failures, failed.c.last)
        .outerjoin(failed, failed.c.notice_id == Notice.id)
        .where(_undelivered())
        .order_by(Notice.id)
    )
    return [
        notice
        for notice, failures, last in session.execute(waiting)
        if (at := next_attempt(written_at=notice.at, failures=failures or 0, last_failure=last)) and at <= now
    ]


def due_with_addresses(session: Session, *, now: datetime) -> Sequence[tuple[Notice, tuple[str, str]]]:
    """Return the notices whose turn it is, each with its address, and with a name when it goes to a person."""
    return [(notice, _address_of(session, notice)) for notice in due(session, now=now)]


def _address_of(session: Session, notice: Notice) -> tuple[str, str]:
    """Return the address of a notice, and the name of the person when it goes to somebody with an account."""
    if notice.channel is Channel.WEBHOOK or "@" in notice.recipient:
        return notice.recipient, ""
    person = session.get(Person, notice.recipient)
    if person is None or person.is_erased:
        return "", ""
    return person.email, person.name


def letters_waiting(session: Session) -> int:
    """Return how many letters have not been delivered."""
    return session.scalar(_LETTERS.where(_undelivered())) or 0


def what_waits(session: Session, *, has_mail: bool) -> str | None:
    """Say in a sentence what keeps notices from arriving, and how to mend it, or return None."""
    if not has_mail and (count := letters_waiting(session)):
        return (
            f"Letters that wait to be sent: {count}. Set TRAINER_SMTP_URL to your mail server, for example "
            "smtps://user:password@mail.example.org:465, and restart."
        )
    tried = select(Delivery.notice_id, Delivery.answer).join(Notice, Notice.id == Delivery.notice_id)
    failed = session.execute(tried.where(_undelivered()).order_by(Delivery.id)).all()
    if not failed:
        return None
    count = len({notice_id for notice_id, _ in failed})
    return f"Notices that could not be delivered so far: {count}. The last answer was: {failed[-1][1]}."


def _undelivered() -> ColumnElement[bool]:
    arrived = aliased(Delivery)
    return ~exists().where(arrived.notice_id == Notice.id, arrived.delivered)
