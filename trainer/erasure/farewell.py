"""The last letter to somebody who was erased; it is sent at once and kept nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trainer.notices.mail import Letter


@dataclass(frozen=True, kw_only=True)
class Farewell:
    """What is needed to tell somebody that they were erased, once nothing of it is stored any more.

    Attributes:
        numbers: of the certificates that they held.
    """

    email: str
    name: str
    numbers: Sequence[str]

    def letter(self, *, reference: str, now: datetime) -> Letter:
        """Return the letter."""
        held = (
            f" Whoever checks {', '.join(self.numbers)} reads that we issued it and that its data was deleted."
            if self.numbers
            else ""
        )
        body = (
            f"Hello {self.name},\n\nAs you asked, we have deleted what we knew about you: your account, your answers, "
            f"your record and your certificates.{held} Nobody can undo this. A file that you still have bears your "
            "name; delete it yourself if you want it gone. We do not keep this letter.\n\nWe wish you all the best.\n"
        )
        return Letter(to=self.email, subject="Your data was deleted", body=body, reference=reference, at=now)
