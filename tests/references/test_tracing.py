"""A number in a sentence that cites stands in a source, and nothing rests on a retracted paper."""

import pytest

from trainer.references.evidence import items_on_retracted, resting_on_retracted, rows_on_retracted
from trainer.references.reading import read_references
from trainer.references.sentences import counted_sentences
from trainer.references.tracing import figures_in, untraced, untraced_rows

SOURCES = read_references(
    "references.yaml",
    'S1: {short: "One", kind: primary, text: "One.", states: ["53 and 5", "1,542", "-.65", "−12.0"]}\n'
    'S2: {short: "Two", kind: primary, text: "Two."}\n'
    'S9: {short: "Gone", kind: primary, text: "Gone.", retracted: {on: 2024, note: "Why.", source: "A list."}}\n',
    [],
)
PATH = "modules/01-a/01-b.md"


def lesson(body: str, readiness: str = "solid") -> str:
    return f"---\nlesson: b\nreadiness: {readiness}\n---\n{body}\n"


def told(body: str, readiness: str = "solid") -> list[str]:
    return [f"{one.line}: {one.text}" for one in untraced(PATH, lesson(body, readiness), SOURCES)]


@pytest.mark.parametrize(
    "body",
    [
        "5 of 53 people had it [@S1].",
        "Of 1,542 people some did (*r* = −.65), by −12.0 [@S1].",
        "Nobody counted the 99. Five of them did [@S1].",
        "Another 77 did not cite.",
        "Of 53 people 5 did [@S1; @S2].",
        "On 9 August 2024, in 2023–24 and from 1 January 2025 at 9:30 or 10 am it was law [@S2].",
        "Read on 2024-08-09 in 333-333-5120 and in 4 CCR 755-1, from 14:30 to 3 p.m., at 9.30 am [@S2].",
        "Under OAR 333-333-5120 and HB 2387, NCT06072898 went on [@S2].",
        "In phase 2 and table 3 the 5-HT2A receptor met MAPP1 and COMP005 [@S2].",
        "1. Do it [@S2].\n2. Do it again [@S2].",
        "See [this part](04-c.md#part-7) [@S2].",
        "::: pending Waits\nOf 99 people some did [@S2].\n:::",
    ],
)
def test_a_number_that_is_stated_or_names_a_day_a_rule_or_a_thing_is_fine(body: str) -> None:
    assert told(body) == []


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("A word.\n\n7 of 53 did [@S1].", 7, "“7” does not stand under `states` of S1 (One) in references.yaml."),
        ("9 did, 8 not [@S1; @S2].", 5, "“9”, “8” do not stand under `states` of S1 (One) and S2 (Two)"),
        ("| a | b |\n| --- | --- |\n| 1.5 hours | yes [@S2] |", 7, "“1.5” does not"),
        ("- Of some\n  40 people [@S1].", 5, "“40” does not"),
        ("::: note Known\nOf 99 did [@S1].\n:::", 6, "“99” does not"),
        ("> 33% [@S1]", 5, "“33” does not"),
        ("So did Nutt et al. Then 12 did [@S1].", 5, "“12” does not"),
    ],
)
def test_a_number_that_no_cited_source_states_is_told_by_its_line(body: str, line: int, words: str) -> None:
    [message] = told(body)
    assert message.startswith(f"{line}: ")
    assert words in message


def test_a_lesson_that_waits_for_review_is_not_asked() -> None:
    assert told("7 of 53 did [@S1].", readiness="pending review") == []


def test_digits_are_compared_as_they_are_printed() -> None:
    assert figures_in("0.70 of 1,500, 33%, ±2.5 and 25mg") == ["0.70", "1500", "33", "2.5", "25"]


def test_a_sentence_ends_where_it_ends_and_not_at_a_name() -> None:
    text = lesson("Dr. No saw it vs. nothing [@S1]. “So?” She left.\n\n- One. Two.")
    assert [(one.line, one.text) for one in counted_sentences(text)] == [
        (5, "Dr. No saw it vs. nothing [@S1]."),
        (5, "“So?”"),
        (5, "She left."),
        (7, "One."),
        (7, "Two."),
    ]


@pytest.mark.parametrize(
    ("body", "mistakes"),
    [
        ("Most were well [@S9].", 1),
        ("This paper was retracted [@S9].", 0),
        ("::: caution A retracted paper\nMost were well [@S9].\n:::", 0),
        ("::: caution Withdrawn\nMost were well [@S9]. It has been retracted since.\n:::", 0),
        ("::: caution Known\nMost were well [@S9].\n:::\n\nOthers were retracted.", 1),
        ("Most were well [@S1].", 0),
    ],
)
def test_a_retracted_paper_is_cited_only_where_it_says_so(body: str, mistakes: int) -> None:
    found = list(resting_on_retracted(PATH, lesson(body), SOURCES))
    assert len(found) == mistakes
    assert all("S9” (Gone) was retracted, so nothing may rest on it." in one.text for one in found)
    assert all("or put it into a box that says that it was retracted." in one.text for one in found)


@pytest.mark.parametrize(
    ("title", "note", "lines"), [("Doses", "", [4]), ("Retracted papers", "", []), ("Doses", "retracted in 2024", [])]
)
def test_a_figure_draws_a_retracted_paper_only_where_it_says_so(title: str, note: str, lines: list[int]) -> None:
    rows = f'  - {{label: A, value: 1, source: S1}}\n  - {{label: B, value: 2, source: "S9", note: "{note}"}}\n'
    found = list(rows_on_retracted("modules/01-a/a.yaml", f"title: {title}\nrows:\n{rows}", SOURCES))
    assert [one.line for one in found] == lines
    assert all(one.text.endswith("Take it out, or say so in its note.") for one in found)
    assert not list(rows_on_retracted("a.yaml", "rows: [", SOURCES))
    assert not list(rows_on_retracted("a.yaml", "[]", SOURCES))


def test_a_question_on_a_retracted_paper_says_that_it_was_retracted() -> None:
    bank = "## One {#one}\n- source: S1, S9\n\nHow many?\n\n## Two {#two}\n- source: S9\n\nWhich one was retracted?\n"
    [message] = items_on_retracted("modules/01-a/bank.md", bank, SOURCES)
    assert message.line == 2


def test_a_number_in_the_data_of_a_figure_stands_in_the_source_of_its_row() -> None:
    rows = "chart: forest\nrows:\n  - {label: A, value: 53, low: -12.0, source: S1}\n"
    assert list(untraced_rows("modules/01-a/f.yaml", rows, SOURCES)) == []
    [message] = untraced_rows(
        "modules/01-a/f.yaml", f"{rows}  - {{label: B, value: 53.0, sd: 7, source: S1}}\n", SOURCES
    )
    assert message.line == 4
    assert message.text.startswith("“53.0”, “7” do not stand under `states` of S1 (One)")
    assert message.text.endswith(
        " in references.yaml. Look it up: add it there, mend what says it, or move it into a pending box."
    )
    for name in ("low", "high"):
        lone = (
            f"rows:\n  - {{label: B, value: 53, {name}: 8, source: S2 S1}}\n  - words\n  - {{value: 9, source: S404}}\n"
        )
        [message] = untraced_rows("f.yaml", lone, SOURCES)
        assert message.text.startswith("“8” does not stand under `states` of S2 (Two) and S1 (One)")
    ours = 'rows:\n  - {value: 9, source: S1, note: "our calculation"}\n'
    assert list(untraced_rows("f.yaml", ours, SOURCES)) == []
    assert len(list(untraced_rows("f.yaml", ours.replace("our calculation", "calculated"), SOURCES))) == 1
    assert list(untraced_rows("f.yaml", "- rows", SOURCES)) == []
    assert list(untraced_rows("f.yaml", "rows: words", SOURCES)) == []
    assert list(untraced_rows("f.yaml", "rows:\n  - {value: 9}\n", SOURCES)) == []
    dated = "rows:\n  - {date: 2024-08-09, label: 9 people, source: S2}\n"
    assert list(untraced_rows("f.yaml", dated, SOURCES)) == []
    assert list(untraced_rows("f.yaml", "rows: [", SOURCES)) == []


def cut(text: str) -> list[tuple[int, str, tuple[str, ...], int]]:
    return [(one.line, one.text, tuple(one.boxes), one.box_line) for one in counted_sentences(text)]


def test_every_sentence_stands_on_its_own_line_whatever_is_above_it() -> None:
    assert cut("First row\ngoes on. Second\nends here.") == [
        (1, "First row goes on.", (), 0),
        (2, "Second ends here.", (), 0),
    ]
    assert cut("A.\n---\nB.")[-1] == (2, "--- B.", (), 0)  # a rule in the middle begins no head
    assert cut("---\nlesson: x\nreadiness: solid\n---\nA.\n   \nB.") == [(5, "A.", (), 0), (7, "B.", (), 0)]
    assert cut("---\nnever closed: yes\nA.")[0][0] == 1
    assert cut("---\nreadiness: pending review\n---\nA.") == []
    assert cut("---\nlesson: x\n---\nreadiness: pending review\n\nA.") != []


def test_a_sentence_knows_the_boxes_around_it() -> None:
    text = ":::: note Outer\nA.\n\n::: check one\n- [x] B.\n  > C.\n:::\n\nD.\n::::\n:::\nE."
    assert cut(text) == [
        (2, "A.", ("note Outer",), 1),
        (5, "B.", ("note Outer", "check one"), 4),
        (6, "C.", ("note Outer", "check one"), 4),
        (9, "D.", ("note Outer",), 1),
        (12, "E.", (), 0),
    ]
    assert cut("::: pending P\nA.\n:::\nB.") == [(4, "B.", (), 0)]
    assert cut("Before.\n::: pending P\nA.\n:::")[0][1] == "Before."


def test_a_row_of_a_table_and_a_point_of_a_list_are_read_by_themselves() -> None:
    assert [one[:2] for one in cut("| One. Two | x |\n  | Three. Four |\n1. Five.\n* Six")] == [
        (1, "| One. Two | x |"),
        (2, "| Three. Four |"),
        (3, "Five."),
        (4, "Six"),
    ]


def test_what_is_said_outside_of_a_box_says_nothing_for_another_sentence() -> None:
    found = list(resting_on_retracted(PATH, lesson("This was retracted.\n\nMost were well [@S9; @S404]."), SOURCES))
    assert [one.line for one in found] == [7]


def test_each_question_is_asked_for_its_own_sources() -> None:
    head = "---\nbank: a\n---\n- source: S9\n\nS9 in a word.\n\n"
    bank = f"{head}## One {{#one}}\n- source: S404, S9\n\nHow many?\n\n## Two {{#two}}\n- source: S1\n\nHow?\n"
    assert [one.line for one in items_on_retracted("bank.md", bank, SOURCES)] == [4, 9]
    last = "## One {#one}\n- source: S9\n\nHow many?"
    assert [one.line for one in items_on_retracted("bank.md", last, SOURCES)] == [2]


def test_a_key_that_is_nowhere_is_told_elsewhere_and_an_empty_line_says_nothing() -> None:
    assert told("7 of 53 did [@S404].") == []
    assert cut("\n\n") == []
    assert cut("---\n---\nA.") == [(3, "A.", (), 0)]
    assert [one[1] for one in cut("| One. Two | x")] == ["| One. Two | x"]
    assert cut("A. B.\n") == [(1, "A. B.", (), 0)]  # after one letter no sentence ends: it may be an initial
