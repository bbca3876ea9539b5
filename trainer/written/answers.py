"""What somebody wrote and sent, as plain values; and what may be sent."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trainer.errors import Refused
from trainer.written.task import WrittenTask

LONGEST_ANSWER = 8000
"""Characters of an answer that are kept: more than anybody needs for `task_keys.MOST_ANSWER_WORDS`."""


class TooLong(Refused):
    """More was written than is kept of an answer."""


class OutOfLength(Refused):
    """An answer has fewer words than its task asks for, or more; it can be saved and not be sent."""


class AnswerState(StrEnum):
    """How an answer stands."""

    WAITS = "waits for a rater"
    HOLDS = "holds"
    NOT_YET = "not yet"


@dataclass(frozen=True, kw_only=True)
class SentAnswer:
    """One version of an answer that was sent.

    Attributes:
        number: from 1.
        holds: whether it holds; None until enough people have rated it.
        points: the sum of the steps that hold; 0 until then.
        decided_at: when it was rated; None until then.
        failed_critical: a critical criterion was not met, by the rubric under which it was sent.
    """

    number: int
    sent_at: datetime
    holds: bool | None = None
    points: int = 0
    decided_at: datetime | None = None
    failed_critical: bool = False

    @property
    def state(self) -> AnswerState:
        """Return how it stands."""
        if self.holds is None:
            return AnswerState.WAITS
        return AnswerState.HOLDS if self.holds else AnswerState.NOT_YET


def tidied(written: str) -> str:
    """Return what is kept of what was typed; browsers write the ends of lines with two signs.

    Raises:
        TooLong: it is longer than anything that is kept.
    """
    text = written.replace("\r\n", "\n").strip()
    if len(text) > LONGEST_ANSWER:
        raise TooLong(
            f"This is {len(text)} letters long, and at most {LONGEST_ANSWER} are kept. Nothing is lost: your words are "
            "still in the box. Shorten them, and save again."
        )
    return text


def words_in(text: str) -> int:
    """Count words as people do: by the white space between them."""
    return len(text.split())


def refuse_length(task: WrittenTask, text: str) -> None:
    """Refuse an answer with fewer words than the task asks for, or more.

    Raises:
        OutOfLength: it says how many there are, and how many are asked for.
    """
    count = words_in(text)
    if not task.least <= count <= task.most:
        written = f"{count} word" if count == 1 else f"{count} words"
        raise OutOfLength(
            f"You have written {written}; from {task.least} to {task.most} are asked for. What you wrote is saved, and "
            "nothing was sent."
        )


def refuse_sending(sent: Sequence[SentAnswer]) -> None:
    """Refuse a further version while one waits, and after one that holds.

    Raises:
        Refused: it says which it is.
    """
    if not sent:
        return
    if sent[-1].state is AnswerState.WAITS:
        raise Refused("Your last version waits for a rater. Once it is rated you see whether another is needed.")
    if sent[-1].state is AnswerState.HOLDS:
        raise Refused("Your answer holds already, so there is nothing more to send.")


def code_of(answer_id: str) -> str:
    """Return what raters call an answer: a made-up code that leads to nobody, such as K7QM-2RTD."""
    return _code(f"answer {answer_id}")


def code_of_rating(answer_id: str, rater_id: str) -> str:
    """Return what the trail calls a rating: a made-up code that only its rater can tie to the answer."""
    return _code(f"rating {answer_id} {rater_id}")


def _code(text: str) -> str:
    digits = int(hashlib.sha256(text.encode()).hexdigest(), 16)
    signs = ""
    for _ in range(8):
        digits, place = divmod(digits, len(_SIGNS))
        signs += _SIGNS[place]
    return f"{signs[:4]}-{signs[4:]}"


_SIGNS = "23456789BCDFGHJKLMNPQRSTVWXZ"
"""Neither vowels, which make words, nor what is misread."""


def order_for(rater_id: str, answer_id: str) -> str:
    """Return by what a rater's answers are put in order: by chance, the same each time, and not by when they came."""
    return hashlib.sha256(f"{rater_id} {answer_id}".encode()).hexdigest()
