"""The keys that sign certificates: the next one is made known, and one that others may have is given up."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from trainer.audit.services import note
from trainer.certificates.signing.key_rotation import signers_in
from trainer.errors import Missing
from trainer.registry.issuer_keys import KeyStatus, PublishedKey
from trainer.registry.log.queries import log_key
from trainer.registry.published.queries import published_keys
from trainer.registry.published.services import ensure_key_published, record_key_event
from trainer.settings import Settings
from trainer.verify.trust.anchors import kid_in


def record_rotation(session: Session, *, settings: Settings, kid: str, now: datetime) -> None:
    """Publish the key that signs from now on, which lies in the instance folder; the one before is retired."""
    _publish(session, settings, now)
    note(session, actor_id=None, programme="", act="rotate the signing key", subject=kid, now=now)


def record_compromise(
    session: Session, *, settings: Settings, kid: str, trusted_size: int | None, now: datetime
) -> Mapping[str, PublishedKey]:
    """Record that a key is given up, and return what everybody is told of each key now.

    Args:
        trusted_size: up to which size of the log its signatures hold; None for the present size.

    Raises:
        Missing: there is no such key.
        Refused: it was given up before up to another size, or the log has never had that size.
    """
    known = {key.kid: key for key in published_keys(session)}
    if kid not in known and kid in [kid_in(kept.certificate) for kept in signers_in(settings.instance)]:
        _publish(session, settings, now)
        known = {key.kid: key for key in published_keys(session)}
    if kid not in known:
        raise Missing(f"There is no key {kid}; `trainer keys list` names them all.")
    if record_key_event(
        session,
        kid=kid,
        event=KeyStatus.COMPROMISED,
        certificate_pem=known[kid].certificate,
        trusted_size=trusted_size,
        log=log_key(session, instance=settings.instance, base_url=settings.base_url),
        now=now,
    ):
        note(session, actor_id=None, programme="", act="give up the signing key", subject=kid, now=now)
    return {key.kid: key for key in published_keys(session)}


def _publish(session: Session, settings: Settings, now: datetime) -> None:
    """Publish what the folder holds and nobody has been told, oldest first; each retires the one before."""
    known = {key.kid for key in published_keys(session)}
    log = log_key(session, instance=settings.instance, base_url=settings.base_url)
    for kept in signers_in(settings.instance):
        if kid_in(kept.certificate) not in known:
            ensure_key_published(session, certificate=kept.certificate, log=log, now=now)
