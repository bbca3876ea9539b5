"""Who is where in a scene: an author's line becomes a drawing and its words, and decides nothing."""

from pathlib import Path

import pytest

from trainer.cases.language.compiler import compile_case, published_case
from trainer.cases.language.difference import ChangeKind, difference
from trainer.cases.language.room import read_room
from trainer.cases.play.chart import chart_of
from trainer.cases.play.engine import replay
from trainer.cases.script.limits import read_limits
from trainer.cases.script.room import ClientPosture, Distance, Gaze, Other, Room, YourPosture

CASE = "cases/anna-psilocybin-1/en.md"
ANNA = (Path(__file__).parent / "anna.md").read_text()
HEADING = "## What now? {#decide}\n"
SITE = """owner: {}
limits:
  tell-sbp: {of: sbp, at: 160, means: "Tell the lead."}
  tell-hr: {of: hr, at: 120, means: "Tell the lead."}
"""


def anna_with(line: str) -> str:
    assert HEADING in ANNA
    return ANNA.replace(HEADING, f"{HEADING}{line}\n")


def test_an_authors_line_is_drawn_and_says_the_same_in_words() -> None:
    case, messages = compile_case(CASE, anna_with("- room: looks, curled, you kneel, near, other stands"))
    assert case is not None, messages
    room = case.scenes["decide"].room
    assert room == Room(ClientPosture.CURLED, YourPosture.KNEEL, Distance.NEAR, Gaze.TO_YOU, Other.STANDS)
    assert room.words == (
        "Your client is curled up, looking at you. You are kneeling close by. Your colleague is standing in the room."
    )
    assert case.scenes["interview"].room is None, "what an author did not write is not drawn"


def test_both_apostrophes_mean_an_arms_length_and_a_chair_needs_no_couch() -> None:
    assert read_room("sits, arm's length") == read_room("sits, arm’s length") == Room(ClientPosture.SITS, couch=False)
    assert not read_room("bowed, no couch").couch
    assert read_room("bowed").couch


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("lies, lookz", "Did you mean “looks”?"),
        ("lies, holds her hand", "The words are"),
        ("lies, sits", "cannot both be drawn"),
        ("near, looks", "how the client is there"),
        ("lies, no couch", "drawn on the couch"),
    ],
)
def test_a_word_that_cannot_be_drawn_is_told_on_its_line(typed: str, word: str) -> None:
    text = anna_with(f"- room: {typed}")
    case, messages = compile_case(CASE, text)
    assert case is None
    (told,) = messages
    assert (told.path, text.split("\n")[told.line - 1]) == (CASE, f"- room: {typed}")
    assert word in told.text


def test_a_drawing_changes_neither_the_play_nor_its_score() -> None:
    old, new = compile_case(CASE, ANNA)[0], compile_case(CASE, anna_with("- room: sits, looks"))[0]
    assert [(one.kind, one.label) for one in difference(old, new)] == [(ChangeKind.TEXT, "room")]


def test_a_limit_that_was_agreed_is_known_to_the_case_that_asks_for_it_and_to_no_other() -> None:
    limits = read_limits(SITE)[0]
    asking = ANNA.replace("sbp >= 160", "sbp >= tell-sbp").replace("start: interview", "start: interview\nagreed: [{}]")
    case, messages = compile_case(CASE, asking.replace("{}", "tell-sbp"), limits)
    assert case is not None, messages
    play = replay(case, "usual", 1, ("enough", "book"))
    assert [limit.name for limit in case.agreed] == ["tell-sbp"]
    assert [bar.at for bar in chart_of(case, play, limits=case.agreed).limits] == [160]
    case, messages = compile_case(CASE, asking.replace("{}", "tell-hr"), limits)
    assert case is None
    assert "no limit that a condition of this case names" in messages[0].text
    assert published_case(CASE, asking.replace("{}", "tell-hr"), limits).agreed == ()
