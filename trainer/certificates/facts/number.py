"""The number of a certificate: twelve signs in three groups, such as `7K4M-2QXH-9PTV`.

Eleven signs are random (54 bits); the last is a check sign. The alphabet has 31 signs, a prime: with the
weights 1 to 12, any single wrong sign and any two swapped signs are noticed.
"""

import re
from dataclasses import dataclass

SIGNS = "123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"I": "1", "L": "1"})
_MISTAKEN = ("1 and 7", "2 and Z", "5 and S", "8 and B", "D and Q", "V and Y")
"""Signs of numbers that are taken for each other on a bad copy."""
LENGTH = 12
_LABEL = re.compile(r"^\W*(?:CERTIFICATE\b\W*)?(?:(?:NUMBER|NO)\b|NR[.:])\W*")


def number_from(entropy: int) -> str:
    """Return the number that belongs to a random whole number of at least 54 bits."""
    signs = ""
    for _ in range(LENGTH - 1):
        entropy, sign = divmod(entropy, len(SIGNS))
        signs += SIGNS[sign]
    return _grouped(signs + _check_sign(signs))


def read_number(text: str) -> str | None:
    """Return the number somebody typed, as it stands on the paper, or None when it cannot be one.

    Case, spaces and hyphens are forgiven; so are I and L for 1, and the word “number” before it.
    """
    signs = _signs_in(text)
    if len(signs) != LENGTH or not set(signs) <= set(SIGNS) or _check_sign(signs[:-1]) != signs[-1]:
        return None
    return _grouped(signs)


@dataclass(frozen=True, kw_only=True)
class Slips:
    """Why something typed as a number cannot be one; whether there is a similar number is never said.

    Attributes:
        strange: the typed signs that stand in no number.
        count: how many signs were typed.
        mistaken: pairs that are taken for each other and of which one was typed, such as "5 and S"; empty where
            something else is wrong already.
    """

    strange: tuple[str, ...]
    count: int
    mistaken: tuple[str, ...]

    @property
    def foreign(self) -> tuple[str, ...]:
        """Return the strange signs that are of another alphabet, however much they look like one of ours."""
        return tuple(sign for sign in self.strange if not sign.isascii())

    @property
    def unused(self) -> tuple[str, ...]:
        """Return the strange signs that are of our alphabet and stand in no number."""
        return tuple(sign for sign in self.strange if sign.isascii())


def slips_in(text: str) -> Slips | None:
    """Say what is wrong in something that was meant as a number, or None if it is one, or was never meant so."""
    signs = _signs_in(text)
    if not LENGTH - 4 <= len(signs) <= LENGTH + 4 or not any(sign.isdigit() for sign in signs) or "/" in text:
        return None
    strange = tuple(sign for sign in dict.fromkeys(signs) if sign not in SIGNS)
    if not strange and len(signs) == LENGTH:
        if _check_sign(signs[:-1]) == signs[-1]:
            return None
        pairs = tuple(pair for pair in _MISTAKEN if pair[0] in signs or pair[-1] in signs)
        return Slips(strange=(), count=LENGTH, mistaken=pairs)
    return Slips(strange=strange, count=len(signs), mistaken=())


def _signs_in(text: str) -> str:
    told = _LABEL.sub("", text.upper())
    return "".join(sign for sign in told if sign.isalnum()).translate(_LOOKALIKES)


def _check_sign(signs: str) -> str:
    total = sum(weight * SIGNS.index(sign) for weight, sign in enumerate(signs, start=1))
    # weight 12 · check ≡ -total (mod 31), and 12⁻¹ = 13, because 12 · 13 = 156 = 5 · 31 + 1
    return SIGNS[-total * 13 % len(SIGNS)]


def _grouped(signs: str) -> str:
    return "-".join(signs[at : at + 4] for at in range(0, LENGTH, 4))
