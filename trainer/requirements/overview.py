"""The path as rows: whatever belongs to a module stands in one row, and everything else below.

Pure: it only arranges what `rules` has proved and what the rooms have on record.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from trainer.curriculum.study.progress import ReadingPosition, unread, where_in
from trainer.curriculum.values import Lesson, Module
from trainer.examinations.outcome import Outcome
from trainer.requirements.catalogue import Catalogue
from trainer.requirements.programme import Programme
from trainer.requirements.rules import Proof, RequirementKind, RequirementLeaf, leaves
from trainer.requirements.standing import Record
from trainer.windows.opening import Window, opening

RECENT = timedelta(days=7)
"""What happened within so long is told as new."""
_MOST_NEWS = 5


class RowState(StrEnum):
    """How a row or a thing in it stands, by the name of its mark."""

    MET = "good"
    STUCK = "stop"
    WAITS = "wait"
    BEGUN = "begun"
    OPEN = "open"


@dataclass(frozen=True, kw_only=True)
class LeafRow:
    """One thing to do.

    Attributes:
        minutes: of work in all, as the programme declares them (of a module, its lessons'); 0 where it declares none.
        left: how many of them are left.
        share: of a quiz or an examination by questions, the best share of points so far; None where nothing was sent.
    """

    leaf: Proof
    state: RowState
    minutes: int
    left: int
    share: Fraction | None = None


@dataclass(frozen=True, kw_only=True)
class ModuleRow:
    """A module with whatever belongs to it.

    Attributes:
        number: its place in the course, from 1.
        read: for each lesson whether it has been read, in order.
        here: the lesson in which somebody stopped, by its place from 0; None where they stopped elsewhere.
    """

    number: int
    module: Module
    lessons: LeafRow
    read: Sequence[bool]
    here: int | None
    quiz: LeafRow | None
    cases: Sequence[LeafRow]
    written: Sequence[LeafRow]

    @property
    def tasks(self) -> Sequence[LeafRow]:
        """Return what there is to do beside the lessons."""
        return (*([self.quiz] if self.quiz else []), *self.cases, *self.written)

    @property
    def parts(self) -> Sequence[LeafRow]:
        """Return everything in it."""
        return (self.lessons, *self.tasks)

    @property
    def left(self) -> int:
        """Return the minutes that are left."""
        return sum(part.left for part in self.parts)

    @property
    def state(self) -> RowState:
        """Return how the module stands as a whole; it waits where nothing in it can be worked on."""
        states = {part.state for part in self.parts}
        if states == {RowState.MET}:
            return RowState.MET
        if RowState.STUCK in states:
            return RowState.STUCK
        if states <= {RowState.MET, RowState.WAITS}:
            return RowState.WAITS
        return RowState.OPEN if states <= {RowState.OPEN, RowState.WAITS} and not any(self.read) else RowState.BEGUN


@dataclass(frozen=True, kw_only=True)
class NewsLine:
    """Something that others decided, or that has opened or is going to; `leaf` is what it is about."""

    at: datetime
    leaf: Proof
    words: str


@dataclass(frozen=True, kw_only=True)
class KeyDate:
    """A moment from which something can be begun, or `until` which it can."""

    at: datetime
    leaf: Proof
    until: bool


@dataclass(frozen=True, kw_only=True)
class Headway:
    """All that is on record for one trainee, and what it proves.

    Attributes:
        places: how far they had read in each lesson, the latest first.
        windows: for sittings, by examination.
    """

    programme: Programme
    catalogue: Catalogue
    record: Record
    proof: Proof
    places: Sequence[ReadingPosition]
    windows: Mapping[str, Sequence[Window]] = field(default_factory=dict)

    @cached_property
    def _proved(self) -> Mapping[tuple[RequirementKind, str], LeafRow]:
        asked = {(leaf.kind, leaf.slug): leaf for leaf in leaves(self.programme.needs)}
        proofs = [(leaf.kind, leaf) for leaf in self.proof.leaves()]
        return {(kind, leaf.slug): self._row(leaf, asked[kind, leaf.slug]) for kind, leaf in proofs if kind}

    def _row(self, leaf: Proof, asked: RequirementLeaf) -> LeafRow:
        sent = self.record.sent.get(leaf.slug, ()) if leaf.kind in (RequirementKind.QUIZ, RequirementKind.EXAM) else ()
        state = state_of_leaf(leaf, begun=self.record.touches(asked))
        module = self.catalogue.course.module(leaf.slug) if leaf.kind is RequirementKind.MODULE else None
        lessons = unread(module, self.record.read.get(leaf.slug)) if module else ()
        left = sum(lesson.minutes for lesson in lessons) if module else asked.minutes
        return LeafRow(
            leaf=leaf,
            state=state,
            minutes=module.minutes if module else asked.minutes,
            left=0 if leaf.met or (state is RowState.WAITS and leaf.blocked) else left,
            share=max((attempt.share for attempt in sent), default=None),
        )

    @cached_property
    def modules(self) -> Sequence[ModuleRow]:
        """Return a row for each module that the programme asks for, in the order of the course."""
        return [
            self._module(number, module, self._proved[RequirementKind.MODULE, module.slug])
            for number, module in enumerate(self.catalogue.course.modules, start=1)
            if (RequirementKind.MODULE, module.slug) in self._proved
        ]

    def _module(self, number: int, module: Module, lessons: LeafRow) -> ModuleRow:
        reading = self.record.read.get(module.slug)
        missing = set() if lessons.leaf.met else {lesson.slug for lesson in unread(module, reading)}
        here = next((place.lesson for place in self.places[:1] if place.module == module.slug), "")
        return ModuleRow(
            number=number,
            module=module,
            lessons=lessons,
            read=[lesson.slug not in missing for lesson in module.lessons],
            here=next((n for n, lesson in enumerate(module.lessons) if lesson.slug == here), None),
            quiz=self._proved.get((RequirementKind.QUIZ, module.slug)),
            cases=self._belonging(module, RequirementKind.CASE, self.catalogue.modules_of_cases),
            written=self._belonging(module, RequirementKind.WRITTEN, self.catalogue.modules_of_tasks),
        )

    def _belonging(self, module: Module, asked: RequirementKind, homes: Mapping[str, str]) -> Sequence[LeafRow]:
        return [row for (kind, slug), row in self._proved.items() if kind is asked and homes.get(slug) == module.slug]

    @cached_property
    def beside(self) -> Sequence[LeafRow]:
        """Return what belongs to no module of the programme: examinations, texts to sign, whatever else."""
        within = {(part.leaf.kind, part.leaf.slug) for row in self.modules for part in row.parts}
        return [row for key, row in self._proved.items() if key not in within]

    def row_of(self, module: str) -> ModuleRow | None:
        """Return the row of that module; None where the programme does not ask for it."""
        return next((row for row in self.modules if row.module.slug == module), None)

    @property
    def left(self) -> int:
        """Return the minutes of work that are left."""
        return sum(row.left for row in self._proved.values())

    @property
    def whole(self) -> int:
        """Return the minutes of work of the whole programme."""
        return sum(row.minutes for row in self._proved.values())

    def best_after(self, module: str) -> Proof | None:
        """Return what is best done after the lessons of a module: what it has left to do, else the next step of all."""
        row = self.row_of(module)
        able = [
            part.leaf
            for part in (row.tasks if row else ())
            if part.state in (RowState.OPEN, RowState.BEGUN) and not part.leaf.first
        ]
        return able[0] if able else self.proof.next_leaf()

    def lesson_to_go_on_with(self, leaf: Proof | None) -> tuple[Lesson, str] | None:
        """Return the lesson that a module's next step is about, and where in it somebody stopped; None for others."""
        module = self.catalogue.course.module(leaf.slug) if leaf and leaf.kind is RequirementKind.MODULE else None
        if module is None:
            return None
        reading = self.record.read.get(module.slug)
        read = {(module.slug, slug) for slug in reading.lessons} if reading else set()
        return where_in(module.lessons, read, self.places)

    @property
    def sittings_under_way(self) -> Sequence[tuple[str, str, str]]:
        """Return the examinations that somebody is in the middle of: slug, title, and how far they have come."""
        exams = self.catalogue.exams
        return [
            (slug, exams[slug].title, f"{sitting.played} of {sitting.whole} cases played")
            for slug, sittings in self.record.sat.items()
            for sitting in sittings
            if sitting.outcome is Outcome.UNDER_WAY and slug in exams
        ]

    def dates(self, now: datetime) -> Sequence[KeyDate]:
        """Return from when and until when what is missing can be begun, the soonest first."""
        return sorted(
            [date for leaf in self.proof.missing() for date in self._dates_of(leaf, now)], key=lambda date: date.at
        )

    def _dates_of(self, leaf: Proof, now: datetime) -> Iterator[KeyDate]:
        if leaf.not_before:
            yield KeyDate(at=leaf.not_before, leaf=leaf, until=False)
        if leaf.kind is RequirementKind.EXAM and not leaf.blocked and not self.record.is_under_way(leaf.slug):
            opens = opening(self.windows.get(leaf.slug, ()), now=now, not_before=leaf.not_before)
            if opens.closes:
                yield KeyDate(at=opens.closes, leaf=leaf, until=True)

    def news(self, now: datetime) -> Sequence[NewsLine]:
        """Return what others decided lately and which tries have opened or are going to, the newest first."""
        lines = [line for row in self._proved.values() for line in self._news_of(row.leaf, now)]
        return sorted(lines, key=lambda line: line.at, reverse=True)[:_MOST_NEWS]

    def _news_of(self, leaf: Proof, now: datetime) -> Sequence[NewsLine]:
        kind = leaf.kind.value if leaf.kind else ""
        about = [chance for chance in self.record.granted if (chance.kind, chance.slug) == (kind, leaf.slug)]
        told = [(chance.at, chance.words) for chance in about]
        if leaf.kind is RequirementKind.EXAM:
            for sitting in self.record.sat.get(leaf.slug, ()):
                if sitting.at is not None:
                    outcome = "passed" if sitting.outcome is Outcome.PASSED else "not passed"
                    told.append((sitting.at, f"Sitting {sitting.number} is decided: {outcome}."))
        if leaf.kind is RequirementKind.WRITTEN:
            for answer in self.record.written.get(leaf.slug, ()):
                if answer.decided_at is not None:
                    told.append((answer.decided_at, f"Version {answer.number} has been rated."))
        if (opened := self._opened(leaf, now)) is not None:
            told.append((opened, "The next try is open."))
        return [NewsLine(at=at, leaf=leaf, words=words) for at, words in told if now - RECENT <= at <= now]

    def _opened(self, leaf: Proof, now: datetime) -> datetime | None:
        """Return since when the next try of a quiz has been open; None where nobody waited for it."""
        bank = self.catalogue.banks.get(leaf.slug) if leaf.kind is RequirementKind.QUIZ else None
        sent = self.record.sent.get(leaf.slug, ())
        if bank is None or not sent or leaf.met or leaf.blocked or leaf.not_before:
            return None
        return sent[-1].submitted_at + bank.wait


def state_of_leaf(leaf: Proof, *, begun: bool) -> RowState:
    """Return how one thing to do stands.

    Args:
        begun: whether anything is on record for it.
    """
    if leaf.met:
        return RowState.MET
    if leaf.stuck:
        return RowState.STUCK
    playable = leaf.kind is RequirementKind.CASE and leaf.done < leaf.whole  # it can be played before it can count
    if leaf.not_before or (leaf.blocked and not playable):
        return RowState.WAITS
    return RowState.BEGUN if begun else RowState.OPEN
