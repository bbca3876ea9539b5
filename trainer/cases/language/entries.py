"""The small values of a case: a time, a score, a change, a target, an expert, a panel."""

import re
from collections.abc import Callable, Iterable

from trainer.cases.script.conditions import Condition
from trainer.cases.script.values import Expert, Paragraph, Target, Way

ReadCondition = Callable[[str], Condition]
"""Reads a condition, with the limits of the site; raises ValueError."""

_TIME = re.compile(r"^(?:(\d{1,2}):([0-5]\d)|(\d{1,3}) ?(?:min|minutes?|m)|(\d{1,2}) ?(?:h|hours?))$")
_CHANGE = re.compile(r"^([a-z][a-z0-9-]*)\s*([+\-−–])\s*(\d{1,2})$")
_NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_IF = re.compile(r"^\[\s*if\s+([^\]]*)\]\s*(.*)$", re.DOTALL)


def minutes(text: str) -> int:
    """Read `1:30`, `45 min` or `2 h` as minutes; raises ValueError."""
    found = _TIME.match(text.strip())
    if not found:
        raise ValueError(f"Not a time: “{text.strip()}” (write 1:30, 45 min or 2 h).")
    hours, rest, short, long = found.groups()
    return int(hours) * 60 + int(rest) if hours else int(short) if short else int(long) * 60


def seconds(text: str) -> int:
    """Read `90 s` or `2 min` as seconds; raises ValueError."""
    if found := re.fullmatch(r"(\d{1,4}) ?(?:s|sec|seconds?)", text.strip()):
        return int(found[1])
    return minutes(text) * 60


def signed(text: str) -> tuple[str, int]:
    """Read `trust -2`; raises ValueError."""
    found = _CHANGE.match(text.strip())
    if not found:
        raise ValueError(f"Write a name and a signed number, like “safety +2”, instead of “{text.strip()}”.")
    return found[1], int(found[3]) * (1 if found[2] == "+" else -1)


def scores(text: str) -> tuple[tuple[str, int], ...]:
    """Read `safety +2, ethics -1`, or `none`; raises ValueError."""
    return () if text.strip() == "none" else tuple(signed(change) for change in listed(text))


def changes(text: str) -> tuple[list[tuple[str, int]], list[str], list[str]]:
    """Read `trust -2, told, not calm` as shifts, facts set and facts cleared; raises ValueError."""
    shifts: list[tuple[str, int]] = []
    sets: list[str] = []
    clears: list[str] = []
    for change in listed(text):
        if re.fullmatch(_NAME, change):
            sets.append(change)
        elif found := re.fullmatch(rf"not ({_NAME})", change):
            clears.append(found[1])
        else:
            shifts.append(signed(change))
    return shifts, sets, clears


def target(text: str, line: int) -> Target:
    """Read `#scene`, `back` or `end name`; raises ValueError."""
    text = text.strip()
    if text == "back":
        return Target(Way.BACK, "", line)
    if found := re.fullmatch(rf"end ({_NAME})", text):
        return Target(Way.END, found[1], line)
    if found := re.fullmatch(rf"#({_NAME})", text):
        return Target(Way.SCENE, found[1], line)
    raise ValueError(f"Not a place to go: “{text}” (write #scene, back, or end name).")


def expert(text: str, condition: ReadCondition) -> Expert | None:
    """Read `yes`, `no`, `last` or `if …`; raises ValueError."""
    text = text.strip()
    if text.startswith("if "):
        return Expert(condition(text[3:]))
    if text not in ("yes", "no", "last"):
        raise ValueError(f"Write “yes”, “last” or “if …” for the expert, not “{text}”.")
    return None if text == "no" else Expert(last=text == "last")


def read_supplement(text: str) -> bool:
    """Read `supplement`, the half dose of a profile; raises ValueError."""
    if text.strip() != "supplement":
        raise ValueError(
            f"Only a “supplement” can be given here, not “{text.strip()}”: tell of other medicines in words."
        )
    return True


def panel(text: str) -> tuple[int, int]:
    """Read `15 of 17`; raises ValueError."""
    found = re.fullmatch(r"(\d{1,3}) of (\d{1,3})", text.strip())
    if not found or int(found[1]) > int(found[2]):
        raise ValueError("Write how many of how many experts, like “15 of 17”.")
    return int(found[1]), int(found[2])


def yes(text: str) -> bool:
    """Read `yes` or `no`; raises ValueError."""
    if text.strip() not in ("yes", "no"):
        raise ValueError(f"Write “yes” or “no”, not “{text.strip()}”.")
    return text.strip() == "yes"


def limit(text: str) -> tuple[int, str]:
    """Read `90 s else #frozen`; raises ValueError."""
    found = re.fullmatch(rf"(.+?)\s+else\s+#({_NAME})", text.strip())
    if not found:
        raise ValueError("Write a time and what follows without an answer, like “90 s else #frozen”.")
    return seconds(found[1]), found[2]


def listed(text: str) -> list[str]:
    """Split at the commas; empty parts are left out."""
    return [part.strip() for part in text.split(",") if part.strip()]


def paragraph(text: str, line: int, condition: ReadCondition) -> Paragraph:
    """Read a paragraph, with or without its `[if …]`; raises ValueError."""
    found = _IF.match(text)
    if not found:
        if text.startswith("[if"):
            raise ValueError("Close the bracket of the condition: “[if trust >= 6] …”.")
        return Paragraph(text, line)
    if not found[2].strip():
        raise ValueError("Write the text of the paragraph after its condition, on the same line.")
    return Paragraph(found[2].strip(), line, condition(found[1]))


def blocks(rows: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Join lines into paragraphs; an empty line ends one, and `[if` begins another."""
    joined: list[tuple[list[str], int]] = []
    fresh = True
    for row, line in rows:
        if not row.strip():
            fresh = True
            continue
        if fresh or row.startswith("[if"):
            joined.append(([], line))
        joined[-1][0].append(row)
        fresh = False
    return [("\n".join(lines), line) for lines, line in joined]
