"""What the worker does for notices: it delivers them."""

from datetime import datetime
from typing import Protocol

from trainer.db import Database
from trainer.notices.mail import Letter, Postbox
from trainer.notices.models import Notice
from trainer.notices.outcome import Undelivered
from trainer.notices.queries import due_with_addresses
from trainer.notices.services import keep_attempt
from trainer.notices.words import Channel

_AT_ONCE = 200
"""How many notices one call delivers at most; the rest follow with the next."""


class Hooks(Protocol):
    """Something that delivers webhooks."""

    def post(self, *, url: str, body: bytes, reference: str) -> str:
        """Deliver one message and return what was answered; raises Undelivered."""
        ...


def deliver_due(database: Database, *, mail: Postbox | None, webhooks: Hooks | None, now: datetime) -> int:
    """Deliver what is due and keep what became of each attempt; return how many notices arrived.

    Each attempt is kept in a transaction of its own, after it was made: a crash in between sends a notice again, never
    none. What has no way out (no mail server, no signing key) waits without losing an attempt.
    """
    with database.reading() as session:
        waiting = due_with_addresses(session, now=now)
    ways: dict[Channel, object] = {Channel.MAIL: mail, Channel.WEBHOOK: webhooks}
    arrived = 0
    for notice, (address, name) in [found for found in waiting if ways[found[0].channel] is not None][:_AT_ONCE]:
        try:
            answer, delivered = _deliver(notice, address, name, mail, webhooks), True
        except Undelivered as reason:
            answer, delivered = str(reason), False
        with database.transaction() as session:
            keep_attempt(session, notice_id=notice.id, delivered=delivered, answer=answer, now=now)
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
