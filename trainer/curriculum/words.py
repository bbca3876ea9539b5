"""The words in which a signature under a text is kept."""

from enum import StrEnum


class ReviewKind(StrEnum):
    """What sort of text a reviewer has signed."""

    ITEM = "item"
    CASE = "case"
    LESSON = "lesson"
    WRITTEN = "written"
