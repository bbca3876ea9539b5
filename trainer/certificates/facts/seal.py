"""The seal of a certificate: three rings of fine lines, drawn from its number and its content release.

It is there to be recognised, on the paper and at the counter; it proves nothing, since anybody can draw it. The same
certificate always has the same one: what it looks like is taken from the SHA-256 of release and number.
"""

import hashlib
from dataclasses import dataclass
from math import cos, sin, tau

RADIUS = 1000
"""No point of a seal stands farther from its middle, in its own units."""
TURNS = 7
"""How often the line of a ring is drawn, turned a little further each time."""
_RINGS = ((770, 225), (475, 185), (250, 110))
"""From the outer to the inner ring: how far its line keeps from the middle, and how far it may swing from there."""
_FEWEST_LOBES, _MORE_LOBES = 3, 9
_POINTS = 16
"""Points for each lobe."""

Spot = tuple[int, int]


@dataclass(frozen=True)
class Ring:
    """One line around the middle, as a smooth closed curve between points.

    Attributes:
        corners: even numbers; the curve touches the middle of the way from each to the next, and bends at it.
        lobes: how often it swings out and in.
    """

    corners: tuple[Spot, ...]
    lobes: int

    @property
    def angles(self) -> tuple[float, ...]:
        """Return by how many degrees the line is turned each time."""
        return tuple(round(360 * turn / (TURNS * self.lobes), 3) for turn in range(TURNS))

    @property
    def arcs(self) -> tuple[tuple[Spot, Spot, Spot], ...]:
        """Return the curve as quadratic arcs: where each begins, its handle, and where it ends."""
        ends = [_between(one, other) for one, other in zip(self.corners, self._turned(), strict=True)]
        return tuple(zip(ends[-1:] + ends[:-1], self.corners, ends, strict=True))

    @property
    def path(self) -> str:
        """Return the curve as path data (SVG 2, §9.3); each handle follows from the one before it."""
        (start, handle, end), *others = self.arcs
        first = f"M{start[0]} {start[1]}Q{handle[0]} {handle[1]} {end[0]} {end[1]}"
        return first + "".join(f"T{x} {y}" for _start, _handle, (x, y) in others) + "z"

    def _turned(self) -> tuple[Spot, ...]:
        return self.corners[1:] + self.corners[:1]


def seal_of(release: str, number: str) -> tuple[Ring, ...]:
    """Return the rings of the seal of a certificate, the outer one first.

    Args:
        release: the hash of its content release.
        number: as printed.
    """
    digest = hashlib.sha256(f"{release} {number}".encode()).digest()
    return tuple(_ring(middle, swing, digest[at * 8 : at * 8 + 8]) for at, (middle, swing) in enumerate(_RINGS))


def _ring(middle: int, swing: int, drawn: bytes) -> Ring:
    lobes = _FEWEST_LOBES + drawn[0] % _MORE_LOBES
    depth, second, phase, lean, start = (byte / 255 for byte in drawn[1:6])
    count = lobes * _POINTS
    corners = []
    for point in range(count):
        angle = tau * point / count
        wave = (1 - 0.6 * second) * cos(lobes * angle) + 0.6 * second * cos(2 * lobes * angle + tau * phase)
        far = middle + swing * (0.4 + 0.6 * depth) * wave
        turned = angle + tau * start / lobes + 1.1 * (lean - 0.5) * wave / lobes
        corners.append((_even(far * cos(turned)), _even(far * sin(turned))))
    return Ring(corners=tuple(corners), lobes=lobes)


def _even(value: float) -> int:
    """Return the next even number, so that the middle between two of them is whole."""
    return 2 * round(value / 2)


def _between(one: Spot, other: Spot) -> Spot:
    return (one[0] + other[0]) // 2, (one[1] + other[1]) // 2
