"""The Merkle tree of the log: hashes, proofs and their verification (RFC 6962 §2.1, RFC 9162 §2.1).

A tree is known by its nodes: `nodes(level, index)` is the hash over the `2**level` leaves that begin at
leaf `index * 2**level`. Only whole subtrees are ever asked for, so a node once known never changes.
"""

import hashlib
from collections.abc import Callable, Sequence

Nodes = Callable[[int, int], bytes]
HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    """Return the hash of a leaf; its prefix keeps it apart from every node."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above these two."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def node_above(hashes: Sequence[bytes]) -> bytes:
    """Return the one node above 1, 2, 4, 8 … neighbours."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


def from_leaves(leaves: Sequence[bytes]) -> Nodes:
    """Return the nodes of a tree whose leaf hashes are at hand."""
    return lambda level, index: node_above(leaves[index << level : (index + 1) << level])


def root(size: int, nodes: Nodes) -> bytes:
    """Return the hash of the whole tree of that many leaves."""
    return _range_hash(0, size, nodes) if size else EMPTY_ROOT


def inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """Return the audit path of a leaf, from its sibling up (RFC 6962 §2.1.1).

    Raises:
        ValueError: there is no such leaf in a tree of that size.
    """
    if not 0 <= index < size:
        raise ValueError(f"A tree of {size} leaves has no leaf {index}.")
    ranges, begin, end = [], 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((begin, middle))
            begin = middle
    return [_range_hash(first, last, nodes) for first, last in reversed(ranges)]


def consistency(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """Return the proof that the tree of `new` leaves begins with the tree of `old` leaves (RFC 6962 §2.1.2).

    Raises:
        ValueError: `old` is not between 1 and `new`.
    """
    if not 1 <= old <= new:
        raise ValueError(f"Nothing can be proved between trees of {old} and {new} leaves.")
    ranges, begin, end = [], 0, new
    while end != old:
        middle = begin + _split(end - begin)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((begin, middle))
            begin = middle
    if begin:
        ranges.append((begin, end))
    return [_range_hash(first, last, nodes) for first, last in reversed(ranges)]


def verify_inclusion(*, index: int, size: int, leaf: bytes, proof: Sequence[bytes], expected_root: bytes) -> bool:
    """Say whether the proof shows this leaf hash at this place (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes(leaf, expected_root, *proof):
        return False
    place, last, seen = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            seen = node_hash(step, seen)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            seen = node_hash(seen, step)
        place, last = place >> 1, last >> 1
    return last == 0 and seen == expected_root


def verify_consistency(*, old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Say whether the proof shows that the new tree begins with the old one (RFC 9162 §2.1.4.2).

    Nothing is proved from an empty tree: every tree begins with it.
    """
    if not 1 <= old <= new or not _are_hashes(old_root, new_root, *proof):
        return False
    if old == new:
        return not proof and old_root == new_root
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, step)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def grown(edge: Sequence[bytes], size: int, leaf: bytes) -> tuple[bytes, ...]:
    """Return the right edge of the tree after one more leaf.

    The edge of a tree of `size` leaves is its largest whole subtrees from left to right, one for each
    binary one in `size`; it is all that appending needs to know.
    """
    subtrees = [*edge, leaf]
    while size & 1:
        right = subtrees.pop()
        subtrees[-1] = node_hash(subtrees[-1], right)
        size >>= 1
    return tuple(subtrees)


def edge_root(edge: Sequence[bytes]) -> bytes:
    """Return the root of the tree that has this right edge."""
    if not edge:
        return EMPTY_ROOT
    above = edge[-1]
    for left in reversed(edge[:-1]):
        above = node_hash(left, above)
    return above


def _range_hash(begin: int, end: int, nodes: Nodes) -> bytes:
    size = end - begin
    if not size & (size - 1):
        level = size.bit_length() - 1
        return nodes(level, begin >> level)
    middle = begin + _split(size)
    return node_hash(_range_hash(begin, middle, nodes), _range_hash(middle, end, nodes))


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return int(1 << ((size - 1).bit_length() - 1))


def _are_hashes(*values: bytes) -> bool:
    # without this, an empty leaf hash would "verify" against an empty root
    return all(len(value) == HASH_BYTES for value in values)
