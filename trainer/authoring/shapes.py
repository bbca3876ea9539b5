"""The shapes of the keys authors write, and plain words for whatever does not fit.

Each field's description completes both “Add the key …: …” and “… should be …”.
"""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from trainer.authoring.frontmatter import Lines, line_of
from trainer.authoring.messages import Message
from trainer.authoring.suggestions import did_you_mean

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LONGEST = 24 * 60

Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=80)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True)]
Minutes = Annotated[int, Field(strict=True, ge=1, le=LONGEST)]
Hours = Annotated[float, Field(ge=0, le=10_000)]


class Head(BaseModel):
    """A set of keys in which an unknown one is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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
            if key != keys[-1] and (inner := _inner(holder.model_fields[key].annotation)) is not None:
                holder = inner
    if name not in holder.model_fields:
        holder = shape
    return holder, name


def _inner(annotation: Any) -> type[Head] | None:
    """Return the shape that a field holds, alone or in a list or dictionary; None where it holds none."""
    if isinstance(annotation, type) and issubclass(annotation, Head):
        return annotation
    return next((inner for part in get_args(annotation) if (inner := _inner(part))), None)


def _quoted(under: Sequence[str]) -> str:
    return f"“{under[-1]}” " if under else ""
