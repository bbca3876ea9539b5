"""When a run may be looked back at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainer.cases.runs.words import Purpose

if TYPE_CHECKING:
    from trainer.cases.runs.models import CaseRun


def may_debrief(run: CaseRun) -> bool:
    """Say whether the debrief of an ended run is open to its trainee: after practice at once.

    An examination's run tells nothing here, before or after its end: the room of examinations decides when its result
    is released, and shows the debrief itself.
    """
    return run.purpose is Purpose.PRACTICE
