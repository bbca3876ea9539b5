"""A word of the glossary may have other names; without them it reads as ever."""

import pytest

from trainer.curriculum.parts.glossary import read_glossary

HEAD = "## Stop signal {#stop-signal}\n"


@pytest.mark.parametrize(
    ("row", "names"),
    [
        ("", ()),
        ("Also called: stop word\n", ("stop word",)),
        ("Also called: stop word ; sign;; stop word\n", ("stop word", "sign")),
        ("Also called:\n", ()),
    ],
)
def test_other_names_stand_below_the_heading_and_in_no_definition(row: str, names: tuple[str, ...]) -> None:
    terms, messages = read_glossary("glossary.md", f"{HEAD}{row}A sign agreed beforehand.\n", {})
    assert terms["stop-signal"].also == names
    assert terms["stop-signal"].html == "<p>A sign agreed beforehand.</p>\n"
    assert messages == ()


def test_only_the_row_below_the_heading_names() -> None:
    terms, _ = read_glossary("glossary.md", f"{HEAD}A sign.\nAlso called: stop word\n", {})
    assert terms["stop-signal"].also == ()
    assert "stop word" in terms["stop-signal"].html


def test_other_names_alone_explain_nothing_and_lines_are_counted_as_ever() -> None:
    _, (message,) = read_glossary("glossary.md", f"{HEAD}Also called: stop word\n", {})
    assert (message.line, "Explain" in message.text) == (1, True)
    _, (message,) = read_glossary("glossary.md", f"{HEAD}Also called: stop word\nA sign [@S7].\n", {})
    assert message.line == 3
