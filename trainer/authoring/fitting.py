"""Fitting what an author wrote into a shape: what can be understood of it, and a sentence for each mistake."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Generic, Literal, TypeVar, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from trainer.authoring.frontmatter import FrontMatter, Lines, line_of, load
from trainer.authoring.messages import Message
from trainer.authoring.shapes import AUTHOR, Shape, keys_of
from trainer.authoring.wording import NOT_TEXT, add_key, as_keys, did_you_mean, should_be, unknown_key

AnyShape = TypeVar("AnyShape", bound=Shape)
_NOTHING: tuple[Any, ...] = (None, "", [], {})
_LOOKS_LIKE_A_NUMBER = " Put it in quotation marks."


@dataclass(frozen=True)
class FitResult(Generic[AnyShape]):
    """What became of the keys of one file, or of one part of it.

    Attributes:
        head: the values; None where a key that has no default is missing or cannot be understood.
        messages: every mistake, for an author, in the order of the lines. Most keep nothing that was published from
            being read: a key that is not known may have been dropped since, a bound may be new.
        unread: the keys that could not be understood, or that are needed and missing. In the head they stand at their
            defaults, so that an author hears what is wrong with the rest.
        lines: the line of each key of the file.
    """

    head: AnyShape | None
    messages: tuple[Message, ...]
    unread: frozenset[str] = frozenset()
    lines: Lines = field(default_factory=dict)

    def line(self, *keys: str) -> int:
        """Return the line of a key, or of the nearest key above it, or 1."""
        return line_of(self.lines, *keys)


def fit(
    shape: type[AnyShape], value: Any, *, path: str, lines: Lines, under: Sequence[str] = ()
) -> FitResult[AnyShape]:
    """Fit a value as the author wrote it into a shape; never raises.

    Args:
        shape: what is expected.
        value: what stands in the file.
        path: the file, for the messages.
        lines: the line of each key of the file.
        under: the keys above this value in the file.
    """
    if not isinstance(value, dict):
        text = as_keys(under, keys_of(shape))
        return FitResult(None, (Message(path, line_of(lines, *under), text),), frozenset(), lines)
    absent = [key for key in (*shape.NEEDED, *shape.NEEDED_SINCE) if value.get(key) in _NOTHING]
    said: list[tuple[tuple[str, ...], str]] = [
        ((key,), add_key(key, keys_of(shape)[key].description or "a text")) for key in absent
    ]
    said += [(keys, text) for keys, text in _mistakes(shape, value) if keys[0] not in absent]
    head, unread = _understood(shape, value)
    messages = {Message(path, line_of(lines, *under, *keys), text) for keys, text in said}
    return FitResult(head, tuple(sorted(messages)), unread.union(set(absent) & set(shape.NEEDED)), lines)


def fit_front(shape: type[AnyShape], front: FrontMatter, path: str) -> FitResult[AnyShape]:
    """Fit the front matter of a Markdown file into a shape; what could not be read at all is told once."""
    if front.messages and not front.fields:
        return FitResult(None, front.messages, frozenset(keys_of(shape)), front.lines)
    fitted = fit(shape, front.fields, path=path, lines=front.lines)
    return FitResult(fitted.head, tuple(sorted({*front.messages, *fitted.messages})), fitted.unread, front.lines)


def fit_file(shape: type[AnyShape], content: bytes | str, path: str) -> tuple[FitResult[AnyShape], Mapping[str, Any]]:
    """Fit a YAML file into a shape; return also its values as the author wrote them."""
    try:
        document = load(path, content.decode() if isinstance(content, bytes) else content)
    except UnicodeDecodeError:
        return FitResult(None, (Message(path, 1, NOT_TEXT),)), {}
    if document.messages and not isinstance(document.value, dict):
        return FitResult(None, document.messages, frozenset(), document.lines), {}
    fitted = fit(shape, document.value, path=path, lines=document.lines)
    messages = tuple(sorted({*document.messages, *fitted.messages}))
    values = document.value if isinstance(document.value, dict) else {}
    return FitResult(fitted.head, messages, fitted.unread, document.lines), values


def _understood(shape: type[AnyShape], value: dict[str, Any]) -> tuple[AnyShape | None, frozenset[str]]:
    """Read a value as if it had been published; a key that cannot be understood falls back on its default."""
    try:
        return shape.model_validate(value, extra="ignore"), frozenset()
    except ValidationError as error:
        wrong = frozenset(str(found["loc"][0]) for found in error.errors())
    try:
        return shape.model_validate({key: value[key] for key in value.keys() - wrong}, extra="ignore"), wrong
    except ValidationError:
        return None, wrong


def _mistakes(shape: type[Shape], value: dict[str, Any]) -> list[tuple[tuple[str, ...], str]]:
    """Return the keys that lead to each mistake, and its sentence."""
    try:
        shape.model_validate(value, context=AUTHOR)
    except ValidationError as error:
        return [(tuple(map(str, found["loc"])), _sentence(shape, dict(found))) for found in error.errors()]
    return []


def _sentence(shape: type[Shape], error: dict[str, Any]) -> str:
    place, given, told = error["loc"], error["input"], error.get("ctx", {})
    if error["type"] == "said":
        return str(told["text"])
    found = _Place.of(shape, place, given)
    if error["type"] == "extra_forbidden":
        return unknown_key(str(place[-1]), keys_of(found.holder))
    if error["type"] == "missing":
        return add_key(found.name, found.wish)
    known = told.get("known", found.words)
    if place[-1] == "[key]" and known:
        return unknown_key(str(given), known)
    text = should_be(found.name, told.get("wish", found.wish))
    if error["type"] == "string_type" and isinstance(given, int | float):
        return text + _LOOKS_LIKE_A_NUMBER
    return text + did_you_mean(str(given), known)


@dataclass(frozen=True)
class _Place:
    """Where in a shape a mistake is.

    Attributes:
        holder: the innermost shape around it.
        name, wish: the innermost key that has a description, and the description.
        words: all that may stand there, where that is a closed list.
    """

    holder: type[Shape]
    name: str
    wish: str
    words: Collection[str]

    @classmethod
    def of(cls, shape: type[Shape], place: Sequence[int | str], given: Any) -> "_Place":
        """Follow the keys from the outermost shape inwards, as far as they are known."""
        holder, wish = shape, "a text"
        name = last = str(place[-1])
        there: Any = shape
        keys: Any = str
        for part in place:
            bare = _bare(there)
            last = last if part == "[key]" else str(part)
            if isinstance(bare, type) and issubclass(bare, Shape):
                holder = bare
                if (known := keys_of(bare).get(last)) is None:
                    break
                there, told = known.annotation, known.description
            elif part == "[key]":
                there, told = keys, _description(keys)
            else:
                keys, there = get_args(bare)[0], get_args(bare)[-1]
                told = _description(there)
            if told:
                name, wish = str(given) if isinstance(part, int) else last, told
        bare = _bare(there)
        return cls(holder, name, wish, _words(bare))


def _bare(annotation: Any) -> Any:
    """Return a type without what is annotated to it, and without the None beside it."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return _bare(get_args(annotation)[0])  # None stands last
    return annotation


def _words(bare: Any) -> Collection[str]:
    """Return all that may stand there, where that is a closed list of words."""
    if get_origin(bare) is Literal:
        return list(get_args(bare))
    return [str(member.value) for member in bare] if isinstance(bare, type) and issubclass(bare, Enum) else []


def _description(annotation: Any) -> str | None:
    notes = get_args(annotation)
    return next((note.description for note in notes if isinstance(note, FieldInfo) and note.description), None)
