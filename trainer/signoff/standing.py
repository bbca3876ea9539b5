"""Where each text stands: signed as it is, changed since, or never signed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trainer.signoff.texts import SignableText, TextName


class SignedState(StrEnum):
    """How a text stands to the signatures under it."""

    SIGNED = "signed"
    RESTS = "signed, rests on other data"
    CHANGED = "changed since"
    NEVER = "not signed"


@dataclass(frozen=True, kw_only=True)
class KeptSignature:
    """A signature under one version of a text."""

    name: TextName
    hash: str
    reviewer: str
    role: str
    statement: str
    at: datetime


@dataclass(frozen=True)
class TextStanding:
    """A text with the signatures under any of its versions, the newest first.

    Attributes:
        rests_on_other: whether the sources or the law that it draws on read otherwise than when it was signed.
    """

    text: SignableText
    signatures: Sequence[KeptSignature]
    rests_on_other: bool = False

    @property
    def state(self) -> SignedState:
        """Return how it stands."""
        if any(signature.hash == self.text.hash for signature in self.signatures):
            return SignedState.RESTS if self.rests_on_other else SignedState.SIGNED
        return SignedState.CHANGED if self.signatures else SignedState.NEVER

    @property
    def waiting(self) -> bool:
        """Say whether somebody has to read it: it counts only once it is signed, or was signed as something else."""
        return self.text.waits if self.state is SignedState.NEVER else self.state is not SignedState.SIGNED

    @property
    def last(self) -> KeptSignature | None:
        """Return the newest signature under any version."""
        return self.signatures[0] if self.signatures else None


def text_standings(
    texts: Mapping[TextName, SignableText], signatures: Iterable[KeptSignature]
) -> Mapping[TextName, TextStanding]:
    """Return every text of a release with its signatures."""
    under: dict[TextName, list[KeptSignature]] = {}
    for signature in sorted(signatures, key=lambda signature: signature.at, reverse=True):
        under.setdefault(signature.name, []).append(signature)
    return {name: TextStanding(text, under.get(name, [])) for name, text in texts.items()}
