"""Who signs what: a named clinician, one exact version of a text."""

from dataclasses import dataclass

from trainer.curriculum.words import ReviewKind


@dataclass(frozen=True, kw_only=True)
class ReviewedText:
    """One version of an item, a case or a lesson.

    Attributes:
        hash: of exactly this version.
        id: the same for all versions.
    """

    kind: ReviewKind
    hash: str
    id: str


@dataclass(frozen=True, kw_only=True)
class Reviewer:
    """Who signs; the role is what makes them competent, in words."""

    person_id: str
    name: str
    role: str
