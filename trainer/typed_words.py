"""What somebody wrote into a form, as against what they chose or keep secret."""

from collections.abc import Iterable

SECRETS = frozenset({"csrf_token", "password", "current"})
"""Fields that are never shown or carried: passwords, and the token of a form; a test looks for forgotten ones."""

MARKS = frozenset({"seen", "carried"})
"""Fields that a page fills in by itself; nobody has written what is in them."""


def is_prose(text: str) -> bool:
    """Say whether somebody wrote this, rather than chose it."""
    return len(text) > 30 or any(sign.isspace() for sign in text)


def prose(sent: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return what somebody wrote into the fields of a form, given as name and text."""
    written = (text for name, text in sent if name not in SECRETS | MARKS and text.strip())
    return tuple(text for text in written if is_prose(text))
