"""Conditions: `name`, `not name`, `name >= 3`, `name >= limit`, joined by `and`.

Nothing else, so that all of them can be proved.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt

from trainer.authoring.wording import did_you_mean

ValueOf = Callable[[str], int]
"""Gives the value of a name now; a fact is 1 or 0."""

_SIGNS: Mapping[str, Callable[[int, int], bool]] = {">=": ge, "<=": le, ">": gt, "<": lt, "=": eq}
_COMPARED = re.compile(r"^(\S+?)\s*(>=|<=|==|=|>|<|≥|≤)\s*(\S+)$")
_NAME = re.compile(r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$")
_CLOCK = re.compile(r"^(\d{1,2}):([0-5]\d)$")
NO_LIMITS: Mapping[str, int] = {}
_PLAIN_SIGN = {"≥": ">=", "≤": "<=", "==": "="}


@dataclass(frozen=True)
class Clause:
    """One comparison; `fact` tells a bare name from a compared one, `limit` names the limit that gave the value."""

    name: str
    sign: str
    value: int
    fact: bool = False
    limit: str = ""


@dataclass(frozen=True)
class Condition:
    """Clauses that must all hold; none always holds."""

    clauses: tuple[Clause, ...] = ()

    def holds(self, value_of: ValueOf) -> bool:
        """Say whether every clause is true now."""
        return not self.clauses or all(
            _SIGNS[clause.sign](value_of(clause.name), clause.value) for clause in self.clauses
        )

    @property
    def names(self) -> frozenset[str]:
        """The names that are read."""
        return frozenset(clause.name for clause in self.clauses)

    @property
    def limits(self) -> frozenset[str]:
        """The named limits that are used."""
        return frozenset(clause.limit for clause in self.clauses if clause.limit)


ALWAYS = Condition()


def parse_condition(text: str, limits: Mapping[str, int] = NO_LIMITS) -> Condition:
    """Read a condition.

    Args:
        text: what the author wrote.
        limits: the limits of the site by name (mmHg or beats a minute), which may stand in place of a number.

    Raises:
        ValueError: with a sentence for the author.
    """
    if re.search(r"\bor\b|\|\|", text):
        raise ValueError("Write two paragraphs or two choices instead of “or”: a condition knows only “and”.")
    if "(" in text or ")" in text:
        raise ValueError("Take the brackets out of the condition: parts are joined by “and” alone.")
    parts = re.split(r"\s+and\s+", text.strip())
    return Condition(tuple(_clause(part.strip(), limits) for part in parts))


def _clause(text: str, limits: Mapping[str, int]) -> Clause:
    if found := _COMPARED.match(text):
        sign = _PLAIN_SIGN.get(found[2], found[2])
        if _NAME.match(found[3]):
            return Clause(found[1], sign, _limit(found[3], limits), limit=found[3])
        return Clause(found[1], sign, _value(found[3], text))
    name, absent = (text[4:].strip(), True) if text.startswith("not ") else (text, False)
    if not _NAME.match(name):
        raise ValueError(f"Not a condition: “{text}”. Write a name, “not name”, or “name >= 3”, joined by “and”.")
    return Clause(name, "<" if absent else ">=", 1, fact=True)


def _limit(name: str, limits: Mapping[str, int]) -> int:
    if name not in limits:
        raise ValueError(f"There is no limit “{name}” in limits.yaml.{did_you_mean(name, limits)}")
    return limits[name]


def _value(text: str, whole: str) -> int:
    if clock := _CLOCK.match(text):
        return int(clock[1]) * 60 + int(clock[2])
    if not re.fullmatch(r"\d{1,4}", text):
        raise ValueError(f"Not a condition: “{whole}”. Compare with a whole number, or a time such as 1:30.")
    return int(text)
