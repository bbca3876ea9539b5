"""Examination files: `exams/<slug>.yaml` says what a form must hold, and where the cut lies."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from trainer.authoring.fitting import FitResult, fit_file
from trainer.authoring.frontmatter import Lines
from trainer.authoring.messages import Message
from trainer.authoring.release import Files
from trainer.authoring.wording import named_like, should_be, unknown_key
from trainer.cases.runs.words import Pace
from trainer.examinations.blueprint_file import ExamFile
from trainer.quizzes.knowledge_exams import KNOWLEDGE_EXAM_FILE

_PATH = re.compile(r"exams/[a-z0-9-]+\.yaml")


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
        if path.startswith("exams/") and not _PATH.fullmatch(path) and not KNOWLEDGE_EXAM_FILE.fullmatch(path)
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
    known = sorted(dict.fromkeys(competencies))
    for path in sorted(files):
        if _PATH.fullmatch(path):
            slug = path.removeprefix("exams/").removesuffix(".yaml")
            fitted, _ = fit_file(ExamFile, files[path], path)
            wrong = [*fitted.messages, *_mistakes(fitted, path, slug, known)]
            yield _blueprint(fitted, path, slug), wrong


def _blueprint(fitted: FitResult[ExamFile], path: str, slug: str) -> Blueprint | None:
    if (head := fitted.head) is None:
        return None
    return Blueprint(
        slug=slug,
        title=head.title,
        summary=head.summary,
        cases=head.cases,
        warm_up=head.warm_up,
        cut=head.cut,
        attempts=head.attempts,
        pace=head.pace,
        phases={phase.value: least for phase, least in head.needs.phases.items()},
        competencies=head.needs.competencies,
        risk=head.needs.risk,
        path=path,
        lines=fitted.lines,
    )


def _mistakes(fitted: FitResult[ExamFile], path: str, slug: str, known: Collection[str]) -> Iterator[Message]:
    """Yield what no shape can say: how the keys fit together, and with the name of the file and the cases beside it."""
    if (head := fitted.head) is None:
        return
    if head.exam != slug:
        yield Message(path, fitted.line("exam"), named_like("exam", slug, what="file"))
    needs = head.needs
    for name in needs.competencies:
        if name not in known:
            yield Message(path, fitted.line("needs", "competencies", name), unknown_key(name, known))
    counts = [(("phases", phase.value), least) for phase, least in needs.phases.items()]
    counts += [(("competencies", name), least) for name, least in needs.competencies.items()]
    for keys, least in [*counts, (("risk",), needs.risk)]:
        if not 0 <= least <= head.cases:
            text = should_be(keys[-1], f"a whole number from 0 to {head.cases}")
            yield Message(path, fitted.line("needs", *keys), text)
    if sum(needs.phases.values()) > head.cases:
        text = f"The phases ask for more than the {head.cases} cases of this examination."
        yield Message(path, fitted.line("needs", "phases"), text)
