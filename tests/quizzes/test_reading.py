"""An author hears of every mistake in a bank by its line, and a sound bank is read as it was written."""

import re
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.quizzes.conftest import BANK, PATH, course_files, item_text, read
from trainer.authoring.release import read_folder
from trainer.curriculum.course import parse
from trainer.curriculum.values import Readiness
from trainer.items.values import ItemKind, Level
from trainer.quizzes.bank import check_banks, parse_banks
from trainer.settings import ROOT

SINGLE, NEXT = 32, 51
"""The lines on which the second and the third item of the small bank begin."""

MISTAKES = [
    # the head
    ("bank: ethics", "bank: ethic", 2, "“bank” should be “ethics”, like the name of the folder."),
    ("title: Ethics\n", "", 1, "Add the key “title”: the words that people read above the quiz."),
    ("title: Ethics\n", "title:\n", 3, "“title” should be the words that people read"),
    ("serve: 6", "serv: 6", 4, "The key “serv” is not known here. Did you mean “serve”?"),
    ("serve: 6", "serve: none", 4, "“serve” should be a whole number, 1 or more."),
    ("serve: 6", "serve: 7", 9, "The blueprint adds up to 6, but “serve” says 7."),
    ("pass: 80%", "pass: 0.8", 5, "“pass” should be a percentage from 1% to 100%"),
    ("pass: 80%", "pass: 101%", 5, "“pass” should be a percentage from 1% to 100%"),
    ("attempts: 3", "attempts: 0", 6, "“attempts” should be a whole number, 1 or more."),
    ("wait: 24 h", "wait: a day", 7, "“wait” should be a number of hours or days"),
    ("wait: 24 h", "wait: 99999999999 d", 7, "“wait” should be a number of hours or days"),
    ("minutes: none", "minutes: soon", 8, "“minutes” should be a whole number of minutes from 1 to 1440"),
    ("minutes: none", "minutes: 99999999999", 8, "from 1 to 1440, or none for no clock."),
    ("{know: 2, apply: 3, evaluate: 1}", "six", 9, "“blueprint” should be levels and numbers, such as"),
    ("{know: 2,", "{knew: 2,", 9, "The key “knew” is not known here. Did you mean “know”?"),
    ("{know: 2,", "{know: two,", 9, "“know” should be a whole number of questions."),
    ("---\n\n## H", "critical: few\n---\n\n## H", 10, "“critical” should be a whole number, 0 or more."),
    ("---\n\n## H", "critical: 2\n---\n\n## H", 1, "A form asks for 2 critical items, but only 1 are solid."),
    ("{know: 2, apply: 3, evaluate: 1}", "{know: 5, apply: 1}", 1, "asks for 5 items of level “know”, but only 4"),
    ("serve: 6", "serve: 6\nserve: 6", 5, "stands here twice"),
    ("---\nbank", "bank", 1, "Begin the file with a line of three hyphens"),
    # an item
    ("---\n\n## H", "---\nHello.\n\n## H", 11, "Text before the first item"),
    (" {#item-1-id}", "", SINGLE, "This item needs an id at the end of its heading"),
    ("{#item-1-id}", "{#Item one}", SINGLE, "This item needs an id at the end of its heading"),
    ("## Heading1 {", "##  {", SINGLE, "Give this item a title before its id"),
    ("{#item-2-id}", "{#item-1-id}", NEXT, f"The id “item-1-id” is used on line {SINGLE} already"),
    ("1 {#item-1-id}\n- obj", "1 {#item-1-id}\n- ob", SINGLE + 1, "The key “obective” is not known here. Did you mean"),
    ("1 {#item-1-id}\n- objective: list-elements\n", "1 {#item-1-id}\n", SINGLE, "Add the key “objective”: "),
    ("1-id}\n- objective: list-elements", "1-id}\n- objective:", SINGLE + 1, "Add the key “objective”: "),
    ("1-id}\n- objective: list-", "1-id}\n- objective: lost-", SINGLE + 1, "There is no objective “lost-elements”."),
    ("C3\n- level: apply", "C33\n- level: apply", SINGLE + 2, "There is no competency “C33”. Did you mean “C3”?"),
    ("- level: apply", "- level: aply", SINGLE + 3, "“level” should be one of know, apply, evaluate. Did you"),
    ("- level: apply\n- source: S1", "- level: apply\n- source: S9", SINGLE + 4, "“S9” is not in references.yaml."),
    ("- level: apply\n- source: S1", "- level: apply\n- source:", SINGLE + 4, "Add the key “source”: at least one"),
    ("apply\n- source: S1\n- readiness: solid", "apply\n- source: S1\n- readiness: ok", SINGLE + 5, "“readiness”"),
    ("- critical: no\n\nStem1", "- critical: maybe\n\nStem1", SINGLE + 6, "“critical” should be one of yes, no."),
    ("- critical: no\n\nStem1", "- level: know\n\nStem1", SINGLE + 6, "The key “level” stands here twice."),
    ("- critical: no\n\nStem1: what is", "\nStem1\n\n- critical: yes\n", SINGLE + 9, "Write “- critical: …” directly"),
    ("Stem1: what is meant?\n", "", SINGLE, "This item has no question between its keys and its options."),
    # its options
    ("- [x] Option1b.", "- [o] Option1b.", SINGLE + 12, "Mark a right option with [x] and any other with [ ]."),
    ("- [ ] Option1a.", "- [] Option1a.", SINGLE + 10, "Begin each option with “- [ ] ”"),
    ("- [x] Option1b.", "- [ ] Option1b.", SINGLE, "No option is marked right; mark one with [x]."),
    ("- [ ] Option1a.", "- [x] Option1a.", SINGLE, "2 options are marked right; say “- kind: multiple”"),
    ("- [ ] Option1c.", "- [ ] ", SINGLE + 14, "This option has no words."),
    ("Option1c.", "Option1d.", SINGLE + 14, "This option stands here twice."),
    ("  > Reason1c.\n", "", SINGLE + 14, "This option has no reason"),
    ("  > Reason1c.", "> Reason1c.", SINGLE + 15, "After the options only “  > reason” lines may follow"),
    ("Option1d.", "None of the above.", SINGLE + 16, "Options are shuffled"),
    ("apply\n- source: S1", "apply\n- source: ,", SINGLE + 4, "“source” should be at least one key of references.yaml"),
]


@pytest.mark.parametrize(("old", "new", "line", "sentence"), MISTAKES)
def test_an_author_hears_of_a_mistake_on_its_own_line(old: str, new: str, line: int, sentence: str) -> None:
    assert BANK.count(old) >= 1
    files = course_files(BANK.replace(old, new, 1))
    said = [str(message) for message in check_banks(files, parse(files)[0])]
    assert any(one.startswith(f"{PATH}:{line}: ") and sentence in one for one in said), said


@pytest.mark.parametrize(("old", "new", "line", "sentence"), MISTAKES)
def test_a_bank_with_a_mistake_in_it_is_never_half_read(old: str, new: str, line: int, sentence: str) -> None:
    bank, messages = read(BANK.replace(old, new, 1))
    assert (bank is None) == bool(messages)  # what only the whole bank lacks is said by the linter


def test_all_mistakes_are_said_at_once() -> None:
    bad = BANK
    for old, new, *_ in (MISTAKES[6], MISTAKES[8], MISTAKES[31], MISTAKES[45]):
        bad = bad.replace(old, new, 1)
    assert len(read(bad)[1]) == 4


def test_a_single_option_is_too_few() -> None:
    text = re.sub(r"(?m)^- \[[ x]\] Option1[bcd]\.\n  > .*\n", "", BANK)
    assert any(m.line == SINGLE and "at least two options" in m.text for m in read(text)[1])


def test_several_answers_need_a_wrong_one() -> None:
    text = BANK.replace("- [ ] Option0", "- [x] Option0")
    assert any(message.line == 12 and "Every option is marked right" in message.text for message in read(text)[1])


def test_a_bank_without_items_says_so() -> None:
    assert "This bank has no items." in str(read(BANK.split("\n## ")[0])[1])


def test_a_file_in_another_encoding_says_so() -> None:
    bank, messages = read(BANK.replace("Ethics", "Éthique").encode("latin-1"))
    assert bank is None
    assert messages[0].text == "Save this file as UTF-8: it holds bytes that are not text."


def test_enemies_that_leave_somebody_without_a_form_are_named() -> None:
    names = ", ".join(f"item-{number}-id" for number in (0, 3, 6, 9))
    hostile = re.sub(r"(\{#item-(?:0|3|6|9)-id\}\n)", rf"\1- enemies: {names}\n", BANK)
    hostile = re.sub(r"(## Heading(\d+) [^\n]*\n- enemies: )([^\n]*)", _but_itself, hostile)
    files = course_files(hostile.replace("attempts: 3", "attempts: 1"))
    (message,) = check_banks(files, parse(files)[0])
    assert message.text.startswith(
        "Families and enemies leave somebody without a form. Keep fewer apart, first of “item-"
    )


def _but_itself(found: re.Match[str]) -> str:
    others = [name for name in found[3].split(", ") if name != f"item-{found[2]}-id"]
    return found[1] + ", ".join(others)


def test_a_sound_bank_is_read_as_it_was_written() -> None:
    bank, messages = read(BANK)
    assert messages == ()
    assert (bank.slug, bank.serve, bank.attempts, bank.minutes, bank.critical) == ("ethics", 6, 3, None, None)
    assert (bank.pass_share, bank.wait) == (Fraction(4, 5), timedelta(days=1))
    assert bank.blueprint == {Level.KNOW: 2, Level.APPLY: 3, Level.EVALUATE: 1}
    assert [item.id for item in bank.items] == [f"item-{number}-id" for number in range(12)]
    item = bank.item("item-5-id")
    assert (item.kind, item.level, item.key) == (ItemKind.MULTIPLE, Level.EVALUATE, frozenset({0, 1}))
    assert (item.critical, item.readiness, item.sources) == (False, Readiness.SOLID, ("S1",))
    assert item.options[2].reason_html == "Reason5c."
    assert bank.item("item-3-id").critical
    assert bank.item("item-11-id") not in bank.counted()


def test_windows_line_ends_change_nothing() -> None:
    assert read(BANK.replace("\n", "\r\n")) == read(BANK)


def test_an_option_may_run_over_two_lines() -> None:
    bank, _ = read(BANK.replace("Option1b.", "Option1b, which\n  goes on."))
    assert bank.item("item-1-id").options[1].text == "Option1b, which goes on."


def test_what_an_author_writes_cannot_become_markup() -> None:
    evil = "<script>alert(1)</script>"
    bank, messages = read(BANK.replace("Stem1:", evil).replace("Option1a.", evil).replace("Reason1a.", evil))
    assert not messages
    item = bank.item("item-1-id")
    assert "<script" not in item.stem_html + item.options[0].text_html + item.options[0].reason_html


@pytest.fixture(scope="module")
def shipped():
    """The content of this house, parsed once."""
    files = read_folder(ROOT / "content")
    return parse_banks(files, parse(files)[0])


def test_the_shipped_banks_are_clean(shipped) -> None:
    banks, messages = shipped
    assert [str(message) for message in messages] == []
    assert {"ethics", "screening", "preparation", "session", "integration"} <= set(banks)


def test_every_shipped_bank_has_questions_to_spare(shipped) -> None:
    for bank in shipped[0].values():
        assert len(bank.counted()) >= 2 * bank.serve, bank.slug


@given(st.one_of(st.text(), st.binary(), st.text().map(lambda tail: BANK + tail)))
@example("---\nblueprint: {know: 1}\n---\n## ")
@example("---\n---\n- [x] \n")
@settings(max_examples=60)
def test_reading_never_raises_whatever_the_file_holds(content: str | bytes) -> None:
    raw = content.encode("utf-8", "replace") if isinstance(content, str) else content
    bank, messages = read(raw)
    assert (bank is None) == bool(messages)


@given(st.data())
@settings(max_examples=60)
def test_reading_never_raises_on_a_bank_with_one_line_spoilt(data) -> None:
    rows = (BANK.split("## Heading3")[0]).split("\n")
    at = data.draw(st.integers(0, len(rows) - 1))
    rows[at] = data.draw(st.one_of(st.just(""), st.text(), st.sampled_from(rows), st.just(rows[at][:-1])))
    bank, messages = read("\n".join(rows).encode("utf-8", "replace"))
    assert (bank is None) == bool(messages)


def hash_with(text: str) -> str:
    return read(BANK.replace(item_text(1), text))[0].item("item-1-id").hash


WORDS = ["Heading1", "solid", "critical: no", "apply", "Stem1", "Option1a", "Option1d", "Reason1b", "Reason1d"]
OTHER = {"solid": "pending review", "critical: no": "critical: yes", "apply": "know"}


@pytest.mark.parametrize("word", WORDS)
def test_the_hash_changes_with_any_word(word: str) -> None:
    assert hash_with(item_text(1).replace(word, OTHER.get(word, "Changed"), 1)) != hash_with(item_text(1))


@given(st.sets(st.integers(8, 17), max_size=6), st.text(" \t", max_size=3))
@settings(max_examples=25)
def test_blank_lines_and_spaces_at_line_ends_do_not_change_the_hash(after: set[int], spaces: str) -> None:
    rows = item_text(1).rstrip("\n").split("\n")
    loose = [piece for n, row in enumerate(rows) for piece in ([row + spaces, ""] if n in after else [row])]
    assert hash_with("\n".join(loose) + "\n\n") == hash_with(item_text(1))
