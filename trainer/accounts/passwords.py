"""Passwords: argon2id, and a few rules that help rather than annoy (NIST SP 800-63B, section 3.1.1)."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

MINIMUM = 12
MAXIMUM = 200
NOBODYS = "!"
"""In the place of a hash: no password fits it."""
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's argon2id profile
_nobody = _hasher.hash("nobody has this password")


def hashed(password: str) -> str:
    """Return an argon2id hash with its own salt."""
    return _hasher.hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Compare in the same time whether or not the person exists (`None`)."""
    try:
        _hasher.verify(password_hash or _nobody, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return password_hash is not None


def weakness(password: str, *, email: str, name: str) -> str | None:
    """Say in a sentence why the password is too easy to guess, or return None."""
    if len(password) < MINIMUM:
        return f"Please use at least {MINIMUM} characters; a few unrelated words are easy to remember."
    if len(password) > MAXIMUM:
        return f"Please use at most {MAXIMUM} characters."
    if len(set(password)) < 5:
        return "This repeats a few characters; please choose something harder to guess."
    known = {email.casefold(), email.casefold().split("@")[0], name.casefold()}
    if password.casefold() in known:
        return "This is your name or address; please choose something only you know."
    return None
