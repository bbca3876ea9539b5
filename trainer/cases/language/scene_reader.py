"""From raw lines to scenes and choices; every mistake keeps its line, and reading goes on."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from trainer.authoring.messages import Message
from trainer.authoring.wording import did_you_mean, unknown_key
from trainer.cases.language import entries
from trainer.cases.language.lines import RawChoice, RawEntry, RawPart, RawScene, cut_id
from trainer.cases.language.room import read_room
from trainer.cases.script.conditions import ALWAYS, NO_LIMITS, Condition, parse_condition
from trainer.cases.script.values import CaseEnd, Chapter, Choice, Duty, MustNot, Noted, Paragraph, Scene

SCENE_KEYS = ("answer within", "event", "interview", "prompt", "room")
CHOICE_KEYS = (
    "only if", "takes", "gives", "scores", "changes", "next", "expert", "cautious", "panel", "cue", "feedback", "read",
    "again",
)  # fmt: skip
_MAY_REPEAT = ("cue",)
_SLUG = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
_CHAPTER = re.compile(r"^chapter:\s*(.*?)\s*\(([^()]*)\)$", re.IGNORECASE)
_SPAN = re.compile(r"^(\d{1,2}:[0-5]\d)\s*(?:to|–|-)\s*(\d{1,2}:[0-5]\d)$")
_DUTY = re.compile(r"^(\S+) within (.+?) of (#?)(\S+?)(?:\s*,\s*if\s+(.+))?$")
_EXCEPTION = re.compile(r"\s+(?=\[if\s)")
_CUE = re.compile(r"^cue in #(\S+)$")
_PLACE = re.compile(r"^[a-z0-9-]+(?:/[a-z0-9-]+)?(?:#[a-z0-9-]+)?$")
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class SceneReader:
    """Reads the parts of one file; mistakes gather in `found`, the limits it names in `used`."""

    path: str
    found: list[Message]
    limits: Mapping[str, int] = field(default_factory=lambda: NO_LIMITS)
    used: set[str] = field(default_factory=set)

    def say(self, line: int, text: str) -> None:
        """Note a mistake."""
        self.found.append(Message(self.path, line, text))

    def condition(self, text: str) -> Condition:
        """Read a condition; raises ValueError."""
        read = parse_condition(text, self.limits)
        self.used.update(read.limits)
        return read

    def chapter(self, part: RawPart, position: int) -> Chapter:
        """Read `# Chapter: Name (0:20 to 7:30, with vitals)` and its scenes."""
        heading = _CHAPTER.match(part.heading)
        if not heading:
            self.say(part.line, "Write the chapter like “# Chapter: Dosing day (0:20 to 7:30, with vitals)”.")
        begins, ends, vitals, then = self._span(heading[2] if heading else "0:00 to 24:00", part.line)
        for text, line in part.strays:
            self.say(line, f"Put this text into a scene, below a heading of its own: “{text[:40]}”.")
        for item in part.items:
            self.say(item.line, "Put this line into a scene: a chapter has no keys of its own.")
        return Chapter(
            name=heading[1] if heading else part.heading,
            begins=begins,
            ends=ends,
            line=part.line,
            vitals=vitals,
            then=then,
            scenes=tuple(self.scene(scene, position) for scene in part.scenes),
        )

    def _span(self, text: str, line: int) -> tuple[int, int, bool, str]:
        span, vitals, then = (0, 0), False, ""
        for piece in entries.listed(text):
            if found := _SPAN.match(piece):
                span = entries.minutes(found[1]), entries.minutes(found[2])
            elif piece == "with vitals":
                vitals = True
            elif goes := re.fullmatch(r"then #(\S+)", piece):
                then = goes[1]
            else:
                near = did_you_mean(piece, ("with vitals", "then #scene"))
                self.say(line, f"“{piece}” is not part of a chapter's heading.{near}")
        if span[0] >= span[1]:
            self.say(line, "Give the chapter a beginning and a later end, like “(0:20 to 7:30)”.")
            span = (0, 24 * 60)
        return *span, vitals, then

    def scene(self, raw: RawScene, chapter: int) -> Scene:
        """Read a scene: its keys, its prose and its choices."""
        title, scene_id = self._named(raw.heading, raw.line, "scene", "wave")
        got = self._keys(raw.entries, SCENE_KEYS, _SCENE_READERS)
        for text, line in raw.strays:
            self.say(line, f"This line belongs to nothing: “{text[:40]}”.")
        for text, line in raw.prose:
            key = text.lstrip("- ").partition(":")[0].strip()
            if text.startswith("- ") and key in SCENE_KEYS:
                self.say(line, f"Move “{key}” up, directly below the heading of the scene.")
        limit, otherwise = got.get("answer within", (None, ""))
        return Scene(
            id=scene_id,
            title=title,
            chapter=chapter,
            line=raw.line,
            paragraphs=self.paragraphs(entries.blocks(raw.prose)),
            choices=tuple(self.choice(choice) for choice in raw.choices),
            limit=limit,
            otherwise=otherwise,
            event=got.get("event"),
            interview=got.get("interview", False),
            prompt=got.get("prompt", ""),
            room=got.get("room"),
            lines={entry.key: entry.line for entry in raw.entries},
        )

    def paragraphs(self, texts: Sequence[tuple[str, int]]) -> tuple[Paragraph, ...]:
        """Read paragraphs with their conditions."""
        read = (self._try(partial(entries.paragraph, text, line, self.condition), line) for text, line in texts)
        return tuple(paragraph for paragraph in read if paragraph)

    def choice(self, raw: RawChoice) -> Choice:
        """Read a choice and its effects."""
        text, choice_id = self._named(raw.text, raw.line, "choice", "ask-first")
        got = self._keys(raw.entries, CHOICE_KEYS, _CHOICE_READERS)
        for stray, line in raw.strays:
            self.say(line, f"Indent this line so that it belongs to its choice, or move it: “{stray[:40]}”.")
        lines = {entry.key: entry.line for entry in raw.entries}
        if got.get("takes", 1) < 1:
            self.say(lines["takes"], "Give the choice at least 1 min: time has to pass.")
        shifts, sets, clears = got.get("changes", ((), (), ()))
        cue = [(entry.value, entry.line) for entry in raw.entries if entry.key == "cue"]
        return Choice(
            id=choice_id,
            text=text,
            line=raw.line,
            only_if=got.get("only if", ALWAYS),
            takes=max(1, got.get("takes", 1)),
            gives=got.get("gives", False),
            scores=got.get("scores", ()),
            shifts=tuple(shifts),
            sets=tuple(sets),
            clears=tuple(clears),
            next=got.get("next"),
            expert=got.get("expert"),
            cautious=got.get("cautious", False),
            panel=got.get("panel"),
            cue=self.paragraphs(cue),
            feedback=got.get("feedback", ""),
            read=self._places(got.get("read", ()), lines.get("read", raw.line)),
            again=got.get("again", False),
            lines=lines,
        )

    def duty(self, item: RawEntry) -> Duty | None:
        """Read `id: fact within 20 min of #scene, if …`."""
        found = _DUTY.match(item.value)
        if not found or not _SLUG.match(item.key):
            self.say(item.line, "Write a duty like “- recheck: bp-rechecked within 20 min of #chest, if sbp >= 160”.")
            return None
        within = self._try(lambda: entries.minutes(found[2]), item.line)
        when = self._try(lambda: self.condition(found[5]) if found[5] else ALWAYS, item.line)
        if within is None or when is None:
            return None
        scene, after = (found[4], "") if found[3] else ("", found[4])
        return Duty(item.key, found[1], within, scene, after, when, item.line)

    def must_not(self, item: RawEntry) -> MustNot | None:
        """Read `id: choice, choice unless fact, cue in #scene`."""
        choices, cue_in = [], ""
        for piece in entries.listed(item.value):
            if cue := _CUE.match(piece):
                cue_in = cue[1]
                continue
            name, _, unless = piece.partition(" unless ")
            when = self._try(partial(self.condition, unless), item.line) if unless else None
            choices.append((name.strip(), when))
        if not choices or not _SLUG.match(item.key):
            self.say(item.line, "Write it like “- touch-without-consent: grab-hand, hold unless hand-agreed”.")
            return None
        return MustNot(item.key, tuple(choices), item.line, cue_in)

    def source(self, item: RawEntry) -> Noted:
        """Read a line such as `- S2: what it is cited for`."""
        if not item.value:
            self._nameless(item)
        return Noted(item.key, item.value, item.line)

    def ending(self, item: RawEntry) -> CaseEnd:
        """Read `- finished: The session ends as planned.`, and the `[if …]` that are said instead."""
        text, *others = _EXCEPTION.split(item.value)
        if not text or not _SLUG.match(item.key):
            self._nameless(item)
        if text.startswith("[if"):
            self.say(item.line, f"Say first how “{item.key}” ends as a rule; what has a condition stands below it.")
        instead = []
        for other in others:
            try:
                instead.append(entries.paragraph(other, item.line, self.condition))
            except ValueError as wrong:
                self.say(item.line, str(wrong))
        return CaseEnd(item.key, text, item.line, tuple(instead))

    def _nameless(self, item: RawEntry) -> None:
        self.say(item.line, f"Write a name, a colon and a sentence instead of “{item.key[:40]}”.")

    def _named(self, text: str, line: int, what: str, example: str) -> tuple[str, str]:
        words, found = cut_id(text)
        if found is None:
            self.say(line, f"This {what} needs an id at its end, like {{#{example}}}.")
        elif not _SLUG.match(found):
            self.say(line, f"Write the id “{found}” in lower-case letters, digits and hyphens.")
        if not words:
            self.say(line, f"Give this {what} a text before its id.")
        return words, found or f"line-{line}"

    def _keys(self, given: list[RawEntry], known: Sequence[str], readers: "Readers") -> dict[str, Any]:
        got: dict[str, Any] = {}
        for entry in given:
            if entry.key not in known:
                self.say(entry.line, unknown_key(entry.key, known))
            elif entry.key in got and entry.key not in _MAY_REPEAT:
                self.say(entry.line, f"The key “{entry.key}” stands here twice. Keep one of them.")
            elif not entry.value:
                self.say(entry.line, f"Write something after “{entry.key}:”, or take the line out.")
            else:
                got[entry.key] = self._try(partial(readers[entry.key], self, entry), entry.line)
        return {key: value for key, value in got.items() if value is not None}

    def _places(self, places: Sequence[str], line: int) -> tuple[str, ...]:
        for place in places:
            if not _PLACE.match(place):
                self.say(line, f"Write a place to read like “ethics/touch”, not “{place}”.")
        return tuple(places)

    def _try(self, read: Callable[[], _Value], line: int) -> _Value | None:
        try:
            return read()
        except ValueError as wrong:
            self.say(line, str(wrong))
            return None


Readers = dict[str, Callable[[SceneReader, RawEntry], Any]]
_SCENE_READERS: Readers = {
    "answer within": lambda _, entry: entries.limit(entry.value),
    "event": lambda reader, entry: reader.condition(entry.value.removeprefix("when ")),
    "interview": lambda _, entry: entries.yes(entry.value),
    "prompt": lambda _, entry: entry.value,
    "room": lambda _, entry: read_room(entry.value),
}
_CHOICE_READERS: Readers = {
    "only if": lambda reader, entry: reader.condition(entry.value),
    "takes": lambda _, entry: entries.minutes(entry.value),
    "gives": lambda _, entry: entries.read_supplement(entry.value),
    "scores": lambda _, entry: entries.scores(entry.value),
    "changes": lambda _, entry: entries.changes(entry.value),
    "next": lambda _, entry: entries.target(entry.value, entry.line),
    "expert": lambda reader, entry: entries.expert(entry.value, reader.condition),
    "cautious": lambda _, entry: entries.yes(entry.value),
    "panel": lambda _, entry: entries.panel(entry.value),
    "cue": lambda _, entry: entry.value,
    "feedback": lambda _, entry: entry.value,
    "read": lambda _, entry: entries.listed(entry.value),
    "again": lambda _, entry: entries.yes(entry.value),
}
