"""Programme files: `programmes/<slug>.yaml` says what a credential needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import yaml

from trainer.curriculum.messages import Message
from trainer.curriculum.release import Files
from trainer.requirements.rules import Group, Kind, Leaf, Requirement

Titles = Mapping[tuple[Kind, str], str]
"""The title of everything a programme can ask for."""

KEYS = ("programme", "title", "credential", "version", "validity_months", "summary", "needs")


@dataclass(frozen=True, kw_only=True)
class Programme:
    """What leads to one credential.

    Attributes:
        slug: the programme's word in addresses and roles.
        credential: what stands on the certificate.
        validity_months: how long a certificate is valid; at least 1.
        needs: the requirement tree.
    """

    slug: str
    title: str
    credential: str
    version: str
    validity_months: int
    summary: str
    needs: Group


class _Lines(yaml.SafeLoader):
    """A safe loader that also remembers on which line each mapping begins."""


def _mapping_with_line(loader: _Lines, node: yaml.MappingNode) -> dict[Any, Any]:
    values: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    values["__line__"] = node.start_mark.line + 1
    values["__lines__"] = {key.value: key.start_mark.line + 1 for key, _ in node.value}
    return values


_Lines.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_with_line)


def parse_programmes(files: Files, titles: Titles) -> tuple[Mapping[str, Programme], tuple[Message, ...]]:
    """Read every programme file; return the sound ones and every mistake."""
    found: dict[str, Programme] = {}
    messages: list[Message] = []
    for path in sorted(files):
        if path.startswith("programmes/") and path.endswith(".yaml"):
            reader = _Reader(path, titles)
            programme = reader.read(files[path])
            messages += reader.messages
            if programme and not reader.messages:
                found[programme.slug] = programme
    if not any(path.startswith("programmes/") for path in files):
        messages.append(Message("programmes", 1, "There is no programme file; add programmes/<name>.yaml."))
    return found, tuple(messages)


class _Reader:
    """Reads one file and collects what is wrong with it."""

    def __init__(self, path: str, titles: Titles) -> None:
        self.path = path
        self.titles = titles
        self.messages: list[Message] = []

    def say(self, line: int, text: str) -> None:
        self.messages.append(Message(self.path, line, text))

    def read(self, source: bytes) -> Programme | None:
        try:
            values = yaml.load(source.decode(), Loader=_Lines)  # a SafeLoader
        except UnicodeDecodeError:
            self.say(1, "This file is not UTF-8 text; save it as UTF-8.")
            return None
        except (yaml.YAMLError, ValueError, TypeError) as error:
            mark = getattr(error, "problem_mark", None)
            self.say(mark.line + 1 if mark else 1, f"This is not YAML: {getattr(error, 'problem', None) or error}.")
            return None
        if not isinstance(values, dict):
            self.say(1, f"A programme file begins with keys: {', '.join(KEYS)}.")
            return None
        lines = values.pop("__lines__")
        values.pop("__line__")
        for key in values.keys() - set(KEYS):
            self.say(lines.get(key, 1), f"There is no key {key!r} here{self._hint(str(key), KEYS)}")
        for key in KEYS:
            if key not in values:
                self.say(1, f"The key {key!r} is missing.")
        if self.messages:
            return None
        return self._programme(values, lines)

    def _programme(self, values: dict[str, Any], lines: Mapping[str, int]) -> Programme | None:
        for key in ("programme", "title", "credential", "version", "summary"):
            if not isinstance(values[key], str) or not values[key].strip():
                self.say(lines[key], f"{key!r} must be words; put them in quotes if they look like a number.")
        months = values["validity_months"]
        if not isinstance(months, int) or isinstance(months, bool) or not 1 <= months <= 120:
            self.say(lines["validity_months"], "'validity_months' must be a whole number from 1 to 120.")
        slug = self.path.removeprefix("programmes/").removesuffix(".yaml")
        if values["programme"] != slug:
            self.say(lines["programme"], f"'programme' must be {slug!r}, like the name of the file.")
        needs = self._requirement(values["needs"], lines["needs"], "Everything")
        self._refuse_twice(needs)
        if self.messages or not isinstance(needs, Group):
            return None
        return Programme(
            slug=slug,
            title=values["title"].strip(),
            credential=values["credential"].strip(),
            version=values["version"].strip(),
            validity_months=months,
            summary=values["summary"].strip(),
            needs=needs,
        )

    def _refuse_twice(self, needs: Requirement | None) -> None:
        seen: set[tuple[Kind, str]] = set()
        for leaf in _leaves(needs):
            if (leaf.kind, leaf.slug) in seen:
                self.say(1, f"{leaf.kind.value} {leaf.slug!r} is asked for twice; keep one of the two lines.")
            seen.add((leaf.kind, leaf.slug))

    def _requirement(self, values: object, line: int, title: str) -> Requirement | None:
        if not isinstance(values, dict):
            self.say(line, "A requirement is a key such as 'module: ethics' or 'all:' with a list below it.")
            return None
        line = values.get("__line__", line)
        named = {key: value for key, value in values.items() if not str(key).startswith("__")}
        kinds = [key for key in named if key in {"all", "any", "of", *Kind}]
        if len(kinds) != 1:
            self.say(line, "Each requirement names exactly one of: module, quiz, case, attestation, all, any, of.")
            return None
        kind = kinds[0]
        if kind in ("all", "any", "of"):
            return self._group(kind, named, line, title)
        return self._leaf(Kind(kind), named, line)

    def _group(self, kind: str, named: dict[str, Any], line: int, title: str) -> Group | None:
        extra = named.keys() - {kind, "title", "at_least"}
        if extra:
            self.say(line, f"There is no key {sorted(extra)[0]!r} in a group; it has 'title' and a list.")
        items = named[kind]
        if not isinstance(items, list) or not items:
            self.say(line, f"{kind!r} needs a list of requirements below it.")
            return None
        read = [self._requirement(item, line, title) for item in items]
        parts = tuple(part for part in read if part is not None)
        needed = {"all": len(items), "any": 1}.get(kind, named.get("at_least"))
        if not isinstance(needed, int) or not 1 <= needed <= len(items):
            self.say(line, f"'of' needs 'at_least:' with a number from 1 to {len(items)}.")
            return None
        return Group(title=str(named.get("title", title)), needed=needed, parts=parts)

    def _leaf(self, kind: Kind, named: dict[str, Any], line: int) -> Leaf | None:
        slug = str(named[kind.value])
        allowed = {kind.value, "variants"} if kind is Kind.CASE else {kind.value}
        for key in sorted(named.keys() - allowed):
            self.say(line, f"There is no key {key!r} beside {kind.value!r}.")
        variants = named.get("variants", 1)
        if not isinstance(variants, int) or variants < 1:
            self.say(line, "'variants' must be a whole number, 1 or more.")
            return None
        known = [name for other, name in self.titles if other is kind]
        if slug not in known:
            self.say(line, f"There is no {kind.value} {slug!r}{self._hint(slug, known)}")
            return None
        return Leaf(kind=kind, slug=slug, title=self.titles[kind, slug], variants=variants)

    def _hint(self, word: str, known: Iterable[str]) -> str:
        close = get_close_matches(word, list(known), n=1)
        return f"; did you mean {close[0]!r}?" if close else "."


def _leaves(requirement: Requirement | None) -> Iterable[Leaf]:
    if isinstance(requirement, Leaf):
        yield requirement
    elif requirement is not None:
        for part in requirement.parts:
            yield from _leaves(part)
