"""What the curriculum is meant to be: fourteen modules, and what each of them should hold.

The modules are those of the course map of the field guide that the course was planned by; the bounds are those of the
brief that its authors write against. Neither comes from a standard.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

PLANNED_MODULES: Final[Mapping[int, str]] = {
    1: "Foundations, evidence and its limits",
    2: "Law, regulation and scope",
    3: "Ethics and informed consent",
    4: "Boundaries, touch, power, misconduct",
    5: "Pharmacology and time course",
    6: "Medical and psychiatric screening",
    7: "Medicines and interactions",
    8: "Suicide safety and trauma-informed care",
    9: "Preparation",
    10: "In-session support, monitoring, emergencies",
    11: "Integration, harms and after-care",
    12: "Culture, equity and reciprocity",
    13: "Groups and settings",
    14: "Professional practice: records, supervision, certification",
}
"""Titles by the number of the module's folder."""


@dataclass(frozen=True)
class PlannedRange:
    """What a module should hold of something: from `low` to `high`, both inclusive, where they are given."""

    low: float | None = None
    high: float | None = None

    def holds(self, value: float) -> bool:
        """Say whether so much is in it."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def __str__(self) -> str:
        ends = [f"{end:,g}" for end in (self.low, self.high) if end is not None]
        return "–".join(ends) if len(ends) == 2 else f"{'≥' if self.high is None else '≤'} {ends[0]}"


PLANNED_RANGES: Final[Mapping[str, PlannedRange]] = {
    "lessons": PlannedRange(4, 7),
    "words": PlannedRange(4000, 7000),
    "grade": PlannedRange(high=12),
    "items": PlannedRange(26),
    "exercises": PlannedRange(1),
    "summaries": PlannedRange(1),
}
"""Bounds by the name of what is counted in `ModuleInventory`."""
