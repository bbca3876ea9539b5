"""Read what is published: the issuer's keys, the newest status lists, and what belongs into the next ones."""

import secrets
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trainer.registry.issuer_keys import KeyStatus, PublishedKey
from trainer.registry.jose import signer_of
from trainer.registry.models import KeyEvent, RegistryEntry, StatusChange, StatusListVersion
from trainer.registry.status import Word
from trainer.registry.statuslists import IN_FORCE, StatusPurpose, encoded, places_for

# written once: building a statement takes longer than running it
_KEY_EVENTS = select(KeyEvent).order_by(KeyEvent.id)


def published_keys(session: Session) -> list[PublishedKey]:
    """Return every issuer key that was ever published, oldest first, each with what was said last."""
    keys: dict[str, PublishedKey] = {}
    for event in session.scalars(_KEY_EVENTS):
        if event.kid in keys and keys[event.kid].status is KeyStatus.COMPROMISED:
            continue  # what was given up is never taken back
        keys[event.kid] = PublishedKey(
            kid=event.kid,
            certificate=event.certificate,
            status=KeyStatus(event.event),
            trusted_size=event.trusted_size,
            since=event.at,
        )
    return list(keys.values())


def newest_list(session: Session, *, purpose: StatusPurpose) -> StatusListVersion | None:
    """Return the status list that was published last, or None."""
    versions = select(StatusListVersion).where(StatusListVersion.purpose == purpose.value)
    return session.scalar(versions.order_by(StatusListVersion.id.desc()).limit(1))


def listed_statuses(session: Session, *, now: datetime) -> list[tuple[int, Word]]:
    """Return the place and the status of each certificate that was ever acted on; a suspension may have run out."""
    newest = select(func.max(StatusChange.id)).where(StatusChange.at <= now).group_by(StatusChange.public_id)
    changes = (
        select(RegistryEntry.status_index, StatusChange.status, StatusChange.until)
        .join(StatusChange, StatusChange.public_id == RegistryEntry.public_id)
        .where(StatusChange.id.in_(newest), RegistryEntry.status_index.is_not(None))
    )
    return [
        (place, Word.VALID if word is Word.SUSPENDED and until is not None and until <= now else word)
        for place, word, until in session.execute(changes)
        if place is not None
    ]


def places_given(session: Session) -> tuple[int, int]:
    """Return how many places in the status lists are taken, and the highest of them (-1: none)."""
    places = RegistryEntry.status_index
    count, highest = session.execute(select(func.count(places), func.max(places))).one()
    return count, -1 if highest is None else highest


def give_status_place(session: Session) -> int:
    """Return a random free place in the status lists, for a certificate that is being issued.

    Two that are issued at the same moment on PostgreSQL could draw the same one; the unique index then refuses
    the second, and issuing it again draws anew.
    """
    places = places_for(*places_given(session))
    while True:  # at most half of the places are taken
        place = secrets.randbelow(places)
        if session.scalar(select(RegistryEntry.public_id).where(RegistryEntry.status_index == place)) is None:
            return place


def due_lists(session: Session, *, now: datetime) -> list[tuple[StatusPurpose, str]]:
    """Return the bits of each status list that is to be published.

    It is, when they changed, when the list grows old, and when the key that signed it was given up: a verifier who
    looks at our keys would refuse it.
    """
    given_up = {key.kid for key in published_keys(session) if key.status is KeyStatus.COMPROMISED}
    statuses = listed_statuses(session, now=now)
    places = places_for(*places_given(session))
    due = []
    for purpose in StatusPurpose:
        bits = encoded((place for place, word in statuses if purpose.shows(word)), places=places)
        newest = newest_list(session, purpose=purpose)
        if (
            newest is None
            or newest.encoded != bits
            or now >= newest.at + IN_FORCE / 2
            or signer_of(newest.jwt) in given_up
        ):
            due.append((purpose, bits))
    return due
