"""The installation's own authority: a root that vouches for the keys that sign.

The folder `<instance>/authority/` is made at first use; its files are readable by their owner alone:

    root.pem, root-key.pem            the root; its key is needed for new keys only, and may be kept elsewhere
    signer.pem, signer-key.pem        the first signing key; later ones are signer-2, signer-3 …
    timestamp.pem, timestamp-key.pem  our own timestamp authority

The newest signer signs. Earlier ones stay, so that what they signed can be checked. A key that was given up
is kept as `signer-key.given-up`, and nothing signs with it. With `TRAINER_SIGNING_KEY` the signing key comes
from a PKCS#12 file or a token instead; the root stays here or in that file.
"""

import os
import re
import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from trainer.certificates.chain import root_certificate, signer_certificate, timestamp_certificate
from trainer.certificates.keys import (
    SCHEME,
    SigningKey,
    SigningSettings,
    certificate_in,
    key_in_files,
    key_in_pkcs12,
    private_key_in,
)
from trainer.certificates.timestamps import OwnTimestamps, TimestampAuthority
from trainer.errors import Broken, Missing, Refused
from trainer.registry.issuer_keys import kid_of

OVERLAP = timedelta(days=1)  # clocks differ


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


@dataclass(frozen=True)
class Kept:
    """A key of the folder: its certificate, and where both are."""

    certificate: x509.Certificate
    path: Path

    @property
    def key(self) -> Path:
        """Return the file of the private key."""
        return self.path.with_name(f"{self.path.stem}-key.pem")

    @property
    def given_up(self) -> Path:
        """Return the file of the private key once it was given up."""
        return self.path.with_name(f"{self.path.stem}-key.given-up")

    @property
    def number(self) -> int:
        """Return its place among the keys of its role, from 1."""
        return int(self.path.stem.partition("-")[2] or 1)


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
                _establish(folder, issuer=issuer, now=now, passphrase=signing.passphrase)
            except OSError as error:
                raise Broken(f"The signing keys cannot be kept in {instance} ({error.strerror}).") from error
        key, root = _kept_here(folder, signing, now)
    _check_times(key.certificate, where=signing.key or str(folder), now=now)
    return Authority(
        key=key, signer=key.certificate, root=root, timestamps=_timestamps(folder, signing, root=root, now=now)
    )


def signers_in(instance: Path) -> list[Kept]:
    """Return every signer of the folder, oldest first.

    Raises:
        Broken: a certificate is unreadable.
    """
    return _kept(instance / "authority", "signer")


def add_signer(
    instance: Path, *, issuer: str, now: datetime, signing: SigningSettings | None = None
) -> x509.Certificate:
    """Make the next signing key, for which the root vouches; from now on it signs.

    Our own timestamp key is renewed with it, when there is none that lasts as long.

    Raises:
        Refused: the signing key is kept elsewhere, or the root's key is, or somebody else is making one just now.
        Broken: the folder is damaged.
    """
    signing = signing or SigningSettings.from_env()
    if signing.key:
        raise Refused(
            f"The signing key is kept in {signing.key.partition('?')[0]}; make the new one there, have the root vouch "
            "for it with `trainer keys certify`, and point TRAINER_SIGNING_KEY to it."
        )
    folder = instance / "authority"
    root, root_key = _root(folder, passphrase=signing.passphrase)
    begins = now - OVERLAP
    signer = _new_pair(signer_certificate, root, root_key, issuer, begins, signing.passphrase)
    certificate = x509.load_pem_x509_certificate(signer[0])
    lasting = [kept for kept in _kept(folder, "timestamp") if _lasts(kept, certificate.not_valid_after_utc)]
    if not lasting:
        pair = _new_pair(timestamp_certificate, root, root_key, issuer, begins, signing.passphrase)
        _put_pair(folder, "timestamp", pair)
    _put_pair(folder, "signer", signer)
    return certificate


def vouched_for(
    instance: Path, request: bytes, *, issuer: str, now: datetime, signing: SigningSettings | None = None
) -> bytes:
    """Return the certificate, as PEM, in which the root vouches for the key of a certificate request (PKCS#10, PEM).

    Of the request only the key counts; what the certificate says is ours to decide.

    Raises:
        Refused: this is no such request, or its key is not ECDSA P-256, or the root's key is kept elsewhere.
        Broken: the folder is damaged.
    """
    signing = signing or SigningSettings.from_env()
    try:
        asked = x509.load_pem_x509_csr(request)
    except ValueError as error:
        raise Refused("This is not a certificate request as PEM (PKCS#10).") from error
    public = asked.public_key()
    if not asked.is_signature_valid:
        raise Refused("The request is not signed with the key it is about.")
    if not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(public.curve, ec.SECP256R1):
        raise Refused("The key of the request must be an ECDSA key on the curve P-256.")
    root, root_key = _root(instance / "authority", passphrase=signing.passphrase)
    made = signer_certificate(public, root=root, root_key=root_key, issuer=issuer, begins=now - OVERLAP)
    return made.public_bytes(serialization.Encoding.PEM)


def give_up(instance: Path, *, kid: str) -> None:
    """Take a key out of use for good: nothing here signs with it again. Doing it twice changes nothing."""
    for kept in signers_in(instance):
        if _kid(kept.certificate) == kid and kept.key.exists():
            kept.key.rename(kept.given_up)


def _kept_here(folder: Path, signing: SigningSettings, now: datetime) -> tuple[SigningKey, x509.Certificate]:
    root = certificate_in(folder / "root.pem")
    signers = _kept(folder, "signer")
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
        from trainer.certificates.tokens import key_on_token  # noqa: PLC0415 – only who has a token has the package
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
            f"The signing certificate in {where.partition('?')[0]} ended on {signer.not_valid_after_utc:%-d %B %Y}; "
            "make a new one with `trainer keys rotate` before issuing."
        )
    if now < signer.not_valid_before_utc:
        raise Broken(
            f"The signing certificate in {where.partition('?')[0]} begins on {signer.not_valid_before_utc:%-d %B %Y}; "
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
        from trainer.certificates.public_timestamps import TimestampsByHttp  # noqa: PLC0415 – a heavy import, for few

        return TimestampsByHttp(signing.timestamp_url, certificate_in(Path(signing.timestamp_root)))
    ours = [kept for kept in _kept(folder, "timestamp") if _lasts(kept, now)]
    if not ours:
        return None
    key = key_in_files(ours[-1].key, ours[-1].path, passphrase=signing.passphrase)
    _check_issued(key.certificate, root, where=folder)
    return OwnTimestamps(key, root)


def _kept(folder: Path, role: str) -> list[Kept]:
    named = re.compile(rf"{role}(-\d+)?\.pem")
    found = (Kept(certificate_in(path), path) for path in folder.glob(f"{role}*.pem") if named.fullmatch(path.name))
    return sorted(found, key=lambda kept: (kept.certificate.not_valid_before_utc, kept.number))


def _lasts(kept: Kept, until: datetime) -> bool:
    return kept.key.exists() and kept.certificate.not_valid_after_utc >= until


def _kid(certificate: x509.Certificate) -> str:
    public = certificate.public_key()
    return kid_of(public) if isinstance(public, ec.EllipticCurvePublicKey) else ""


def _root(folder: Path, *, passphrase: str) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    if not folder.is_dir():
        raise Missing(f"There is no authority in {folder} yet; it is made when the first certificate is issued.")
    path = folder / "root-key.pem"
    if not path.exists():
        raise Refused(
            f"The root's key is not in {folder}. Put root-key.pem there for this one command, from where you keep it, "
            "and take it away afterwards."
        )
    root, key = certificate_in(folder / "root.pem"), private_key_in(path, passphrase=passphrase)
    if key.public_key() != root.public_key():
        raise Broken(f"In {folder} root-key.pem is not the key of root.pem; put both back.")
    return root, key


def _establish(folder: Path, *, issuer: str, now: datetime, passphrase: str) -> None:
    draft = folder.with_name(f"authority.{secrets.token_hex(6)}")
    draft.mkdir(mode=0o700, parents=True)
    try:
        for name, content in _generate(issuer, now - OVERLAP, passphrase).items():
            _write(draft / name, content)
        draft.rename(folder)
    except OSError:
        if not folder.is_dir():  # somebody else was first; theirs counts
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _generate(issuer: str, begins: datetime, passphrase: str) -> Mapping[str, bytes]:
    root_key = ec.generate_private_key(ec.SECP384R1())
    root = root_certificate(root_key, issuer=issuer, begins=begins)
    signer = _new_pair(signer_certificate, root, root_key, issuer, begins, passphrase)
    timestamp = _new_pair(timestamp_certificate, root, root_key, issuer, begins, passphrase)
    return {
        "root-key.pem": _private(root_key, passphrase),
        "root.pem": root.public_bytes(serialization.Encoding.PEM),
        **dict(zip(("signer.pem", "signer-key.pem"), signer, strict=True)),
        **dict(zip(("timestamp.pem", "timestamp-key.pem"), timestamp, strict=True)),
    }


def _new_pair(
    certified: Callable[..., x509.Certificate],
    root: x509.Certificate,
    root_key: ec.EllipticCurvePrivateKey,
    issuer: str,
    begins: datetime,
    passphrase: str,
) -> tuple[bytes, bytes]:
    """Return a new certificate and its private key, both as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = certified(key.public_key(), root=root, root_key=root_key, issuer=issuer, begins=begins)
    return certificate.public_bytes(serialization.Encoding.PEM), _private(key, passphrase)


def _put_pair(folder: Path, role: str, pair: tuple[bytes, bytes]) -> None:
    """Put a key and then its certificate into the folder, whole and under the next number."""
    named = (re.match(rf"{role}(?:-(\d+))?[.-]", path.name) for path in folder.iterdir())
    taken = [int(match[1] or 1) for match in named if match]
    stem = f"{role}-{max(taken) + 1}" if taken else role
    certificate, key = pair
    try:
        for name, content in ((f"{stem}-key.pem", key), (f"{stem}.pem", certificate)):
            draft = folder / f".{name}.{secrets.token_hex(6)}"
            _write(draft, content)
            try:
                os.link(draft, folder / name)
            finally:
                draft.unlink()
    except FileExistsError as error:
        raise Refused(
            f"{folder / stem}.pem was made just now by somebody else; look at `trainer keys list`."
        ) from error
    except OSError as error:
        raise Broken(f"The new key cannot be kept in {folder} ({error.strerror}).") from error


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _private(key: ec.EllipticCurvePrivateKey, passphrase: str) -> bytes:
    protection: serialization.KeySerializationEncryption = (
        serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
    )
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)
