"""The fine figure of a paper: ellipses turned around a ring, drawn from the certificate's number.

No two certificates have quite the same figure, and the same certificate always has the same one.
"""

import hashlib
from dataclasses import dataclass
from math import cos, radians, sin, tau

_ARC = 0.5522847498
"""How far a curve's handles stand, for a quarter of a circle of radius 1."""


@dataclass(frozen=True)
class Figure:
    """The figure of one number; its unit is a millimetre of the paper."""

    number: str
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
        return f"{scale:.6f} 0 0 {scale:.6f} 0 0 cm\n0.247 0.478 0.455 RG\n0.1 w\n{''.join(curves)}".encode()


def _ellipse(long: float, short: float) -> str:
    a, b = long * _ARC, short * _ARC
    return (
        f"{long:.3f} 0 m\n"
        f"{long:.3f} {b:.3f} {a:.3f} {short:.3f} 0 {short:.3f} c\n"
        f"{-a:.3f} {short:.3f} {-long:.3f} {b:.3f} {-long:.3f} 0 c\n"
        f"{-long:.3f} {-b:.3f} {-a:.3f} {-short:.3f} 0 {-short:.3f} c\n"
        f"{a:.3f} {-short:.3f} {long:.3f} {-b:.3f} {long:.3f} 0 c\nh\n"
    )
