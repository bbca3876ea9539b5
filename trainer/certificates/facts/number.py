"""The number of a certificate: twelve signs in three groups, such as `7K4M-2QXH-9PTV`.

Eleven signs are random (54 bits); the last is a check sign. The alphabet has 31 signs, a prime: with the
weights 1 to 12, any single wrong sign and any two swapped signs are noticed.
"""

import re

SIGNS = "123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"I": "1", "L": "1"})
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
    told = _LABEL.sub("", text.upper())
    signs = "".join(sign for sign in told if sign.isalnum()).translate(_LOOKALIKES)
    if len(signs) != LENGTH or not set(signs) <= set(SIGNS) or _check_sign(signs[:-1]) != signs[-1]:
        return None
    return _grouped(signs)


def _check_sign(signs: str) -> str:
    total = sum(weight * SIGNS.index(sign) for weight, sign in enumerate(signs, start=1))
    # weight 12 · check ≡ -total (mod 31), and 12⁻¹ = 13, because 12 · 13 = 156 = 5 · 31 + 1
    return SIGNS[-total * 13 % len(SIGNS)]


def _grouped(signs: str) -> str:
    return "-".join(signs[at : at + 4] for at in range(0, LENGTH, 4))
