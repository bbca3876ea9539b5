"""The fine figure of a paper: circles whose centres lie on a ring, drawn from the certificate's number.

No two certificates have quite the same figure, and the same certificate always has the same one.
"""

import hashlib
from math import cos, pi, sin, tau

SIZE = 160.0
"""Width and height, in millimetres on the paper."""


def figure(number: str) -> str:
    """Return the figure as SVG."""
    seed = hashlib.sha256(number.encode()).digest()
    count = 44 + seed[0] % 3 * 4
    ring = 22.0 + seed[1] / 255 * 9.0
    swing = 5.0 + seed[2] / 255 * 6.0
    waves = 3 + seed[3] % 3
    turn = seed[4] / 255 * tau
    circles = []
    for step in range(count):
        angle = turn + tau * step / count
        radius = 40.0 + swing * sin(waves * angle) ** 2
        x, y = SIZE / 2 + ring * cos(angle), SIZE / 2 + ring * sin(angle)
        circles.append(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}"/>')
    core = 3.1 + (seed[5] / 255) * pi / 4
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE:g} {SIZE:g}">'
        f'<g fill="none" stroke="#1d5c57" stroke-width="0.11">{"".join(circles)}</g>'
        f'<circle cx="{SIZE / 2:g}" cy="{SIZE / 2:g}" r="{core:.2f}" fill="#1d5c57"/></svg>'
    )
