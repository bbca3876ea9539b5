"""The words in which a decision about a certificate is kept."""

from enum import StrEnum


class Occasion(StrEnum):
    """Why a certificate was conferred."""

    FIRST = "first"
    RENEWAL = "renewal"
    CORRECTION = "correction"  # of the holder's name
    AGAIN = "again"  # the earlier decision was taken back, or its certificate was issued in error or given back


class ConsentLevel(StrEnum):
    """What the public counter may say about the holder's name."""

    SHOWN = "shown"  # to whoever has the number, the address or the file
    MATCHED = "matched"  # never shown; a verifier may ask whether a name they know is the holder's
    HIDDEN = "hidden"  # neither; only the file itself bears it
