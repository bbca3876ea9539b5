"""Write a notice, and keep what became of each attempt to deliver it."""

from datetime import datetime

from sqlalchemy.orm import Session

from trainer.notices.models import Delivery, Notice
from trainer.notices.words import Channel


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


def keep_attempt(session: Session, *, notice_id: int, delivered: bool, answer: str, now: datetime) -> None:
    """Keep what became of an attempt to deliver a notice."""
    session.add(Delivery(notice_id=notice_id, delivered=delivered, answer=answer, at=now))
