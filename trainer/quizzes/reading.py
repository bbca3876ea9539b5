"""Read one item bank: from the Markdown an author wrote to plain values, with every mistake by line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import Any

from trainer.authoring.frontmatter import FrontMatter, split
from trainer.authoring.markdown import block, inline
from trainer.authoring.messages import Message
from trainer.authoring.suggestions import did_you_mean
from trainer.curriculum.values import Course, Module, Readiness
from trainer.quizzes.items import Bank, Item, ItemKind, Level, Option, hash_of

KEYS = ("bank", "title", "serve", "pass", "attempts", "wait", "minutes", "blueprint", "critical")
ITEM_KEYS = ("kind", "objective", "competency", "level", "source", "readiness", "critical", "use")
REQUIRED = ("objective", "competency", "level", "source", "readiness")
HEADING = re.compile(r"^##\s+(?P<title>.*?)\s*(?:\{#(?P<id>[^}]*)\})?\s*$")
SETTING = re.compile(r"^- (?P<key>[A-Za-z-]+):\s*(?P<value>.*?)\s*$")
OPTION = re.compile(r"^- \[(?P<mark>.)\]\s*(?P<text>.*?)\s*$")
REASON = re.compile(r"^\s+>\s?(?P<text>.*?)\s*$")
SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
HOURS = re.compile(r"([0-9]{1,4})\s*(h|d)")
LONGEST_CLOCK = 24 * 60
"""Minutes."""
ALMOST_OPTION = re.compile(r"^\s*[-*+]\s?\[.{0,3}\]")
ALMOST_SETTING = re.compile(rf"^\s*[-*+]?\s*({'|'.join(ITEM_KEYS)})\s*:", re.IGNORECASE)


@dataclass
class _OptionDraft:
    line: int
    right: bool
    text: str
    reasons: list[str] = field(default_factory=list)


@dataclass
class _Draft:
    """One item as it stands in the file, not yet understood."""

    line: int
    title: str
    id: str
    settings: dict[str, tuple[int, str]] = field(default_factory=dict)
    stem: list[str] = field(default_factory=list)
    options: list[_OptionDraft] = field(default_factory=list)
    written: list[str] = field(default_factory=list)


def read_bank(path: str, content: bytes, course: Course) -> tuple[Bank | None, tuple[Message, ...]]:
    """Read one bank of an author; return it when there is no mistake in it, and every mistake."""
    bank, messages = understood_bank(path, content, course)
    return (None if messages else bank), messages


def understood_bank(path: str, content: bytes, course: Course) -> tuple[Bank | None, tuple[Message, ...]]:
    """Read one bank; return it when it can be understood, and every mistake.

    A mistake keeps an author's bank from being published. It takes nothing from a bank that was: what was published is
    read and not judged, however strict the rules have become since.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None, (Message(path, 1, "This file is not UTF-8 text. Save it as UTF-8."),)
    reader = _BankReader(path, course)
    bank = reader.read(split(path, text))
    return bank, tuple(sorted(set(reader.messages)))


class _BankReader:
    """Reads one file and collects what is wrong with it."""

    def __init__(self, path: str, course: Course) -> None:
        self.path = path
        self.course = course
        self.module: Module | None = None
        self.messages: list[Message] = []

    def say(self, line: int, text: str) -> None:
        self.messages.append(Message(self.path, line, text))

    def read(self, head: FrontMatter) -> Bank | None:
        self.messages += head.messages
        slug = re.sub(r"^\d+-", "", self.path.split("/")[1])
        self.module = self.course.module(slug)
        items = [self._item(draft) for draft in self._drafts(head)]
        self._refuse_twice([item for item in items if item])
        if head.messages:
            return None
        rules = self._rules(head, slug)
        if rules is None:
            return None
        return Bank(slug=slug, items=tuple(item for item in items if item), **rules)

    # --- the head

    def _rules(self, head: FrontMatter, slug: str) -> dict[str, Any] | None:
        for key in head.fields.keys() - set(KEYS):
            self.say(head.line(key), f"The key “{key}” is not known here.{did_you_mean(key, KEYS)}")
        missing = [key for key in KEYS if key not in head.fields and key != "critical"]
        for key in missing:
            self.say(1, f"Add the key “{key}” to the head of the bank.")
        if missing:
            return None
        if head.fields["bank"] != slug:
            self.say(head.line("bank"), f"“bank” should be “{slug}”, like the module's folder.")
        serve = self._count(head, "serve")
        return {
            "title": self._title(head),
            "serve": serve,
            "pass_share": self._share(head),
            "attempts": self._count(head, "attempts"),
            "wait": self._wait(head),
            "minutes": None if head.fields["minutes"] == "none" else self._minutes(head),
            "blueprint": self._blueprint(head, serve),
            "critical": self._count(head, "critical", least=0) if "critical" in head.fields else None,
        }

    def _count(self, head: FrontMatter, key: str, least: int = 1) -> int:
        value = head.fields[key]
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not whole or value < least:
            self.say(head.line(key), f"“{key}” should be a whole number, {least} or more.")
        return int(value) if whole else least

    def _title(self, head: FrontMatter) -> str:
        value = head.fields["title"]
        if isinstance(value, str) and value.strip():
            return value
        self.say(head.line("title"), "“title” should be the words that people read above the quiz.")
        return ""

    def _minutes(self, head: FrontMatter) -> int:
        minutes = self._count(head, "minutes")
        if minutes > LONGEST_CLOCK:
            self.say(head.line("minutes"), f"“minutes” should be {LONGEST_CLOCK} or less, or none for no clock.")
        return minutes

    def _share(self, head: FrontMatter) -> Fraction:
        found = re.fullmatch(r"(\d{1,3})\s*%", str(head.fields["pass"]))
        if not found or not 1 <= int(found[1]) <= 100:
            self.say(head.line("pass"), "“pass” should be a percentage from 1% to 100%, such as 80%.")
        return Fraction(int(found[1]), 100) if found else Fraction(1)

    def _wait(self, head: FrontMatter) -> timedelta:
        found = HOURS.fullmatch(str(head.fields["wait"]))
        if found:
            return timedelta(hours=int(found[1])) if found[2] == "h" else timedelta(days=int(found[1]))
        self.say(head.line("wait"), "“wait” should be a number of hours or days, such as 24 h or 2 d.")
        return timedelta(0)

    def _blueprint(self, head: FrontMatter, serve: int) -> Mapping[Level, int]:
        value = head.fields["blueprint"]
        line = head.line("blueprint")
        if not isinstance(value, dict):
            self.say(line, "“blueprint” should name levels and numbers, such as {know: 3, apply: 6, evaluate: 3}.")
            return {}
        levels = [level.value for level in Level]
        found: dict[Level, int] = {}
        for key, number in value.items():
            if key not in levels:
                self.say(
                    line, f"“{key}” is no level.{did_you_mean(str(key), levels)} The levels are {', '.join(levels)}."
                )
            elif not isinstance(number, int) or isinstance(number, bool) or number < 0:
                self.say(line, f"“{key}” in the blueprint should be a whole number.")
            else:
                found[Level(key)] = number
        if sum(found.values()) != serve:
            self.say(line, f"The blueprint adds up to {sum(found.values())}, but “serve” says {serve}.")
        return found

    # --- the items

    def _drafts(self, head: FrontMatter) -> Iterator[_Draft]:
        draft: _Draft | None = None
        for number, row in enumerate(head.body.split("\n"), start=head.body_line):
            if row.startswith("## "):
                if draft:
                    yield draft
                found = HEADING.match(row)
                draft = _Draft(number, found["title"] if found else row[3:], (found["id"] or "") if found else "")
                draft.written.append(row)
            elif draft:
                draft.written.append(row)
                self._take(draft, number, row)
            elif row.strip():
                self.say(number, "Text before the first item; begin each item with “## Title {#id}”.")
        if draft:
            yield draft
        else:
            self.say(head.body_line, "This bank has no items. Begin one with “## Title {#id}”.")

    def _take(self, draft: _Draft, number: int, row: str) -> None:
        if option := OPTION.match(row):
            if option["mark"] not in " xX":
                self.say(number, "Mark a right option with [x] and any other with [ ].")
            draft.options.append(_OptionDraft(number, option["mark"] in "xX", option["text"]))
        elif draft.options:
            reason = REASON.match(row)
            if reason:
                draft.options[-1].reasons.append(reason["text"])
            elif row.startswith("  ") and row.strip() and not draft.options[-1].reasons:
                draft.options[-1].text += " " + row.strip()
            elif row.strip():
                self.say(number, "After the options only “  > reason” lines may follow; indent them by two spaces.")
        elif not any(line.strip() for line in draft.stem) and (setting := SETTING.match(row)):
            if setting["key"] in draft.settings:
                self.say(number, f"“{setting['key']}” is said twice in this item.")
            draft.settings[setting["key"]] = (number, setting["value"])
        else:
            self._refuse_strays(draft, number, row)
            draft.stem.append(row)

    def _refuse_strays(self, draft: _Draft, number: int, row: str) -> None:
        """Say so when a line of the question was meant as an option or a key; it would be lost in silence."""
        if ALMOST_OPTION.match(row):
            self.say(number, "Begin each option with “- [ ] ” or, when it is right, “- [x] ”.")
        elif key := ALMOST_SETTING.match(row):
            self.say(number, f"Write “- {key[1].lower()}: …” directly below the heading, with the other keys.")

    def _item(self, draft: _Draft) -> Item | None:
        """Read one item; None where there is no id to keep its answers by, or nothing to choose."""
        if not SLUG.match(draft.id):
            self.say(draft.line, "This item needs an id at the end of its heading, such as {#two-words}.")
        if not draft.title:
            self.say(draft.line, "Give this item a title before its id; it stands above the question afterwards.")
        self._check_keys(draft)
        kind = self._choice(draft, "kind", [kind.value for kind in ItemKind], "single")
        level = self._choice(draft, "level", [level.value for level in Level], "know")
        readiness = self._choice(draft, "readiness", [one.value for one in Readiness], "solid")
        critical = self._choice(draft, "critical", ["yes", "no"], "no")
        use = self._choice(draft, "use", ["any", "practice"], "any")
        sources = tuple(key.strip() for key in draft.settings.get("source", (0, ""))[1].split(",") if key.strip())
        self._check_names(draft, sources)
        self._check_options(draft, kind)
        if not "".join(draft.stem).strip():
            self.say(draft.line, "This item has no question between its keys and its options.")
        if not draft.id or not draft.options:
            return None
        return Item(
            id=draft.id,
            title=draft.title,
            kind=ItemKind(kind),
            objective=draft.settings.get("objective", (0, ""))[1],
            competency=draft.settings.get("competency", (0, ""))[1],
            level=Level(level),
            sources=sources,
            readiness=Readiness(readiness),
            critical=critical == "yes",
            stem_html=block("\n".join(draft.stem).strip()),
            options=tuple(
                Option(
                    text=option.text,
                    text_html=inline(option.text),
                    reason_html=inline(" ".join(option.reasons)),
                    right=option.right,
                    line=option.line,
                )
                for option in draft.options
            ),
            line=draft.line,
            hash=hash_of(draft.written),
            practice_only=use == "practice",
        )

    def _check_keys(self, draft: _Draft) -> None:
        for key, (line, _) in draft.settings.items():
            if key not in ITEM_KEYS:
                self.say(line, f"The key “{key}” is not known here.{did_you_mean(key, ITEM_KEYS)}")
        for key in REQUIRED:
            if key not in draft.settings:
                self.say(draft.line, f"Add the line “- {key}: …” to this item.")

    def _choice(self, draft: _Draft, key: str, known: list[str], default: str) -> str:
        line, value = draft.settings.get(key, (draft.line, default))
        if value in known:
            return value
        self.say(line, f"“{key}” should be one of: {', '.join(known)}.{did_you_mean(value, known)}")
        return default

    def _check_names(self, draft: _Draft, sources: tuple[str, ...]) -> None:
        known = {
            "objective": self.module.objectives if self.module else {},
            "competency": self.course.competencies,
        }
        for key, names in known.items():
            line, value = draft.settings.get(key, (draft.line, ""))
            if key in draft.settings and not value:
                self.say(line, f"Write which {key} this item belongs to.")
            elif value and value not in names and (key != "objective" or self.module):
                self.say(line, f"There is no {key} “{value}”.{did_you_mean(value, names)}")
        line = draft.settings.get("source", (draft.line, ""))[0]
        for key in sources:
            if key not in self.course.references:
                self.say(
                    line, f"The source “{key}” is not in references.yaml.{did_you_mean(key, self.course.references)}"
                )
        if "source" in draft.settings and not sources:
            self.say(line, "Name at least one source.")

    def _check_options(self, draft: _Draft, kind: str) -> None:
        right = sum(option.right for option in draft.options)
        if len(draft.options) < 2:
            self.say(draft.line, "An item needs at least two options.")
        elif right == 0:
            self.say(draft.line, "No option is marked right; mark one with [x].")
        elif kind == "single" and right > 1:
            self.say(draft.line, f"{right} options are marked right; say “- kind: multiple” or leave only one [x].")
        elif kind == "multiple" and right == len(draft.options):
            self.say(draft.line, "Every option is marked right; at least one should be wrong.")
        texts = [option.text.casefold() for option in draft.options]
        for option in draft.options:
            if not option.text:
                self.say(option.line, "This option has no words.")
            elif texts.count(option.text.casefold()) > 1:
                self.say(option.line, "This option stands here twice.")
            if not " ".join(option.reasons).strip():
                self.say(option.line, "This option has no reason; add a line “  > why” below it.")
            if re.search(r"\b(all|none) of (the above|these)\b", option.text, re.IGNORECASE):
                self.say(
                    option.line, "Options are shuffled, so “all of the above” has no meaning; write what you mean."
                )

    def _refuse_twice(self, items: list[Item]) -> None:
        seen: dict[str, int] = {}
        for item in items:
            if item.id in seen:
                self.say(item.line, f"The id “{item.id}” is used on line {seen[item.id]} already; choose another.")
            seen.setdefault(item.id, item.line)
