"""The limits of a site: at which reading something must be done, and who answers for it.

They are one file of the content, `limits.yaml`, so that a site can set its own, and every case is proved again with
them. A clinician owns them by a signature under their hash; until then whatever uses them is pending review.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from trainer.authoring.frontmatter import Document, line_of, load
from trainer.authoring.messages import Message
from trainer.authoring.suggestions import did_you_mean

PATH = "limits.yaml"
SIGNATURE = ("name", "role", "date", "hash")
"""What an owner's signature says; the hash is that of the limits (64 hex digits)."""

RANGES: Mapping[str, tuple[int, int]] = {"sbp": (80, 260), "dbp": (40, 160), "hr": (40, 220)}
"""Between which values a limit can stand: mmHg or beats a minute."""

_KEYS = ("of", "at", "means", "source")
_NAME = re.compile(r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$")


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
        return {name: one.at for name, one in self.limits.items()}


NONE_SET = Limits()
"""A site that has set no limits."""


def read_limits(text: str) -> tuple[Limits, tuple[Message, ...]]:
    """Read `limits.yaml`; never raises. Limits that are wrong are left out, with a message."""
    document = load(PATH, text)
    value = document.value if isinstance(document.value, dict) else {}
    said = [*document.messages, *(Message(PATH, line, words) for line, words in _wrong(document, value))]
    given = value.get("limits")
    good = {name: one for name, one in given.items() if not _faults(name, one)} if isinstance(given, dict) else {}
    signed = hashlib.sha256(json.dumps(good, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    owner, unsigned = _owner(value.get("owner"), signed)
    said += [Message(PATH, line_of(document.lines, "owner"), words) for words in unsigned]
    return (
        Limits({name: Limit(name, one["of"], one["at"], one["means"], owner) for name, one in good.items()}, signed),
        tuple(said),
    )


def _wrong(document: Document, value: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    for key in value:
        if key not in ("owner", "limits"):
            yield line_of(document.lines, key), f"“{key}” is not a key here.{did_you_mean(key, ('owner', 'limits'))}"
    given = value.get("limits")
    if not isinstance(given, dict):
        yield 1, "Write below “limits:” one limit on each line, like `tell-sbp: {of: sbp, at: 160, means: …}`."
        return
    for name, one in given.items():
        for fault in _faults(name, one):
            yield line_of(document.lines, "limits", name), fault


def _faults(name: str, one: Any) -> list[str]:
    if not _NAME.match(name):
        return [f"Write the name “{name}” in lower-case letters, digits and hyphens."]
    if not isinstance(one, dict):
        return [f"Write the limit like `{name}: {{of: sbp, at: 160, means: …}}`."]
    faults = [f"A limit has no key “{key}”.{did_you_mean(key, _KEYS)}" for key in one if key not in _KEYS]
    if one.get("of") not in RANGES:
        return [*faults, f"“of” is one of {', '.join(RANGES)}."]
    low, high = RANGES[one["of"]]
    if type(one.get("at")) is not int or not low <= one["at"] <= high:
        faults.append(f"Write “at” as a whole number from {low} to {high}.")
    if not isinstance(one.get("means"), str) or not one["means"].strip():
        faults.append("Say under “means” what is to be done at this limit.")
    return faults


def _owner(given: Any, signed: str) -> tuple[str, list[str]]:
    """Return who owns the limits, or nothing and why not; nobody at all is no mistake."""
    if not given:
        return "", []
    missing = [key for key in SIGNATURE if not isinstance(given, dict) or not str(given.get(key) or "").strip()]
    if missing:
        return "", [f"Add {', '.join(missing)} to the signature of the owner, or write `owner: {{}}`."]
    if given["hash"] != signed:
        return "", [f"The owner signed other limits than these. Have them signed again: hash: {signed}."]
    return f"{given['name']}, {given['role']}", []
