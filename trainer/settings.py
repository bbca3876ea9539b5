"""Every knob of an installation, read once at start."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from trainer.errors import Broken

ISSUER_LENGTH = 80
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an installation can choose.

    Attributes:
        instance: the folder for everything generated: database, keys, logs.
        content: the folder authors write in; releases are published from it.
        database_url: `sqlite:///…` or `postgresql+psycopg://…`.
        base_url: the public address, without a slash at its end; it stands in every QR code.
        issuer: who issues certificates, as printed on them.
        secret_key: signs cookies, form tokens and option tokens; at least 32 characters.
        secure_cookies: send cookies over HTTPS only; on unless the address is plain http.
        proxies: how many reverse proxies of ours stand in front; their forwarded headers are believed.
        session_days: how long a sign-in lasts without use, in days.
        upload_limit: the largest upload that is read at all, in bytes.
        smtp_url: the mail server, such as `smtps://user:password@host:465`; while it is empty, letters wait.
        mail_from: the address that letters come from; empty: `no-reply@` and the host of the public address.
    """

    instance: Path
    content: Path
    database_url: str
    base_url: str
    issuer: str
    secret_key: str
    secure_cookies: bool
    session_days: int = 14
    proxies: int = 0
    upload_limit: int = 2 * 1024 * 1024
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read `TRAINER_…` variables; whatever is not set has a default that works on one machine.

        Raises:
            Broken: a variable has a value that cannot work.
        """
        instance = Path(environ.get("TRAINER_INSTANCE", ROOT / "instance")).resolve()
        base_url = environ.get("TRAINER_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
        if not base_url.startswith(("http://", "https://")):
            raise Broken(f"TRAINER_BASE_URL is {base_url!r}; it must begin with http:// or https://.")
        database_url = environ.get("TRAINER_DATABASE_URL", f"sqlite:///{instance / 'trainer.sqlite'}")
        if not database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise Broken(
                "TRAINER_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://, "
                f"not {database_url.split(':', 1)[0]!r}."
            )
        issuer = environ.get("TRAINER_ISSUER", "Trainer demonstration programme")
        if not 0 < len(issuer.strip()) <= ISSUER_LENGTH:
            raise Broken(
                f"TRAINER_ISSUER must have 1 to {ISSUER_LENGTH} characters; a certificate has no room for more."
            )
        instance.mkdir(parents=True, exist_ok=True, mode=0o700)
        return cls(
            instance=instance,
            content=Path(environ.get("TRAINER_CONTENT", ROOT / "content")).resolve(),
            database_url=database_url,
            base_url=base_url,
            issuer=issuer.strip(),
            secret_key=_secret_key(environ) or secret_key_in(instance),
            secure_cookies=base_url.startswith("https://"),
            proxies=_count(environ, "TRAINER_PROXIES"),
            smtp_url=environ.get("TRAINER_SMTP_URL", ""),
            mail_from=environ.get("TRAINER_MAIL_FROM", ""),
        )


def _count(environ: Mapping[str, str], name: str) -> int:
    value = environ.get(name, "0")
    if not value.isdecimal():
        raise Broken(f"{name} is {value!r}; it must be a whole number, 0 or more.")
    return int(value)


def _secret_key(environ: Mapping[str, str]) -> str | None:
    secret = environ.get("TRAINER_SECRET_KEY")
    if secret and len(secret) < 32:
        raise Broken("TRAINER_SECRET_KEY is too short to be a secret; use at least 32 characters.")
    return secret


def secret_key_in(instance: Path) -> str:
    """Return the installation's secret, making it on the first start.

    Two processes that start at once agree: the first to put the whole file into place decides.
    """
    path = instance / "secret-key"
    if not path.exists():
        draft = instance / f"secret-key.{secrets.token_hex(6)}"
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    secret = path.read_text()
    if len(secret) < 32:
        raise Broken(f"{path} is too short to be a secret; delete it and start again to make a new one.")
    return secret
