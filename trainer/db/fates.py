"""What becomes of the rows of a table when a person is erased. Every model says it of its own table.

Article 17 of the GDPR is the measure. What stays is what other people's records rest on, and what proves that we
issued a certificate, without leading to its holder. This is engineering judgement, not legal advice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Made = Callable[[Any], Any]
"""Makes a value out of the row in which it will stand."""


@dataclass(frozen=True)
class Deleted:
    """The rows that lead to the person go.

    Attributes:
        by: the column that leads to them: it names the person, or a row that itself leads to them.
    """

    by: str


@dataclass(frozen=True)
class Blanked:
    """The rows that lead to the person stay, and nothing in them leads there any more.

    Attributes:
        by: as above.
        to: what stands in which column afterwards.
        unless: a row that has this value in this column stays as it is.
        why: what the rest of the row is needed for.
    """

    by: str
    to: Mapping[str, Any | Made]
    why: str
    unless: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Kept:
    """The rows stay: they do not lead to the person, or they are about somebody else."""

    why: str


@dataclass(frozen=True)
class AboutNobody:
    """No row is about a person."""


Fate = Deleted | Blanked | Kept | AboutNobody
