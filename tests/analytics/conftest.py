"""A crowd of fictional trainees who have played."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from trainer.clock import utc_now
from trainer.db import Database
from trainer.demo.players import Crowd, Player, let_play
from trainer.enrolment.models import Cohort
from trainer.installation import Installation
from trainer.settings import Settings


@pytest.fixture
def played(database: Database, settings: Settings, cohort: Cohort) -> Callable[..., Sequence[Player]]:
    """Let people play: `played(30)` gives thirty trainees of the cohort who have ended every case once."""

    def play(people: int, seed: int = 1, into: Cohort | None = None, **more: object) -> Sequence[Player]:
        now = utc_now() - timedelta(days=10)
        crowd = Crowd(people=people, seed=seed, **more)
        return let_play(Installation(settings, database), into or cohort, crowd, now=now)

    return play
