"""Settings that are passed over, or that cannot work, each in one sentence."""

import os
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

from trainer.certificates.signing.keys import SCHEME, SigningSettings, certificate_in
from trainer.errors import Broken, TrainerError
from trainer.notices.mail import mail_server_of
from trainer.settings import Settings

PREFIX = "TRAINER_"
KNOWN = frozenset(
    PREFIX + name
    for name in (
        "INSTANCE",
        "CONTENT",
        "DATABASE_URL",
        "BASE_URL",
        "ISSUER",
        "SECRET_KEY",
        "PAPER",
        "SIGNING_KEY",
        "SIGNING_PASSPHRASE",
        "TIMESTAMP_URL",
        "TIMESTAMP_ROOT",
        "WITNESSES",
        "WITNESS_QUORUM",
        "RECALL_HOURS",
        "SMTP_URL",
        "MAIL_FROM",
        "PROXIES",
        "SPECIMEN",
        "SCHOOL",
    )
)
"""Every variable that is read; a test holds this list against the README."""


def faulty_settings(settings: Settings, environ: Mapping[str, str] = os.environ) -> Iterator[str]:
    """Yield a sentence for each setting that nobody reads or that cannot work. Nothing is asked over the network."""
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in KNOWN:
            near = get_close_matches(name, KNOWN, n=1, cutoff=0.7)
            yield f"{name} is no setting, so it is passed over." + (f" Did you mean {near[0]}?" if near else "")
    try:
        mail_server_of(settings)
    except Broken as error:
        yield str(error)
    yield from _signing(SigningSettings.from_env(environ))


def check_settings(settings: Settings) -> None:
    """Let an installation pass if every setting is read and can work.

    Raises:
        Broken: one is not, or cannot; the sentence is about the first.
    """
    for sentence in faulty_settings(settings):
        raise Broken(sentence)


def _signing(signing: SigningSettings) -> Iterator[str]:
    if signing.key and not signing.key.startswith(SCHEME) and not Path(signing.key).is_file():
        yield f"TRAINER_SIGNING_KEY is {signing.key!r}, where no file is; name a .p12 file, or a pkcs11: address."
    if not signing.timestamp_url:
        return
    parts = urlsplit(signing.timestamp_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        yield "TRAINER_TIMESTAMP_URL is no http address of a timestamp authority."
    if not signing.timestamp_root:
        yield "TRAINER_TIMESTAMP_URL needs TRAINER_TIMESTAMP_ROOT, the file with that authority's root certificate."
        return
    try:
        certificate_in(Path(signing.timestamp_root))
    except TrainerError as error:
        yield f"TRAINER_TIMESTAMP_ROOT cannot be used: {error}"
