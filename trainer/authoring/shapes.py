"""What the keys that authors write can hold: the base of every shape, and the types of its fields.

A shape is a class of fields. Each field's description completes both “Add the key …: …” and “… should be …”; `fit`
reads what an author wrote into it.

What was published under other rules is read all the same. A shape may therefore lose keys and loosen its types; a key
that it gains has a default, and a bound that it gains is one of `asked_between`, which asks authors alone.
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Annotated, Any, ClassVar, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

AUTHOR: Final = {"asks": "everything"}
"""The context in which an author's file is fitted; without it, what was published is."""

SLUG: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"
NAME: Final = re.compile(r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$")
"""A name that conditions use, so that it never looks like a number."""
NAME_WISH: Final = "a name of lower-case letters, digits and hyphens that begins with a letter"
MOST_MINUTES: Final = 24 * 60
_PERCENT = re.compile(r"(\d{1,3})\s*%")


class Shape(BaseModel):
    """A set of keys in which an unknown one is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    NEEDED: ClassVar[tuple[str, ...]] = ()
    """Keys with a default that only keeps the rest readable: nothing can be published without them."""
    NEEDED_SINCE: ClassVar[tuple[str, ...]] = ()
    """Keys that releases of yesterday do not have: asked of authors, and never of what was published."""

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_empty(cls, value: Any, info: ValidationInfo) -> Any:
        """Take a key with nothing behind it for one that is not there, where it may be empty, or was published so."""
        if not isinstance(value, dict):
            return value
        published = info.context is not AUTHOR
        optional = {key: field.default for key, field in keys_of(cls).items() if not field.is_required()}
        spare = {key for key, default in optional.items() if published or default in ("", [], {})}
        return {key: given for key, given in value.items() if key not in spare or not _is_nothing(given, published)}


def _is_nothing(given: Any, published: bool) -> bool:
    """Say whether nothing stands behind a key; blanks were nothing when they were published."""
    return given is None or (published and isinstance(given, str) and not given.strip())


def keys_of(shape: type[Shape]) -> Mapping[str, FieldInfo]:
    """Return the fields of a shape by the keys that authors write."""
    return {field.alias or name: field for name, field in shape.model_fields.items()}


def refusal(text: str) -> PydanticCustomError:
    """Return an error that is told in these words, for what no description can say."""
    return PydanticCustomError("said", "{text}", {"text": text})


def wish(text: str) -> PydanticCustomError:
    """Return an error that is told as “… should be …” in these words, where the description is not exact enough."""
    return PydanticCustomError("wish", "{wish}", {"wish": text})


def unknown_word(known: Collection[str]) -> PydanticCustomError:
    """Return the error of a word that is none of those known, of which the nearest is told."""
    return PydanticCustomError("word", "not known", {"known": list(known)})


def asked_between(low: int, high: int | None = None) -> AfterValidator:
    """Ask authors for a number from `low` to `high`, both inclusive; without `high`, for `low` or more."""

    def within(value: int | None, info: ValidationInfo) -> int | None:
        if info.context is AUTHOR and value is not None and not (low <= value and (high is None or value <= high)):
            raise PydanticCustomError("bounds", "beyond its bounds")
        return value

    return AfterValidator(within)


def counted_by(words: Collection[str]) -> BeforeValidator:
    """Leave out of a published list of counts what is not one of these words any more; authors are told."""

    def known(value: Any, info: ValidationInfo) -> Any:
        if info.context is AUTHOR or not isinstance(value, dict):
            return value
        return {word: count for word, count in value.items() if word in words}

    return BeforeValidator(known)


def _in_words(value: Any, info: ValidationInfo) -> Any:
    """Read a number as a text in what was published; an author is asked for quotation marks."""
    return str(value) if info.context is not AUTHOR and isinstance(value, int | float) else value


def _number_in_words(value: Any, info: ValidationInfo) -> Any:
    """Read a number as a word; an author is asked for quotation marks around `true`, which is none."""
    asked = info.context is AUTHOR and isinstance(value, bool)
    return str(value) if isinstance(value, int | float) and not asked else value


def _percent(value: Any) -> int:
    found = _PERCENT.fullmatch(str(value))
    if not found:
        raise PydanticCustomError("percent", "no percentage")
    return int(found[1])


def _name(value: str) -> str:
    if not NAME.match(value):
        raise PydanticCustomError("name", "no name")
    return value


def matched(pattern: str, made: Callable[[re.Match[str]], Any]) -> BeforeValidator:
    """Read a value from its words, which must match the whole pattern."""
    compiled = re.compile(pattern)

    def read(value: Any) -> Any:
        if not (found := compiled.fullmatch(str(value).strip())):
            raise PydanticCustomError("pattern", "not in this form")
        return made(found)

    return BeforeValidator(read)


Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=80)]
Name = Annotated[str, AfterValidator(_name), Field(description=NAME_WISH)]
SomeText = Annotated[str, BeforeValidator(_in_words), StringConstraints(min_length=1, strip_whitespace=True)]
OneLine = Annotated[SomeText, StringConstraints(max_length=400)]
AnyText = Annotated[str, BeforeValidator(_in_words), StringConstraints(strip_whitespace=True)]
"""A text that may be empty."""
Label = Annotated[str, BeforeValidator(_number_in_words), StringConstraints(min_length=1, strip_whitespace=True)]
"""A word that may look like a number: a version, an id."""
Whole = Annotated[int, Field(strict=True)]
Percent = Annotated[int, BeforeValidator(_percent)]
"""A percentage such as `80%`, as a whole number."""
Minutes = Annotated[int, Field(strict=True, ge=1, le=MOST_MINUTES)]
Hours = Annotated[float, Field(ge=0, le=10_000)]


class Signature(Shape):
    """Who reviewed or owns a text, in what role, and when."""

    name: OneLine = Field(description="the reviewer's name")
    role: OneLine = Field(description="the reviewer's role")
    date: OneLine = Field(description="a date, such as 2026-01-31")


class TextSignature(Signature):
    """A signature under one text, which falls with any change to it."""

    hash: OneLine = Field(description="the hash of what was signed, 64 signs that `trainer content check` names")
