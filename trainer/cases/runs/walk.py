"""Going through the debrief of a run: one moment after another, each a stay in one scene of the play."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from trainer.cases.play.engine import Play


@dataclass(frozen=True, kw_only=True)
class DebriefWalk:
    """How far somebody has gone through a debrief.

    Attributes:
        gone: moments gone through, of `whole`, which is at least 1.
        at: when the last of them was, or when the debrief opened; None where nothing is kept.
        from_before: the debrief opened before it was gone through by moments, and stays readable as a whole.
    """

    gone: int
    whole: int
    at: datetime | None = None
    from_before: bool = False

    @property
    def has_ended(self) -> bool:
        """Say whether all of it was gone through."""
        return self.gone >= self.whole

    @property
    def opens_all(self) -> bool:
        """Say whether the whole debrief can be read at once."""
        return self.has_ended or self.from_before

    @property
    def open_moment(self) -> int:
        """Return the number, from 1, of the moment that comes next; of the last one once all were gone through."""
        return min(self.gone + 1, self.whole)

    def shows(self, number: int) -> bool:
        """Say whether the moment of that number, from 1, may be seen: going back is free, going ahead is not."""
        return 1 <= number <= self.open_moment

    def goes_on_from(self, number: int) -> bool:
        """Say whether leaving that moment is a step; a second click, or an older page, takes none."""
        return number == self.gone + 1 <= self.whole


def stays(play: Play) -> tuple[range, ...]:
    """Return the steps of each moment, in order: those that were taken in one scene without leaving it."""
    by_scene = groupby(enumerate(play.steps), key=lambda numbered: numbered[1].scene)
    numbers = [[number for number, _step in steps] for _scene, steps in by_scene]
    return tuple(range(steps[0], steps[-1] + 1) for steps in numbers)
