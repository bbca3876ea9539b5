"""The shapes of the heads and lists of a course."""

from typing import Annotated

from pydantic import Field, StringConstraints

from trainer.authoring.shapes import Hours, Minutes, OneLine, Shape, Signature, Slug
from trainer.curriculum.values import Readiness

_READINESS = "“solid” or “pending review”"
_SLUG_TEXT = "a short name of lower-case letters, digits and hyphens"
_TITLE = "the title, in one line"
_MINUTES = "a whole number of minutes, such as 20"


class ModuleHead(Shape):
    """The front matter of `module.md`."""

    module: Slug = Field(description=_SLUG_TEXT + ", as in the folder name")
    title: OneLine = Field(description=_TITLE)
    minutes: Minutes = Field(description=_MINUTES)
    objectives: dict[Slug, OneLine] = Field(
        min_length=1, description="lines of `short-name: what one can do afterwards`"
    )
    competencies: list[OneLine] = Field(description="a list of codes, such as [C3, C4]")
    topics: list[OneLine] = Field(description="a list of regulators' topics, such as [oregon/preparation], or []")
    sources: list[OneLine] = Field(description="a list of keys, such as [S95, S96], or []")
    readiness: Readiness = Field(description=_READINESS)
    reviewed: list[Signature] = Field(default=[], description="a list of signatures with name, role and date, or []")


class LessonHead(Shape):
    """The front matter of a lesson."""

    lesson: Slug = Field(description=_SLUG_TEXT + ", as in the file name")
    title: OneLine = Field(description=_TITLE)
    minutes: Minutes = Field(description=_MINUTES)
    objectives: list[OneLine] = Field(
        min_length=1, description="a list of the module's objectives, such as [list-elements]"
    )
    readiness: Readiness = Field(description=_READINESS)
    covers: dict[OneLine, Minutes] = Field(
        default={}, description="lines of `regulator/topic: minutes`, each a whole number of minutes, 1 or more"
    )


class ExerciseHead(Shape):
    """The front matter of `exercise.md`."""

    exercise: Slug = Field(description=_SLUG_TEXT)
    title: OneLine = Field(description=_TITLE)
    minutes: Minutes = Field(description=_MINUTES)
    pace: OneLine = Field(description="a sentence that says from what the minutes come")
    objectives: list[OneLine] = Field(
        min_length=1, description="a list of the module's objectives, such as [list-elements]"
    )
    readiness: Readiness = Field(description=_READINESS)


class SummaryHead(Shape):
    """The front matter of `summary.md`."""

    summary: Slug = Field(description=_SLUG_TEXT + ", as in the folder name")
    title: OneLine = Field(description=_TITLE)


class AttestationHead(Shape):
    """The front matter of an attestation."""

    attestation: Slug = Field(description=_SLUG_TEXT + ", as in the file name")
    title: OneLine = Field(description=_TITLE)
    version: OneLine = Field(description='a text in quotation marks, such as "1.0"')


class CompetencyEntry(Shape):
    """One competency in `competencies.yaml`."""

    title: OneLine = Field(description=_TITLE)
    behaviour: OneLine = Field(description="one sentence that says what can be seen")
    played: list[Slug] = Field(
        default=[], description="a list of the cases that play it, such as [keys, tablet], or []"
    )


class TopicEntry(Shape):
    """One topic of a crosswalk."""

    title: OneLine = Field(description=_TITLE)
    hours: Hours = Field(description="a number of hours")
    confidence: OneLine = Field(description="a word such as “verified”, “secondary” or “unverified”")


class CrosswalkFile(Shape):
    """One file of `crosswalks/`."""

    regulator: OneLine = Field(description="the regulator's name")
    rule: OneLine = Field(description="the rule's name")
    read_on: OneLine = Field(description="when and where the rule was read")
    total_hours: Hours = Field(description="a number of hours")
    note: Annotated[str, StringConstraints(max_length=2000)] = Field(description="a text that says what the map is not")
    practicum_hours: Hours = Field(default=0, description="a number of hours")
    law: list[OneLine] = Field(default=[], description="a list of answers of law.yaml, such as [oregon/hours], or []")
    topics: dict[Slug, TopicEntry] = Field(description="lines of `short-name: {title, hours, confidence}`")
