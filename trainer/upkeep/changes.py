"""What changed in the law between two versions of the content, and what rests on it."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from trainer.authoring.release import Files, release_of
from trainer.curriculum.course import read_course
from trainer.law.values import Law, LawCell, LawEvent
from trainer.upkeep.resting import EVENTS, Resting, resting_in, rests_on


@dataclass(frozen=True)
class LawChange:
    """One answer, or the events, that differ.

    Attributes:
        what: the id of an answer, or `events`.
        words: what changed, in a line.
        resting: what rests on it in the newer version; in the older one where it was taken out.
    """

    what: str
    words: str
    resting: tuple[Resting, ...]


def law_changes(old: Files, new: Files) -> tuple[LawChange, ...]:
    """Return the answers that were added, taken out or changed, in the order of the newer file.

    The events of the law stand last, as one.
    """
    before, after = (read_course(release_of(files))[0].law for files in (old, new))
    here, there = resting_in(new, after), resting_in(old, before)
    found = []
    for name in [*after.cells, *(name for name in before.cells if name not in after.cells)]:
        was, now = before.cells.get(name), after.cells.get(name)
        if words := _words(was, now):
            found.append(LawChange(name, words, rests_on(name, here if now else there)))
    if words := "; ".join(_events(before, after)):
        found.append(LawChange(EVENTS, words, rests_on(EVENTS, here)))
    return tuple(found)


def _words(was: LawCell | None, now: LawCell | None) -> str:
    if was is None:
        return "added"
    if now is None:
        return "taken out"
    names = [field.name for field in fields(LawCell) if field.name != "line"]
    changed = [name for name in names if getattr(was, name) != getattr(now, name)]
    return ", ".join(_from_to(name, getattr(was, name), getattr(now, name)) for name in changed)


def _from_to(name: str, was: object, now: object) -> str:
    if name in ("text", "brief"):
        return f"{name} changed"
    return f"{name} {_shown(was)} to {_shown(now)}"


def _shown(value: object) -> str:
    if value is None:
        return "none"
    return f"[{', '.join(map(str, value))}]" if isinstance(value, tuple) else str(value)


def _events(before: Law, after: Law) -> Iterator[str]:
    was, now = ({_key(event): event for event in law.events} for law in (before, after))
    for key in sorted({*was, *now}):
        if key not in was:
            yield f"{key[0]} {key[1]} added"
        elif key not in now:
            yield f"{key[0]} {key[1]} taken out"
        elif (was[key].sources, was[key].certainty) != (now[key].sources, now[key].certainty):
            yield f"{key[0]} {key[1]} changed"


def _key(event: LawEvent) -> tuple[str, str, str]:
    return event.date, event.place, event.text
