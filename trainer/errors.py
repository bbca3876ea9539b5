"""What can stop the work. Each message is one whole sentence for the person who meets it."""

from typing import Self


class TrainerError(Exception):
    """Something stops the work; the text says what, where and how to mend it."""


class Missing(TrainerError):
    """The thing does not exist, or it is not this person's."""


class Refused(TrainerError):
    """The thing exists, and a rule says no: too early, too often, already done."""


class Stale(Refused):
    """The page from which a decision was sent no longer shows what holds: something was decided since."""

    @classmethod
    def because(cls, what: str) -> Self:
        """Return the refusal that names in a clause what was decided since."""
        return cls(f"This changed since you opened it: {what}. Look at it and decide again.")


class Broken(TrainerError):
    """The installation or its content is at fault; the visitor can do nothing about it."""


class Busy(TrainerError):
    """It cannot be afforded at this moment; the same thing works a little later.

    Attributes:
        seconds: when to come again.
    """

    def __init__(self, sentence: str, *, seconds: int = 5) -> None:
        super().__init__(sentence)
        self.seconds = seconds


UNSEEN = "What was sent does not say what it was decided in sight of. Look at what holds and decide again."


def check_seen(seen: str | None, shows: str, *, what: str) -> None:
    """Let somebody decide who has seen what holds.

    Args:
        seen: a mark of what the page showed, "" where what was sent does not say; None where it is decided without a
            page, as by a command.
        shows: the mark of what it would show now.
        what: what may have changed, as a clause of a sentence.

    Raises:
        Stale: the two differ, or what was sent does not say what its page showed.
    """
    if seen is None or seen == shows:
        return
    raise Stale.because(what) if seen else Stale(UNSEEN)
