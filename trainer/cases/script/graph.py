"""Which scene can follow which, whatever the facts."""

from collections.abc import Iterable, Mapping

from trainer.cases.script.values import Case, Scene, Way


def scenes_after(case: Case, scene: Scene, *, timed: bool = True) -> frozenset[str]:
    """Return the scenes that may directly follow this one; events are left out.

    Args:
        timed: also count the scene that follows when the chapter's time is up.
    """
    ways = {choice.next.name for choice in scene.choices if choice.next and choice.next.way is Way.SCENE}
    over = {case.chapters[scene.chapter].then} if timed else set()
    return frozenset((ways | {scene.otherwise} | over) - {""})


def reached(case: Case, starts: Iterable[str], *, timed: bool = True) -> frozenset[str]:
    """Return the scenes that can follow from any of these, themselves included."""
    seen: set[str] = set()
    ahead = [name for name in starts if name in case.scenes]
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead += [onward for onward in scenes_after(case, case.scenes[name], timed=timed) if onward in case.scenes]
    return frozenset(seen)


def after(case: Case) -> Mapping[str, frozenset[str]]:
    """Return for each scene all that can still come, itself included; an event can break in throughout its chapter."""
    direct = {name: set(scenes_after(case, scene)) for name, scene in case.scenes.items()}
    for chapter in case.chapters:
        events = {scene.id for scene in chapter.scenes if scene.event}
        for scene in chapter.scenes:
            direct[scene.id] |= events
            # What `back` returns to was about to follow some scene of the chapter.
            if events:
                direct[scene.id] |= {other.id for other in chapter.scenes}
    return {name: _closure(name, direct) for name in direct}


def _closure(start: str, direct: Mapping[str, set[str]]) -> frozenset[str]:
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead += direct.get(name, ())
    return frozenset(seen)
