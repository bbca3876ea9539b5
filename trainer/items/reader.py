"""From an item as it stands in the file to a question, with what is wrong in it by line."""

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from trainer.authoring.fitting import FitResult, fit
from trainer.authoring.markdown import block
from trainer.authoring.messages import Message
from trainer.authoring.shapes import SLUG
from trainer.authoring.wording import did_you_mean
from trainer.curriculum.values import Course, Module, Readiness
from trainer.items.drafts import DraftReader, ItemDraft
from trainer.items.families import family_mistakes
from trainer.items.figures import item_figure
from trainer.items.formats import FORMATS
from trainer.items.formats.format import AnswerList
from trainer.items.keys import ItemKeys
from trainer.items.values import CreditScheme, Item, ItemKind, item_hash

_HERE = "item"


@dataclass
class ItemReader:
    """Reads the items of one bank and collects what is wrong with them.

    Attributes:
        module: the module beside whose lessons the bank stands; None where it cannot be read.
        files: all files of the content, among which figures stand.
    """

    path: str
    course: Course
    module: Module | None
    files: Mapping[str, bytes] = field(default_factory=dict)
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
        for line, text in family_mistakes(items):
            self.say(line, text)
        return items

    def _item(self, draft: ItemDraft) -> Item | None:
        """Read one item; None where there is no id to keep its answers by, or nothing to answer with."""
        if not re.match(SLUG, draft.id):
            self.say(draft.line, "This item needs an id at the end of its heading, such as {#two-words}.")
        if not draft.title:
            self.say(draft.line, "Give this item a title before its id; it stands above the question afterwards.")
        fitted = self._fit(draft)
        keys = fitted.head or ItemKeys()
        self._look_up(keys, fitted)
        answers = FORMATS[keys.kind].read(draft, keys, self.say)
        if not "".join(draft.stem).strip():
            self.say(draft.line, "This item has no question between its keys and its options.")
        item = self._made(draft, keys, fitted, answers)
        return item if draft.id and answers.options else None

    def _made(self, draft: ItemDraft, keys: ItemKeys, fitted: FitResult[ItemKeys], answers: AnswerList) -> Item:
        figure, drawn_from = self._figure(draft, keys, fitted)
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
            options=answers.options,
            rows=answers.rows,
            line=draft.line,
            hash=item_hash([*draft.written, *drawn_from]),
            scheme=self._scheme(keys, fitted),
            unit=keys.unit,
            family=keys.family,
            enemies=keys.kept_apart,
            figure_html=figure,
            practice_only=keys.use == "practice",
            reviewed=keys.reviewed,
            piloted=keys.piloted,
            retired=keys.retired,
            law=keys.answers,
        )

    def _fit(self, draft: ItemDraft) -> FitResult[ItemKeys]:
        lines = {_HERE: draft.line} | {f"{_HERE}.{key}": line for key, line in draft.lines.items()}
        fitted = fit(ItemKeys, draft.keys, path=self.path, lines=lines, under=(_HERE,))
        self.messages += fitted.messages
        return fitted

    def _scheme(self, keys: ItemKeys, fitted: FitResult[ItemKeys]) -> CreditScheme:
        """Return how the item is credited: as it says, or as its kind usually is."""
        known = FORMATS[keys.kind].schemes
        if keys.scheme is not None and keys.scheme not in known:
            wish = f"one of {', '.join(known)}" if known else "left out"
            self.say(fitted.line(_HERE, "scheme"), f"“scheme” should be {wish} for an item of kind {keys.kind.value}.")
        if keys.unit and keys.kind not in (ItemKind.NUMERIC, ItemKind.CHART):
            self.say(fitted.line(_HERE, "unit"), "Only a number has a unit; leave out “unit” here.")
        return keys.scheme if keys.scheme in known else next(iter(known), CreditScheme.EXACT)

    def _figure(self, draft: ItemDraft, keys: ItemKeys, fitted: FitResult[ItemKeys]) -> tuple[Markup, Sequence[str]]:
        """Return the figure of an item, and the text it is drawn from; empty where it has none."""
        if not keys.figure:
            return Markup(), ()
        path = posixpath.join(posixpath.dirname(self.path), keys.figure)
        text = self.files.get(path, b"").decode(errors="replace")
        if not text or "/" in keys.figure:
            beside = [
                posixpath.basename(one) for one in self.files if posixpath.dirname(one) == posixpath.dirname(path)
            ]
            line = fitted.line(_HERE, "figure")
            self.say(line, f"There is no figure “{keys.figure}” beside this file.{did_you_mean(keys.figure, beside)}")
            return Markup(), ()
        drawn = item_figure(path, text, item_id=draft.id, alt=keys.alt, course=self.course)
        self.messages += drawn.messages
        if drawn.wish:
            self.say(fitted.line(_HERE, "figure"), drawn.wish)
        return drawn.html, (text,)

    def _look_up(self, keys: ItemKeys, fitted: FitResult[ItemKeys]) -> None:
        """Look up the names that the keys hold."""
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

    def _check_law(self, keys: ItemKeys, line: int) -> None:
        """Look up the answers of the law; what was not read in the rule itself carries nothing that counts."""
        cells = self.course.law.cells
        for name in keys.answers if self.course.law.legible else ():
            if (cell := cells.get(name)) is None:
                self.say(line, f"There is no answer “{name}” in law.yaml.{did_you_mean(name, cells)}")
            elif not cell.counts and keys.readiness is Readiness.SOLID:
                self.say(line, f"“{name}” is {cell.certainty} in law.yaml. Write “readiness: pending review”.")
