"""A run as words: what was shown, chosen and written, and how long it took without the pauses."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.examinations.conftest import CASE
from trainer.cases.engine import replay
from trainer.cases.language import compile_case
from trainer.cases.models import CaseEvent, EventKind
from trainer.examinations.transcript import transcript

BEGAN = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def case():
    """The story of Ash."""
    return compile_case("cases/ash/en.md", CASE.replace("NAME", "ash"))[0]


def events(*happened: tuple[int, EventKind, str]) -> list[CaseEvent]:
    return [
        CaseEvent(run_id="r", seq=seq, kind=kind, value=value, at=BEGAN + timedelta(seconds=at))
        for seq, (at, kind, value) in enumerate(happened, start=1)
    ]


def test_a_run_is_told_in_words(case) -> None:
    play = replay(case, "first", 3, ("grab", "home"))
    happened = events((12, EventKind.CHOICE, "grab"), (12, EventKind.REASON, "r"), (40, EventKind.CHOICE, "home"))
    first, second = transcript(case, play, happened, {0: "I wanted to comfort her."}, BEGAN)
    assert first.scene == "A question"
    assert first.shown == ("She shivers, and rubs her hands.",)
    assert first.did == "You take her hand and hold it, unasked."
    assert len(first.others) == 2
    assert first.reason == "I wanted to comfort her."
    assert first.failures == ("cf07-touch-outside-consent",)
    assert (first.seconds, second.seconds) == (12, 28)
    assert (second.reason, second.failures) == ("", ())


def test_pauses_do_not_count_as_thinking(case) -> None:
    play = replay(case, "first", 3, ("grab", "home"))
    happened = events(
        (10, EventKind.PAUSE, ""), (500, EventKind.RESUME, ""), (505, EventKind.CHOICE, "grab"),
        (510, EventKind.RESUME, "more time, without a pause"), (525, EventKind.CHOICE, "home"),
    )  # fmt: skip
    told = transcript(case, play, happened, {}, BEGAN)
    assert [one.seconds for one in told] == [15, 20]
