"""What raters and trainees are told by letter, and when raters are.

The letters name neither who wrote nor who rated, and hold no word of an answer: the outbox cannot be changed. A rater's
letter comes in the morning and not with the answer, since the moment at which an answer came can tell whose it is.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from trainer.notices.words import Words

MORNING = timedelta(hours=5)
"""After midnight UTC: the letters of a day tell of what came before."""
AGAIN = timedelta(days=7)
"""After so long a rater is told again of what still waits: somebody cannot go on."""
TO_RATE = "Answers wait to be rated"
"""The subject of every letter to a rater, by which it is known when they were told last."""


def last_morning(now: datetime) -> datetime:
    """Return the last moment, at most `now`, from which letters to raters are written."""
    morning = now.replace(hour=0, minute=0, second=0, microsecond=0) + MORNING
    return morning if morning <= now else morning - timedelta(days=1)


def to_tell_of(waiting_since: Sequence[datetime], *, told_at: datetime | None, now: datetime) -> int:
    """Return how many answers a rater is to be told of now; 0 where no letter is due.

    At most one letter a day is due, only when something waits that the last one did not tell of, or `AGAIN` after it.

    Args:
        waiting_since: since when each answer waits that they can rate.
        told_at: when they were told last; None for never.
    """
    morning = last_morning(now)
    came = [since for since in waiting_since if since < morning]
    if not came or told_at is None:
        return len(came)
    told_of = last_morning(told_at)  # what came before it
    is_new = told_of <= max(came)
    return len(came) if is_new or told_of + AGAIN <= morning else 0


def to_rate(count: int) -> Words:
    """Return the letter that says how many answers wait for a rater."""
    waits = "One written answer waits" if count == 1 else f"{count} written answers wait"
    return Words(
        TO_RATE,
        f"{waits} for somebody of your programme to rate. Sign in and open “Answers”.\n\nYou are not told whose they "
        "are, there or here. There is one such letter a day at most, and where nothing new has come, one a week while "
        "something waits.\n",
    )


def answer_rated(title: str) -> Words:
    """Return the letter to whoever wrote an answer, once enough people have rated it."""
    return Words(
        f"Your answer to “{title}” was rated",
        f"Your answer to “{title}” was rated. Sign in and open the task: it stands on the page of its module. There "
        "you read what was found, what the raters say, and whether there is more to do.\n",
    )
