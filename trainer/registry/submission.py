"""What a log and its witness say to each other, and by how much their clocks may differ (C2SP tlog-witness)."""

import base64
from dataclasses import dataclass

SUBMISSION_SKEW = 15 * 60  # by how much two honest clocks may differ, in seconds


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What a log asks: to cosign a checkpoint that continues the one of the size `old`."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    def body(self) -> bytes:
        """Return the submission as it is sent."""
        lines = [f"old {self.old}", *(base64.b64encode(step).decode() for step in self.proof), "", self.note]
        return "\n".join(lines).encode()
