"""Every knob of an installation, read once at start."""

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from trainer.errors import Broken

ISSUER_LENGTH = 80
LONGEST_RECALL_HOURS = 168
ROOT = Path(__file__).resolve().parent.parent
WITNESS_KEY = re.compile(r"[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+")


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
        session_limit_days: how long a sign-in lasts at most, however much it is used, in days.
        upload_limit: the largest upload that is read at all, in bytes.
        paper_size: of certificates, `a4` or `letter`.
        witnesses: who is asked to cosign the log: the public key of each, and the address it is asked at, or "".
        witness_quorum: how many of them must have cosigned before a proof is more than provisional; 0 asks for none.
        smtp_url: the mail server, such as `smtps://user:password@host:465`; while it is empty, letters wait.
        recall_hours: how long a revocation or a surrender is a suspension that can be recalled, before it becomes
            final; 0 to 168 hours, and 0 makes it final at once. What was decided keeps the moment it was told.
        mail_from: the address that letters come from; empty: `no-reply@` and the host of the public address.
        school: the file with the name, the colours, the logo and the words of a school; None for the house's own.
        specimen: the number of a certificate that the front page may show as an example; its holder has agreed.
    """

    instance: Path
    content: Path
    database_url: str = field(repr=False)  # it may hold a password
    base_url: str
    issuer: str
    secret_key: str = field(repr=False)
    secure_cookies: bool
    session_days: int = 14
    session_limit_days: int = 30
    proxies: int = 0
    upload_limit: int = 2 * 1024 * 1024
    paper_size: str = "a4"
    witnesses: tuple[tuple[str, str], ...] = ()
    witness_quorum: int = 0
    recall_hours: int = 24
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    school: Path | None = None
    specimen: str = ""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read `TRAINER_…` variables; whatever is not set has a default that works on one machine.

        Witnesses stand in `TRAINER_WITNESSES` or, when that is not set, in the file `<instance>/witnesses`: public
        keys (`name+id+key`), each followed by its address, with spaces or line ends between; a line that begins
        with `#` is passed over. `TRAINER_WITNESS_QUORUM` says how many of them a proof needs.

        Raises:
            Broken: a variable has a value that cannot work.
        """
        check_text(environ)
        base_url = _base_url(environ)
        database_url = database_url_in(environ)
        issuer = _issuer(environ)
        paper_size = _paper_size(environ)
        instance = _made(instance_in(environ))
        witnesses = _witnesses(environ, instance)
        return cls(
            instance=instance,
            content=Path(environ.get("TRAINER_CONTENT", ROOT / "content")).resolve(),
            database_url=database_url,
            base_url=base_url,
            issuer=issuer,
            secret_key=_secret_key(environ) or secret_key_in(instance),
            secure_cookies=base_url.startswith("https://"),
            proxies=_count(environ, "TRAINER_PROXIES"),
            paper_size=paper_size,
            witnesses=witnesses,
            witness_quorum=_quorum(environ, len(witnesses)),
            recall_hours=_recall_hours(environ),
            smtp_url=environ.get("TRAINER_SMTP_URL", ""),
            mail_from=environ.get("TRAINER_MAIL_FROM", ""),
            school=Path(environ["TRAINER_SCHOOL"]).resolve() if environ.get("TRAINER_SCHOOL") else None,
            specimen=environ.get("TRAINER_SPECIMEN", "").strip(),
        )


def _base_url(environ: Mapping[str, str]) -> str:
    base_url = environ.get("TRAINER_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    if not _is_address(base_url) or (parts := urlsplit(base_url)).username is not None or parts.path:
        raise Broken(
            f"TRAINER_BASE_URL is {_without_password(base_url)!r}; it must begin with http:// or https://, and "
            "name a host, perhaps a port, and nothing else: the site answers at the root of its address."
        )
    return base_url


def _issuer(environ: Mapping[str, str]) -> str:
    issuer = environ.get("TRAINER_ISSUER", "Trainer demonstration programme").strip()
    if not 0 < len(issuer) <= ISSUER_LENGTH:
        raise Broken(f"TRAINER_ISSUER must have 1 to {ISSUER_LENGTH} characters; a certificate has no room for more.")
    return issuer


def _paper_size(environ: Mapping[str, str]) -> str:
    paper_size = environ.get("TRAINER_PAPER", "a4").lower()
    if paper_size not in ("a4", "letter"):
        raise Broken(f"TRAINER_PAPER is {paper_size!r}; it must be a4 or letter.")
    return paper_size


def _made(instance: Path) -> Path:
    try:
        instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Broken(f"The folder {instance} (TRAINER_INSTANCE) cannot be made: {error.strerror}.") from error
    return instance


def _quorum(environ: Mapping[str, str], witnesses: int) -> int:
    quorum = _count(environ, "TRAINER_WITNESS_QUORUM")
    if quorum > witnesses:
        raise Broken(f"TRAINER_WITNESS_QUORUM is {quorum}, but only {witnesses} witnesses are named.")
    return quorum


def check_text(environ: Mapping[str, str]) -> None:
    """Let the variables pass when each of ours is text.

    Raises:
        Broken: one has bytes that are not UTF-8; Python hands those on as half signs, which nothing can write.
    """
    for name, value in environ.items():
        if name.startswith("TRAINER_") and any("\ud800" <= sign <= "\udfff" for sign in value):
            raise Broken(f"{name} has bytes that are no text (UTF-8); set it anew.")


def _is_address(text: str) -> bool:
    try:
        address = urlsplit(text)
        return (
            address.scheme in ("http", "https")
            and bool(address.hostname)
            and (address.port is None or address.port > 0)
            and not re.search(r"[\s\x00-\x1f\x7f?#\\]", text)
        )
    except ValueError:
        return False


def _without_password(text: str) -> str:
    return re.sub(r"//[^/@]*@", "//…@", text)


def instance_in(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder for everything generated; it need not exist yet."""
    return Path(environ.get("TRAINER_INSTANCE", ROOT / "instance")).resolve()


def database_url_in(environ: Mapping[str, str] = os.environ) -> str:
    """Return the address of the database; without one it is a file in the instance folder.

    Raises:
        Broken: it is none that we can use.
    """
    url = environ.get("TRAINER_DATABASE_URL", f"sqlite:///{instance_in(environ) / 'trainer.sqlite'}")
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise Broken(
            f"TRAINER_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://, not {url.split(':', 1)[0]!r}."
        )
    return url


def _recall_hours(environ: Mapping[str, str]) -> int:
    hours = _count(environ, "TRAINER_RECALL_HOURS", "24")
    if hours > LONGEST_RECALL_HOURS:
        raise Broken(f"TRAINER_RECALL_HOURS is {hours}; it must be from 0 to {LONGEST_RECALL_HOURS}.")
    return hours


def _count(environ: Mapping[str, str], name: str, unset: str = "0") -> int:
    value = environ.get(name, unset)
    if not value.isdecimal() or len(value) > 4:
        raise Broken(f"{name} is {value[:60]!r}; it must be a whole number, 0 or more, of four digits at most.")
    return int(value)


def _witnesses(environ: Mapping[str, str], instance: Path) -> tuple[tuple[str, str], ...]:
    where = "TRAINER_WITNESSES"
    text = environ.get(where)
    if text is None and (file := instance / "witnesses").exists():
        where, text = str(file), _text_in(file)
    words = [word for line in (text or "").splitlines() if not line.startswith("#") for word in line.split()]
    found: list[tuple[str, str]] = []
    for word in words:
        if word.startswith(("http://", "https://")):
            if not found or found[-1][1]:
                raise Broken(f"In {where}, the address {word[:60]} follows no key of a witness.")
            if not _is_address(word):
                raise Broken(f"In {where}, {word[:60]!r} is no address that a witness could be asked at.")
            found[-1] = (found[-1][0], word.rstrip("/"))
        elif WITNESS_KEY.fullmatch(word):
            found.append((word, ""))
        else:
            raise Broken(f"In {where}, {word[:60]!r} is neither a witness's key (name+id+key) nor its http address.")
    return tuple(found)


def _text_in(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Broken(f"{file} has bytes that are no text (UTF-8); write it anew.") from error
    except OSError as error:
        raise Broken(f"{file} cannot be read: {error.strerror}.") from error


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
