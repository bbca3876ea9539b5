"""The words in which a run and what happened in it are kept."""

from enum import StrEnum


class EventKind(StrEnum):
    """What a trainee did in a run."""

    CHOICE = "choice"
    REASON = "reason"
    REACTION = "reaction"
    MARK = "mark"  # what was marked and not sent when a pause began
    PAUSE = "pause"
    RESUME = "resume"


class RunPurpose(StrEnum):
    """What a run is played for: practice opens its debrief at the end, an examination only with its result."""

    PRACTICE = "practice"
    EXAM = "exam"


class Pace(StrEnum):
    """How the clock runs: calm knows no limits; simulated counts thinking silently; real shows a countdown."""

    CALM = "calm"
    SIMULATED = "simulated"
    REAL = "real"
