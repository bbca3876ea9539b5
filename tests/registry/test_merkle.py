"""The tree: published vectors, and rules that hold for every tree."""

import base64
import hashlib
import json
from functools import cache
from itertools import combinations_with_replacement
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.registry.merkle import (
    EMPTY_ROOT,
    consistency,
    edge_root,
    from_leaves,
    grown,
    inclusion,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from trainer.registry.tiles import TILE_WIDTH, hashes_at, nodes_of, read_level, read_place, tile_path

VECTORS = Path(__file__).parent / "vectors"
LEAVES = [leaf_hash(b"%d" % number) for number in range(1100)]
# here the two equal "roots" are 12 bytes of text; we ask for hashes, and so refuse
DUMMY_ROOTS = {"additional/sizes-are-equal-one-and-proof-is-empty"}


def vectors(kind: str) -> dict[str, dict]:
    return json.loads((VECTORS / f"{kind}.json").read_text())


def raw(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def test_inclusion_is_judged_as_published() -> None:
    for name, case in vectors("inclusion").items():
        proved = verify_inclusion(
            index=case["leafIdx"],
            size=case["treeSize"],
            leaf=raw(case["leafHash"]),
            proof=[raw(step) for step in case["proof"] or ()],
            expected_root=raw(case["root"]),
        )
        assert proved is not case["wantErr"], name


def test_consistency_is_judged_as_published() -> None:
    for name, case in vectors("consistency").items():
        proved = verify_consistency(
            old=case["size1"],
            new=case["size2"],
            proof=[raw(step) for step in case["proof"] or ()],
            old_root=raw(case["root1"]),
            new_root=raw(case["root2"]),
        )
        assert proved is not (case["wantErr"] or name in DUMMY_ROOTS), name


@cache
def defined(begin: int, end: int) -> bytes:
    """Return the hash of these leaves by the definition in RFC 6962 §2.1, word for word."""
    if begin == end:
        return hashlib.sha256(b"").digest()
    if end - begin == 1:
        return LEAVES[begin]
    split = 1
    while split * 2 < end - begin:
        split *= 2
    return hashlib.sha256(b"\x01" + defined(begin, begin + split) + defined(begin + split, end)).digest()


def test_the_hash_of_an_empty_leaf_is_the_known_one() -> None:
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


@given(st.integers(0, 600))
def test_the_root_is_that_of_the_definition_however_it_is_computed(size: int) -> None:
    edge: tuple[bytes, ...] = ()
    for number in range(size):
        edge = grown(edge, number, LEAVES[number])
    assert defined(0, size) == root(size, from_leaves(LEAVES[:size])) == edge_root(edge)
    assert len(edge) == size.bit_count()


SMALL = range(1, 18)


def test_in_a_small_tree_every_leaf_proves_itself_and_nothing_else() -> None:
    for size in SMALL:
        nodes, top = from_leaves(LEAVES[:size]), defined(0, size)
        for index in range(size):
            proof = inclusion(index, size, nodes)
            for at in range(-1, size + 1):
                proved = verify_inclusion(index=at, size=size, leaf=LEAVES[index], proof=proof, expected_root=top)
                assert proved is (at == index), (size, index, at)


def test_a_small_tree_begins_with_every_smaller_one_and_with_nothing_else() -> None:
    for old, new in combinations_with_replacement(SMALL, 2):
        proof = consistency(old, new, from_leaves(LEAVES[:new]))
        for size in range(new + 2):
            proved = verify_consistency(
                old=size, new=new, proof=proof, old_root=defined(0, old), new_root=defined(0, new)
            )
            assert proved is (size == old), (old, new, size)


sizes = st.integers(1, 600)


@given(sizes, st.data())
def test_every_leaf_proves_itself_in_every_size_and_nothing_else_does(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    nodes = from_leaves(LEAVES[:size])
    proof, top = inclusion(index, size, nodes), root(size, nodes)
    assert verify_inclusion(index=index, size=size, leaf=LEAVES[index], proof=proof, expected_root=top)
    other = data.draw(st.integers(0, size + 3).filter(lambda at: at != index))
    assert not verify_inclusion(index=other, size=size, leaf=LEAVES[index], proof=proof, expected_root=top)
    at, bit = data.draw(st.integers(0, 32 * (len(proof) + 2) - 1)), data.draw(st.integers(0, 7))
    changed = bytearray(b"".join((LEAVES[index], top, *proof)))
    changed[at] ^= 1 << bit
    leaf, wrong_top, *steps = (bytes(changed[begin : begin + 32]) for begin in range(0, len(changed), 32))
    assert not verify_inclusion(index=index, size=size, leaf=leaf, proof=steps, expected_root=wrong_top)


@given(sizes, sizes, st.data())
def test_a_log_that_only_grew_is_consistent_and_a_rewritten_one_is_not(one: int, two: int, data: st.DataObject) -> None:
    old, new = sorted((one, two))
    nodes = from_leaves(LEAVES[:new])
    proof = consistency(old, new, nodes)
    old_root, new_root = defined(0, old), defined(0, new)
    assert verify_consistency(old=old, new=new, proof=proof, old_root=old_root, new_root=new_root)
    rewritten = list(LEAVES[:new])
    rewritten[data.draw(st.integers(0, old - 1))] = leaf_hash(b"another")
    forged = consistency(old, new, from_leaves(rewritten))
    assert not verify_consistency(
        old=old, new=new, proof=forged, old_root=old_root, new_root=root(new, from_leaves(rewritten))
    )


@given(st.integers(1, 1100), st.data())
def test_tiles_lead_to_the_same_nodes(size: int, data: st.DataObject) -> None:
    def tile(level: int, index: int) -> list[bytes]:
        first, width = index * TILE_WIDTH, min(TILE_WIDTH, hashes_at(level, size) - index * TILE_WIDTH)
        step = TILE_WIDTH**level
        return [defined(at * step, (at + 1) * step) for at in range(first, first + width)]

    index = data.draw(st.integers(0, size - 1))
    assert inclusion(index, size, nodes_of(tile)) == inclusion(index, size, from_leaves(LEAVES[:size]))


@pytest.mark.parametrize("no_hash", [b"", b"12 of text", bytes(31), bytes(33)])
def test_what_is_no_hash_proves_nothing_though_it_would_come_out(no_hash: bytes) -> None:
    one = LEAVES[0]
    for leaf, proof, top in (
        (no_hash, [], no_hash),
        (no_hash, [one], node_hash(no_hash, one)),
        (one, [no_hash], node_hash(one, no_hash)),
    ):
        assert not verify_inclusion(index=0, size=1 + len(proof), leaf=leaf, proof=proof, expected_root=top)
    assert not verify_consistency(old=1, new=1, proof=[], old_root=no_hash, new_root=no_hash)
    assert not verify_consistency(old=1, new=2, proof=[one], old_root=no_hash, new_root=node_hash(no_hash, one))
    assert not verify_consistency(old=1, new=2, proof=[no_hash], old_root=one, new_root=node_hash(one, no_hash))


def test_a_proof_that_is_longer_than_the_tree_is_high_proves_nothing_though_it_would_come_out() -> None:
    one, two, three, four, five = LEAVES[:5]
    assert not verify_inclusion(index=0, size=1, leaf=one, proof=[two], expected_root=node_hash(two, one))
    before = node_hash(five, node_hash(one, three))
    after = node_hash(five, node_hash(one, node_hash(three, four)))
    assert not verify_consistency(old=3, new=4, proof=[three, four, one, five], old_root=before, new_root=after)
    assert not verify_consistency(old=1, new=1, proof=[two], old_root=one, new_root=one)


def test_nothing_is_proved_from_an_empty_tree() -> None:
    top = LEAVES[0]
    assert not verify_consistency(old=0, new=1, proof=[], old_root=EMPTY_ROOT, new_root=top)
    assert not verify_consistency(old=0, new=0, proof=[], old_root=EMPTY_ROOT, new_root=EMPTY_ROOT)
    assert not verify_consistency(old=2, new=3, proof=[], old_root=top, new_root=top)
    with pytest.raises(ValueError, match="between trees of 0"):
        consistency(0, 1, from_leaves([top]))
    for index in (-1, 1):
        with pytest.raises(ValueError, match=f"no leaf {index}"):
            inclusion(index, 1, from_leaves([top]))


@given(st.integers(0, 10**9), st.integers(1, TILE_WIDTH))
def test_the_path_of_a_tile_is_read_back(index: int, width: int) -> None:
    assert read_place(tile_path(index, width)) == (index, width)


def test_paths_are_written_as_in_the_specification() -> None:
    assert tile_path(1234067) == "x001/x234/067"
    assert tile_path(273, 112) == "273.p/112"
    for wrong in (
        "67",
        "x000/067",
        "067.p/256",
        "067.p/0",
        "067.p/08",
        "067/",
        "001/067",
        "x001/x067",
        "067.p/300",
        "٠٦٧",
    ):
        assert read_place(wrong) is None, wrong
    assert [read_level(text) for text in ("0", "63", "64", "00", "-1", "")] == [0, 63, None, None, None, None]
