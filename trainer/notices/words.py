"""The words in which a notice is kept."""

from enum import StrEnum


class Channel(StrEnum):
    """How a notice travels."""

    MAIL = "mail"
    WEBHOOK = "webhook"
