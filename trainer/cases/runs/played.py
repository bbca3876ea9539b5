"""What the requirements ask about runs that were played to their end."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Played:
    """One case run that was played to its end.

    Attributes:
        case_hash: the exact text that was played.
        passed: no critical failure, every duty done, every competency at its mark.
    """

    case: str
    case_hash: str
    variant: str
    passed: bool
    ended_at: datetime
