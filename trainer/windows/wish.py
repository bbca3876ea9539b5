"""What a director wants to decide about a window, and whether it can be; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trainer.errors import Refused
from trainer.windows.opening import Window

JUST_NOW = timedelta(hours=1)
"""A new window may open so long ago at most: whoever means “at once” needs a moment to write it."""


@dataclass(frozen=True, kw_only=True)
class WindowWish:
    """A window that is to be set, changed or withdrawn.

    Attributes:
        window: the number of the window; None for a new one.
        exam, title: the examination that its programme asks for, and how people read it.
        opens, closes: as it is to be from now on; of a window that is withdrawn, as it was.
        reason: why it is changed or withdrawn; empty where it is set.
    """

    window: int | None
    exam: str
    title: str
    opens: datetime
    closes: datetime
    reason: str
    withdrawn: bool = False

    @property
    def act(self) -> str:
        """Return what is done, in the words of the audit."""
        if self.withdrawn:
            return "withdraw window"
        return "set window" if self.window is None else "change window"

    def check(self, *, standing: Sequence[Window], now: datetime) -> None:
        """Let it be decided.

        Args:
            standing: the windows of the same cohort and examination as they are.

        Raises:
            Refused: it was withdrawn, has no reason, closes before it opens, lies in the past or overlaps another.
        """
        before = next((window for window in standing if window.number == self.window), None)
        if self.window is not None:
            if before is None:
                raise Refused("This window has been withdrawn. Set a new one instead.")
            if not self.reason.strip():
                raise Refused("Please give the reason: it is kept with the decision.")
        if not self.withdrawn:
            self._check_times(before, [window for window in standing if window.number != self.window], now)

    def _check_times(self, before: Window | None, others: Sequence[Window], now: datetime) -> None:
        if self.closes <= self.opens:
            raise Refused("A window closes after it opens.")
        if self.closes <= now:
            raise Refused("This window would be over already: let it close later than now.")
        if self.opens < now - JUST_NOW and (before is None or self.opens != before.opens):
            raise Refused("This window would open in the past: let it open now or later.")
        for other in others:
            if self.opens < other.closes and other.opens < self.closes:
                raise Refused(f"It overlaps the window from {other.words}. Change that one, or choose other times.")
