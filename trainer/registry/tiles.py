"""The log cut into tiles of 256 hashes, as anybody can fetch them (C2SP tlog-tiles).

Tile `n` of level 0 holds leaf hashes; each hash of a higher level is the root of one full tile below.
"""

import re
from collections.abc import Callable, Sequence

from trainer.registry.merkle import HASH_BYTES, Nodes, node_above

TILE_WIDTH = 256
HEIGHT = 8  # of one tile, in levels of the tree
_PLACE = re.compile(r"((?:x\d{3}/)*)(\d{3})(?:\.p/([1-9]\d{0,2}))?", re.ASCII)
_LEVEL = re.compile(r"[1-5]?\d|6[0-3]", re.ASCII)

Tiles = Callable[[int, int], Sequence[bytes]]


def hashes_at(level: int, size: int) -> int:
    """Return how many hashes a log of that size has at a level of tiles."""
    return size >> (HEIGHT * level)


def nodes_of(tiles: Tiles) -> Nodes:
    """Return the nodes of the tree whose tiles can be read: `tiles(level, index)` gives the hashes of one."""

    def node(level: int, index: int) -> bytes:
        tile_level, rest = divmod(level, HEIGHT)
        tile, first = divmod(index << rest, TILE_WIDTH)
        return node_above(tiles(tile_level, tile)[first : first + (1 << rest)])

    return node


def read_level(text: str) -> int | None:
    """Return the level that a path names, 0 to 63, or None."""
    return int(text) if _LEVEL.fullmatch(text) else None


def read_place(text: str) -> tuple[int, int] | None:
    """Return (index, width) of a path such as `x001/x234/067.p/8`, or None if it is not written just so."""
    found = _PLACE.fullmatch(text)
    if found is None or len(text) > 60:
        return None
    index = int(found[1].replace("x", "").replace("/", "") + found[2])
    width = int(found[3]) if found[3] else TILE_WIDTH
    return (index, width) if width <= TILE_WIDTH and text == tile_path(index, width) else None


def tile_path(index: int, width: int = TILE_WIDTH) -> str:
    """Return the path of a tile below its level."""
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03}")
    return "/".join(groups) + ("" if width == TILE_WIDTH else f".p/{width}")


def bundle(entries: Sequence[bytes]) -> bytes:
    """Return entries as they are served: each with its length in two bytes before it."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def split_hashes(hashes: bytes) -> tuple[bytes, ...]:
    """Return the single hashes of a run of them."""
    return tuple(hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES))


def unbundled(content: bytes) -> list[bytes]:
    """Return the entries of a bundle.

    Raises:
        ValueError: it breaks off in the middle of one.
    """
    entries, at = [], 0
    while at < len(content):
        begin = at + 2
        at = begin + int.from_bytes(content[at:begin], "big")
        entries.append(content[begin:at])
    if at != len(content):
        raise ValueError("A bundle of entries breaks off in the middle.")
    return entries
