"""The course as plain values: what the other rooms read once the files have been understood."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from markupsafe import Markup

from trainer.law.values import NO_LAW, Law
from trainer.references.reference import Reference


class Readiness(StrEnum):
    """Whether a text may count, or still waits for a clinician."""

    SOLID = "solid"
    PENDING = "pending review"


@dataclass(frozen=True, kw_only=True)
class Term:
    """One entry of the glossary; `html` is its definition, `cites` the keys of its sources, `also` its other names."""

    slug: str
    title: str
    html: Markup
    cites: tuple[str, ...]
    line: int
    also: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Competency:
    """What a graduate can be seen to do; `code` is `C1` to `C12`, `played` names cases by their slugs."""

    code: str
    title: str
    behaviour: str
    played: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RegulatorTopic:
    """One subject on a regulator's list; `id` is `<crosswalk>/<topic>`, hours are the regulator's."""

    id: str
    title: str
    hours: float
    confidence: str

    @property
    def known(self) -> str:
        """Say how the hours came to be known, in words for readers."""
        return _CONFIDENCES.get(self.confidence, self.confidence)


_CONFIDENCES = {
    "verified": "read in the regulator’s own words",
    "secondary": "reported by others",
    "unverified": "not checked against the rule",
}


@dataclass(frozen=True, kw_only=True)
class Crosswalk:
    """One regulator's list of subjects, and when it was read.

    Attributes:
        practicum_hours: what the regulator asks for beside them; 0 where it asks for none.
        law: the ids of the answers of `law.yaml` on which it rests.
    """

    slug: str
    regulator: str
    rule: str
    read_on: str
    total_hours: float
    note: str
    topics: Mapping[str, RegulatorTopic]
    practicum_hours: float = 0
    law: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Attestation:
    """A text that a person signs; a new version or text has a new hash (64 hex digits)."""

    slug: str
    title: str
    version: str
    html: Markup
    hash: str


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading inside a lesson: level 2 or deeper, the anchor, and its plain text."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class CheckOption:
    """One answer of a knowledge check, in Markdown, with the reason why it is right or not."""

    text: str
    right: bool
    reason: str
    line: int


@dataclass(frozen=True, kw_only=True)
class KnowledgeCheck:
    """A question inside a lesson, for the reader alone: nothing is stored or counted."""

    slug: str
    question: str
    options: tuple[CheckOption, ...]
    line: int


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """One page of reading.

    Attributes:
        minutes: declared contact time.
        objectives: slugs of the module's objectives.
        html: the whole text, safe to show.
        references: sources in the order in which the text numbers them, from 1.
        terms: glossary terms in the order in which they are first used.
        words: running words, code and knowledge checks included.
        hash: 64 hex digits over the file and the figures it shows.
        covers: minutes of this lesson spent on a regulator's topic, by its id.
    """

    module: str
    slug: str
    title: str
    minutes: int
    objectives: tuple[str, ...]
    readiness: Readiness
    html: Markup
    headings: tuple[Heading, ...]
    references: tuple[Reference, ...]
    terms: tuple[Term, ...]
    checks: tuple[KnowledgeCheck, ...]
    words: int
    path: str
    hash: str
    covers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """What a module asks to be done away from the screen.

    Attributes:
        minutes: practice; they are no part of the module's minutes of reading.
        pace: from what the minutes come, in a sentence.
        objectives: slugs of the module's objectives.
        hash: 64 hex digits over the file and the figures it shows.
    """

    module: str
    slug: str
    title: str
    minutes: int
    pace: str
    objectives: tuple[str, ...]
    readiness: Readiness
    html: Markup
    references: tuple[Reference, ...]
    terms: tuple[Term, ...]
    words: int
    path: str
    hash: str


@dataclass(frozen=True, kw_only=True)
class FurtherText:
    """A text worth reading after a module, and why."""

    reference: Reference
    why: Markup


@dataclass(frozen=True, kw_only=True)
class ModuleSummary:
    """A module on one screen; `words` and `html` leave out what to read further."""

    module: str
    title: str
    html: Markup
    further: tuple[FurtherText, ...]
    references: tuple[Reference, ...]
    terms: tuple[Term, ...]
    words: int
    path: str
    hash: str


@dataclass(frozen=True, kw_only=True)
class Module:
    """One module: an introduction and its lessons in order.

    Attributes:
        number: the two digits of its folder.
        minutes: declared contact time, the sum of its lessons' minutes.
        objectives: texts by slug.
        competencies: codes, as in `Course.competencies`.
        topics: ids, as in `Course.topics`.
        sources: keys, as in `Course.references`.
        references, terms: what the introduction itself cites and uses.
        reviewed: names, roles and dates of the people who signed the module.
        hash: 64 hex digits over its introduction, lessons, exercise and summary and the figures in them; the item bank
            is not part of it.
    """

    slug: str
    number: int
    title: str
    minutes: int
    objectives: Mapping[str, str]
    competencies: tuple[str, ...]
    topics: tuple[str, ...]
    sources: tuple[str, ...]
    readiness: Readiness
    reviewed: tuple[Mapping[str, str], ...]
    intro_html: Markup
    references: tuple[Reference, ...]
    terms: tuple[Term, ...]
    lessons: tuple[Lesson, ...]
    path: str
    hash: str
    exercise: Exercise | None = None
    summary: ModuleSummary | None = None

    def lesson(self, slug: str) -> Lesson | None:
        """Return the lesson of that slug, if there is one."""
        return next((lesson for lesson in self.lessons if lesson.slug == slug), None)


@dataclass(frozen=True, kw_only=True)
class Course:
    """Everything a release teaches, besides item banks, cases and programmes."""

    modules: tuple[Module, ...]
    references: Mapping[str, Reference]
    glossary: Mapping[str, Term]
    competencies: Mapping[str, Competency]
    crosswalks: Mapping[str, Crosswalk]
    attestations: Mapping[str, Attestation]
    law: Law = NO_LAW

    @property
    def topics(self) -> Mapping[str, RegulatorTopic]:
        """Return every regulator's topics by id."""
        return {topic.id: topic for walk in self.crosswalks.values() for topic in walk.topics.values()}

    def module(self, slug: str) -> Module | None:
        """Return the module of that slug, if there is one."""
        return next((module for module in self.modules if module.slug == slug), None)
