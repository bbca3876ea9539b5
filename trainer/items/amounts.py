"""Numbers with a tolerance, and times of day, as authors write them and as people type them."""

import re
from dataclasses import dataclass
from decimal import Decimal

CLOCK = "clock"
"""The unit of a time of day."""

_TIME = re.compile(r"^([01]?\d|2[0-3])[:.h]([0-5]\d)$")
_NUMBER = re.compile(r"^[+-]?\d{1,9}([.,]\d{1,6})?$")
_PLUS_MINUS = re.compile(r"\s*(?:±|\+/-)\s*")


@dataclass(frozen=True)
class Amount:
    """A number with how far an answer may be off, both in the unit of the item; times are minutes after midnight."""

    value: Decimal
    tolerance: Decimal

    def holds(self, number: Decimal) -> bool:
        """Say whether a number lies within the tolerance, its ends among them."""
        return abs(number - self.value) <= self.tolerance

    def meets(self, other: "Amount") -> bool:
        """Say whether some number lies within both."""
        return abs(self.value - other.value) <= self.tolerance + other.tolerance


def typed_number(text: str, unit: str) -> Decimal | None:
    """Return the number that somebody typed, with or without its unit; None where it is none.

    A comma is a decimal point, as much of the world writes it; digits are those of any script. Nothing is rounded.
    """
    plain = " ".join(text.replace("\u2212", "-").split())
    if unit == CLOCK:
        found = _TIME.match(plain)
        return Decimal(int(found[1]) * 60 + int(found[2])) if found else None
    if unit and plain.casefold().endswith(unit.casefold()):
        plain = plain[: -len(unit)].rstrip()
    return _decimal(plain)


def written_amount(text: str, unit: str) -> Amount | str:
    """Return the amount that an author wrote, such as `158 ± 2` or `14:35 ± 10`, or what is wrong with it."""
    value_text, *rest = _PLUS_MINUS.split(text)
    value = typed_number(value_text, unit)
    if value is None:
        wanted = "a time of day, such as 14:35 ± 10" if unit == CLOCK else "a number, such as 158 ± 2"
        return f"Write {wanted}, in place of “{text}”."
    if not rest:
        if value != int(value):
            return f"Say how far an answer may be off, such as {value_text} ± 0.1: nobody types all digits of it."
        return Amount(value, Decimal(0))
    tolerances = [tolerance for text in rest if (tolerance := _decimal(text)) is not None and tolerance > 0]
    if len(rest) > 1 or not tolerances:
        return "Write a tolerance above 0 behind ±, or leave it out of a whole number."
    return Amount(value, *tolerances)


def _decimal(text: str) -> Decimal | None:
    return Decimal(text.replace(",", ".")) if _NUMBER.match(text) else None
