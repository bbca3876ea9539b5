"""The pages of figures: for directors, and for authors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.analytics.decisions import Rate
from trainer.analytics.discrimination import ENOUGH
from trainer.analytics.figures import AuthorFigures, CaseFigures, Overview
from trainer.analytics.flow import SPLIT_FROM
from trainer.analytics.forms import RescoreForm
from trainer.analytics.intervals import Interval, wilson
from trainer.analytics.plots import Curve, Whiskers, curve_of, whiskers_of
from trainer.analytics.reliability import FEWEST_CASES, FEWEST_PEOPLE, GOOD_PEOPLE
from trainer.analytics.rescores.queries import Before, Named, Preview
from trainer.analytics.scope.queries import Scope
from trainer.analytics.suppression import FEWEST, Share
from trainer.cases.pages import words_behind_id
from trainer.web.pages import Page

GLUE = "\N{NO-BREAK SPACE}"
"""Keeps a number and its sign on one line."""


def _percent(value: float) -> str:
    """Write a share from 0 to 1 as whole percent."""
    return f"{value * 100:.0f}{GLUE}%"


def _between(one: Interval | None) -> str:
    """Write an interval of shares."""
    return "–" if one is None else f"{one.low * 100:.0f}–{one.high * 100:.0f}{GLUE}%"


def share_words(one: Share) -> str:
    """Write a share as far as it may be shown."""
    if not one.shown:
        return "–"
    if one.few:
        return f"fewer than {FEWEST}"
    if one.nearly:
        return f"all, or all but fewer than {FEWEST}"
    return f"{one.count} ({_percent(one.value or 0)})"


def rate_words(one: Rate | None) -> str:
    """Write a share, and say when it is rounded on purpose."""
    if one is None:
        return "–"
    return _percent(one.value) if one.exact else f"about {_percent(one.value)}"


@dataclass(frozen=True, kw_only=True)
class FiguresPage(Page):
    """What all of these pages know: whose runs they count."""

    scope: Scope
    title: str  # of the cohort or the programme

    fewest: ClassVar[int] = FEWEST
    percent = staticmethod(_percent)
    between = staticmethod(_between)
    share_words = staticmethod(share_words)
    rate_words = staticmethod(rate_words)
    words = staticmethod(words_behind_id)


@dataclass(frozen=True, kw_only=True)
class OverviewPage(FiguresPage):
    """A cohort or a programme at a glance."""

    template: ClassVar[str] = "analytics/overview.html"
    figures: Overview
    fewest_people: ClassVar[int] = FEWEST_PEOPLE
    fewest_cases: ClassVar[int] = FEWEST_CASES
    good_people: ClassVar[int] = GOOD_PEOPLE

    @property
    def curve(self) -> Curve:
        """Return the drawing of the D-study."""
        return curve_of(self.figures.reliability.studies)

    @property
    def whiskers(self) -> Whiskers:
        """Return the drawing of the shares that passed."""
        return whiskers_of([(case.title, case.passed) for case in self.figures.cases])


@dataclass(frozen=True, kw_only=True)
class CasePage(FiguresPage):
    """One case, for a director."""

    template: ClassVar[str] = "analytics/case.html"
    figures: CaseFigures
    enough: ClassVar[int] = ENOUGH
    split_from: ClassVar[int] = SPLIT_FROM

    @property
    def whiskers(self) -> Whiskers:
        """Return the drawing of where people fall."""
        kinds = {"failure": "failure", "late": "late", "missed": "missed"}
        named = [(f"{words_behind_id(fall.rule)} ({kinds[fall.kind]})", fall.share) for fall in self.figures.falls]
        return whiskers_of(named)

    def interval(self, count: int | None, whole: int | None) -> str:
        """Write the interval of a share, where both numbers are shown."""
        return "–" if count is None or not whole else _between(wilson(count, whole))


@dataclass(frozen=True, kw_only=True)
class AuthorsPage(FiguresPage):
    """One case, for its authors."""

    template: ClassVar[str] = "analytics/authors.html"
    figures: AuthorFigures


@dataclass(frozen=True, kw_only=True)
class RescorePage(FiguresPage):
    """What a re-score would change, and the decision."""

    template: ClassVar[str] = "analytics/rescore.html"
    preview: Preview
    decides: bool
    form: RescoreForm

    def among(self, runs: Sequence[object], *, conferred: bool) -> Sequence[Named]:
        """Return which of these runs belong to people with, or without, a conferred certificate."""
        return [change for change in self.preview.changed if change.scored in runs and change.conferred is conferred]

    @property
    def history(self) -> Sequence[Before]:
        """Return what was decided before, the newest first."""
        return self.preview.history
