"""An author hears of every mistake at once, with its line and a word on how to mend it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.cases.catalogue import check_cases
from trainer.cases.language.compiler import compile_case
from trainer.cases.prover.findings import prove_case

ANNA = (Path(__file__).parent / "anna.md").read_text()
PATH = "cases/anna-psilocybin-1/en.md"
TOGETHER = 4  # sentences that may follow from one mistake

SEEDED = {
    # what the author meant, what the author typed, where (a piece of the line), and a word of the answer
    "a misspelt scene": ("   - next: #reading\n", "   - next: #raeding\n", "#raeding", "Did you mean “reading”?"),
    "a choice without an id": (
        "Book the dosing day. {#book}",
        "Book the dosing day.",
        "Book the dosing",
        "needs an id",
    ),
    "a scene without an id": ("## The wave {#wave}", "## The wave", "## The wave", "needs an id"),
    "a misspelt key": ("   - takes: 25 min", "   - taks: 25 min", "- taks", "Did you mean “takes”?"),
    "how cautious": (
        "   - takes: 25 min",
        "   - cautious: very\n   - takes: 25 min",
        "cautious: very",
        "“yes” or “no”",
    ),
    "an undeclared number": ("- changes: distress -2, trust +1", "- changes: distres -2", "distres -2", "“distress”"),
    "an unknown competency": ("- scores: presence +3", "- scores: presense +3", "presense", "“presence”"),
    "an undeclared fact": (
        "- changes: bp-rechecked\n",
        "- changes: bp-recheckd\n",
        "bp-recheckd",
        "Did you mean “bp-rechecked”?",
    ),
    "a fact nobody sets": (
        "facts: [hand-agreed, on",
        "facts: [calm, hand-agreed, on",
        "facts: [calm",
        "never becomes true",
    ),
    "a time in words": ("- takes: 8 min", "- takes: eight minutes", "eight minutes", "write 1:30, 45 min or 2 h"),
    "no time at all": ("- takes: 8 min", "- takes: 0 min", "0 min", "at least 1 min"),
    "the same id twice": ("{#sell}", "{#ask-hopes}", "{#ask-hopes}", "taken on line"),
    "an ending nobody wrote": ("next: end transferred", "next: end transfered", "end transfered", "“transferred”"),
    "an ending nobody reaches": ("# Endings\n", "# Endings\n\n- lost: Nobody knows.", "- lost", "Nothing leads to"),
    "an orphan scene": ("   - next: #alone", "   - next: #wave", "{#alone}", "Nothing leads to #alone"),
    "an or": ("[if trust >= 6]", "[if trust >= 6 or on-tablets]", "or on-tablets", "instead of “or”"),
    "an open bracket": ("[if trust >= 6]", "[if trust >= 6", "[if trust >= 6", "Close the bracket"),
    "a number as a fact": ("[if trust >= 6]", "[if trust]", "[if trust]", "compare it"),
    "a fact as a number": ("[if hand-agreed]", "[if hand-agreed >= 1]", "hand-agreed >= 1", "is a fact"),
    "a number out of its range": ("[if trust >= 6]", "[if trust >= 60]", "trust >= 60", "never to 60"),
    "pressure where none is measured": (
        "if on-tablets\n   - only",
        "if sbp > 9\n   - only",
        "if sbp > 9",
        "with vitals",
    ),
    "a choice that leads nowhere": (
        "   - takes: 25 min\n   - next: #wave",
        "   - takes: 25 min",
        "{#back",
        "Say where",
    ),
    "a case that goes back in time": (
        "next: end finished\n1.",
        "next: #decide\n1.",
        "next: #decide",
        "earlier chapter",
    ),
    "an unknown part": ("# Must not", "# Mustnt", "# Mustnt", "is not a part of a case"),
    "a duty in free words": ("of #chest\n", "after #chest\n", "- recheck", "Write a duty like"),
    "a duty on an unknown scene": ("of #chest\n", "of #chess\n", "of #chess", "“chest”"),
    "a failure on an unknown choice": ("grab-hand, hold", "grab-hnd, hold", "grab-hnd", "“grab-hand”"),
    "a chapter that ends before it begins": ("(0:20 to 7:30", "(7:30 to 0:20", "(7:30", "a later end"),
    "a wrong folder": ("case: anna-psilocybin-1", "case: anna", "case: anna", "like the name of the folder"),
    "an unknown profile": ("psilocybin-25mg", "psilocybin-25", "psilocybin-25", "“psilocybin-25mg”"),
    "an unknown key of the head": ("status: draft", "state: draft", "state: draft", "Did you mean “start”?"),
    "a mark without per cent": ("presence: pass 60%", "presence: 0.6", "presence: 0.6", "pass 60%"),
    "a missing start": ("start: interview", "start: intervew", "start: intervew", "“interview”"),
    "a scene without an expert": (
        "   - expert: yes\n   - takes: 25 min",
        "   - takes: 25 min",
        "{#alone}",
        "expert does",
    ),
}


ROUND = """
1. Walk her once more along the window. {#walk}
   - again: yes
   - takes: 60 min
   - next: #alone"""


def signed(status: str, case_hash: str, text: str = ANNA) -> str:
    """Return Anna's case as it stands in the file once a reviewer has signed it."""
    signature = f"reviewed: [{{name: A reviewer, role: psychiatrist, date: 2026-01-31, hash: {case_hash}}}]"
    return text.replace("status: draft", f"status: {status}").replace("reviewed: []", signature)


@pytest.mark.parametrize("mistake", sorted(SEEDED))
def test_a_mistake_is_found_on_its_line(mistake: str) -> None:
    meant, typed, where, answer = SEEDED[mistake]
    assert meant in ANNA
    text = ANNA.replace(meant, typed, 1)
    case, messages = compile_case(PATH, text)
    assert case is None
    on_line = [one for one in messages if answer in one.text]
    assert on_line, [str(one) for one in messages]
    assert where in text.split("\n")[on_line[0].line - 1]
    assert len(messages) <= TOGETHER


@pytest.mark.parametrize(
    ("meant", "typed", "where", "answer"),
    [
        ("event: when sbp >= 185", "event: when sbp >= 260", "The cuff alarms", "No play ever reaches"),
        ("   - only if: tablets-known", "   - only if: ambulance", "only if: ambulance", "never open"),
        ("within 20 min of #chest", "within 2 min of #chest", "- recheck", "never be done in time"),
        ("15 min of bp-rechecked, if sbp >= 160", "15 min of bp-rechecked, if sbp >= 250", "- tell", "never begins"),
        ("- client-left-alone: fetch-tea", "- client-left-alone: sit-quiet", "- client-left", "The expert commits"),
        ("grab-hand, hold unless hand-agreed", "hold unless trust >= 0", "- touch-without", "can never happen"),
        ("(0:20 to 7:30, with vitals)", "(0:20 to 2:00, with vitals)", "Dosing day", "Time can run out"),
        ("   - expert: if not on-tablets\n", "", "{#decide}", "The expert has nothing to do"),
    ],
)
def test_what_only_playing_can_show_is_found_on_its_line(meant: str, typed: str, where: str, answer: str) -> None:
    assert meant in ANNA
    text = ANNA.replace(meant, typed, 1)
    case, messages = compile_case(PATH, text)
    assert messages == ()
    assert case is not None
    found = [one for one in prove_case(case, seeds=(0, 1)) if answer in one.text]
    assert found
    assert where in text.split("\n")[found[0].line - 1]


def test_an_expert_who_goes_round_in_a_circle_is_told_so_and_the_check_ends() -> None:
    there = "   - expert: yes\n   - takes: 25 min\n   - next: #wave"
    assert there in ANNA
    back = there.replace("#wave", "#alone").replace("25 min", "1 min\n   - again: yes")
    text = ANNA.replace(there, back).replace("   - expert: yes\n   - panel: 16 of 17", "   - panel: 16 of 17")
    case, messages = compile_case(PATH, text.replace("{#fetch-tea}", "{#fetch-tea}\n   - expert: yes"))
    assert messages == ()
    assert case is not None
    found = [one for one in prove_case(case, seeds=(0,)) if "goes round in a circle" in one.text]
    assert {one.line for one in found} == {case.scenes["alone"].line}


def test_a_play_that_can_go_round_for_ever_is_followed_once_round_and_called_out_of_time() -> None:
    text = ANNA.replace("   - takes: 25 min\n   - next: #wave", "   - takes: 25 min\n   - next: #wave" + ROUND, 1)
    case, messages = compile_case(PATH, text)
    assert messages == ()
    assert case is not None
    found = prove_case(case, seeds=(0,))
    assert {one.line for one in found} == {case.chapters[1].line}
    assert all("Time can run out" in one.text for one in found)


def test_a_case_too_entangled_to_be_proved_is_played_in_one_variant_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.cases.prover.explore.MOST_STATES", 10)
    case, _ = compile_case(PATH, ANNA + "\n")
    assert case is not None
    assert ["Too entangled" in one.text for one in prove_case(case)] == [True]


def test_anna_compiles_as_printed() -> None:
    case, messages = compile_case(PATH, ANNA)
    assert messages == ()
    assert case is not None
    assert (len(case.scenes), len(case.choices)) == (11, 29)


def test_all_mistakes_are_reported_in_one_run() -> None:
    text = ANNA.replace("- takes: 8 min", "- takes: soon", 1).replace("next: end transferred", "next: end heaven", 1)
    _, messages = compile_case(PATH, text)
    assert len({one.line for one in messages}) >= 2


def test_what_rests_on_a_head_that_cannot_be_read_is_not_held_against_the_author() -> None:
    text = ANNA.replace("facts: [", "facts: hand-agreed # [", 1).replace("- takes: 8 min", "- takes: soon", 1)
    _, messages = compile_case(PATH, text.replace("start: interview", "startt: interview"))
    assert [message.text.split(".")[0] for message in messages] == [
        "Add the key “start”: the id of the first scene, such as door",
        "“facts” should be a list of names, such as [hand-agreed, told]",
        "The key “startt” is not known here",
        "Not a time: “soon” (write 1:30, 45 min or 2 h)",
    ]


def test_the_hash_outlives_a_change_of_status_but_not_of_a_word() -> None:
    case, _ = compile_case(PATH, ANNA)
    assert case is not None
    reviewed, _ = compile_case(PATH, signed("reviewed", case.hash))
    mended, _ = compile_case(PATH, ANNA.replace("Anna begins to cry", "Anna starts to cry"))
    assert reviewed is not None
    assert mended is not None
    assert case.hash == reviewed.hash
    assert case.hash != mended.hash


def test_a_case_is_pending_until_it_is_live_and_unmarked() -> None:
    draft, _ = compile_case(PATH, ANNA)
    assert draft is not None
    live, _ = compile_case(PATH, signed("live", draft.hash))
    assert live is not None
    assert draft.pending
    assert not live.pending


def test_a_live_case_may_hold_no_unreviewed_mark() -> None:
    marked = ANNA.replace("The silence grows.", "The silence grows. (!)")
    draft, _ = compile_case(PATH, marked)
    assert draft is not None
    text = signed("live", draft.hash, marked)
    case, messages = compile_case(PATH, text)
    assert case is None
    assert ["(!)" in text.split("\n")[one.line - 1] for one in messages] == [True]


@pytest.mark.parametrize("status", ["reviewed", "live"])
def test_a_case_that_nobody_signed_is_not_called_reviewed(status: str) -> None:
    text = ANNA.replace("status: draft", f"status: {status}")
    case, messages = compile_case(PATH, text)
    assert case is None
    assert ["Nobody has signed this very text" in one.text for one in messages] == [True]
    assert text.split("\n")[messages[0].line - 1] == f"status: {status}"


def test_a_signature_under_another_text_is_none() -> None:
    draft, _ = compile_case(PATH, ANNA)
    assert draft is not None
    case, messages = compile_case(PATH, signed("live", draft.hash).replace("Anna begins to cry", "Anna starts to cry"))
    assert case is None
    assert "Nobody has signed this very text" in messages[0].text


def test_a_signature_says_who_when_and_under_what() -> None:
    _, messages = compile_case(PATH, ANNA.replace("reviewed: []", "reviewed: [{name: A, rol: B}]"))
    said = " ".join(one.text for one in messages)
    assert all(f"“{word}”" in said for word in ("role", "date", "hash", "rol"))


def test_a_mark_is_never_shown_to_a_trainee() -> None:
    case, _ = compile_case(PATH, ANNA.replace("The silence grows.", "The silence grows. (!)"))
    assert case is not None
    assert case.marks
    assert case.scenes["frozen"].paragraphs[0].text == "The silence grows. Anna begins to cry."


def test_an_empty_file_and_a_strange_one_are_answered_in_words() -> None:
    for text in (
        "",
        "hello",
        "---\n---\n",
        "---\ncase: [\n---\n# Chapter: x",
        "---\ncase: x\n---\n# Chapter: (1:00)\n## \n1.",
    ):
        case, messages = compile_case("cases/x/en.md", text)
        assert case is None
        assert messages


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_torn_file_never_breaks_the_reader(data: st.DataObject) -> None:
    rows = ANNA.split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(rows) - 1))
        rows[place : place + 1] = data.draw(
            st.sampled_from([[], rows[place : place + 1] * 2, [rows[place][:9]], ["- ["]])
        )
    case, messages = compile_case(PATH, "\n".join(rows))
    assert (case is None) == bool(messages)


def test_a_place_to_read_must_be_in_the_course() -> None:
    files = {PATH: ANNA.encode(), "modules/06-screening/01-medicines.md": b"", "modules/06-screening/module.md": b""}
    texts = [one.text for one in check_cases(files)]
    assert "There is nothing to read at “screening/psychiatric-history”." in texts
    assert not any("screening/medicines" in text.split("Did")[0] for text in texts)


@pytest.mark.parametrize("path", ["cases/anna.md", "cases/anna/EN.md", "cases/anna/de.md", "cases/anna/old/en.md"])
def test_a_text_that_nothing_reads_is_named(path: str) -> None:
    assert [(one.path, one.line) for one in check_cases({path: ANNA.encode()})] == [(path, 1)]


SIGNATURES = """reviewed:
  - name: A reviewer
    role: psychiatrist
    date: 2026-01-31
    hash: {hash}
  - name: B reviewer
    rol: nurse
    date: 2026-02-01
    hash: {hash}
  - soon"""


def test_a_mistake_in_one_signature_of_many_is_told_on_its_own_line() -> None:
    case, _ = compile_case(PATH, ANNA)
    assert case is not None
    text = ANNA.replace("reviewed: []", SIGNATURES.format(hash=case.hash))
    _, messages = compile_case(PATH, text)
    rows = text.split("\n")
    assert [(rows[told.line - 1].strip(), told.text) for told in messages] == [
        ("- name: B reviewer", "Add the key “role”: the reviewer's role."),
        ("rol: nurse", "The key “rol” is not known here. Did you mean “role”?"),
        ("- soon", "Write each entry of “reviewed” as lines of `key: value`. The keys are name, role, date, hash."),
    ]
