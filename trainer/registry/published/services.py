"""Publish the issuer's keys and the status lists; what is published stands in the log as well."""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.errors import Broken, Missing, Refused
from trainer.moments import written
from trainer.registry.issuer_keys import KeyStatus, kid_of
from trainer.registry.jose import signer_of
from trainer.registry.log.leaves import leaf_of_key_event, leaf_of_list
from trainer.registry.log.queries import log_size
from trainer.registry.log.services import append, begin_log, take_turn
from trainer.registry.models import KeyEvent, RegistryEntry, StatusListVersion
from trainer.registry.notes import Signer
from trainer.registry.published.queries import listed_statuses, newest_list, places_given, published_keys
from trainer.registry.statuslists import IN_FORCE, Purpose, encoded, list_document, places_for


def ensure_key_published(session: Session, *, certificate: x509.Certificate, log: Signer, now: datetime) -> None:
    """Publish an issuer key before its first signature; the key that signed until then is retired with it.

    Asked before every signature, this also stops a process that still holds a key which no longer signs.

    Raises:
        Broken: the key was retired or given up, or the log cannot be continued.
    """
    public = certificate.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise Broken("The issuer's key must be an ECDSA key on the curve P-256.")
    kid = kid_of(public)
    newest = _newest_event(session, kid)
    if newest is None:
        pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
        record_key_event(
            session,
            kid=kid,
            event=KeyStatus.PUBLISHED,
            certificate_pem=pem,
            trusted_size=None,
            log=log,
            now=now,
        )
    elif newest.event != KeyStatus.PUBLISHED:
        raise Broken(
            f"The signing key {kid} was {newest.event} on {written(newest.at)} and must not sign again; "
            "restart the worker, or look at `trainer keys list`."
        )


def record_key_event(
    session: Session,
    *,
    kid: str,
    event: KeyStatus,
    certificate_pem: str,
    trusted_size: int | None,
    log: Signer,
    now: datetime,
) -> bool:
    """Append what happened to an issuer key, here and in the log; say False when that is recorded already.

    Whoever publishes a key retires the one that signed before. Of a compromise, `trusted_size` is the size of the
    log up to which the key's signatures stay trusted; None means the present size.

    Raises:
        Missing: the key was never published.
        Refused: the key was given up before, up to another size; or the log has never had that size.
        Broken: the log cannot be continued with this key.
    """
    take_turn(session)
    begin_log(session, log=log, now=now)
    newest = _newest_event(session, kid)
    if newest is None and event is not KeyStatus.PUBLISHED:
        raise Missing(f"The key {kid} was never published; `trainer keys list` names those that were.")
    if newest and (newest.event == event or event is KeyStatus.PUBLISHED or newest.event == KeyStatus.COMPROMISED):
        if event is KeyStatus.COMPROMISED and trusted_size not in (None, newest.trusted_size):
            raise Refused(
                f"The key {kid} is already recorded as compromised, trusted up to {newest.trusted_size} entries; "
                "what was published is not changed."
            )
        return False
    size = log_size(session)
    if event is KeyStatus.COMPROMISED:
        trusted_size = size if trusted_size is None else trusted_size
        if not 0 <= trusted_size <= size:
            raise Refused(f"The log has {size} entries, so a key cannot be trusted up to {trusted_size}.")
    before = [key for key in published_keys(session) if key.status is KeyStatus.PUBLISHED and key.kid != kid]
    events = [KeyEvent(kid=kid, event=event, certificate=certificate_pem, trusted_size=trusted_size, at=now)]
    if event is KeyStatus.PUBLISHED:
        events += [
            KeyEvent(kid=key.kid, event=KeyStatus.RETIRED, certificate=key.certificate, trusted_size=None, at=now)
            for key in before
        ]
    session.add_all(events)
    session.flush()
    append(session, leaves=[leaf_of_key_event(one) for one in events], log=log, now=now)
    return True


def _newest_event(session: Session, kid: str) -> KeyEvent | None:
    return session.scalar(select(KeyEvent).where(KeyEvent.kid == kid).order_by(KeyEvent.id.desc()).limit(1))


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


def due_lists(session: Session, *, now: datetime) -> list[tuple[Purpose, str]]:
    """Return the bits of each status list that is to be published.

    It is, when they changed, when the list grows old, and when the key that signed it was given up: a verifier who
    looks at our keys would refuse it.
    """
    given_up = {key.kid for key in published_keys(session) if key.status is KeyStatus.COMPROMISED}
    statuses = listed_statuses(session, now=now)
    places = places_for(*places_given(session))
    due = []
    for purpose in Purpose:
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


def publish_status_lists(
    session: Session,
    *,
    sign_jwt: Callable[[Mapping[str, Any]], str],
    did: str,
    base_url: str,
    log: Signer,
    now: datetime,
) -> list[StatusListVersion]:
    """Publish each status list anew that is due, see `due_lists`.

    The hash of every published list goes into the log, so that what was shown when can be proved. Repeating it
    changes nothing.

    Args:
        sign_jwt: signs a document with the issuer's key.

    Raises:
        Broken: the log cannot be continued with this key.
    """
    begin_log(session, log=log, now=now)  # takes the turn, so that two workers do not publish the same list
    published = []
    for purpose, bits in due_lists(session, now=now):
        jwt = sign_jwt(list_document(purpose, bits, did=did, base_url=base_url, now=now))
        version = StatusListVersion(
            purpose=purpose.value,
            jwt=jwt,
            sha256=hashlib.sha256(jwt.encode()).hexdigest(),
            encoded=bits,
            at=now,
            valid_until=now + IN_FORCE,
        )
        session.add(version)
        published.append(version)
    session.flush()
    if published:
        append(session, leaves=[leaf_of_list(version) for version in published], log=log, now=now)
    return published
