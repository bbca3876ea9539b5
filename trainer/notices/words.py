"""The words in which a notice is kept."""

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """How a notice travels."""

    MAIL = "mail"
    WEBHOOK = "webhook"


@dataclass(frozen=True)
class Words:
    """A letter without address and greeting."""

    subject: str
    body: str
