"""When a sitting may begin, by the windows that a director set for a cohort; pure.

A window is about beginning alone: what has begun goes on to its end. Without windows a sitting may begin at any time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from trainer.moments import written


@dataclass(frozen=True, kw_only=True)
class Window:
    """One stretch of time in which sittings may begin.

    Attributes:
        number: by which it is known within its cohort, from 1.
        opens: the first moment at which a sitting may begin.
        closes: the first moment at which none may any more; later than `opens`.
    """

    number: int
    opens: datetime
    closes: datetime

    def is_open(self, at: datetime) -> bool:
        """Say whether a sitting may begin at this moment."""
        return self.opens <= at < self.closes

    @property
    def words(self) -> str:
        """Return from when until when, in the middle of a sentence."""
        return f"{written(self.opens)} to {written(self.closes)}"


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What the windows of an examination say to somebody.

    Attributes:
        at: the first moment at which they may begin, `now` where they may at once; None where no window is left.
        closes: when the window of that moment closes, or where none is left, the last one; None without windows.
        since: from when they might begin if there were no windows; `now` or later.
    """

    now: datetime
    since: datetime
    at: datetime | None
    closes: datetime | None

    @property
    def may_begin(self) -> bool:
        """Say whether a sitting may begin now."""
        return self.at == self.now

    @property
    def kept_shut(self) -> bool:
        """Say whether it is a window that keeps somebody waiting, and nothing else."""
        return self.at != self.since

    @property
    def words(self) -> str:
        """Say when the next window opens, or that none is left and whom to ask; when the one that counts closes."""
        if self.closes is None:
            return ""
        if self.at is None:
            ask = "Please ask your programme director about another window."
            if self.closes <= self.now:
                return f"The last window for sittings closed on {written(self.closes)}. {ask}"
            return f"The last window for sittings closes on {written(self.closes)}, before you may begin again. {ask}"
        if self.kept_shut:
            return f"The next window for sittings opens on {written(self.at)} and closes on {written(self.closes)}."
        return f"The window for sittings is open until {written(self.closes)}."


def opening(windows: Sequence[Window], *, now: datetime, not_before: datetime | None = None) -> Opening:
    """Say when somebody may begin.

    Args:
        windows: of one examination, in any order; none of them means at any time.
        not_before: what else keeps them from beginning earlier, such as the wait after a try.
    """
    since = max(now, not_before or now)
    if not windows:
        return Opening(now=now, since=since, at=since, closes=None)
    ahead = [window for window in windows if since < window.closes]
    if not ahead:
        return Opening(now=now, since=since, at=None, closes=max(window.closes for window in windows))
    following = min(ahead, key=lambda window: window.opens)
    return Opening(now=now, since=since, at=max(since, following.opens), closes=following.closes)


@dataclass(frozen=True, kw_only=True)
class ExamWindows:
    """The windows of one examination, in the order in which they open, and what they say now."""

    title: str
    windows: Sequence[Window]
    opening: Opening


def exam_windows(
    windows: Mapping[str, Sequence[Window]], titles: Mapping[str, str], *, now: datetime
) -> Sequence[ExamWindows]:
    """Return the windows of each examination, those that a programme asks for no more last.

    Args:
        windows: by the slug of the examination.
        titles: of the examinations that the programme asks for, by slug.
    """
    slugs = [*titles, *(slug for slug in windows if slug not in titles)]
    found = [(titles.get(slug, slug), windows.get(slug, ())) for slug in slugs]
    return [ExamWindows(title=title, windows=each, opening=opening(each, now=now)) for title, each in found]
