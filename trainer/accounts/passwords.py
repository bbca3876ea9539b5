"""Passwords: argon2id, and a few rules that help rather than annoy (NIST SP 800-63B-4, section 3.1.1)."""

import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import BoundedSemaphore
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from trainer.errors import Busy

MINIMUM = 12
MAXIMUM = 200
LONGEST_TYPED = 4 * MAXIMUM
"""Some keyboards write one letter as up to four signs, which are counted as one (see `composed_password`)."""
FEWEST_GUESSES = 10**9
"""How many guesses a password must stand, as zxcvbn counts them (Wheeler, USENIX Security 2016)."""
JUDGED = 48
"""How many characters of a password are judged; judging takes long for long ones, and nobody guesses so far."""
HOUSE_WORDS = ("trainer", "psychedelic", "psilocybin", "therapy", "therapist", "certificate", "password")
"""Words that come to everybody's mind on this site."""
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's argon2id profile
_nobody = "$argon2id$v=19$m=19456,t=2,p=1$/dre7592CIzpAcCjINeUQA$9Cu58rkd7EEovfR35aGU4/cGwLSjLVZKZ8k60vf4R8I"
"""What is compared where there is no account, at the same cost; kept, since each process would hash at its start."""


class HashingQueue:
    """So many passwords are worked on at once, so many more may wait their turn, and the rest come again.

    One takes about 25 ms of a core and 19 MiB. Without a bound, a flood of wrong passwords would take both from
    everybody else.
    """

    def __init__(self, *, working: int, waiting: int, patience: float) -> None:
        """Take `working` at once and let `waiting` more wait for at most `patience` seconds."""
        self._inside = BoundedSemaphore(working + waiting)
        self._working = BoundedSemaphore(working)
        self._patience = patience

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold a place while the block runs.

        Raises:
            Busy: no place came free.
        """
        if not self._inside.acquire(blocking=False):
            raise Busy(_COME_AGAIN)
        try:
            if not self._working.acquire(timeout=self._patience):
                raise Busy(_COME_AGAIN)
            try:
                yield
            finally:
                self._working.release()
        finally:
            self._inside.release()


_COME_AGAIN = "Very many people are signing in just now. Please send the form again in a few seconds."
FOR_STRANGERS = HashingQueue(working=2, waiting=2, patience=2)
"""For whoever comes with a browser that never signed in here."""
FOR_THE_KNOWN = HashingQueue(working=2, waiting=8, patience=5)
"""For browsers in which the person signed in before, for new passwords, and for the command line."""


@dataclass(frozen=True)
class PasswordCheck:
    """Whether a password was right, and its new hash when the kept one is of an older kind."""

    right: bool
    renewed: str | None = None


def composed_password(password: str) -> str:
    """Return the one form of a password, whatever keyboard wrote it.

    NFKC (NIST SP 800-63B-4, section 3.1.1.2): letters composed with their accents, full-width letters and
    unusual spaces as their plain selves.
    """
    return normalize("NFKC", password)


def hashed(password: str, places: HashingQueue = FOR_THE_KNOWN) -> str:
    """Return an argon2id hash with its own salt.

    Raises:
        Busy: too many passwords are worked on at this moment.
    """
    with places.one():
        return _hasher.hash(composed_password(password))


def check_password(password: str, password_hash: str | None, places: HashingQueue = FOR_THE_KNOWN) -> PasswordCheck:
    """Compare in the same time whether or not the person exists (`None`).

    A hash from before passwords were composed is compared with what was typed as well, and renewed when it fits.

    Raises:
        Busy: too many passwords are worked on at this moment.
    """
    plain = composed_password(password)
    with places.one():
        fits = partial(_fits, password_hash=password_hash or _nobody)
        first, before = fits(plain), plain != password and fits(password)
        right = password_hash is not None and (first or before)
        outdated = right and (not first or _hasher.check_needs_rehash(password_hash or ""))
        return PasswordCheck(right, _hasher.hash(plain) if outdated else None)


def _fits(password: str, password_hash: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def fresh_password(*, email: str) -> str:
    """Return a password that nobody guesses, for somebody who has lost theirs; 16 letters, digits, - and _."""
    while True:
        password = secrets.token_urlsafe(12)
        if not weakness(password, email=email, name=""):
            return password


def weakness(password: str, *, email: str, name: str, about: Sequence[str] = ()) -> str | None:
    """Say in a sentence why the password is too easy to guess, or return None.

    Args:
        email: the person's address.
        name: the person's name.
        about: more that somebody who knows the place would try first, such as the programme's name.
    """
    password = composed_password(password)
    if len(password) < MINIMUM:
        return f"Please use at least {MINIMUM} characters; a few unrelated words are easy to remember."
    if len(password) > MAXIMUM:
        return f"Please use at most {MAXIMUM} characters."
    known = _words_in(email, name, *about)
    if password.casefold() in {email.casefold(), email.casefold().split("@")[0], name.casefold()}:
        return "This is your name or address; please choose something only you know."
    if _guesses(password, known) < FEWEST_GUESSES:
        return (
            "This is among the first that somebody would try: a common password, a name, a row of keys, "
            "or something repeated. A few unrelated words are harder to guess and easy to remember."
        )
    return None


def _guesses(password: str, known: Sequence[str]) -> float:
    """Return how many guesses it stands, whether or not its words are set apart."""
    from zxcvbn import zxcvbn  # noqa: PLC0415  # its word lists take 12 MiB; most processes never judge a password

    together = re.sub(r"[\W_]+", "", password)
    return min(
        float(zxcvbn(one, user_inputs=[*HOUSE_WORDS, *known])["guesses"])
        for one in (password[:JUDGED], together[:JUDGED])
        if one
    )


def _words_in(*texts: str) -> list[str]:
    """Return each text and each word in it, in lower case."""
    folded = [text.casefold() for text in texts if text]
    return [*folded, *(word for text in folded for word in re.findall(r"[^\W_]{3,}", text))]
