"""Decide about a certificate without a page, as a director or its holder."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.certificates.models import Conferral
from trainer.lifecycle.acts import Act, Sent
from trainer.lifecycle.queries import replacement_of
from trainer.lifecycle.services import decide
from trainer.registry.notes import Signer


def decides(
    session: Session,
    act: Act,
    person: Person,
    public_id: str,
    *,
    now: datetime,
    log: Signer | None = None,
    recall_within: timedelta = timedelta(0),
    **said: object,
) -> Conferral | None:
    """Decide, by default finally; return the decision that replaces the certificate, where there is one.

    Args:
        log: what enters a status needs it.
        said: the reason and whatever else is in a `Sent`.
    """
    sent = Sent(act=act, **said)
    decide(session, public_id=public_id, person=person, sent=sent, recall_within=recall_within, log=log, now=now)
    return replacement_of(session, public_id=public_id)
