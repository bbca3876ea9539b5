"""Write a notice, find those that are due, and deliver them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from trainer.accounts.models import Person
from trainer.db import Database
from trainer.notices.mail import Letter, Postbox
from trainer.notices.models import Channel, Delivery, Notice
from trainer.notices.outcome import Undelivered
from trainer.notices.schedule import next_attempt

AT_ONCE = 200
"""How many notices one call delivers at most; the rest follow with the next."""


class Hooks(Protocol):
    """Something that delivers webhooks."""

    def post(self, *, url: str, body: bytes, reference: str) -> str:
        """Deliver one message and return what was answered; raises Undelivered."""
        ...


_LETTERS = select(func.count()).select_from(Notice).where(Notice.channel == Channel.MAIL)


def tell(session: Session, *, channel: Channel, recipient: str, subject: str, body: str, now: datetime) -> Notice:
    """Write one notice, in the same transaction as what it tells about.

    Args:
        recipient: the address of a webhook, a mail address, or the id of a person with an account. A person is
            always named by their id: the letter goes to the address they have when it is sent, it is addressed to them
            by name, and when they are erased the outbox, which nobody can change, holds neither.
        body: a letter without its greeting, or the JSON that will be signed.
    """
    notice = Notice(channel=channel, recipient=recipient, subject=subject, body=body, at=now)
    session.add(notice)
    session.flush()
    return notice


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


def deliver_due(database: Database, *, mail: Postbox | None, webhooks: Hooks | None, now: datetime) -> int:
    """Deliver what is due and keep what became of each attempt; return how many notices arrived.

    Each attempt is kept in a transaction of its own, after it was made: a crash in between sends a notice again, never
    none. What has no way out (no mail server, no signing key) waits without losing an attempt.
    """
    with database.reading() as session:
        waiting = [(notice, _address_of(session, notice)) for notice in due(session, now=now)]
    ways: dict[Channel, object] = {Channel.MAIL: mail, Channel.WEBHOOK: webhooks}
    arrived = 0
    for notice, (address, name) in [one for one in waiting if ways[one[0].channel] is not None][:AT_ONCE]:
        try:
            answer, delivered = _deliver(notice, address, name, mail, webhooks), True
        except Undelivered as reason:
            answer, delivered = str(reason), False
        with database.transaction() as session:
            session.add(Delivery(notice_id=notice.id, delivered=delivered, answer=answer, at=now))
        arrived += delivered
    return arrived


def _deliver(notice: Notice, address: str, name: str, mail: Postbox | None, webhooks: Hooks | None) -> str:
    reference = f"notice-{notice.id}"
    if notice.channel is Channel.WEBHOOK and webhooks is not None:
        return webhooks.post(url=address, body=notice.body.encode(), reference=reference)
    if notice.channel is Channel.MAIL and mail is not None:
        if not address:
            raise Undelivered("this person has no address any more")
        body = f"Hello {name},\n\n{notice.body}" if name else notice.body
        return mail.send(Letter(to=address, subject=notice.subject, body=body, reference=reference, at=notice.at))
    raise Undelivered("there is no way out for it")


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
