"""The installation's own authority: a root that vouches for the key that signs.

Its folder `<instance>/authority/` is made at first use (see `ceremonies`). The newest signer in it signs. With
`TRAINER_SIGNING_KEY` the signing key comes from a PKCS#12 file or a token instead; the root stays in the folder,
or comes in that file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization

from trainer.certificates.signing.key_rotation import establish, kept_in, key_lasts
from trainer.certificates.signing.keys import (
    SCHEME,
    SigningKey,
    SigningSettings,
    certificate_in,
    key_in_files,
    key_in_pkcs12,
)
from trainer.certificates.signing.timestamps import OwnTimestamps, TimestampAuthority
from trainer.errors import Broken
from trainer.moments import written


@dataclass(frozen=True, kw_only=True)
class Authority:
    """Who signs.

    Attributes:
        key: the signing key, ECDSA P-256.
        signer: the certificate of that key.
        root: the certificate that vouches for it; a verifier pins this one.
        timestamps: says when a signature was there; None leaves the time to our word.
    """

    key: SigningKey
    signer: x509.Certificate
    root: x509.Certificate
    timestamps: TimestampAuthority | None = None

    @property
    def root_pem(self) -> bytes:
        """Return the root certificate as text, for those who want to trust it."""
        return self.root.public_bytes(serialization.Encoding.PEM)


def is_established(instance: Path) -> bool:
    """Say whether the installation has an authority, whole or damaged."""
    return (instance / "authority").exists() or bool(SigningSettings.from_env().key)


def authority_in(instance: Path, *, issuer: str, now: datetime, signing: SigningSettings | None = None) -> Authority:
    """Return the installation's authority, making it at first use; `signing` comes from the environment.

    Two processes that begin at once agree: the first to put its folder into place decides.

    Raises:
        Broken: a key or certificate is missing, damaged, out of its time or another's; or the folder cannot be made.
    """
    signing = signing or SigningSettings.from_env()
    folder = instance / "authority"
    if signing.key:
        key, root = _kept_elsewhere(folder, signing)
    else:
        if not folder.is_dir():
            try:
                establish(folder, issuer=issuer, now=now, passphrase=signing.passphrase)
            except OSError as error:
                raise Broken(f"The signing keys cannot be kept in {instance} ({error.strerror}).") from error
        key, root = _kept_here(folder, signing, now)
    _check_times(key.certificate, where=signing.key or str(folder), now=now)
    return Authority(
        key=key, signer=key.certificate, root=root, timestamps=_timestamps(folder, signing, root=root, now=now)
    )


def _kept_here(folder: Path, signing: SigningSettings, now: datetime) -> tuple[SigningKey, x509.Certificate]:
    root = certificate_in(folder / "root.pem")
    signers = kept_in(folder, "signer")
    begun = [kept for kept in signers if kept.certificate.not_valid_before_utc <= now] or signers
    if not begun:
        raise Broken(f"{folder} holds no signer.pem; restore it from a backup.")
    newest = begun[-1]
    if not newest.key.exists() and newest.given_up.exists():
        raise Broken(f"The signing key {newest.path.stem} was given up; make a new one with `trainer keys rotate`.")
    key = key_in_files(newest.key, newest.path, passphrase=signing.passphrase)
    _check_issued(key.certificate, root, where=folder)
    return key, root


def _kept_elsewhere(folder: Path, signing: SigningSettings) -> tuple[SigningKey, x509.Certificate]:
    if signing.key.startswith(SCHEME):
        key: SigningKey = _key_on_token(signing)
        above: Sequence[x509.Certificate] = ()
    else:
        key, above = key_in_pkcs12(Path(signing.key), passphrase=signing.passphrase)
    [root] = [one for one in above if one.subject == key.certificate.issuer][:1] or [
        certificate_in(folder / "root.pem")
    ]
    _check_issued(key.certificate, root, where=folder)
    return key, root


def _key_on_token(signing: SigningSettings) -> SigningKey:
    try:
        from trainer.certificates.signing.hardware_tokens import key_on_token  # noqa: PLC0415 – only who has a token has the package
    except ImportError as error:
        raise Broken(f"A key at {SCHEME} needs the package python-pkcs11; install it beside this one.") from error
    return key_on_token(signing.key, pin=signing.passphrase)


def _check_issued(signer: x509.Certificate, root: x509.Certificate, *, where: Path) -> None:
    try:
        signer.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature) as error:
        raise Broken(f"In {where} the signer's certificate was not issued by root.pem; put both back.") from error


def _check_times(signer: x509.Certificate, *, where: str, now: datetime) -> None:
    if now > signer.not_valid_after_utc:
        raise Broken(
            f"The signing certificate in {where.partition('?')[0]} ended on {written(signer.not_valid_after_utc)}; "
            "make a new one with `trainer keys rotate` before issuing."
        )
    if now < signer.not_valid_before_utc:
        raise Broken(
            f"The signing certificate in {where.partition('?')[0]} begins on {written(signer.not_valid_before_utc)}; "
            "check the clock of this machine."
        )


def _timestamps(
    folder: Path, signing: SigningSettings, *, root: x509.Certificate, now: datetime
) -> TimestampAuthority | None:
    if signing.timestamp_url:
        if not signing.timestamp_root:
            raise Broken(
                "TRAINER_TIMESTAMP_URL needs TRAINER_TIMESTAMP_ROOT, the file with that authority's root certificate; "
                "without it anybody on the way could answer."
            )
        from trainer.certificates.signing.public_timestamps import TimestampsByHttp  # noqa: PLC0415 – for few

        return TimestampsByHttp(signing.timestamp_url, certificate_in(Path(signing.timestamp_root)))
    ours = [kept for kept in kept_in(folder, "timestamp") if key_lasts(kept, now)]
    if not ours:
        return None
    key = key_in_files(ours[-1].key, ours[-1].path, passphrase=signing.passphrase)
    _check_issued(key.certificate, root, where=folder)
    return OwnTimestamps(key, root)
