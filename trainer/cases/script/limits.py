"""The limits of a site: at which reading something must be done, and who answers for it.

They are one file of the content, `limits.yaml`, so that a site can set its own, and every case is proved again with
them. A clinician owns them by a signature under their hash; until then whatever uses them is pending review.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import Field, ValidationInfo, field_validator

from trainer.authoring.fitting import FitResult, fit, fit_file
from trainer.authoring.messages import Message
from trainer.authoring.shapes import AUTHOR, NAME, NAME_WISH, AnyText, Shape, SomeText, TextSignature, Whole, wish
from trainer.authoring.wording import should_be

PATH = "limits.yaml"


class Measured(StrEnum):
    """What a limit can be of."""

    SBP = "sbp"
    DBP = "dbp"
    HR = "hr"


RANGES: Mapping[str, tuple[int, int]] = {Measured.SBP: (80, 260), Measured.DBP: (40, 160), Measured.HR: (40, 220)}
"""Between which values a limit can stand: mmHg or beats a minute."""


class LimitEntry(Shape):
    """One limit of `limits.yaml`."""

    of: Measured = Field(description=f"one of {', '.join(Measured)}")
    at: Whole = Field(description="a whole number of mmHg or beats a minute, such as 160")
    means: SomeText = Field(description="what is to be done at this limit")
    source: AnyText = Field(default="", description="the key of a source, such as S58")

    @field_validator("at", mode="before")
    @classmethod
    def _within_its_range(cls, at: Any, info: ValidationInfo) -> Any:
        if info.context is AUTHOR and "of" in info.data:
            low, high = RANGES[info.data["of"]]
            if type(at) is not int or not low <= at <= high:
                raise wish(f"a whole number from {low} to {high}")
        return at


class LimitsFile(Shape):
    """The file `limits.yaml`."""

    owner: dict[str, Any] = Field(default={}, description="a signature with name, role, date and hash, or {}")
    limits: dict[str, Any] = Field(
        description="one limit on each line, such as `tell-sbp: {of: sbp, at: 160, means: …}`"
    )


@dataclass(frozen=True)
class Limit:
    """One limit.

    Attributes:
        of: sbp, dbp or hr.
        at: mmHg or beats a minute.
        means: what it asks for, in words.
        owner: the name and role of the clinician who signed it, or empty.
    """

    name: str
    of: str
    at: int
    means: str
    owner: str = ""


@dataclass(frozen=True)
class Limits:
    """All limits of a site by name, and the hash that their owner signs."""

    limits: Mapping[str, Limit] = field(default_factory=dict)
    hash: str = ""

    @property
    def values(self) -> Mapping[str, int]:
        """The value of each limit."""
        return {name: limit.at for name, limit in self.limits.items()}


NONE_SET = Limits()
"""A site that has set no limits."""


def read_limits(content: bytes | str) -> tuple[Limits, tuple[Message, ...]]:
    """Read `limits.yaml`; never raises. Limits that cannot be understood are left out, with a message."""
    fitted, _ = fit_file(LimitsFile, content, PATH)
    said = list(fitted.messages)
    if (file := fitted.head) is None:
        return NONE_SET, tuple(said)
    entries: dict[str, LimitEntry] = {}
    for name, given in file.limits.items():
        entry = fit(LimitEntry, given, path=PATH, lines=fitted.lines, under=("limits", name))
        said += entry.messages
        if not NAME.fullmatch(name):
            said.append(Message(PATH, fitted.line("limits", name), should_be(name, NAME_WISH)))
        elif entry.head is not None:
            entries[name] = entry.head
    signed = _hash({name: file.limits[name] for name in entries})
    owner, wrong = _owner(file.owner, signed, fitted)
    limits = {name: Limit(name, entry.of.value, entry.at, entry.means, owner) for name, entry in entries.items()}
    return Limits(limits, signed), (*said, *wrong)


def _owner(given: Mapping[str, Any], signed: str, file: FitResult[LimitsFile]) -> tuple[str, tuple[Message, ...]]:
    """Return who owns the limits, or nothing and why not; nobody at all is no mistake."""
    if not given:
        return "", ()
    fitted = fit(TextSignature, given, path=PATH, lines=file.lines, under=("owner",))
    if (signature := fitted.head) is None or signature.hash == signed:
        return (f"{signature.name}, {signature.role}" if signature else ""), fitted.messages
    text = f"The owner signed other limits than these. Have them signed again: hash: {signed}."
    return "", (*fitted.messages, Message(PATH, file.line("owner"), text))


def _hash(limits: Mapping[str, Any]) -> str:
    """Hash what the owner signs: the limits as they are written."""
    return hashlib.sha256(json.dumps(limits, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
