"""One task in a file, a small rubric for the rules, and Mara who has sent an answer about a coffee."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from markupsafe import Markup

from trainer.accounts.models import Person
from trainer.curriculum.values import Readiness
from trainer.db import Database
from trainer.enrolment.models import Enrolment
from trainer.items.values import Level
from trainer.written.models import WrittenAnswer
from trainer.written.queries import versions_of
from trainer.written.task import Criterion, WrittenTask

FIRST = "Odile, thank you for telling me, that took courage. " * 8
SECOND = "No. We will not meet for a coffee, and I am glad that you asked me here. " * 5
NO_LOT, LOT = "answer 0", "answer 4"
"""Ids of answers that one person rates, and that two do."""


def a_task(criteria: int = 5, critical: int = 1, share: str = "7/10") -> WrittenTask:
    """A task whose first criteria are critical."""
    rubric = tuple(
        Criterion(name=f"Criterion {n}", meaning="What", anchors=("no", "half", "yes"), critical=n < critical, line=n)
        for n in range(criteria)
    )
    return WrittenTask(
        id="coffee",
        module="boundaries",
        title="A coffee",
        objective="o",
        competency="C4",
        level=Level.APPLY,
        sources=("S41",),
        readiness=Readiness.SOLID,
        least=50,
        most=130,
        pass_share=Fraction(share),
        task_html=Markup(),
        rubric=rubric,
        path="modules/04-boundaries/written.md",
        line=1,
        hash="h",
    )


@pytest.fixture
def place(enrolled: Callable[[Person], Enrolment], mara: Person) -> Enrolment:
    """Mara's place in the cohort."""
    return enrolled(mara)


@pytest.fixture
def task_path(place: Enrolment) -> str:
    """Where Mara writes about the coffee."""
    return f"/written/{place.id}/coffee"


@pytest.fixture
def sent(
    as_, mara: Person, task_path: str, place: Enrolment, database: Database, monkeypatch
) -> Callable[..., WrittenAnswer]:
    """Mara sends an answer, which the lot leaves to one person."""
    monkeypatch.setattr("trainer.written.rating.drawn_by_lot", lambda _: False)

    def send(text: str = FIRST) -> WrittenAnswer:
        assert as_(mara).send(task_path, {"text": text}).status_code == 303
        with database.reading() as session:
            return versions_of(session, enrolment_id=place.id, task="coffee")[-1].answer

    return send


def marks(*steps: int, comment: str = "The no comes late; say it in the first sentence.") -> dict[str, str]:
    """What a rater fills in."""
    return {f"step{place}": str(step) for place, step in enumerate(steps)} | {"comment": comment}
