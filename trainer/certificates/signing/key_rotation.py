"""Make, renew and give up the keys of the authority folder, `<instance>/authority/`.

    root.pem, root-key.pem            the root; its key is needed for new keys only, and may be kept elsewhere
    signer.pem, signer-key.pem        the first signing key; later ones are signer-2, signer-3 …
    timestamp.pem, timestamp-key.pem  our own timestamp authority

All files are readable by their owner alone. Earlier signers stay, so that what they signed can be checked. A key
that was given up is kept as `signer-key.given-up`, and nothing signs with it.
"""

import os
import re
import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from trainer.certificates.signing.chain import root_certificate, signer_certificate, timestamp_certificate
from trainer.certificates.signing.keys import SigningSettings, certificate_in, private_key_in
from trainer.errors import Broken, Missing, Refused
from trainer.registry.issuer_keys import kid_of

OVERLAP = timedelta(days=1)  # clocks differ


@dataclass(frozen=True)
class FolderKey:
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


def signers_in(instance: Path) -> list[FolderKey]:
    """Return every signer of the folder, oldest first.

    Raises:
        Broken: a certificate is unreadable.
    """
    return kept_in(instance / "authority", "signer")


def establish(folder: Path, *, issuer: str, now: datetime, passphrase: str) -> None:
    """Make the folder with a root, a first signer and a timestamp key, unless somebody else was first.

    Raises:
        OSError: the folder cannot be made.
    """
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
    lasting = [kept for kept in kept_in(folder, "timestamp") if key_lasts(kept, certificate.not_valid_after_utc)]
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


def kept_in(folder: Path, role: str) -> list[FolderKey]:
    """Return the keys of one role, `signer` or `timestamp`, oldest first.

    Raises:
        Broken: a certificate is unreadable.
    """
    named = re.compile(rf"{role}(-\d+)?\.pem")
    found = (
        FolderKey(certificate_in(path), path) for path in folder.glob(f"{role}*.pem") if named.fullmatch(path.name)
    )
    return sorted(found, key=lambda kept: (kept.certificate.not_valid_before_utc, kept.number))


def key_lasts(kept: FolderKey, until: datetime) -> bool:
    """Say whether a key is there and its certificate holds until then."""
    return kept.key.exists() and kept.certificate.not_valid_after_utc >= until


def always_stamps(instance: Path, signer: x509.Certificate) -> bool:
    """Say whether our own timestamp key was there before this signer was, and lasts as long as it.

    Then nothing is signed with it without a timestamp. An authority folder of an earlier version has none.

    Raises:
        Broken: a certificate is unreadable.
    """
    ours = [kept.certificate for kept in kept_in(instance / "authority", "timestamp")]
    return any(
        our.not_valid_before_utc <= signer.not_valid_before_utc
        and our.not_valid_after_utc >= signer.not_valid_after_utc
        for our in ours
    )


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
