"""The words in which looks are written down."""

from enum import StrEnum


class NotedLook(StrEnum):
    """What changes nothing, and is written down because it is about somebody else."""

    RECORD = "look at record"
    CERTIFICATE = "download certificate"
    FIGURES = "export figures"
