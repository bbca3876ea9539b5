"""From an item as it stands in the file to a question, with what is wrong in it by line."""

import re
from dataclasses import dataclass, field

from trainer.authoring.fitting import fit
from trainer.authoring.markdown import block, inline
from trainer.authoring.messages import Message
from trainer.authoring.shapes import SLUG
from trainer.authoring.wording import did_you_mean
from trainer.curriculum.values import Course, Module, Readiness
from trainer.quizzes.bank_file import ItemKeys
from trainer.quizzes.item_drafts import DraftReader, ItemDraft
from trainer.quizzes.items import Item, ItemKind, ItemOption, item_hash

_SHUFFLED = re.compile(r"\b(all|none) of (the above|these)\b", re.IGNORECASE)
_HERE = "item"


@dataclass
class ItemReader:
    """Reads the items of one bank and collects what is wrong with them.

    Attributes:
        module: the module beside whose lessons the bank stands; None where it cannot be read.
    """

    path: str
    course: Course
    module: Module | None
    messages: list[Message] = field(default_factory=list)

    def say(self, line: int, text: str) -> None:
        """Note a mistake."""
        self.messages.append(Message(self.path, line, text))

    def items(self, body: str, first_line: int) -> tuple[Item, ...]:
        """Return every item that can be understood; `first_line` is that of the body in the file."""
        reader = DraftReader(self.path, self.messages)
        items = tuple(item for draft in reader.drafts(body, first_line) if (item := self._item(draft)))
        seen: dict[str, int] = {}
        for item in items:
            if item.id in seen:
                self.say(item.line, f"The id “{item.id}” is used on line {seen[item.id]} already; choose another.")
            seen.setdefault(item.id, item.line)
        return items

    def _item(self, draft: ItemDraft) -> Item | None:
        """Read one item; None where there is no id to keep its answers by, or nothing to choose."""
        if not re.match(SLUG, draft.id):
            self.say(draft.line, "This item needs an id at the end of its heading, such as {#two-words}.")
        if not draft.title:
            self.say(draft.line, "Give this item a title before its id; it stands above the question afterwards.")
        keys = self._keys(draft)
        self._check_options(draft, keys.kind)
        if not "".join(draft.stem).strip():
            self.say(draft.line, "This item has no question between its keys and its options.")
        if not draft.id or not draft.options:
            return None
        return Item(
            id=draft.id,
            title=draft.title,
            kind=keys.kind,
            objective=keys.objective,
            competency=keys.competency,
            level=keys.level,
            sources=keys.sources,
            readiness=keys.readiness,
            critical=keys.critical == "yes",
            stem_html=block("\n".join(draft.stem).strip()),
            options=_options(draft),
            line=draft.line,
            hash=item_hash(draft.written),
            practice_only=keys.use == "practice",
            law=keys.answers,
        )

    def _keys(self, draft: ItemDraft) -> ItemKeys:
        """Read the keys, and look up the names that they hold."""
        lines = {_HERE: draft.line} | {f"{_HERE}.{key}": line for key, line in draft.lines.items()}
        fitted = fit(ItemKeys, draft.keys, path=self.path, lines=lines, under=(_HERE,))
        self.messages += fitted.messages
        keys = fitted.head or ItemKeys()
        known = {
            "objective": (keys.objective, self.module.objectives if self.module else {keys.objective: ""}),
            "competency": (keys.competency, self.course.competencies),
        }
        for key, (name, names) in known.items():
            if name and name not in names:
                self.say(fitted.line(_HERE, key), f"There is no {key} “{name}”.{did_you_mean(name, names)}")
        for source in keys.sources:
            if source not in self.course.references:
                hint = did_you_mean(source, self.course.references)
                self.say(fitted.line(_HERE, "source"), f"The source “{source}” is not in references.yaml.{hint}")
        self._check_law(keys, fitted.line(_HERE, "law"))
        return keys

    def _check_law(self, keys: ItemKeys, line: int) -> None:
        """Look up the answers of the law; what was not read in the rule itself carries nothing that counts."""
        cells = self.course.law.cells
        for name in keys.answers if self.course.law.legible else ():
            if (cell := cells.get(name)) is None:
                self.say(line, f"There is no answer “{name}” in law.yaml.{did_you_mean(name, cells)}")
            elif not cell.counts and keys.readiness is Readiness.SOLID:
                self.say(line, f"“{name}” is {cell.certainty} in law.yaml. Write “readiness: pending review”.")

    def _check_options(self, draft: ItemDraft, kind: ItemKind) -> None:
        right = sum(option.right for option in draft.options)
        if len(draft.options) < 2:
            self.say(draft.line, "An item needs at least two options.")
        elif right == 0:
            self.say(draft.line, "No option is marked right; mark one with [x].")
        elif kind is ItemKind.SINGLE and right > 1:
            self.say(draft.line, f"{right} options are marked right; say “- kind: multiple” or leave only one [x].")
        elif kind is ItemKind.MULTIPLE and right == len(draft.options):
            self.say(draft.line, "Every option is marked right; at least one should be wrong.")
        texts = [option.text.casefold() for option in draft.options]
        for option in draft.options:
            if not option.text:
                self.say(option.line, "This option has no words.")
            elif texts.count(option.text.casefold()) > 1:
                self.say(option.line, "This option stands here twice.")
            if not " ".join(option.reasons).strip():
                self.say(option.line, "This option has no reason; add a line “  > why” below it.")
            if _SHUFFLED.search(option.text):
                self.say(
                    option.line, "Options are shuffled, so “all of the above” has no meaning; write what you mean."
                )


def _options(draft: ItemDraft) -> tuple[ItemOption, ...]:
    return tuple(
        ItemOption(
            text=option.text,
            text_html=inline(option.text),
            reason_html=inline(" ".join(option.reasons)),
            right=option.right,
            line=option.line,
        )
        for option in draft.options
    )
