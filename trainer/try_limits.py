"""How fast somebody may try, and under which hash their tries are counted."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

NO_WAIT = timedelta()


@dataclass(frozen=True)
class TryPace:
    """How fast somebody may try: some tries at once, then after waits that grow.

    Attributes:
        free: how many tries come without a wait, 1 or more.
        first: the first wait.
        growth: how many times longer each further wait is, 1 or more.
        longest: no wait is longer.
        memory: after so long without a try, all is forgotten.
    """

    free: int
    first: timedelta
    growth: int
    longest: timedelta
    memory: timedelta = timedelta(days=1)

    def wait_after(self, tries: int) -> timedelta:
        """Return how long the next try has to wait after so many (1 or more)."""
        if tries < self.free:
            return NO_WAIT
        steps = min(tries - self.free, 16)  # beyond that every wait is the longest
        grown: int = self.growth**steps
        return min(self.first * grown, self.longest)


@dataclass(frozen=True)
class Brake:
    """One count and its pace.

    Attributes:
        key: what is counted.
        about: the account or certificate it concerns, or "".
    """

    key: str
    about: str
    pace: TryPace


def tried_hash(*parts: str) -> str:
    """Return the SHA-256 under which something is counted."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
