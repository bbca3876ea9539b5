"""What issuing needs besides the database: keys, the form of the paper, and a last look as a verifier takes it."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from trainer.certificates.paper.places import ACCENT, PaperSize
from trainer.certificates.signing.authority import Authority, authority_in, is_established
from trainer.certificates.signing.key_rotation import always_stamps
from trainer.certificates.signing.keys import public_timestampers
from trainer.clock import utc_now
from trainer.errors import Broken
from trainer.installation import Installation
from trainer.registry.did import did_of
from trainer.registry.log.queries import log_key
from trainer.registry.notes import Signer
from trainer.registry.queries import anything_entered
from trainer.school.reading import school_in
from trainer.settings import Settings
from trainer.verify.handed_in.attachments import texts_in
from trainer.verify.handed_in.sandbox import AttachedTexts
from trainer.verify.offline.checking import verify_offline
from trainer.verify.trust.anchors import PinnedKey, Trust, kid_in


@dataclass(frozen=True, kw_only=True)
class IssuingTools:
    """Whatever issuing needs besides the database.

    Attributes:
        authority: who signs papers and credentials.
        log: the key of the public log.
        base_url: the public address, without a slash at its end.
        size: of the paper.
        accent: the colour of papers, as `#rrggbb`: that of the school on white pages.
        check: lets a finished paper pass as a verifier would see it, or raises `Broken`.
    """

    authority: Authority
    log: Signer
    base_url: str
    size: PaperSize
    check: Callable[[bytes], None]
    accent: str = ACCENT


def tools_of(installation: Installation, *, now: datetime) -> IssuingTools:
    """Return what issuing needs.

    Raises:
        Broken: a key is gone or cannot be used, although certificates were signed with it; or the dress of the school
            cannot be.
    """
    settings = installation.settings
    with installation.database.reading() as session:
        if not is_established(settings.instance) and anything_entered(session):
            raise Broken(
                f"The signing keys are missing from {settings.instance}, although certificates have been issued. "
                "Restore the authority folder from a backup; nothing was issued."
            )
        key = log_key(session, instance=settings.instance, base_url=settings.base_url)
    authority = authority_in(settings.instance, issuer=settings.issuer, now=now)
    return IssuingTools(
        authority=authority,
        log=key,
        base_url=settings.base_url,
        size=PaperSize(settings.paper_size),
        check=partial(check_as_verifier, trust=_own_trust(settings, authority, key)),
        accent=school_in(settings.school).colours.get("light", {}).get("accent", ACCENT),
    )


def tools_to_sign(installation: Installation, *, now: datetime) -> IssuingTools:
    """Return what issuing needs, once the timestamp authority has answered.

    It is asked here because no transaction is open yet: whoever waits for a dead one within it keeps everybody else
    from writing.

    Raises:
        Broken: a key is gone or cannot be used, or the timestamp authority cannot be relied on.
    """
    tools = tools_of(installation, now=now)
    if tools.authority.timestamps is not None:
        tools.authority.timestamps.stamp(secrets.token_bytes(hashlib.sha256().digest_size))
    return tools


def _own_trust(settings: Settings, authority: Authority, key: Signer) -> Trust:
    signer = PinnedKey(
        kid=kid_in(authority.signer),
        certificate=authority.signer,
        stamps=always_stamps(settings.instance, authority.signer),
    )
    return Trust(
        base_url=settings.base_url,
        did=did_of(settings.base_url),
        issuer=settings.issuer,
        root=authority.root,
        keys={signer.kid: signer},
        log=key.verifier,
        timestampers=public_timestampers(),
        made_at=utc_now(),
    )


def check_as_verifier(paper: bytes, *, trust: Trust) -> None:
    """Let a finished paper pass if a verifier who has nothing but our keys finds it genuine.

    Raises:
        Broken: a verifier would not.
    """
    verdict = verify_offline(paper, trust, utc_now(), read=lambda content: AttachedTexts(**texts_in(content)))
    wrong = [check for check in verdict.checks if not check.holds]
    if not verdict.facts or wrong:
        reason = wrong[0].evidence if wrong else verdict.sentence
        raise Broken(f"The finished certificate did not pass our own verification ({reason}), so nothing was issued.")
