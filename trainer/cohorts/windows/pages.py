"""The pages on which a director says when sittings may begin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.cohorts.windows.forms import WindowChangeForm, WindowForm, WindowWithdrawalForm
from trainer.enrolment.models import Cohort
from trainer.web.pages import SeenPage
from trainer.windows.models import SittingWindow
from trainer.windows.opening import ExamWindows, Window


@dataclass(frozen=True, kw_only=True)
class WindowsPage(SeenPage):
    """The windows of a cohort, and one more to set.

    Attributes:
        titles: of the examinations that the cohort's programme asks for, or asked for when a window was set, by slug.
        decisions: what was decided so far, the newest first, each with the name of who decided it.
    """

    template: ClassVar[str] = "cohorts/windows.html"
    cohort: Cohort
    exams: Sequence[ExamWindows]
    titles: Mapping[str, str]
    decisions: Sequence[tuple[SittingWindow, str]]
    form: WindowForm


@dataclass(frozen=True, kw_only=True)
class WindowPage(SeenPage):
    """One window: change it or withdraw it.

    Attributes:
        window: None once it has been withdrawn.
        last: it is the only one of its examination, so that without it sittings may begin at any time.
    """

    template: ClassVar[str] = "cohorts/window.html"
    cohort: Cohort
    title: str
    number: int
    window: Window | None
    last: bool
    form: WindowChangeForm
    withdrawal_form: WindowWithdrawalForm
