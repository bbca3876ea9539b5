"""Small numbers, kept back so that nobody can be picked out, and so that they cannot be computed back.

A table of counts is a network: each cell is an edge between two totals, and at every total what comes in
equals what goes out. A cell that is kept back can be worked out from the others exactly when it lies on no
circle of cells that are kept back (Gusfield 1988, SIAM J Comput 17:552–571). So for each small cell a circle
is closed with the cheapest further cells; and so that several small cells do not add up to a small sum, more
are kept back until every sum that can be known holds five people.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

from trainer.analytics.intervals import Interval, wilson

FEWEST = 5
"""A number of people below this is kept back."""


@dataclass(frozen=True)
class Cell:
    """So many people between two totals; `name` tells cells between the same two apart."""

    tail: Hashable
    head: Hashable
    people: int
    name: Hashable = ""


def kept_back(cells: Iterable[Cell]) -> frozenset[Cell]:
    """Return the cells that must not be shown: the small ones, and those from which they could be computed.

    Whoever knows every total, every cell that is shown, and that what is kept back is not nought, still finds at
    least two numbers possible for each small cell, and can add up no set of cells kept back that holds fewer than
    five people. Where that cannot be had, nothing is shown. Cells of nobody are left out of the count.
    """
    present = [cell for cell in cells if cell.people > 0]
    table = _Table(present, {cell for cell in present if cell.people < FEWEST})
    for small in sorted(table.hidden, key=lambda one: (one.people, str(one))):
        if not (table.blur(small) and table.drown(small)):
            return frozenset(present)
    return frozenset(table.hidden)


@dataclass(frozen=True)
class _Way:
    """A step along a cell, with its direction or against it."""

    cell: Cell
    there: Hashable
    ahead: bool


class _Table:
    """All cells that hold somebody, and those that are kept back so far."""

    def __init__(self, cells: Iterable[Cell], hidden: set[Cell]) -> None:
        self.hidden = hidden
        self.ways: dict[Hashable, list[_Way]] = defaultdict(list)
        for cell in cells:
            self.ways[cell.tail].append(_Way(cell, cell.head, ahead=True))
            self.ways[cell.head].append(_Way(cell, cell.tail, ahead=False))

    def blur(self, small: Cell) -> bool:
        """Close a circle along which one person more, or one less, in this cell changes no total.

        Against its direction a cell loses one, and must not become nought.
        """

        def room(way: _Way) -> int:
            return 0 if way.cell is small else 1 if way.ahead else way.cell.people - 1

        circle = self._cheapest(small.head, small.tail, room)
        if circle is None and small.people > 1:
            circle = self._cheapest(small.tail, small.head, room)
        self.hidden |= {link.cell for link in circle or ()}
        return circle is not None

    def drown(self, small: Cell) -> bool:
        """Keep so many cells back beside this one that every sum of them that can be known is five or more.

        Such a sum is that of the cells that leave a set of totals which none that is kept back enters; it is five
        or more when five people can be led from the one side of this cell to the other along what is kept back,
        at most as many along each cell as it holds, and any number against it (min-cut, max-flow).
        """
        used: Counter[Cell] = Counter({small: small.people})

        def room(way: _Way) -> int:
            return way.cell.people - used[way.cell] if way.ahead else FEWEST

        led = small.people
        while led < FEWEST:
            path = self._cheapest(small.tail, small.head, room)
            if path is None:
                return False
            more = min(room(cell) for cell in path)
            used.update({cell.cell: more for cell in path if cell.ahead})
            self.hidden |= {cell.cell for cell in path}
            led += more
        return True

    def _cheapest(self, begin: Hashable, end: Hashable, room: Callable[[_Way], int]) -> tuple[_Way, ...] | None:
        """Return the path with room on it that takes the fewest further people out of the table; None without one."""
        order = count()
        waiting: list[tuple[int, int, Hashable, tuple[_Way, ...]]] = [(0, next(order), begin, ())]
        done: set[Hashable] = set()
        while waiting:
            cost, _, place, path = heappop(waiting)
            if place == end:
                return path
            if place in done:
                continue
            done.add(place)
            for way in self.ways[place]:
                if way.there not in done and room(way) > 0:
                    price = 0 if way.cell in self.hidden else way.cell.people
                    heappush(waiting, (cost + price, next(order), way.there, (*path, way)))
        return None


@dataclass(frozen=True)
class Share:
    """So many of a group, as far as it may be shown.

    Attributes:
        of: how many people the group has; below five nothing is shown.
        count: how many it concerns; None where fewer than five, or all but fewer than five, are concerned.
        few, nearly: it concerns fewer than five (nobody included); all but fewer than five (all included).
        interval: 95 % (Wilson); where the count is kept back, everything that it could be.
    """

    of: int
    count: int | None = None
    few: bool = False
    nearly: bool = False
    interval: Interval | None = None

    @property
    def shown(self) -> bool:
        """Whether anything can be said."""
        return self.interval is not None

    @property
    def value(self) -> float | None:
        """The share from 0 to 1, where the count is shown."""
        return None if self.count is None else self.count / self.of


def share(count: int, of: int) -> Share:
    """Return what may be shown of a share."""
    if of < FEWEST:
        return Share(of)
    least = min(FEWEST - 1, of)
    if count < FEWEST:
        return Share(of, few=True, interval=Interval(0.0, wilson(least, of).high))
    if of - count < FEWEST:
        return Share(of, nearly=True, interval=Interval(wilson(of - least, of).low, 1.0))
    return Share(of, count=count, interval=wilson(count, of))
