"""From `law.yaml` to the law as values, with every mistake by its line."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from trainer.authoring.fitting import FitResult, fit_file
from trainer.authoring.messages import Message
from trainer.authoring.wording import did_you_mean
from trainer.law.law_file import CellShape, LawFile
from trainer.law.values import ILLEGIBLE_LAW, Certainty, Law, LawCell, LawEvent, LawPlace

LAW = "law.yaml"
EVERYWHERE = ("who", "training", "supervision", "records", "since", "next")
"""The questions that every place answers, if only by saying that nothing was found."""


def read_law(text: str, kinds: Mapping[str, str], hearsay: Collection[str]) -> tuple[Law, tuple[Message, ...]]:
    """Read the file of the law; never raises.

    Args:
        text: the file.
        kinds: the kind of every source by its key.
        hearsay: the kinds that only report what another source says.
    """
    fitted, _ = fit_file(LawFile, text, LAW)
    if (head := fitted.head) is None:
        return ILLEGIBLE_LAW, fitted.messages
    inspector = _Inspector(fitted, kinds, hearsay, list(fitted.messages))
    inspector.look(head)
    law = Law(questions=dict(head.questions), places=_places(head, fitted), events=_events(head, fitted))
    return law, tuple(sorted(set(inspector.messages)))


def _places(head: LawFile, fitted: FitResult[LawFile]) -> Mapping[str, LawPlace]:
    return {
        slug: LawPlace(
            slug=slug,
            title=place.title,
            authority=place.authority,
            cells={
                name: _cell(f"{slug}/{name}", place.cells[name], fitted.line("places", slug, "cells", name))
                for name in head.questions
                if name in place.cells
            },
            line=fitted.line("places", slug),
        )
        for slug, place in head.places.items()
    }


def _events(head: LawFile, fitted: FitResult[LawFile]) -> tuple[LawEvent, ...]:
    events = [
        LawEvent(
            date=event.date,
            place=event.place,
            text=event.text,
            sources=tuple(event.sources),
            certainty=event.certainty,
            line=fitted.line("events", str(n)),
        )
        for n, event in enumerate(head.events)
        if event.place in head.places
    ]
    return tuple(sorted(events, key=lambda event: event.date))


def _cell(name: str, cell: CellShape, line: int) -> LawCell:
    return LawCell(
        id=name,
        text=cell.text,
        brief=cell.brief,
        sources=tuple(cell.sources),
        read=cell.read,
        certainty=cell.certainty,
        every=cell.every,
        line=line,
        as_of=cell.as_of,
        until=cell.until,
    )


@dataclass
class _Inspector:
    """Compares what stands in the file with itself and with the sources."""

    fitted: FitResult[LawFile]
    kinds: Mapping[str, str]
    hearsay: Collection[str]
    messages: list[Message]

    def say(self, text: str, *keys: str) -> None:
        self.messages.append(Message(LAW, self.fitted.line(*keys), text))

    def look(self, head: LawFile) -> None:
        for question in EVERYWHERE:
            if question not in head.questions:
                self.say(f"Add the question “{question}”: every place answers it.", "questions")
        for slug, place in head.places.items():
            where = ("places", slug, "cells")
            for question in EVERYWHERE:
                if question in head.questions and question not in place.cells:
                    words = (
                        f"“{slug}” does not answer “{question}”. Add it, with certainty: unknown if nothing was found."
                    )
                    self.say(words, *where)
            for question, cell in place.cells.items():
                if question not in head.questions:
                    hint = did_you_mean(question, head.questions)
                    self.say(f"There is no question “{question}” in this file.{hint}", *where, question)
                self._sources(cell.sources, cell.certainty, (*where, question))
                self._days(cell, (*where, question))
        for n, event in enumerate(head.events):
            if event.place not in head.places:
                hint = did_you_mean(event.place, head.places)
                self.say(f"There is no place “{event.place}” in this file.{hint}", "events", str(n), "place")
            self._sources(event.sources, event.certainty, ("events", str(n)))

    def _sources(self, keys: Sequence[str], certainty: Certainty, where: tuple[str, ...]) -> None:
        if not keys and certainty is not Certainty.UNKNOWN:
            self.say("Name at least one source, or write certainty: unknown.", *where, "sources")
        for n, key in enumerate(keys):
            if key not in self.kinds:
                hint = did_you_mean(key, self.kinds)
                self.say(f"The source “{key}” is not in references.yaml.{hint}", *where, "sources", str(n))
            if key in keys[:n]:
                self.say(f"“{key}” stands twice under sources. Keep one.", *where, "sources", str(n))
            if certainty is Certainty.READ and self.kinds.get(key) in self.hearsay:
                what = "a report about a source" if self.kinds[key] == "secondary" else "written by a machine"
                words = f"“{key}” is {what}, so this was not read. Name the rule itself, or write certainty: reported."
                self.say(words, *where, "certainty")

    def _days(self, cell: CellShape, where: tuple[str, ...]) -> None:
        if cell.as_of and cell.as_of > cell.read:
            words = f"The law of {cell.as_of} was not there to be read on {cell.read}. Correct one of the two days."
            self.say(words, *where, "as_of")
        if cell.until and cell.as_of and cell.until < cell.as_of:
            self.say(f"It ends on {cell.until}, before the day whose law it shows, {cell.as_of}.", *where, "until")
        if cell.certainty is Certainty.UNKNOWN and cell.until:
            self.say("What is unknown has no end: take out “until”, or say what was read.", *where, "until")
