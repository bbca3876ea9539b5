"""Examination files: `exams/<slug>.yaml` says what a form must hold, and where the cut lies."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from trainer.authoring.frontmatter import Lines
from trainer.authoring.keyed import KeyedFile
from trainer.authoring.messages import Message
from trainer.authoring.release import Files
from trainer.authoring.suggestions import did_you_mean
from trainer.cases.runs.models import Pace
from trainer.cases.script.values import Phase

KEYS = ("exam", "title", "summary", "cases", "warm_up", "cut", "attempts", "pace", "needs")
NEEDS = ("phases", "competencies", "risk")
_PATH = re.compile(r"exams/[a-z0-9-]+\.yaml")
FEWEST, MOST = 2, 30
"""So many cases: below two there is no standard error, and above thirty nobody sits it out."""


@dataclass(frozen=True, kw_only=True)
class Blueprint:
    """What every form of one examination holds.

    Attributes:
        cases: how many count; `warm_up`: how many are played before them and do not.
        cut: in per cent of the expert, 1 to 100.
        attempts: how many sittings one person has.
        phases: the least number of counted cases in each phase.
        competencies: the least number of counted cases in which an expert shows each competency.
        risk: the least number of counted cases in which something critical can happen.
        lines: the line of each key in the file.
    """

    slug: str
    title: str
    summary: str
    cases: int
    warm_up: int
    cut: int
    attempts: int
    pace: Pace
    phases: Mapping[str, int]
    competencies: Mapping[str, int]
    risk: int
    path: str = ""
    lines: Lines = field(default_factory=dict)

    @property
    def whole(self) -> int:
        """How many cases a person plays."""
        return self.cases + self.warm_up


def parse_exams(files: Files, competencies: Iterable[str]) -> tuple[Mapping[str, Blueprint], tuple[Message, ...]]:
    """Read every examination file of an author; return the sound ones and every mistake.

    Args:
        files: all of the content.
        competencies: the names that the cases beside them assess.
    """
    found: dict[str, Blueprint] = {}
    messages = [
        Message(path, 1, "This file is not read. Write an examination as exams/its-name.yaml.")
        for path in sorted(files)
        if path.startswith("exams/") and not _PATH.fullmatch(path)
    ]
    for blueprint, wrong in _each(files, competencies):
        messages += wrong
        if blueprint and not wrong:
            found[blueprint.slug] = blueprint
    return found, tuple(messages)


def published_exams(files: Files, competencies: Iterable[str]) -> Mapping[str, Blueprint]:
    """Return every examination of a release that can be understood; what was published is not judged again."""
    return {blueprint.slug: blueprint for blueprint, _ in _each(files, competencies) if blueprint}


def _each(files: Files, competencies: Iterable[str]) -> Iterator[tuple[Blueprint | None, Sequence[Message]]]:
    known = frozenset(competencies)
    for path in sorted(files):
        if _PATH.fullmatch(path):
            reader = _Reader(path, known)
            yield reader.read(files[path]), reader.messages


class _Reader(KeyedFile):
    def __init__(self, path: str, competencies: frozenset[str]) -> None:
        super().__init__(path)
        self.known = competencies

    def read(self, source: bytes) -> Blueprint | None:
        values = self.values(source, KEYS)
        return None if values is None else self._blueprint(values)

    def _blueprint(self, values: dict[str, Any]) -> Blueprint:
        slug = self.path.removeprefix("exams/").removesuffix(".yaml")
        if values["exam"] != slug:
            self.say(f"“exam” must be “{slug}”, like the name of the file.", "exam")
        cases = self._count(values["cases"], FEWEST, MOST, "cases")
        needs = self._needs(values["needs"], cases)
        return Blueprint(
            slug=slug,
            title=self.words(values, "title"),
            summary=self.words(values, "summary"),
            cases=cases,
            warm_up=self._count(values["warm_up"], 0, 2, "warm_up"),
            cut=self._percent(values["cut"]),
            attempts=self._count(values["attempts"], 1, 5, "attempts"),
            pace=self._pace(values["pace"]),
            phases=needs["phases"],
            competencies=needs["competencies"],
            risk=needs["risk"].get("", 0),
            path=self.path,
            lines=self.lines,
        )

    def _count(self, value: object, low: int, high: int, *where: str) -> int:
        if type(value) is not int or not low <= value <= high:
            self.say(f"“{where[-1]}” must be a whole number from {low} to {high}.", *where)
        return value if type(value) is int else low

    def _percent(self, value: object) -> int:
        found = re.fullmatch(r"(\d{1,3})\s*%", str(value))
        if not found or not 1 <= int(found[1]) <= 100:
            self.say("Write the cut in per cent of the expert, like 70%.", "cut")
        return int(found[1]) if found else 100

    def _pace(self, value: object) -> Pace:
        if value not in set(Pace):
            self.say(f"“pace” is calm, simulated or real.{did_you_mean(str(value), Pace)}", "pace")
            return Pace.CALM
        return Pace(str(value))

    def _needs(self, values: object, cases: int) -> Mapping[str, Mapping[str, int]]:
        nothing: dict[str, Mapping[str, int]] = {key: {} for key in NEEDS}
        if not isinstance(values, dict):
            self.say("Write below “needs:” the keys phases, competencies and risk.", "needs")
            return nothing
        self.only(values, NEEDS, "needs")
        risk = values.get("risk", 0)
        read = {
            "phases": self._least(values.get("phases"), Phase, cases, "phases"),
            "competencies": self._least(values.get("competencies"), self.known, cases, "competencies"),
            "risk": {"": self._count(risk, 0, cases, "needs", "risk")},
        }
        if sum(read["phases"].values()) > cases:
            self.say(f"The phases ask for more than the {cases} cases of this examination.", "needs", "phases")
        return read

    def _least(self, values: object, known: Iterable[str], cases: int, key: str) -> Mapping[str, int]:
        if values is None:
            return {}
        if not isinstance(values, dict):
            self.say(f"Write below “{key}:” one `name: number` on each line.", "needs", key)
            return {}
        self.only(values, known, "needs", key)
        return {name: self._count(least, 0, cases, "needs", key, name) for name, least in values.items()}
