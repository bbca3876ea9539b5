"""What a case is made of, once it has been read: its head, its chapters, its duties and endings.

Everything here is frozen. Lines count from 1 in the author's file; minutes are simulated minutes.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from trainer.cases.script.conditions import Condition
from trainer.cases.script.limits import Limit
from trainer.cases.script.scenes import Chapter, Choice, Expert, Paragraph, Scene, Target, Way

__all__ = [
    "VITALS",
    "Case",
    "CaseCompetency",
    "CasePreface",
    "Chapter",
    "Choice",
    "Duty",
    "Expert",
    "MustNot",
    "Noted",
    "Number",
    "Paragraph",
    "Phase",
    "ReviewStatus",
    "Scene",
    "Target",
    "Variant",
    "Way",
]  # fmt: skip

VITALS = ("sbp", "dbp", "hr")
"""Systolic and diastolic blood pressure (mmHg) and heart rate (beats a minute)."""


class Phase(StrEnum):
    """The part of the work that a case is about."""

    SCREENING = "screening"
    PREPARATION = "preparation"
    SESSION = "session"
    INTEGRATION = "integration"


class ReviewStatus(StrEnum):
    """How far the review of a case has come."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    LIVE = "live"


@dataclass(frozen=True)
class CaseCompetency:
    """What is assessed here; `mark` is the pass mark in per cent of the expert's points."""

    name: str
    mark: int
    line: int


@dataclass(frozen=True)
class Number:
    """Something that can be more or less, from 0 to `top`, such as trust."""

    name: str
    start: int
    top: int
    line: int


@dataclass(frozen=True)
class Variant:
    """One version of the person: facts true at the start, shifts of the vitals, strength of the effect in per cent."""

    name: str
    line: int
    facts: tuple[str, ...] = ()
    shifts: Mapping[str, int] = field(default_factory=dict)
    effect: int = 100


@dataclass(frozen=True)
class Duty:
    """Something that must be done in time: `fact` within so many minutes of a scene or a fact."""

    id: str
    fact: str
    within: int
    scene: str
    after: str
    when: Condition
    line: int


@dataclass(frozen=True)
class MustNot:
    """A critical failure: any of these choices, unless the condition beside it holds.

    Attributes:
        cue_in: the scene in which the warning stands; empty when it is the scene of the choice.
    """

    id: str
    choices: tuple[tuple[str, Condition | None], ...]
    line: int
    cue_in: str = ""


@dataclass(frozen=True)
class Noted:
    """A named line of text: an ending, or a source."""

    id: str
    text: str
    line: int


@dataclass(frozen=True)
class CaseEnd(Noted):
    """How a case ends: its text, and what is said `instead` after other plays; the first that holds counts."""

    instead: tuple[Paragraph, ...] = ()


FAILED = "failed"
"""The name that only endings may ask for: something happened in this play that must not."""


@dataclass(frozen=True)
class CasePreface:
    """What the front matter says."""

    slug: str = ""
    title: str = ""
    version: str = ""
    language: str = "en"
    phase: Phase = Phase.SESSION
    status: ReviewStatus = ReviewStatus.DRAFT
    examined_only: bool = False  # nobody practises it
    note: str = ""
    summary: str = ""
    subtitle: str = ""
    profile: str = ""
    vitals: Mapping[str, int] = field(default_factory=dict)
    competencies: tuple[CaseCompetency, ...] = ()
    numbers: tuple[Number, ...] = ()
    facts: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()
    start: str = ""
    person: str = ""  # who the client is, in a few words
    agreed: tuple[str, ...] = ()  # names of limits that were agreed before the story begins


@dataclass(frozen=True, eq=False)
class Case:
    """A case that can be played.

    Attributes:
        path: the file it was read from.
        hash: 64 hex digits over everything but `status` and `reviewed`, so that a signature outlives both.
        marks: the lines that carry `(!)`, not yet reviewed.
        limits: the limits of the site that it uses.
    """

    path: str
    head: CasePreface
    chapters: tuple[Chapter, ...]
    duties: tuple[Duty, ...]
    must_nots: tuple[MustNot, ...]
    endings: tuple[CaseEnd, ...]
    sources: tuple[Noted, ...]
    hash: str
    marks: tuple[int, ...]
    lines: Mapping[str, int]
    limits: tuple[Limit, ...] = ()

    @property
    def slug(self) -> str:
        """The name of its folder."""
        return self.head.slug

    @property
    def title(self) -> str:
        """The name people read."""
        return self.head.title

    @property
    def note(self) -> str:
        """The content note, shown before the case begins."""
        return self.head.note

    @property
    def full_title(self) -> str:
        """Return the title with what the case is about, for lists that stand outside the story."""
        return f"{self.head.title}: {self.head.subtitle}" if self.head.subtitle else self.head.title

    @property
    def agreed(self) -> tuple[Limit, ...]:
        """The limits that everybody in the story knows, because they were agreed before."""
        return tuple(limit for limit in self.limits if limit.name in self.head.agreed)

    @property
    def summary(self) -> str:
        """One sentence for the list of cases."""
        return self.head.summary

    @property
    def pending(self) -> bool:
        """Whether clinicians have still to review it: a line is marked, it is not live, or nobody owns its limits."""
        return (
            bool(self.marks)
            or self.head.status is not ReviewStatus.LIVE
            or any(not limit.owner for limit in self.limits)
        )

    def counts(self, signed: Set[str]) -> bool:
        """Say whether a play of it may count: nothing in it waits for review, or a reviewer has signed this very text.

        Args:
            signed: the hashes under which a named reviewer has signed.
        """
        return not self.pending or self.hash in signed

    @cached_property
    def scenes(self) -> Mapping[str, Scene]:
        """Every scene by its id, in the order of the file."""
        return {scene.id: scene for chapter in self.chapters for scene in chapter.scenes}

    @cached_property
    def choices(self) -> Mapping[str, Choice]:
        """Every choice by its id."""
        return {choice.id: choice for scene in self.scenes.values() for choice in scene.choices}

    @cached_property
    def variants(self) -> Mapping[str, Variant]:
        """Every variant by its name, in the order of the file."""
        return {variant.name: variant for variant in self.head.variants}

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Where each number stands in the numbers of a state."""
        return {number.name: position for position, number in enumerate(self.head.numbers)}

    @cached_property
    def failing(self) -> Mapping[str, tuple[tuple[str, Condition | None], ...]]:
        """The critical failures that a choice can be, each with what excuses it, by the choice's id."""
        found: dict[str, tuple[tuple[str, Condition | None], ...]] = {}
        for rule in self.must_nots:
            for name, unless in rule.choices:
                found[name] = (*found.get(name, ()), (rule.id, unless))
        return found
