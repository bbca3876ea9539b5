"""The shapes of the keys authors write, and plain words for whatever does not fit.

Each field's description completes both “Add `key`: …” and “`key` should be …”.
"""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from trainer.curriculum.frontmatter import Lines, line_of
from trainer.curriculum.messages import Message
from trainer.curriculum.suggestions import did_you_mean
from trainer.curriculum.values import Readiness

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LONGEST = 24 * 60

Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=80)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True)]
Minutes = Annotated[int, Field(strict=True, ge=1, le=LONGEST)]
Hours = Annotated[float, Field(ge=0, le=10_000)]

_READINESS = "“solid” or “pending review”"
_SLUG_TEXT = "a short name of lower-case letters, digits and hyphens"
_TITLE = "the title, in one line"
_MINUTES = "a whole number of minutes, such as 20"


KINDS = ("primary", "guideline", "rule", "registry", "secondary", "machine")
KINDS_OF_YESTERDAY = ("regulator", "dataset")
"""Kinds in releases published before; they stay readable."""


class Head(BaseModel):
    """A set of keys in which an unknown one is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Signature(Head):
    """Who reviewed a module, in what role, and when."""

    name: Line = Field(description="the reviewer's name")
    role: Line = Field(description="the reviewer's role")
    date: Line = Field(description="a date, such as 2026-01-31")


class ModuleHead(Head):
    """The front matter of `module.md`."""

    module: Slug = Field(description=_SLUG_TEXT + ", as in the folder name")
    title: Line = Field(description=_TITLE)
    minutes: Minutes = Field(description=_MINUTES)
    objectives: dict[Slug, Line] = Field(min_length=1, description="lines of `short-name: what one can do afterwards`")
    competencies: list[Line] = Field(description="a list of codes, such as [C3, C4]")
    topics: list[Line] = Field(description="a list of regulators' topics, such as [oregon/preparation], or []")
    sources: list[Line] = Field(description="a list of keys, such as [S95, S96], or []")
    readiness: Readiness = Field(description=_READINESS)
    reviewed: list[Signature] = Field(default=[], description="a list of signatures with name, role and date, or []")


class LessonHead(Head):
    """The front matter of a lesson."""

    lesson: Slug = Field(description=_SLUG_TEXT + ", as in the file name")
    title: Line = Field(description=_TITLE)
    minutes: Minutes = Field(description=_MINUTES)
    objectives: list[Line] = Field(
        min_length=1, description="a list of the module's objectives, such as [list-elements]"
    )
    readiness: Readiness = Field(description=_READINESS)


class AttestationHead(Head):
    """The front matter of an attestation."""

    attestation: Slug = Field(description=_SLUG_TEXT + ", as in the file name")
    title: Line = Field(description=_TITLE)
    version: Line = Field(description='a text in quotation marks, such as "1.0"')


class ReferenceEntry(Head):
    """One source in `references.yaml`."""

    short: Line = Field(description="a short name, such as Nayak 2021")
    text: Annotated[str, StringConstraints(min_length=1, max_length=1000)] = Field(
        description="the full reference, as text"
    )
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | None = Field(
        default=None, description="an address that begins with https://"
    )
    kind: Annotated[str, StringConstraints(pattern=f"^({'|'.join(KINDS + KINDS_OF_YESTERDAY)})$")] = Field(
        description="one of " + ", ".join(KINDS)
    )
    checked: Annotated[str, StringConstraints(max_length=400)] = Field(
        default="", description="what of the source was read, and where; readers do not see it"
    )


class CompetencyEntry(Head):
    """One competency in `competencies.yaml`."""

    title: Line = Field(description=_TITLE)
    behaviour: Line = Field(description="one sentence that says what can be seen")


class TopicEntry(Head):
    """One topic of a crosswalk."""

    title: Line = Field(description=_TITLE)
    hours: Hours = Field(description="a number of hours")
    confidence: Line = Field(description="a word such as “verified”, “secondary” or “unverified”")


class CrosswalkFile(Head):
    """One file of `crosswalks/`."""

    regulator: Line = Field(description="the regulator's name")
    rule: Line = Field(description="the rule's name")
    read_on: Line = Field(description="when and where the rule was read")
    total_hours: Hours = Field(description="a number of hours")
    note: Annotated[str, StringConstraints(max_length=2000)] = Field(description="a text that says what the map is not")
    topics: dict[Slug, TopicEntry] = Field(description="lines of `short-name: {title, hours, confidence}`")


AnyHead = TypeVar("AnyHead", bound=Head)


def fit(
    shape: type[AnyHead], value: Any, *, path: str, lines: Lines, under: Sequence[str] = ()
) -> tuple[AnyHead | None, tuple[Message, ...]]:
    """Fit a value as the author wrote it into a shape.

    A key that is not known is a mistake of an author, and nothing that keeps what was published from being read: there
    it may be one that was dropped since. A shape may therefore lose keys and loosen its bounds; a key that it gains has
    a default, and a bound that it gains is a sentence of the linter.

    Args:
        shape: what is expected.
        value: what stands in the file.
        path: the file, for the messages.
        lines: the line of each key of the file.
        under: the keys above this value in the file.
    """
    if not isinstance(value, dict):
        text = f"Write {_quoted(under)}as lines of `key: value`."
        return None, (Message(path, line_of(lines, *under), text),)
    try:
        return shape.model_validate(value), ()
    except ValidationError as error:
        found = {_message(shape, dict(one), path, lines, tuple(under)) for one in error.errors()}
        return _without_unknown_keys(shape, value), tuple(sorted(found))


def _without_unknown_keys(shape: type[AnyHead], value: dict[str, Any]) -> AnyHead | None:
    try:
        return shape.model_validate(value, extra="ignore")
    except ValidationError:
        return None


def _message(shape: type[Head], error: dict[str, Any], path: str, lines: Lines, under: tuple[str, ...]) -> Message:
    keys = tuple(str(key) for key in error["loc"] if key != "[key]")
    line = line_of(lines, *under, *keys)
    holder, name = _deepest(shape, keys)
    if error["type"] == "extra_forbidden":
        hint = did_you_mean(keys[-1], holder.model_fields) or f" The keys are {', '.join(holder.model_fields)}."
        return Message(path, line, f"The key “{keys[-1]}” is not known here.{hint}")
    wish = holder.model_fields[name].description or "a text"
    if error["type"] == "missing":
        return Message(path, line, f"Add the key “{name}”: {wish}.")
    return Message(path, line, f"“{name}” should be {wish}.")


def _deepest(shape: type[Head], keys: tuple[str, ...]) -> tuple[type[Head], str]:
    """Follow the keys into nested shapes; return the innermost shape and the key within it."""
    holder, name = shape, keys[0]
    for key in keys:
        if key in holder.model_fields:
            name = key
            if (inner := _INNER.get((holder.__name__, key))) is not None and key != keys[-1]:
                holder = inner
    if name not in holder.model_fields:
        holder = shape
    return holder, name


_INNER: dict[tuple[str, str], type[Head]] = {
    ("ModuleHead", "reviewed"): Signature,
    ("CrosswalkFile", "topics"): TopicEntry,
}


def _quoted(under: Sequence[str]) -> str:
    return f"“{under[-1]}” " if under else ""
