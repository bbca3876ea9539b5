"""The key that signs receipts: `<instance>/receipts/`, made at first use, readable by its owner alone.

It signs nothing else. The process that answers the public holds it, and so never needs the issuer's key.
"""

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from trainer.errors import Broken


def receipt_key_in(instance: Path) -> ECKey:
    """Return the installation's receipt key (P-256), making it at first use.

    Two processes that begin at once agree: the first to put its folder into place decides.

    Raises:
        Broken: the folder is damaged or cannot be made.
    """
    folder = instance / "receipts"
    if not folder.is_dir():
        try:
            _establish(folder)
        except OSError as error:
            raise Broken("The key for receipts cannot be kept; look at the rights of the instance folder.") from error
    try:
        key = ECKey.import_key((folder / "key.pem").read_bytes())
    except (OSError, ValueError, JoseError) as error:  # no path in the sentence: anybody at the counter may read it
        raise Broken("The receipts folder has no readable key; restore it from a backup.") from error
    if key.curve_name != "P-256" or not key.is_private:
        raise Broken("The receipts folder does not hold a private P-256 key; restore it from a backup.")
    return key


def public_jwk(key: ECKey) -> dict[str, Any]:
    """Return the public half as a JWK (RFC 7517), with its RFC 7638 thumbprint as `kid`."""
    return {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": "ES256"}


def _establish(folder: Path) -> None:
    draft = folder.with_name(f"receipts.{secrets.token_hex(6)}")
    draft.mkdir(mode=0o700, parents=True)
    try:
        descriptor = os.open(draft / "key.pem", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(ECKey.generate_key("P-256").as_pem(private=True))
            file.flush()
            os.fsync(file.fileno())
        with suppress(OSError):
            draft.rename(folder)
        if not folder.is_dir():
            raise OSError("the folder could not be put into place")
    finally:
        shutil.rmtree(draft, ignore_errors=True)
