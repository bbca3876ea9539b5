"""What a verifier may pin: our root, our keys, the log, and the newest status lists."""

import logging
from datetime import datetime
from pathlib import Path

from cryptography import x509
from sqlalchemy.orm import Session

from trainer.certificates.signing.key_rotation import always_stamps
from trainer.certificates.signing.keys import public_timestampers
from trainer.errors import Broken
from trainer.registry.cosigning.errands import witnesses_of
from trainer.registry.did import did_of
from trainer.registry.issuer_keys import PublishedKey
from trainer.registry.keys import key_in, verifier_in
from trainer.registry.log.queries import cosigned_note, newest_checkpoint
from trainer.registry.notes import checkpoint_in, text_in
from trainer.registry.published.queries import newest_list, published_keys
from trainer.registry.statuslists import StatusPurpose
from trainer.settings import Settings
from trainer.verify.trust.anchors import FRESH_FOR, BadTrust, Freshness, PinnedKey, Trust
from trainer.verify.trust.trust_file import carried_lists, trust_text

_log = logging.getLogger(__name__)


def trust_of(session: Session, *, settings: Settings, now: datetime) -> Trust | None:
    """Return what a verifier pins: our root, every key ever published and how it stands, the log and its witnesses.

    None where nothing was ever signed or logged.

    Raises:
        Broken: a certificate of ours, or the key of a witness in the settings, cannot be read.
    """
    log, root = verifier_in(settings.instance), settings.instance / "authority" / "root.pem"
    if log is None or not root.exists():
        return None
    witnesses = tuple(cosigner.witness for cosigner in witnesses_of(settings))
    if any(witness.key == log.key for witness in witnesses):
        raise Broken("The settings name the log's own key as a witness; a witness must be somebody else.")
    try:
        return Trust(
            base_url=settings.base_url,
            did=did_of(settings.base_url),
            issuer=settings.issuer,
            root=x509.load_pem_x509_certificate(root.read_bytes()),
            keys={key.kid: _pinned(key, settings.instance) for key in published_keys(session)},
            log=log,
            witnesses=witnesses,
            quorum=settings.witness_quorum,
            timestampers=public_timestampers(),
            made_at=now,
        )
    except (Broken, OSError, ValueError) as error:  # no path in the sentence: anybody at the counter may read it
        raise Broken(
            "A certificate of the issuer cannot be read; restore the authority folder from a backup."
        ) from error


def _pinned(key: PublishedKey, instance: Path) -> PinnedKey:
    certificate = x509.load_pem_x509_certificate(key.certificate.encode())
    return PinnedKey(
        kid=key.kid,
        certificate=certificate,
        status=key.status,
        trusted_size=key.trusted_size,
        stamps=always_stamps(instance, certificate),
    )


def trust_file(session: Session, *, settings: Settings, now: datetime) -> str | None:
    """Return the trust file as anybody may keep it, signed with the log's key; None where nothing was ever logged.

    It carries the newest status lists, unless a verifier would refuse them: until new ones are published after a key
    was given up or the address changed, no status is vouched for.

    Raises:
        Broken: as `trust_of`; or the log's key cannot be read.
    """
    trust, newest = trust_of(session, settings=settings, now=now), newest_checkpoint(session)
    if trust is None or newest is None:
        return None
    published = {purpose: newest_list(session, purpose=purpose) for purpose in StatusPurpose}
    try:
        lists = carried_lists(trust, {purpose: one.jwt for purpose, one in published.items() if one})
    except BadTrust as error:
        _log.warning("The trust file goes out without status lists: %s", error)
        lists = {}
    note = cosigned_note(session, newest)
    fresh = Freshness(until=now + FRESH_FOR, note=note, checkpoint=checkpoint_in(text_in(note)), lists=lists)
    return trust_text(trust, fresh, key_in(settings.instance, base_url=settings.base_url))
