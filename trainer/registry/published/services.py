"""Publish the issuer's keys and the status lists; what is published stands in the log as well."""

import hashlib
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
from trainer.registry.log.leaves import leaf_of_key_event, leaf_of_list
from trainer.registry.log.queries import log_size
from trainer.registry.log.services import append, begin_log
from trainer.registry.models import KeyEvent, StatusListVersion
from trainer.registry.notes import Signer
from trainer.registry.published.queries import due_lists, published_keys
from trainer.registry.statuslists import IN_FORCE, list_document


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
    begin_log(session, log=log, now=now)  # takes the turn
    newest = _newest_event(session, kid)
    if newest is None and event is not KeyStatus.PUBLISHED:
        raise Missing(f"The key {kid} was never published; `trainer keys list` names those that were.")
    if newest and (newest.event == event or event is KeyStatus.PUBLISHED or newest.event == KeyStatus.COMPROMISED):
        _check_same_size(newest, event, trusted_size)
        return False
    if event is KeyStatus.COMPROMISED:
        trusted_size = _size_to_trust(trusted_size, size=log_size(session))
    events = [KeyEvent(kid=kid, event=event, certificate=certificate_pem, trusted_size=trusted_size, at=now)]
    if event is KeyStatus.PUBLISHED:
        signed_before = [key for key in published_keys(session) if key.status is event and key.kid != kid]
        events += [
            KeyEvent(kid=key.kid, event=KeyStatus.RETIRED, certificate=key.certificate, trusted_size=None, at=now)
            for key in signed_before
        ]
    session.add_all(events)
    session.flush()
    append(session, leaves=[leaf_of_key_event(event) for event in events], log=log, now=now)
    return True


def _check_same_size(newest: KeyEvent, event: KeyStatus, trusted_size: int | None) -> None:
    if event is KeyStatus.COMPROMISED and trusted_size not in (None, newest.trusted_size):
        raise Refused(
            f"The key {newest.kid} is already recorded as compromised, trusted up to {newest.trusted_size} entries; "
            "what was published is not changed."
        )


def _size_to_trust(wanted: int | None, *, size: int) -> int:
    """Return up to which size of the log a compromised key stays trusted: the one that is wanted, or the present."""
    trusted = size if wanted is None else wanted
    if not 0 <= trusted <= size:
        raise Refused(f"The log has {size} entries, so a key cannot be trusted up to {trusted}.")
    return trusted


def _newest_event(session: Session, kid: str) -> KeyEvent | None:
    return session.scalar(select(KeyEvent).where(KeyEvent.kid == kid).order_by(KeyEvent.id.desc()).limit(1))


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
