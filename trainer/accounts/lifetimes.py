"""How long a sign-in lasts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

KEPT_AFTER_THE_END = timedelta(days=90)
"""How long a sign-in that ended is kept: who asks what happened on an account asks within weeks."""


@dataclass(frozen=True)
class Lifetime:
    """How long a sign-in lasts.

    Attributes:
        idle: unused for longer than this, it has ended.
        limit: after this it has ended, however much it is used (NIST SP 800-63B-4, section 2.1.3).
    """

    idle: timedelta
    limit: timedelta

    def holds(self, started_at: datetime, seen_at: datetime, now: datetime) -> bool:
        """Say whether a sign-in still lasts."""
        return now - seen_at <= self.idle and now - started_at < self.limit
