"""Programme files that nobody writes in good faith, or everybody writes once by mistake."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.requirements.test_programme import SOUND, TITLES, told
from trainer.requirements.programme import parse_programmes

HEAD = SOUND.split("needs:")[0]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_line(content: bytes) -> None:
    found, messages = parse_programmes({"programmes/basics.yaml": content}, TITLES)
    assert messages
    assert not found


@pytest.mark.parametrize(
    "needs",
    [
        "needs: {all: [{module: ethics}], 1: x, foo: y}",
        "needs: {all: [{module: ethics, 1: 2, b: 3}]}",
        "needs: " + "[" * 3000,
        "needs: " + "{a: " * 3000,
        "needs: {all: &here [{module: ethics}, {all: *here}]}",
        "needs: !!python/object/apply:os.system [ls]",
        "needs: {[a]: b}",
        "needs: {of: [{module: ethics}], at_least: true}",
    ],
)
def test_what_makes_no_sense_is_refused_with_a_line(needs: str) -> None:
    messages = told(HEAD + needs)
    assert messages
    assert all(message.startswith("programmes/basics.yaml:") for message in messages)


def test_a_few_lines_cannot_ask_for_a_million_things() -> None:
    bomb = HEAD + "needs:\n  all:\n    - &a0 {all: [{module: ethics}]}\n"
    bomb += "".join(f"    - &a{n} {{all: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 25))
    begun = perf_counter()
    assert told(bomb)
    assert perf_counter() - begun < 1


def test_a_case_cannot_be_asked_for_in_more_variants_than_it_has() -> None:
    files = {"programmes/basics.yaml": SOUND.replace("variants: 2", "variants: 4").encode()}
    found, messages = parse_programmes(files, TITLES, {"tablet": 3})
    assert not found
    assert str(messages[0]).startswith("programmes/basics.yaml:14: The case “tablet” has 3 variants")
