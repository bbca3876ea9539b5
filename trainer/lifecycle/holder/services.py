"""Keep what the holder of a certificate, or whoever will have one, lets the public counter say about their name."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.certificates.models import Consent, NameChoice
from trainer.certificates.queries import consent_of, name_choice_of
from trainer.certificates.words import ConsentLevel
from trainer.errors import UNSEEN, Stale
from trainer.lifecycle.queries import held_by
from trainer.lifecycle.telling.services import write_down
from trainer.registry import services as registry


def choose_consent(
    session: Session, *, public_id: str, holder: Person, level: ConsentLevel, now: datetime, seen: str | None = None
) -> None:
    """Keep what the holder lets the public counter say about their name; the same again changes nothing.

    Args:
        seen: what the page had shown; None where it is chosen without a page.

    Raises:
        Stale: they chose otherwise on another page meanwhile, or the page does not say what it showed.
        Missing: there is no such certificate among theirs.
    """
    held = held_by(session, public_id=public_id, person=holder)
    registry.lock_certificates(session, public_ids=(public_id,))
    chosen = consent_of(session, public_id=public_id)
    _check_choice(chosen, level, seen)
    if chosen is not level:
        session.add(Consent(public_id=public_id, level=level, at=now))
        write_down(session, held, by=holder.id, act="choose visibility", detail=level.value, now=now)


def choose_before(
    session: Session, *, person: Person, level: ConsentLevel, now: datetime, seen: str | None = None
) -> None:
    """Keep what somebody who has no certificate yet wants the counter to show; the same again changes nothing.

    Args:
        seen: what the page had shown; None where it is chosen without a page.

    Raises:
        Stale: they chose otherwise on another page meanwhile, or the page does not say what it showed.
    """
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    chosen = name_choice_of(session, person_id=person.id)
    _check_choice(chosen, level, seen)
    if chosen is not level:
        session.add(NameChoice(person_id=person.id, level=level, at=now))


def _check_choice(chosen: ConsentLevel | None, level: ConsentLevel, seen: str | None) -> None:
    """Let no older page show a name again that was hidden on another."""
    if seen == "":
        raise Stale(UNSEEN)
    if seen is not None and chosen is not None and chosen.value not in (seen, level.value):
        raise Stale(
            "You chose otherwise on another page since this one was opened. That choice holds and is named above; send "
            "this one again if it is what you mean."
        )
