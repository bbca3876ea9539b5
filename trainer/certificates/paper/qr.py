"""The QR code of an address: drawn on the paper, and read back from the finished file."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import segno

Matrix = tuple[bytes, ...]
"""Rows of modules from top to bottom; 1 is dark."""
_MARGIN = 4
"""The quiet zone around the code, in modules (ISO/IEC 18004 §9.1)."""
_DRAWN = re.compile(rb"(?:\d+ \d+ \d+ 1 re\n){21,}f\n")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


@dataclass(frozen=True)
class Code:
    """The QR code of an address, with medium error correction; its unit is a module."""

    address: str

    @property
    def size(self) -> float:
        """Return its width and height, with the quiet zone."""
        return len(matrix(self.address)) + 2 * _MARGIN

    def operators(self, scale: float) -> bytes:
        """Return one path with a rectangle for every run of dark modules (ISO 32000-1 §8.5)."""
        runs = "".join(f"{x + _MARGIN} {y + _MARGIN} {long} 1 re\n" for x, y, long in _runs(matrix(self.address)))
        return f"{scale:.6f} 0 0 {scale:.6f} 0 0 cm\n0.133 0.137 0.122 rg\n{runs}f\n".encode()


@lru_cache(maxsize=64)
def matrix(address: str) -> Matrix:
    """Return the modules of an address."""
    code = segno.make(address, error="m", micro=False, boost_error=False)
    return tuple(bytes(row) for row in code.matrix)


def matrices_in(paper: bytes) -> list[Matrix]:
    """Return the codes that are really drawn in a finished file of ours."""
    return [_read(path.group()) for content in _contents(paper) for path in _DRAWN.finditer(content)]


def _runs(modules: Matrix) -> Iterator[tuple[int, int, int]]:
    for y, row in enumerate(modules):
        for dark in re.finditer(rb"\x01+", row):
            yield dark.start(), y, dark.end() - dark.start()


def _contents(paper: bytes) -> Iterator[bytes]:
    for stream in _STREAM.finditer(paper):
        try:
            yield zlib.decompress(stream[1])
        except zlib.error:
            yield stream[1]


def _read(path: bytes) -> Matrix:
    runs = [tuple(map(int, line.split()[:3])) for line in path.splitlines()[:-1]]
    side = max(y for _, y, _ in runs) - _MARGIN + 1  # the lower left corner of every code is dark
    rows = [bytearray(side) for _ in range(side)]
    for x, y, long in runs:
        rows[y - _MARGIN][x - _MARGIN : x - _MARGIN + long] = b"\x01" * long
    return tuple(bytes(row) for row in rows)
