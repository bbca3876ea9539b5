"""The fine figure of a paper: ellipses turned around a ring, drawn from the certificate's number.

No two certificates have quite the same figure, and the same certificate always has the same one.
"""

import hashlib
from math import cos, sin, tau

SIZE = 160.0
"""Width and height, in millimetres on the paper."""


def figure(number: str) -> str:
    """Return the figure as SVG."""
    seed = [byte / 255 for byte in hashlib.sha256(number.encode()).digest()]
    count = 52 + 4 * round(4 * seed[0])
    ring = 20.0 + 10.0 * seed[1]
    long = 76.0 - ring
    short = long * (0.62 + 0.3 * seed[2])
    lean = 90.0 * seed[3]
    curves = []
    for step in range(count):
        angle = step / count
        x, y = SIZE / 2 + ring * cos(tau * angle), SIZE / 2 + ring * sin(tau * angle)
        turn = 360 * angle + lean
        curves.append(
            f'<ellipse cx="{x:.2f}" cy="{y:.2f}" rx="{long:.2f}" ry="{short:.2f}" '
            f'transform="rotate({turn:.2f} {x:.2f} {y:.2f})"/>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE:g} {SIZE:g}">'
        f'<g fill="none" stroke="#3f7a74" stroke-width="0.1">{"".join(curves)}</g></svg>'
    )
