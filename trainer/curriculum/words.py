"""The words in which a signature under a text is kept."""

from enum import StrEnum

FICTIONAL_REVIEWER = "fictional reviewer of the demonstration"
"""As what the invented people of a demonstration sign texts; nobody real has read what they signed."""


class ReviewKind(StrEnum):
    """What sort of text a reviewer has signed."""

    ITEM = "item"
    CASE = "case"
    LESSON = "lesson"
    WRITTEN = "written"
