"""Where the ways through a case are drawn: geometry only, no drawing. Time runs from top to bottom."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from trainer.analytics.flow import Flow, Link
from trainer.analytics.traces import Trace

_WIDTH = 720
"""In user units, as all drawings of cases."""

TOP, ROW, BAR, EDGE, GAP = 44, 132, 14, 8, 24
SIGN = 12.5
"""How wide a letter of a label is at most."""


@dataclass(frozen=True)
class FlowNode:
    """A scene or an ending: a bar with a label that fits beside its neighbours."""

    name: str
    label: str
    title: str
    x: float
    y: float
    width: float


@dataclass(frozen=True)
class Ribbon:
    """A way, for one group; `path` is the value of an SVG path's `d`, `number` that of its row in the table.

    Where the number is kept back, `people` is None and the path is a line without width.
    """

    number: int
    group: str
    people: int | None
    tail: str
    head: str
    path: str


@dataclass(frozen=True)
class Sankey:
    """Everything a template needs to draw the ways."""

    width: int
    height: int
    nodes: tuple[FlowNode, ...]
    ribbons: tuple[Ribbon, ...]


def by_first_visit(flow: Flow, traces: Sequence[Trace]) -> tuple[Link, ...]:
    """Return the ways in the order in which people come to them."""
    place = _places(traces)
    return tuple(
        sorted(flow.links, key=lambda one: (place.get(one.tail, 0), place.get(one.head, len(place)), one.head))
    )


def sankey_of(links: Sequence[Link], visits: Mapping[str, int], titles: Mapping[str, str]) -> Sankey:
    """Place the scenes in rows, each below those it is reached from, and the ways between them.

    Args:
        links: in the order in which people come to them.
        visits: how many people came to a scene, where that may be shown.
        titles: what each scene and each ending is called.
    """
    rows = _rows(links)
    sizes = {name: _size(links, visits, name) for row in rows for name in row}
    most = max((sum(sizes[name] for name in row) for row in rows), default=1)
    crowd = max(map(len, rows), default=1)
    scale = (_WIDTH - 2 * EDGE - GAP * (crowd - 1)) / max(1, most)
    nodes = {node.name: node for number, row in enumerate(rows) for node in _row(row, number, sizes, titles, scale)}
    return Sankey(
        _WIDTH, TOP + ROW * len(rows) - ROW + BAR + EDGE, tuple(nodes.values()), _ribbons(links, nodes, scale)
    )


def _places(traces: Sequence[Trace]) -> dict[str, int]:
    """Return for each scene its place among all, by how many scenes people have seen before it."""
    seen: dict[str, list[int]] = defaultdict(list)
    for trace in traces:
        for place, scene in enumerate(trace.scenes):
            seen[scene].append(place)
    by_mean = sorted(seen, key=lambda scene: (fmean(seen[scene]), scene))
    return {scene: place for place, scene in enumerate(by_mean)}


def _rows(links: Sequence[Link]) -> list[list[str]]:
    """Put every scene one row below the last scene before it; a way back does not count."""
    names = list(dict.fromkeys(name for link in links for name in (link.tail, link.head)))
    order = {one.tail: place for place, one in reversed(list(enumerate(links)))}
    depth = dict.fromkeys(names, 0)
    for link in links:
        if order.get(link.head, len(links)) > order[link.tail]:
            depth[link.head] = max(depth[link.head], depth[link.tail] + 1)
    rows: dict[int, list[str]] = defaultdict(list)
    for name in names:
        rows[depth[name]].append(name)
    return [rows[number] for number in sorted(rows)]


def _size(links: Sequence[Link], visits: Mapping[str, int], name: str) -> int:
    into = sum(link.whole for link in links if link.head == name)
    out = sum(link.whole for link in links if link.tail == name)
    return max(into, out, visits.get(name, 0))


def _row(
    names: Sequence[str], number: int, sizes: Mapping[str, int], titles: Mapping[str, str], scale: float
) -> list[FlowNode]:
    slot = (_WIDTH - 2 * EDGE - GAP * (len(names) - 1)) / len(names)
    widths = {name: max(6.0, round(sizes[name] * scale, 1)) for name in names}
    free = _WIDTH - 2 * EDGE - GAP * (len(names) - 1) - sum(widths.values())
    nodes, x = [], float(EDGE)
    for name in names:
        room = widths[name] + max(0.0, free) / len(names)
        title = titles.get(name, name)
        fits = int(min(room + GAP, slot + free) / SIGN) if len(names) > 1 else int(slot / SIGN)
        label = title if len(title) <= fits else title[: max(1, fits - 1)].rstrip() + "…"
        nodes.append(FlowNode(name, label, title, round(x, 1), float(TOP + ROW * number), widths[name]))
        x += room + GAP
    return nodes


def _ribbons(links: Sequence[Link], nodes: Mapping[str, FlowNode], scale: float) -> tuple[Ribbon, ...]:
    """Lay the ways side by side where they leave a scene and where they come to one."""
    left = {name: node.x for name, node in nodes.items()}
    come = dict(left)
    found = []
    for number, one in enumerate(links):
        for group, people in one.people.items():
            width = round((people or 0) * scale, 1)
            path = _path(left[one.tail], nodes[one.tail].y + BAR, come[one.head], nodes[one.head].y, width)
            found.append(Ribbon(number, group, people, one.tail, one.head, path))
            left[one.tail] += width
            come[one.head] += width
    return tuple(found)


def _path(x: float, y: float, to_x: float, to_y: float, width: float) -> str:
    middle = (y + to_y) / 2
    if not width:
        return f"M{x + 3:g},{y:g} C{x + 3:g},{middle:g} {to_x + 3:g},{middle:g} {to_x + 3:g},{to_y:g}"
    there = f"M{x:g},{y:g} C{x:g},{middle:g} {to_x:g},{middle:g} {to_x:g},{to_y:g}"
    back = f"L{to_x + width:g},{to_y:g} C{to_x + width:g},{middle:g} {x + width:g},{middle:g} {x + width:g},{y:g} Z"
    return f"{there} {back}"
