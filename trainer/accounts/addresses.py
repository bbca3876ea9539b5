"""E-mail addresses, as far as an account needs them."""

import re

LONGEST = 254
SHAPE = r"[^@\s\x00-\x1f\x7f]+@[^@\s.\x00-\x1f\x7f]+(?:\.[^@\s.\x00-\x1f\x7f]+)+\Z"
"""No sign fits two places of this pattern, so a hostile address is refused as fast as a good one is taken."""


def folded(email: str) -> str:
    """Return the address in the one form in which it is kept."""
    return email.strip().casefold()


def looks_right(email: str) -> bool:
    """Say whether this looks like name@example.org."""
    return len(email) <= LONGEST and re.match(SHAPE, email) is not None
