"""How a case ends is told in words that are true of the play."""

import pytest

from trainer.cases.language.compiler import Case, compile_case
from trainer.cases.language.difference import difference
from trainer.cases.play.engine import replay
from trainer.cases.play.state import end_of
from trainer.cases.prover.findings import prove_case
from trainer.settings import ROOT

WINDOW = (ROOT / "docs/cases.md").read_text(encoding="utf-8").split("```markdown\n")[1].split("```")[0]
AS_A_RULE = "- quiet: The afternoon goes on."
TOLD = f"{AS_A_RULE}\n  [if failed] The street has heard it.\n  [if not noted] Nobody will know."


def compiled(endings: str) -> tuple[Case | None, list[str]]:
    case, messages = compile_case("cases/window/en.md", WINDOW.replace(AS_A_RULE, endings))
    return case, [message.text for message in messages]


def window(endings: str = TOLD) -> Case:
    case, messages = compiled(endings)
    assert case, messages
    return case


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (("open-it", "write"), "The afternoon goes on."),
        (("open-it", "leave"), "Nobody will know."),
        (("wide", "write"), "The street has heard it."),
        (("wide", "leave"), "The street has heard it."),
        (("open-it",), ""),
    ],
)
def test_the_first_that_holds_is_said_instead_of_the_rule(inputs: tuple[str, ...], words: str) -> None:
    case = window()
    assert end_of(case, replay(case, "open-agreed", 1, inputs).state) == words


def test_an_ending_without_conditions_is_told_to_everybody() -> None:
    case = window(AS_A_RULE)
    assert end_of(case, replay(case, "open-agreed", 1, ("wide", "leave")).state) == "The afternoon goes on."


@pytest.mark.parametrize(
    ("endings", "said"),
    [
        ("- quiet: [if failed] The street has heard it.", "Say first how “quiet” ends"),
        (f"{AS_A_RULE}\n  [if failed]", "Write the text of the paragraph"),
        (f"{AS_A_RULE}\n  [if fialed] The street.", "“fialed” is neither a number nor a fact"),
        (f"{AS_A_RULE}\n  [if failed >= 2] The street.", "“failed” is a fact"),
    ],
)
def test_what_an_author_mistypes_in_an_ending_is_named(endings: str, said: str) -> None:
    case, messages = compiled(endings)
    assert case is None
    assert [message for message in messages if said in message]


def test_only_endings_may_ask_whether_the_play_failed() -> None:
    case, messages = compile_case("cases/window/en.md", WINDOW.replace("[if agreed]", "[if failed]"))
    assert case is None
    assert "“failed” is neither" in messages[0].text


@pytest.mark.parametrize(
    ("endings", "said"),
    [
        (TOLD, ""),
        (f"{AS_A_RULE}\n  [if failed and not failed] Nobody hears this.", "number 1"),
        (f"{AS_A_RULE}\n  [if failed] The street.\n  [if failed and noted] The street knows.", "number 2"),
        (f"{AS_A_RULE}\n  [if failed] The street.\n  [if not failed] The room.", "ends as a rule"),
    ],
)
def test_every_text_of_an_ending_is_proved_to_be_told_to_somebody(endings: str, said: str) -> None:
    found = [message.text for message in prove_case(window(endings))]
    assert found == [] if not said else [message for message in found if said in message]


def test_what_is_said_instead_counts_as_text_where_two_versions_differ() -> None:
    changes = difference(window(AS_A_RULE), window())
    assert [(change.kind.value, change.after) for change in changes] == [
        (
            "text",
            "The afternoon goes on.\n\n[if failed] The street has heard it.\n\n[if not noted] Nobody will know.",
        )
    ]
