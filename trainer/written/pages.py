"""The page of a task for whoever writes. Until it is rated it holds nothing of the rubric."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.curriculum.study.prerequisites import Outstanding
from trainer.curriculum.values import Module
from trainer.web.pages import Page
from trainer.written.answers import LONGEST_ANSWER, AnswerState, SentAnswer, words_in
from trainer.written.forms import AnswerForm
from trainer.written.queries import Version
from trainer.written.task import ALL_STEPS, Criterion, WrittenTask


@dataclass(frozen=True, kw_only=True)
class RatedCriterion:
    """One criterion as it was rated: the step that holds, with the words of its anchor."""

    criterion: Criterion
    step: int
    anchor: str
    best: int = ALL_STEPS[-1]


@dataclass(frozen=True, kw_only=True)
class ShownVersion:
    """One version that was sent; what was said about it, once it is rated.

    Attributes:
        best, needed: the points that its rubric could give, and the least with which an answer holds.
    """

    sent: SentAnswer
    text: str
    rated: Sequence[RatedCriterion]
    comments: Sequence[str]
    best: int
    needed: int

    @property
    def words(self) -> int:
        """Count its words."""
        return words_in(self.text)


def shown_version(version: Version, task: WrittenTask) -> ShownVersion:
    """Show a version by the rubric of the release from which it was sent; nothing of it before it is rated."""
    steps = zip(task.rubric, version.steps, strict=True) if version.steps else ()
    return ShownVersion(
        sent=version.sent,
        text=version.answer.text,
        rated=[
            RatedCriterion(criterion=criterion, step=step, anchor=criterion.anchors[step]) for criterion, step in steps
        ],
        comments=version.comments,
        best=task.best,
        needed=task.needed,
    )


@dataclass(frozen=True, kw_only=True)
class TaskPage(Page):
    """One task: what to write, the box, and every version that was sent, the newest first.

    Attributes:
        module: beside whose lessons it stands.
        counts: whether it may count; one that waits for a reviewer is practice.
        is_asked: the programme asks for it.
        outstanding: what the programme wants done before the first word, and is not done.
        newer: what another page had saved meanwhile; None where nothing was.
        problem: what is to be mended in what was sent, as a sentence.
    """

    template: ClassVar[str] = "written/task.html"
    enrolment_id: str
    module: Module
    task: WrittenTask
    counts: bool
    is_asked: bool
    outstanding: Sequence[Outstanding]
    versions: Sequence[ShownVersion]
    form: AnswerForm
    newer: str | None = None
    problem: str = ""

    longest = LONGEST_ANSWER

    @property
    def state(self) -> AnswerState | None:
        """Return how the last version stands; None where none was sent."""
        return self.versions[0].sent.state if self.versions else None

    @property
    def to_revise(self) -> ShownVersion | None:
        """Return the version that does not hold yet, to be read before it is revised."""
        return self.versions[0] if self.open and self.versions else None

    @property
    def open(self) -> bool:
        """Say whether something can be written and sent."""
        return not self.outstanding and self.state in (None, AnswerState.NOT_YET)

    @property
    def written_words(self) -> int:
        """Count the words in the box."""
        return words_in(self.form.written)
