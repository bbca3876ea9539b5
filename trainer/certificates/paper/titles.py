"""What authors write that will stand on a certificate: checked with the content, before a cohort can follow it."""

from collections.abc import Iterator

from trainer.authoring.messages import Message
from trainer.authoring.release import Files, release_of
from trainer.certificates.paper.acceptance import check_award, check_fact
from trainer.errors import Refused
from trainer.requirements.catalogue import catalogue_of


def unprintable(files: Files) -> tuple[Message, ...]:
    """Return a message for every title, credential or version of a programme that a certificate cannot show."""
    return tuple(sorted(_unprintable(files)))


def _unprintable(files: Files) -> Iterator[Message]:
    for slug, programme in catalogue_of(release_of(files)).programmes.items():
        path = f"programmes/{slug}.yaml"
        for key, words, check in (
            ("title", programme.title, check_award),
            ("credential", programme.credential, check_award),
            ("version", programme.version, check_fact),
        ):
            try:
                check(words)
            except Refused as refusal:
                yield Message(path, _line_of(files[path].decode(), key), f"In “{key}”: {refusal}")


def _line_of(text: str, key: str) -> int:
    return next((at for at, line in enumerate(text.splitlines(), 1) if line.startswith(f"{key}:")), 1)
