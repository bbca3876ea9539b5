"""The trainee's path, and which of several."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for

from trainer.curriculum.values import Lesson
from trainer.enrolment.models import Cohort, Enrolment
from trainer.requirements.award import Award
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
class PathPage(Page):
    """Where am I, what is the state, what is the one next step."""

    template: ClassVar[str] = "requirements/path.html"
    enrolment: Enrolment
    cohort: Cohort
    programme: Programme
    proof: Proof
    award: Award | None  # what the director has conferred, and how it stands now
    onward: tuple[Lesson, str] | None  # where the next step is reading: the lesson, and where in it I stopped
    sittings: Sequence[tuple[str, str, str]]  # examinations that I am in the middle of: slug, title, how far
    hours: Sequence[tuple[str, int]]  # what the hours of the whole programme consist of, with minutes
    open_runs: Sequence[tuple[str, str]]  # id of a case run that I can go on with, and the title of its case

    def go_on(self, leaf: Proof) -> str:
        """Return where the next step is taken at once: in the lesson and at the heading, not in front of the module."""
        if self.onward is None:
            return self.address(leaf)
        lesson, anchor = self.onward
        return url_for(
            "curriculum.lesson",
            enrolment_id=self.enrolment.id,
            module=lesson.module,
            lesson=lesson.slug,
            _anchor=anchor or None,
        )

    @property
    def waiting(self) -> Sequence[Proof]:
        """Return what is open and waits for somebody else."""
        return [leaf for leaf in self.proof.missing() if leaf.blocked]

    def address(self, leaf: Proof) -> str:
        """Return where I work on this leaf."""
        return address_of(leaf, self.enrolment.id)
