"""What somebody sent just after their sign-in had ended, carried through the sign-in page and given back.

It is kept nowhere here: it travels in the page, encrypted, so that whoever else sits at the browser cannot read it, and
opens for the same person only. Nothing is done with it before that person sends it again.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from cryptography.fernet import Fernet, InvalidToken

from trainer.typed_words import SECRETS, is_prose

LONGEST_CARRIED = 100_000
"""How many characters are carried: fifty times the longest reason that a form takes."""
LASTS_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True)
class Field:
    """One thing that was typed or chosen."""

    name: str
    text: str

    @property
    def is_prose(self) -> bool:
        """Say whether somebody wrote this, rather than chose it."""
        return is_prose(self.text)


@dataclass(frozen=True)
class Carried:
    """What was sent.

    Attributes:
        person_id: who sent it.
        path: where it was sent.
        stood_on: the page on which the form stood, or "".
        fields: what was in it, without secrets; empty when it was too much.
        too_long: it was more than is carried.
        files: how many files were sent with it; they are not carried.
    """

    person_id: str
    path: str
    stood_on: str
    fields: Sequence[Field]
    too_long: bool
    files: int


def carried(
    *, person_id: str, path: str, stood_on: str = "", sent: Iterable[tuple[str, str]], files: int = 0
) -> Carried:
    """Take what was sent, without its secrets."""
    fields = [Field(name, text) for name, text in sent if name not in SECRETS]
    too_long = sum(len(field.name) + len(field.text) for field in fields) > LONGEST_CARRIED
    return Carried(person_id, path, stood_on, [] if too_long else fields, too_long, files)


def seal_words(what: Carried, *, secret: str) -> str:
    """Return it as one encrypted line."""
    return _fernet(secret).encrypt(zlib.compress(json.dumps(asdict(what)).encode())).decode()


def unsealed(token: str | None, *, secret: str, person_id: str) -> Carried | None:
    """Open it for the person who sent it; None for anybody else, and for what is no seal of ours or too old."""
    try:
        plain = _fernet(secret).decrypt((token or "").encode(), ttl=LASTS_SECONDS)
    except (InvalidToken, UnicodeEncodeError):
        return None
    values = json.loads(zlib.decompress(plain))
    found = Carried(**{**values, "fields": [Field(**value) for value in values["fields"]]})
    return found if found.person_id == person_id else None


def _fernet(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"carried\n{secret}".encode()).digest()))
