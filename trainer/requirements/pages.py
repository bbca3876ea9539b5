"""The trainee's path, and which of several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import ClassVar

from flask import url_for

from trainer.accounts.contacts import Contact
from trainer.curriculum.study.place import PlaceInLesson, place_in
from trainer.curriculum.study.prerequisites import ModuleTask
from trainer.curriculum.values import Lesson
from trainer.enrolment.models import Cohort, Enrolment
from trainer.examinations.outcome import Outcome
from trainer.quizzes.models import QuizAttempt, QuizSubmission
from trainer.requirements.award import Award
from trainer.requirements.overview import Headway, KeyDate, LeafRow, ModuleRow, NewsLine
from trainer.requirements.programme import Programme
from trainer.requirements.rules import Proof, RequirementKind
from trainer.web.pages import Page


def address_of(leaf: Proof, enrolment_id: str) -> str:
    """Return where a trainee works on this leaf."""
    match leaf.kind:
        case RequirementKind.MODULE:
            return url_for("curriculum.module", enrolment_id=enrolment_id, module=leaf.slug)
        case RequirementKind.QUIZ:
            return url_for("quizzes.intro", enrolment_id=enrolment_id, bank=leaf.slug)
        case RequirementKind.CASE if leaf.run_id:
            return url_for("cases.show_debrief", run_id=leaf.run_id)
        case RequirementKind.CASE:
            return url_for("cases.intro", enrolment_id=enrolment_id, slug=leaf.slug)
        case RequirementKind.EXAM:
            return url_for("examinations.exam", enrolment_id=enrolment_id, slug=leaf.slug)
        case RequirementKind.ATTESTATION:
            return url_for("practicum.attestation", enrolment_id=enrolment_id, slug=leaf.slug)
        case RequirementKind.WRITTEN:
            return url_for("written.task", enrolment_id=enrolment_id, task=leaf.slug)
        case None:
            return ""


def named_leaf(leaf: Proof) -> str:
    """Return the title of a leaf with its kind, as a module and its quiz may have one title."""
    match leaf.kind:
        case RequirementKind.MODULE:
            return f"Module: {leaf.title}"
        case RequirementKind.QUIZ:
            return f"Quiz: {leaf.title}"
        case RequirementKind.CASE:
            return f"Case: {leaf.title}"
        case RequirementKind.WRITTEN:
            return f"Written task: {leaf.title}"
        case _:
            return leaf.title


_WAYS: Mapping[RequirementKind, str] = {
    RequirementKind.MODULE: "Open the module",
    RequirementKind.QUIZ: "Answer the quiz",
    RequirementKind.EXAM: "Open the examination",
    RequirementKind.ATTESTATION: "Read and sign",
    RequirementKind.WRITTEN: "Write your answer",
}
_KINDS: Mapping[RequirementKind, str] = {
    RequirementKind.QUIZ: "Quiz",
    RequirementKind.CASE: "Case",
    RequirementKind.WRITTEN: "Written task",
}


def way_to(leaf: Proof) -> str:
    """Return the words of the way to where a leaf is worked on."""
    if leaf.run_id:
        return "To the debrief"
    if leaf.kind is RequirementKind.CASE:
        return f"Play “{leaf.title.partition(': ')[0]}”"  # without the line of its subject, which stands above
    return _WAYS[leaf.kind] if leaf.kind else ""


def module_task(row: LeafRow, enrolment_id: str) -> ModuleTask:
    """Return something that belongs to a module as the page of that module shows it."""
    leaf = row.leaf
    return ModuleTask(
        kind=_KINDS[leaf.kind] if leaf.kind else "",
        title=leaf.title,
        address=address_of(leaf, enrolment_id),
        state=row.state.value,
        evidence=leaf.evidence,
        step=leaf.blocked or leaf.step,
        not_before=leaf.not_before,
        first=leaf.first,
        minutes=row.minutes,
    )


def stands(award: Award | None) -> bool:
    """Say whether a decision to confer was taken and not taken back."""
    return award is not None and not award.taken_back


@dataclass(frozen=True, kw_only=True)
class EnrolmentsPage(Page):
    """Which of my programmes? For somebody with none or with several.

    Attributes:
        studied: the person is or was in a cohort.
    """

    template: ClassVar[str] = "requirements/enrolments.html"
    enrolments: Sequence[tuple[Enrolment, Cohort, str]]
    studied: bool


@dataclass(frozen=True, kw_only=True)
class UnderWay:
    """Something that was begun and not ended: what it is, how far, where it goes on, and the words of the way there.

    A module and its quiz bear one title, so its kind is always named with it.

    Attributes:
        kind, slug: the requirement that it is about.
    """

    kind: RequirementKind
    slug: str
    title: str
    far: str
    address: str
    way: str

    @property
    def called(self) -> str:
        """Return what it is, in the middle of a sentence."""
        return "examination" if self.kind is RequirementKind.EXAM else self.kind.called


@dataclass(frozen=True, kw_only=True)
class TraineesPage(Page):
    """A page about one trainee's way through a programme."""

    enrolment: Enrolment
    cohort: Cohort
    headway: Headway
    directors: Sequence[Contact] = ()  # whom to ask about what waits for somebody else; nobody where nothing does

    @property
    def programme(self) -> Programme:
        """Return what they follow."""
        return self.headway.programme

    @property
    def proof(self) -> Proof:
        """Return how far they have come."""
        return self.headway.proof

    def address(self, leaf: Proof) -> str:
        """Return where I work on this leaf."""
        return address_of(leaf, self.enrolment.id)

    def way(self, leaf: Proof) -> str:
        """Return the words of the way to it."""
        return way_to(leaf)

    def named(self, leaf: Proof) -> str:
        """Return the title of a leaf with its kind."""
        return named_leaf(leaf)


@dataclass(frozen=True, kw_only=True)
class PathPage(TraineesPage):
    """Where am I, what is the state, what is the one next step."""

    template: ClassVar[str] = "requirements/path.html"
    award: Award | None  # what the director has conferred, and how it stands now
    attempts: Sequence[QuizAttempt]  # of quizzes and examinations by questions, begun and not sent
    open_runs: Sequence[tuple[str, str, str]]  # of a case that I can go on with: the run's id, slug and title
    news: Sequence[NewsLine]
    timed: bool  # whether the programme says how long its work takes
    dates: Sequence[KeyDate]

    @property
    def has_deadline(self) -> bool:
        """Say whether anything that is missing can only be begun until some day."""
        return any(date.until for date in self.dates)

    @cached_property
    def next(self) -> Proof | None:
        """Return what can be worked on next; None once a certificate has been decided about, or where nothing can."""
        return None if self.decided else self.proof.next_leaf()

    @property
    def decided(self) -> bool:
        """Say whether a decision to confer stands."""
        return stands(self.award)

    @cached_property
    def onward(self) -> tuple[Lesson, str] | None:
        """Return where the next step is reading: the lesson, and the anchor of the heading at which I stopped."""
        return self.headway.lesson_to_go_on_with(self.next)

    @cached_property
    def place(self) -> PlaceInLesson | None:
        """Return the words of that heading, and how long the rest of the lesson takes."""
        return place_in(*self.onward) if self.onward else None

    @cached_property
    def begun_already(self) -> UnderWay | None:
        """Return what is under way of the next step; a passed run that waits for its debrief comes first."""
        step = self.next
        if step is None or step.run_id:
            return None
        return next((one for one in self.under_way if (one.kind, one.slug) == (step.kind, step.slug)), None)

    @cached_property
    def go_on(self) -> str:
        """Return where the next step is taken at once: in the lesson and at the heading, not in front of the module."""
        if self.begun_already:
            return self.begun_already.address
        if self.onward is None:
            return self.address(self.next) if self.next else ""
        lesson, anchor = self.onward
        return url_for(
            "curriculum.lesson",
            enrolment_id=self.enrolment.id,
            module=lesson.module,
            lesson=lesson.slug,
            _anchor=anchor or None,
        )

    @cached_property
    def here(self) -> ModuleRow | None:
        """Return the row in which the next step lies."""
        step = self.next
        return next((row for row in self.headway.modules if any(part.leaf is step for part in row.parts)), None)

    @cached_property
    def under_way(self) -> Sequence[UnderWay]:
        """Return everything that was begun and not ended: sittings, quizzes, cases and debriefs."""
        return [*self._sittings(), *self._attempts(), *self._runs(), *self._debriefs()]

    def _sittings(self) -> Sequence[UnderWay]:
        return [
            UnderWay(
                kind=RequirementKind.EXAM,
                slug=slug,
                title=title,
                far=far,
                address=url_for("examinations.exam", enrolment_id=self.enrolment.id, slug=slug),
                way="Continue this examination",
            )
            for slug, title, far in self.headway.sittings_under_way
        ]

    def _attempts(self) -> Sequence[UnderWay]:
        catalogue = self.headway.catalogue
        banks = {**catalogue.banks, **catalogue.knowledge_exams}
        return [
            UnderWay(
                kind=RequirementKind(banks[attempt.bank].required_as),
                slug=attempt.bank,
                title=banks[attempt.bank].title,
                far="",
                address=url_for("quizzes.attempt", attempt_id=attempt.id),
                way="Continue this examination" if banks[attempt.bank].is_examination else "Continue this quiz",
            )
            for attempt in self.attempts
            if attempt.bank in banks
        ]

    def _runs(self) -> Sequence[UnderWay]:
        return [
            UnderWay(
                kind=RequirementKind.CASE,
                slug=slug,
                title=title,
                far="",
                address=url_for("cases.play", run_id=run_id),
                way="Continue this case",
            )
            for run_id, slug, title in self.open_runs
        ]

    def _debriefs(self) -> Sequence[UnderWay]:
        return [
            UnderWay(
                kind=RequirementKind.CASE,
                slug=leaf.slug,
                title=leaf.title,
                far="",
                address=self.address(leaf),
                way=way_to(leaf),
            )
            for leaf in self.proof.missing()
            if leaf.run_id
        ]

    @property
    def waiting(self) -> Sequence[Proof]:
        """Return what is open and waits for somebody else, whom no decision about further tries is asked of."""
        return [leaf for leaf in self.proof.missing() if leaf.blocked and not leaf.stuck]


@dataclass(frozen=True, kw_only=True)
class RequirementsPage(TraineesPage):
    """Everything that the certificate needs, with the evidence and the next step of each."""

    template: ClassVar[str] = "requirements/requirements.html"
    decided: bool  # a decision to confer stands
    hours: Sequence[tuple[str, int]]  # what the hours of the whole programme consist of, with minutes


@dataclass(frozen=True, kw_only=True)
class ResultLine:
    """Something that came to its end.

    Attributes:
        what: Quiz, Case or Examination, with its number.
        words: how it came out, such as 11 of 12 points.
        passed: None where it is not decided yet, or was practice.
        address: the result, or the debrief.
    """

    at: datetime
    what: str
    title: str
    words: str
    passed: bool | None
    address: str


@dataclass(frozen=True, kw_only=True)
class ResultsPage(TraineesPage):
    """Every quiz that I sent, every case that I played to its end, every sitting, the newest first."""

    template: ClassVar[str] = "requirements/results.html"
    attempts: Sequence[tuple[QuizAttempt, QuizSubmission]]

    @property
    def lines(self) -> Sequence[ResultLine]:
        """Return them as lines."""
        return sorted([*self._quizzes(), *self._cases(), *self._sittings()], key=lambda line: line.at, reverse=True)

    def _quizzes(self) -> Sequence[ResultLine]:
        catalogue = self.headway.catalogue
        titles = {slug: bank.title for slug, bank in {**catalogue.banks, **catalogue.knowledge_exams}.items()}
        kinds = {True: "Examination", False: "Quiz"}
        return [
            ResultLine(
                at=sent.submitted_at,
                what=f"{kinds[attempt.bank in catalogue.knowledge_exams]}, try {attempt.number}"
                if attempt.counted
                else f"Practice {attempt.number}",
                title=titles.get(attempt.bank, attempt.bank),
                words=f"{sent.mark} points",
                passed=sent.passed if attempt.counted else None,
                address=url_for("quizzes.result", attempt_id=attempt.id),
            )
            for attempt, sent in self.attempts
        ]

    def _cases(self) -> Sequence[ResultLine]:
        cases = self.headway.catalogue.cases
        return [
            ResultLine(
                at=run.ended_at,
                what=f"Case, run {number}",
                title=cases[slug].full_title if slug in cases else slug,
                words="",
                passed=run.passed,
                address=url_for("cases.show_debrief", run_id=run.run_id),
            )
            for slug, runs in self.headway.record.played.items()
            for number, run in enumerate(runs, start=1)
        ]

    def _sittings(self) -> Sequence[ResultLine]:
        exams = self.headway.catalogue.exams
        return [
            ResultLine(
                at=sitting.at,
                what=f"Examination, sitting {sitting.number}",
                title=exams[slug].title if slug in exams else slug,
                words="",
                passed=sitting.outcome is Outcome.PASSED,
                address=url_for("examinations.exam", enrolment_id=self.enrolment.id, slug=slug),
            )
            for slug, sittings in self.headway.record.sat.items()
            for sitting in sittings
            if sitting.at is not None
        ]
