"""What strangers see: the front page, and what they try."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from trainer.authoring.markdown import block, inline
from trainer.cases.afterwards.moments import Moment
from trainer.cases.play.chart import Chart, clock
from trainer.cases.play.view import View
from trainer.cases.script.limits import Limit
from trainer.cases.script.room import Room
from trainer.curriculum.values import Lesson, Module
from trainer.curriculum.words import FICTIONAL_REVIEWER
from trainer.front.offer import ProgrammeOnOffer, ReviewerSignature, SignedShare
from trainer.front.samples import SampleCase, SampleQuestion, Samples
from trainer.items.asked import AskedQuestion
from trainer.items.outcomes import ItemAfterSending
from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class FrontPage(Page):
    """What is offered here, for whom, what it asks, and what can be tried at once."""

    template: ClassVar[str] = "front/front.html"
    issuer: str
    base_url: str
    programmes: Sequence[ProgrammeOnOffer]
    samples: Samples | None
    share: SignedShare | None
    reviewers: Sequence[str]  # as what people have signed
    question: AskedQuestion | None
    specimen: tuple[str, str] | None  # number and public id of a certificate that may be looked at
    witnesses: int

    @property
    def leading(self) -> ProgrammeOnOffer | None:
        """Return the programme that the page is about; None where there are several, or none."""
        return self.programmes[0] if len(self.programmes) == 1 else None

    @property
    def demonstrated(self) -> bool:
        """Say whether invented people of a demonstration are among those who signed."""
        return FICTIONAL_REVIEWER in self.reviewers


@dataclass(frozen=True, kw_only=True)
class TriedLessonPage(Page):
    """A lesson, whole."""

    template: ClassVar[str] = "front/lesson.html"
    issuer: str
    module: Module
    lesson: Lesson
    signed: Sequence[ReviewerSignature]


@dataclass(frozen=True, kw_only=True)
class TriedQuestionPage(Page):
    """A question that practice asks; once answered, with its reasons.

    Attributes:
        note: why it begins anew, or what is missing; empty otherwise.
    """

    template: ClassVar[str] = "front/question.html"
    sample: SampleQuestion
    question: AskedQuestion
    signed: Sequence[ReviewerSignature]
    outcome: ItemAfterSending | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class TriedCaseIntroPage(Page):
    """What a case is about, before it begins; `note` says why it begins anew, empty otherwise."""

    template: ClassVar[str] = "front/case.html"
    sample: SampleCase
    signed: Sequence[ReviewerSignature]
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class TriedScenePage(Page):
    """A scene as it stands now.

    Attributes:
        so_far: all of the run, for the form to carry.
        said: the words of the choice before, empty at the beginning; `words`: what a choice is called here, by its id.
    """

    template: ClassVar[str] = "front/scene.html"
    passing: ClassVar[bool] = True
    sample: SampleCase
    so_far: str
    scene: View
    said: str
    words: Mapping[str, str]
    chart: Chart | None
    note: str = ""

    @property
    def room(self) -> Room | None:
        """Return who is where, where the scene draws it."""
        return self.sample.case.scenes[self.scene.scene].room

    @property
    def agreed(self) -> Sequence[Limit]:
        """Return the limits that everybody in the story knows beforehand."""
        return self.sample.case.agreed

    block, inline, clock = staticmethod(block), staticmethod(inline), staticmethod(clock)


@dataclass(frozen=True, kw_only=True)
class TriedDebriefPage(Page):
    """How it ended, whether it would have passed, and what to look at.

    Attributes:
        lost: each step at which something was lost, in the order of the story.
        moments: at most three that are looked at closely, one of them what was done best.
    """

    template: ClassVar[str] = "front/debrief.html"
    passing: ClassVar[bool] = True
    sample: SampleCase
    passed: bool
    ending: str
    decisions: int
    lost: Sequence[Moment]
    moments: Sequence[Moment]

    inline = staticmethod(inline)

    def block(self, text: str) -> Markup:
        """Return a paragraph of Markdown as HTML."""
        return block(text)
