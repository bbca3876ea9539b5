"""What a director's decision to confer rests on."""

from dataclasses import dataclass

from trainer.requirements.hours import Learning
from trainer.requirements.programme import Programme
from trainer.requirements.rules import Proof


@dataclass(frozen=True, kw_only=True)
class Basis:
    """The programme, what is proved of it, and what was studied."""

    programme: Programme
    proof: Proof
    learned: Learning


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """A decision that follows an earlier one.

    Attributes:
        follows: the id of that decision.
        reason: in the director's words.
    """

    follows: str
    reason: str
