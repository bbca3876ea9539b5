"""The items of a bank as they stand in the file: headings, keys, questions, answer lists and reasons, by line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from trainer.authoring.messages import Message
from trainer.authoring.shapes import keys_of
from trainer.items.keys import ItemKeys

_HEADING = re.compile(r"^##\s+(?P<title>.*?)\s*(?:\{#(?P<id>[^}]*)\})?\s*$")
_KEY = re.compile(r"^- (?P<key>[A-Za-z-]+):\s*(?P<value>.*?)\s*$")
_MARKED = re.compile(r"^- (?:\[(?P<box>.|\d+)\]|(?P<place>\d+)\.|\{(?P<gap>\d+| *)\})\s*(?P<text>.*?)\s*$")
_PAIR = re.compile(r"^- (?P<left>.*?)\s*=>\s*(?P<text>.*?)\s*$")
_REASON = re.compile(r"^\s+>\s?(?P<text>.*?)\s*$")
_ALMOST_OPTION = re.compile(r"^\s*[-*+]\s?\[.{0,3}\]")
_WORDS_OF_STORIES = {"family", "figure", "unit", "alt", "reviewed", "retired"}
"""Keys that may as well begin a line of a question, such as “Family: a sister with …”."""
_ALMOST_KEY = re.compile(rf"^\s*[-*+]?\s*({'|'.join(sorted({*keys_of(ItemKeys)} - _WORDS_OF_STORIES))})\s*:", re.I)


class LineForm(StrEnum):
    """How a line of an answer list begins."""

    BOX = "box"  # - [x] words
    PLACE = "place"  # - 1. words
    GAP = "gap"  # - {1} words
    PAIR = "pair"  # - left words => right words


@dataclass
class OptionDraft:
    """One line of an answer list; `mark` is what stands in its brackets, or the words on the left of a pair."""

    line: int
    form: LineForm
    mark: str
    text: str
    reasons: list[str] = field(default_factory=list)


@dataclass
class ItemDraft:
    """One item as it stands in the file, not yet understood; `written` is every line of it."""

    line: int
    title: str
    id: str
    keys: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    stem: list[str] = field(default_factory=list)
    options: list[OptionDraft] = field(default_factory=list)
    written: list[str] = field(default_factory=list)


@dataclass
class DraftReader:
    """Cuts the body of a bank into items and collects what is wrong with its lines."""

    path: str
    messages: list[Message] = field(default_factory=list)

    def say(self, line: int, text: str) -> None:
        """Note a mistake."""
        self.messages.append(Message(self.path, line, text))

    def drafts(self, body: str, first_line: int) -> Iterator[ItemDraft]:
        """Yield each item; `first_line` is that of the body in the file."""
        draft: ItemDraft | None = None
        for number, row in enumerate(body.split("\n"), start=first_line):
            if row.startswith("## "):
                if draft:
                    yield draft
                found = _HEADING.match(row)
                draft = ItemDraft(number, found["title"] if found else row[3:], (found["id"] or "") if found else "")
                draft.written.append(row)
            elif draft:
                draft.written.append(row)
                self._take(draft, number, row)
            elif row.strip():
                self.say(number, "Text before the first item; begin each item with “## Title {#id}”.")
        if draft:
            yield draft
        else:
            self.say(first_line, "This bank has no items. Begin one with “## Title {#id}”.")

    def _take(self, draft: ItemDraft, number: int, row: str) -> None:
        if option := _option(number, row):
            draft.options.append(option)
        elif draft.options:
            self._go_on(draft.options[-1], number, row)
        elif not any(line.strip() for line in draft.stem) and (found := _KEY.match(row)):
            if found["key"] in draft.keys:
                self.say(number, f"The key “{found['key']}” stands here twice. Keep one of them.")
            draft.keys[found["key"]] = found["value"]
            draft.lines[found["key"]] = number
        else:
            self._refuse_strays(number, row)
            draft.stem.append(row)

    def _go_on(self, option: OptionDraft, number: int, row: str) -> None:
        """Take a line below an option: a reason, or more of its words."""
        if reason := _REASON.match(row):
            option.reasons.append(reason["text"])
        elif row.startswith("  ") and row.strip() and not option.reasons:
            option.text += " " + row.strip()
        elif row.strip():
            self.say(number, "After the options only “  > reason” lines may follow; indent them by two spaces.")

    def _refuse_strays(self, number: int, row: str) -> None:
        """Say so when a line of the question was meant as an option or a key; it would be lost in silence."""
        if _ALMOST_OPTION.match(row):
            self.say(number, "Begin each option with “- [ ] ” or, when it is right, “- [x] ”.")
        elif key := _ALMOST_KEY.match(row):
            self.say(number, f"Write “- {key[1].lower()}: …” directly below the heading, with the other keys.")


def _option(number: int, row: str) -> OptionDraft | None:
    """Read a line of an answer list; nothing where it is none."""
    if found := _MARKED.match(row):
        form = next(form for form in (LineForm.BOX, LineForm.PLACE, LineForm.GAP) if found[form] is not None)
        return OptionDraft(number, form, found[form], found["text"])
    if found := _PAIR.match(row):
        return OptionDraft(number, LineForm.PAIR, found["left"], found["text"])
    return None
