"""The words in which the result of a sitting is kept."""

from enum import StrEnum


class Zone(StrEnum):
    """Where the mean of a sitting lies: above or below the cut by more than its error, or between (people decide)."""

    ABOVE = "above"
    GREY = "grey"
    BELOW = "below"
