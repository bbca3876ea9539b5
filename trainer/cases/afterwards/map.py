"""A case drawn as a way from scene to scene: geometry only, no drawing.

One row for each scene, by chapter and then by how soon it can be reached; scenes that can be reached
equally soon stand in lanes beside each other. A scene that was not visited is left out, unless the
whole case may be seen; where the expert goes through such scenes, one blank stop stands for all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from trainer.cases.play.engine import Play
from trainer.cases.script.graph import scenes_after
from trainer.cases.script.values import Case

MAP_WIDTH = 360
"""The view box, in user units: about one pixel each on a phone."""

ROW, HEADING, LEFT, GAP, LETTER = 44, 34, 66, 26, 6.9
"""Heights of a row and of a chapter's name, the first lane, the distance of the titles, a letter's width."""

LANE, LANES = 34, 110
"""How far lanes stand apart at most, and how much room there is for all of them."""

BLANK = "?"

Place = tuple[int, int, int]
"""The chapter, how soon a scene can be reached in it, and its position in the file."""


@dataclass(frozen=True)
class SceneNode:
    """One scene; a blank one has no title and no number.

    Attributes:
        number: the how-manieth scene of the player's own way it is, from 1; 0 when it was not visited.
        step: the first step (from 0) taken in it, or None.
        short: the title, cut to the room there is.
    """

    scene: str
    title: str
    short: str
    number: int
    step: int | None
    expert: bool
    x: float
    y: float


@dataclass(frozen=True)
class Edge:
    """A way from one scene to the next; `path` is the value of an SVG path's `d`."""

    path: str
    expert: bool


@dataclass(frozen=True)
class ChapterHeading:
    """The name of a chapter, and where it stands."""

    name: str
    y: float


@dataclass(frozen=True)
class CaseMap:
    """Everything a template needs to draw the map.

    Attributes:
        titles: where the titles begin, in user units.
        shared: how many of the visited scenes the expert visits too.
        away: how often the expert goes where the player has not been.
    """

    width: int
    height: float
    titles: float
    headings: tuple[ChapterHeading, ...]
    nodes: tuple[SceneNode, ...]
    edges: tuple[Edge, ...]
    shared: int
    away: int

    @property
    def visited(self) -> int:
        """Return how many scenes the player came to."""
        return sum(node.number > 0 for node in self.nodes)


def scene_places(case: Case) -> Mapping[str, Place]:
    """Return where each scene stands: its chapter, how many choices it is away from the chapter's beginning, its line.

    What only an event or the end of another chapter can bring stands at the chapter's end.
    """
    soon: dict[str, int] = {}
    for position, chapter in enumerate(case.chapters):
        inside = {scene.id for scene in chapter.scenes}
        doors = {
            name for scene in case.scenes.values() if scene.chapter != position for name in scenes_after(case, scene)
        }
        ahead = [scene.id for scene in chapter.scenes if scene.id == case.head.start or scene.id in doors]
        depth = 0
        while ahead:
            soon |= dict.fromkeys(ahead, depth)
            after = {later for name in ahead for later in scenes_after(case, case.scenes[name], timed=False)}
            ahead, depth = sorted((after & inside) - soon.keys()), depth + 1
        soon |= dict.fromkeys(inside - soon.keys(), depth)
    return {scene.id: (scene.chapter, soon[scene.id], n) for n, scene in enumerate(case.scenes.values())}


def map_of(case: Case, play: Play, expert: Play, *, whole: bool) -> CaseMap:
    """Draw the way of a play and the expert's way.

    Args:
        whole: also draw and name what neither visited; otherwise nothing of an unvisited scene is in the map.
    """
    own = stops(play)
    places_of = dict(scene_places(case))
    others, hidden = _veiled(stops(expert), frozenset(case.scenes if whole else own))
    places_of |= {blank: places_of[scene] for blank, scene in hidden.items()}
    shown = sorted({*own, *others, *(case.scenes if whole else ())}, key=lambda name: (places_of[name], name))
    lanes = _lanes(shown, places_of, own)
    most = max(lanes.values())
    apart = min(LANE, LANES / most) if most else 0
    titles = LEFT + apart * most + GAP
    spots, headings, height = _rows(case, shown, places_of, {name: LEFT + apart * lane for name, lane in lanes.items()})
    nodes = tuple(_node(case, play, name, own, others, spots, titles) for name in shown)
    ways = [(own, False), (others, True)]
    return CaseMap(
        width=MAP_WIDTH,
        height=height,
        titles=titles,
        headings=headings,
        nodes=nodes,
        edges=tuple(edge for way, by_expert in ways for edge in _edges(way, spots, expert=by_expert)),
        shared=len(set(own) & set(others)),
        away=sum(one not in own and before in own for before, one in pairwise(others)),
    )


def stops(play: Play) -> tuple[str, ...]:
    """Return the scenes of a play in their order; staying in one is one stop."""
    scenes = [*(step.scene for step in play.steps), play.state.scene]
    return tuple(name for n, name in enumerate(scenes) if n == 0 or scenes[n - 1] != name)


def _veiled(way: Sequence[str], seen: frozenset[str]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Put one blank stop for every stretch of scenes that are not to be seen, and say where each begins."""
    veiled: list[str] = []
    hidden: dict[str, str] = {}
    for name in way:
        if name in seen:
            veiled.append(name)
        elif not veiled or not veiled[-1].startswith(BLANK):
            veiled.append(f"{BLANK}{len(hidden)}")
            hidden[veiled[-1]] = name
    return tuple(veiled), hidden


def _lanes(shown: Sequence[str], places_of: Mapping[str, Place], own: Sequence[str]) -> dict[str, int]:
    """Give every scene its lane among those equally near; the player's own way comes first."""
    used: dict[tuple[int, int], int] = {}
    lanes: dict[str, int] = {}
    for name in sorted(shown, key=lambda name: (name not in own, places_of[name])):
        layer = places_of[name][:2]
        lanes[name] = used.get(layer, 0)
        used[layer] = lanes[name] + 1
    return lanes


def _rows(
    case: Case, shown: Sequence[str], places_of: Mapping[str, Place], across: Mapping[str, float]
) -> tuple[dict[str, tuple[float, float]], tuple[ChapterHeading, ...], float]:
    spots: dict[str, tuple[float, float]] = {}
    headings: list[ChapterHeading] = []
    chapter, y = -1, 0.0
    for name in shown:
        if name in case.scenes and places_of[name][0] != chapter:
            chapter = places_of[name][0]
            headings.append(ChapterHeading(case.chapters[chapter].name, y + 22))
            y += HEADING
        spots[name] = across[name], y + ROW / 2
        y += ROW
    return spots, tuple(headings), y


def _node(
    case: Case,
    play: Play,
    name: str,
    own: Sequence[str],
    others: Sequence[str],
    spots: Mapping[str, tuple[float, float]],
    titles: float,
) -> SceneNode:
    title = case.scenes[name].title if name in case.scenes else ""
    room = int((MAP_WIDTH - titles) / LETTER)
    numbers = list(dict.fromkeys(own))
    return SceneNode(
        scene=name if title else "",
        title=title,
        short=title if len(title) <= room else f"{title[: room - 1].rstrip()}…",
        number=numbers.index(name) + 1 if name in numbers else 0,
        step=next((n for n, step in enumerate(play.steps) if step.scene == name), None),
        expert=name in others,
        x=spots[name][0],
        y=spots[name][1],
    )


def _edges(way: Sequence[str], spots: Mapping[str, tuple[float, float]], *, expert: bool) -> list[Edge]:
    rows = {name: n for n, name in enumerate(spots)}
    pairs = dict.fromkeys(pairwise(way))
    return [Edge(_path(spots[a], spots[b], rows[b] - rows[a], expert=expert), expert) for a, b in pairs]


def _path(start: tuple[float, float], end: tuple[float, float], rows: int, *, expert: bool) -> str:
    """Go straight to the next row; pass other rows on the left, the expert a little apart from the player."""
    aside = 5 if expert else -5
    (x1, y1), (x2, y2) = start, end
    if rows == 1:
        return f"M{x1 + aside:g} {y1:g}L{x2 + aside:g} {y2:g}"
    bend = max(20 if expert else 2, min(x1, x2) - 33 - 7 * abs(rows) + 2 * aside)
    return f"M{x1 + aside:g} {y1:g}C{bend:g} {y1 + 10:g} {bend:g} {y2 - 10:g} {x2 + aside:g} {y2:g}"
