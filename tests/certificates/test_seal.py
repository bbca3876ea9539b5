"""The seal of a certificate: for recognition only."""

from itertools import pairwise
from math import hypot

from trainer.certificates.facts.seal import RADIUS, TURNS, seal_of

RELEASE, NUMBER = "3f" * 32, "7K4M-2QXH-9PTC"


def test_a_certificate_always_has_the_same_seal_and_another_one_another() -> None:
    assert seal_of(RELEASE, NUMBER) == seal_of(RELEASE, NUMBER)
    assert seal_of(RELEASE, NUMBER) != seal_of(RELEASE, "7K4M-2QXH-9PTD")
    assert seal_of(RELEASE, NUMBER) != seal_of("4e" * 32, NUMBER)


def test_the_lines_of_any_seal_close_without_a_corner_and_stay_within_it() -> None:
    for number in range(200):
        for ring in seal_of(RELEASE, str(number)):
            assert all(hypot(*corner) <= RADIUS for corner in ring.corners)
            assert len(ring.angles) == TURNS
            for (start, handle, end), (begins, bends, _ends) in pairwise((*ring.arcs, ring.arcs[0])):
                assert end == begins
                assert (end[0] - handle[0], end[1] - handle[1]) == (bends[0] - begins[0], bends[1] - begins[1])
                assert start != end
