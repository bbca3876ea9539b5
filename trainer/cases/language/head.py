"""The front matter of a case, key by key."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trainer.authoring.frontmatter import FrontMatter
from trainer.authoring.messages import Message
from trainer.authoring.suggestions import did_you_mean
from trainer.cases.physiology.curves import profile_names
from trainer.cases.script.values import VITALS, Competency, Head, Number, Phase, Status, Variant

KEYS = (
    "case", "title", "subtitle", "version", "language", "phase", "status", "reviewed", "note", "summary", "profile",
    "vitals", "competencies", "numbers", "facts", "variants", "start",
)  # fmt: skip
NEEDED = ("case", "title", "version", "competencies", "variants", "start")
NEEDED_SINCE = ("phase",)
"""Keys that releases of yesterday do not have: asked of authors, and never of what was published."""
NAME = re.compile(r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$")
RESERVED = frozenset({*VITALS, "time", "and", "or", "not", "if", "unless", "back", "end"})
_RESTING = {"sbp": (70, 220), "dbp": (40, 130), "hr": (35, 160)}


def read_head(path: str, front: FrontMatter, found: list[Message]) -> Head:
    """Read the keys of a case; mistakes are added to `found`."""
    reader = _HeadReader(path, front, found)
    reader.keys()
    return Head(
        slug=reader.slug(),
        title=reader.text("title"),
        version=reader.text("version"),
        language=reader.language(),
        phase=reader.phase(),
        status=reader.status(),
        note=reader.text("note"),
        summary=reader.text("summary"),
        subtitle=reader.text("subtitle"),
        profile=reader.profile(),
        vitals=reader.vitals(),
        competencies=reader.competencies(),
        numbers=reader.numbers(),
        facts=reader.facts(),
        variants=reader.variants(),
        start=reader.text("start").removeprefix("#"),
    )


def missing_since_published(path: str, front: FrontMatter) -> list[Message]:
    """Name the keys that an author has to add, although a release may do without them."""
    return _missing(path, front, NEEDED_SINCE)


def _missing(path: str, front: FrontMatter, keys: Sequence[str]) -> list[Message]:
    if front.messages:
        return []
    absent = [key for key in keys if front.fields.get(key) in (None, "", [], {})]
    return [Message(path, front.line(key), f"Add the key “{key}:” to the head of the case.") for key in absent]


@dataclass(frozen=True)
class _HeadReader:
    path: str
    front: FrontMatter
    found: list[Message]

    def say(self, text: str, *keys: str) -> None:
        self.found.append(Message(self.path, self.front.line(*keys), text))

    def keys(self) -> None:
        for key in self.front.fields:
            if key not in KEYS:
                self.say(f"“{key}” is not a key of a case.{did_you_mean(key, KEYS)}", key)
        self.found.extend(_missing(self.path, self.front, NEEDED))

    def text(self, key: str) -> str:
        value = self.front.fields.get(key)
        if isinstance(value, dict | list):
            self.say(f"Write “{key}” as one line of text.", key)
            return ""
        return "" if value is None else str(value).strip()

    def slug(self) -> str:
        slug, folder = self.text("case"), self.path.split("/")[-2] if "/" in self.path else ""
        if slug and not NAME.match(slug):
            self.say("Write the case's name in lower-case letters, digits and hyphens.", "case")
        elif slug and folder and slug != folder:
            self.say(f"The case is called “{slug}” and its folder “{folder}”. Give both the same name.", "case")
        return slug

    def language(self) -> str:
        language, file = self.text("language") or "en", self.path.split("/")[-1].removesuffix(".md")
        if "/" in self.path and language != file:
            self.say(f"The file is named {file}.md and its language is “{language}”. Make them agree.", "language")
        return language

    def phase(self) -> Phase:
        word = self.text("phase")
        if word and word not in set(Phase):
            self.say(f"The phase is one of {', '.join(Phase)}, not “{word}”.{did_you_mean(word, Phase)}", "phase")
        return Phase(word) if word in set(Phase) else Phase.SESSION

    def status(self) -> Status:
        word = self.text("status") or Status.DRAFT
        if word not in set(Status):
            self.say(f"The status is draft, reviewed or live, not “{word}”.{did_you_mean(word, Status)}", "status")
            return Status.DRAFT
        return Status(word)

    def profile(self) -> str:
        profile = self.text("profile")
        if profile and profile not in profile_names():
            self.say(f"There is no profile “{profile}”.{did_you_mean(profile, profile_names())}", "profile")
            return ""
        return profile

    def vitals(self) -> Mapping[str, int]:
        resting: dict[str, int] = {}
        for name, value in self.pairs("vitals"):
            low, high = _RESTING.get(name, (0, 0))
            if not high:
                self.say(f"“{name}” is not a vital sign here.{did_you_mean(name, VITALS)}", "vitals", name)
            elif type(value) is not int or not low <= value <= high:
                self.say(f"Write the resting {name} as a whole number from {low} to {high}.", "vitals", name)
            else:
                resting[name] = value
        return resting

    def competencies(self) -> tuple[Competency, ...]:
        read: list[Competency] = []
        for name, value in self.pairs("competencies"):
            mark = re.fullmatch(r"(?:pass\s+)?(\d{1,3})\s*%", str(value))
            if not mark or not 1 <= int(mark[1]) <= 100:
                self.say(f"Write the pass mark of “{name}” like “pass 60%”.", "competencies", name)
            if self.named(name, "competencies"):
                read.append(Competency(name, int(mark[1]) if mark else 100, self.front.line("competencies", name)))
        return tuple(read)

    def numbers(self) -> tuple[Number, ...]:
        read: list[Number] = []
        for name, value in self.pairs("numbers"):
            two = re.fullmatch(r"(\d{1,2}) of (\d{1,2})", str(value).strip())
            if not two or int(two[1]) > int(two[2]) or int(two[2]) > 20:
                self.say(f"Write where “{name}” starts and how far it goes, like “5 of 10”.", "numbers", name)
            elif self.named(name, "numbers"):
                read.append(Number(name, int(two[1]), int(two[2]), self.front.line("numbers", name)))
        return tuple(read)

    def facts(self) -> tuple[str, ...]:
        value = self.front.fields.get("facts") or []
        if not _words(value):
            self.say("Write the facts as a list of names, like [hand-agreed, told].", "facts")
            return ()
        for name in sorted({one for one in value if value.count(one) > 1}):
            self.say(f"The fact “{name}” stands here twice. Keep one of them.", "facts")
        numbers = self.front.fields.get("numbers")
        for name in value:
            if isinstance(numbers, dict) and name in numbers:
                self.say(f"“{name}” is a number already. Give the fact another name.", "facts")
        return tuple(dict.fromkeys(name for name in value if self.named(name, "facts")))

    def variants(self) -> tuple[Variant, ...]:
        return tuple(
            self.variant(name, value) for name, value in self.pairs("variants") if self.named(name, "variants")
        )

    def variant(self, name: str, value: Any) -> Variant:
        line = self.front.line("variants", name)
        if not isinstance(value, dict | None):
            self.say(f"Write the variant “{name}” like {{facts: [hand-agreed], sbp: +34}}.", "variants", name)
            return Variant(name, line)
        fields = dict(value or {})
        facts = fields.pop("facts", None) or []
        if not _words(facts):
            self.say("Write the facts of a variant as a list of names.", "variants", name)
            facts = []
        effect = re.fullmatch(r"(\d{1,3})\s*%", str(fields.pop("effect", "100%")))
        if not effect or not 10 <= int(effect[1]) <= 200:
            self.say("Write the strength of the effect in per cent, from 10% to 200%.", "variants", name)
        known = self.front.fields.get("facts")
        for fact in facts:
            if isinstance(known, list) and fact not in known:
                self.say(f"“{fact}” is not among the facts.{did_you_mean(fact, map(str, known))}", "variants", name)
        return Variant(name, line, tuple(facts), self.shifts(name, fields), int(effect[1]) if effect else 100)

    def shifts(self, variant: str, fields: Mapping[str, Any]) -> Mapping[str, int]:
        read: dict[str, int] = {}
        for name, value in fields.items():
            if name not in VITALS:
                near = did_you_mean(name, ("facts", "effect", *VITALS))
                self.say(f"A variant has no key “{name}”.{near}", "variants", variant, name)
            elif type(value) is not int or abs(value) > 80:
                self.say(f"Write the shift of {name} as a whole number, like +34.", "variants", variant, name)
            else:
                read[name] = value
        return read

    def pairs(self, key: str) -> Sequence[tuple[str, Any]]:
        value = self.front.fields.get(key)
        if value is None:
            return ()
        if not isinstance(value, dict):
            self.say(f"Write below “{key}:” one `name: value` on each line.", key)
            return ()
        return tuple(value.items())

    def named(self, name: str, *keys: str) -> bool:
        if not NAME.match(name):
            self.say(f"Write the name “{name}” in lower-case letters, digits and hyphens.", *keys, name)
            return False
        if name in RESERVED and keys[0] in ("facts", "numbers"):
            self.say(f"“{name}” has a meaning of its own. Choose another name.", *keys, name)
            return False
        return True


def _words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
