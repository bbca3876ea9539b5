"""The fine drawings of a paper: ellipses turned around a ring, from the certificate's number; and its seal.

No two certificates have quite the same figure, and the same certificate always has the same one.
"""

import hashlib
from dataclasses import dataclass
from math import cos, radians, sin, tau

from trainer.certificates.facts.seal import RADIUS, Ring, seal_of

_ARC = 0.5522847498
"""How far a curve's handles stand, for a quarter of a circle of radius 1."""


@dataclass(frozen=True)
class Figure:
    """The figure of one number; its unit is a millimetre of the paper."""

    number: str
    accent: str
    size: float = 160.0

    def operators(self, scale: float) -> bytes:
        """Return the operators that draw it (ISO 32000-1 §8.5)."""
        seed = [byte / 255 for byte in hashlib.sha256(self.number.encode()).digest()]
        count = 52 + 4 * round(4 * seed[0])
        ring = 20.0 + 10.0 * seed[1]
        long = 76.0 - ring
        short = long * (0.62 + 0.3 * seed[2])
        lean = radians(90.0 * seed[3])
        ellipse = _ellipse(long, short)
        curves = []
        for step in range(count):
            angle = tau * step / count
            x, y = self.size / 2 + ring * cos(angle), self.size / 2 + ring * sin(angle)
            c, s = cos(angle + lean), sin(angle + lean)
            curves.append(f"q {c:.5f} {s:.5f} {-s:.5f} {c:.5f} {x:.3f} {y:.3f} cm\n{ellipse}S\nQ\n")
        return f"{scale:.6f} 0 0 {scale:.6f} 0 0 cm\n{_ink(self.accent, 0.85)} RG\n0.1 w\n{''.join(curves)}".encode()


@dataclass(frozen=True)
class Seal:
    """The seal of one certificate; its unit is a thousandth of its radius."""

    release: str
    number: str
    accent: str
    size: float = 2.0 * RADIUS + 40

    def operators(self, scale: float) -> bytes:
        """Return the operators that draw it (ISO 32000-1 §8.5)."""
        rings = "".join(_turned(ring) for ring in seal_of(self.release, self.number))
        middle = self.size / 2
        place = f"{scale:.6f} 0 0 {scale:.6f} {middle * scale:.3f} {middle * scale:.3f} cm"
        return f"{place}\n{_ink(self.accent, 1)} RG\n5 w\n{rings}".encode()


def _turned(ring: Ring) -> str:
    line = "".join(
        _third(start, handle) + _third(end, handle) + f"{end[0]} {end[1]} c\n" for start, handle, end in ring.arcs
    )
    start = ring.arcs[0][0]
    drawn = []
    for angle in ring.angles:
        c, s = cos(radians(angle)), sin(radians(angle))
        drawn.append(f"q {c:.5f} {s:.5f} {-s:.5f} {c:.5f} 0 0 cm\n{start[0]} {start[1]} m\n{line}h S\nQ\n")
    return "".join(drawn)


def _third(end: tuple[int, int], handle: tuple[int, int]) -> str:
    """Return the handle of a cubic curve that runs as the quadratic one does."""
    return " ".join(f"{one + 2 * (other - one) / 3:.1f}" for one, other in zip(end, handle, strict=True)) + " "


def _ink(colour: str, share: float) -> str:
    """Return so much of a colour on white paper, for each of the three inks of a screen from 0 to 1."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return " ".join(f"{1 - share * (1 - channel):.3f}" for channel in channels)


def _ellipse(long: float, short: float) -> str:
    a, b = long * _ARC, short * _ARC
    return (
        f"{long:.3f} 0 m\n"
        f"{long:.3f} {b:.3f} {a:.3f} {short:.3f} 0 {short:.3f} c\n"
        f"{-a:.3f} {short:.3f} {-long:.3f} {b:.3f} {-long:.3f} 0 c\n"
        f"{-long:.3f} {-b:.3f} {-a:.3f} {-short:.3f} 0 {-short:.3f} c\n"
        f"{a:.3f} {-short:.3f} {long:.3f} {-b:.3f} {long:.3f} 0 c\nh\n"
    )
