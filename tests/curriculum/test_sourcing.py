"""What a text may rest on: reports wait in pending boxes, numbers in figures name their source, figures stand alone."""

import pytest

from trainer.curriculum.course import parse
from trainer.curriculum.sourcing import check_sourcing

REFERENCES = """\
S1: {short: "The paper", kind: primary, url: "https://doi.org/10.1000/paper.1", text: "A paper."}
S2: {short: "A report", kind: secondary, url: "https://doi.org/10.1000/report.2", text: "A report.", states: ["1"]}
S3: {short: "A machine", kind: machine, url: "https://doi.org/10.1000/machine.3", text: "A machine."}
S4: {short: "A rule", kind: rule, text: "A rule.", checked: "read in a copy"}
"""
LESSON = "---\nlesson: one\nreadiness: {}\n---\n\n{}\n"
ITEM = "## A question {{#one}}\n- source: {}\n- readiness: {}\n"


def said(files: dict[str, str]) -> list[str]:
    whole = {"references.yaml": REFERENCES, **files}
    return [str(one) for one in check_sourcing({path: text.encode() for path, text in whole.items()})]


def lesson(text: str, readiness: str = "solid") -> dict[str, str]:
    return {"modules/01-first/01-one.md": LESSON.format(readiness, text)}


@pytest.mark.parametrize("key", ["S2", "S3"])
def test_a_report_or_a_machine_stands_in_no_text_that_counts(key: str) -> None:
    [message] = said(lesson(f"So it is [@{key}]."))
    assert message.startswith(f"modules/01-first/01-one.md:6: “{key}”")
    assert "Cite the source itself, or move this into a pending box." in message


@pytest.mark.parametrize("key", ["S1", "S4"])
def test_a_paper_or_a_rule_stands_anywhere(key: str) -> None:
    assert said(lesson(f"So it is [@{key}].")) == []


def test_a_pending_box_may_hold_a_report_and_what_follows_it_may_not() -> None:
    box = "::: pending Waits\nSo it is [@S2].\n:::\n"
    assert said(lesson(box)) == []
    assert len(said(lesson(f"{box}\nSo it is [@S2]."))) == 1
    assert len(said(lesson("::: note Known\nSo it is [@S2].\n:::"))) == 1


def test_a_lesson_that_is_pending_review_may_hold_a_report() -> None:
    assert said(lesson("So it is [@S2].", readiness="pending review")) == []


def test_the_glossary_has_no_pending_boxes_and_so_no_reports() -> None:
    assert len(said({"glossary.md": "## Term {#term}\nSo it is [@S1; @S2].\n"})) == 1


def test_a_question_that_counts_names_no_report_beside_its_source() -> None:
    bank = "modules/01-first/bank.md"
    [message] = said({bank: ITEM.format("S1, S2", "solid")})
    assert message.startswith(f"{bank}:2: “S2”")
    assert said({bank: ITEM.format("S1, S2", "pending review")}) == []
    assert said({bank: ITEM.format("S1, S4", "solid")}) == []


def test_each_question_is_asked_for_itself() -> None:
    bank = "modules/01-first/bank.md"
    both = ITEM.format("S2", "solid") + ITEM.format("S2", "pending review")
    assert [message.split(": ")[0] for message in said({bank: both})] == [f"{bank}:2"]


def shown(caption: str, words: str = "5.5 ± 1.6 h", below: str = "sources: none\n\n| a |\n") -> dict[str, str]:
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>{words}</text></svg>'
    return {
        **lesson(f"::: figure one.svg\nalt: A bar.\ncaption: {caption}\n{below}:::"),
        "modules/01-first/one.svg": drawing,
    }


def test_a_figure_of_numbers_names_one_paper_or_two_reports() -> None:
    assert said(shown("From doi 10.1000/paper.1.")) == []
    assert said(shown("From doi 10.1000/report.2 and doi 10.1000/machine.3.")) == []
    assert "two reports" in said(shown("From doi 10.1000/report.2."))[0]
    assert "two reports" in said(shown("Notice the bar."))[0]
    assert said(shown("Notice the steps.", words="First step")) == []


def test_a_figure_drawn_by_hand_names_its_sources_and_says_the_same_as_a_table() -> None:
    path = "modules/01-first/01-one.md:6: "
    [nothing, twin] = said(shown("Notice.", words="Step", below=""))
    assert nothing.startswith(path + "Name what this figure rests on")
    assert twin.startswith(path + "Say the same as a table")
    assert said(shown("Notice.", words="Step", below="sources: S1\n\n| a |\n")) == []


def test_what_a_line_of_sources_names_stands_behind_the_numbers() -> None:
    assert said(shown("Notice.", below="sources: S1\n\n| a |\n")) == []


@pytest.mark.parametrize("pending", [True, False])
def test_a_figure_rests_on_a_report_in_a_pending_box_alone(pending: bool) -> None:
    row = "rows:\n  - {label: One, value: 1, source: S2}\n"
    for name, text, below, place in (
        ("a.yaml", f"chart: bars\ntitle: T\nunit: u\n{row}", "", "modules/01-first/a.yaml:5"),
        ("a.svg", "<svg/>", "sources: S2\n\n| a |\n", "modules/01-first/01-one.md:9"),
    ):
        box = f"::: figure {name}\nalt: A.\ncaption: C.\n{below}:::"
        files = {**lesson(f":::: pending Waits\n{box}\n::::" if pending else box), f"modules/01-first/{name}": text}
        told = said(files)
        assert [message.split(": ")[0] for message in told] == ([] if pending else [place])
        assert all("move this figure into a pending box" in message for message in told)


def test_a_figure_has_colours_of_its_own_wherever_a_class_paints() -> None:
    def drawn(element: str) -> list[str]:
        return said({"modules/01-first/one.svg": f'<svg xmlns="http://www.w3.org/2000/svg">\n{element}\n</svg>'})

    assert drawn('<rect class="fill-calm stroke-line" fill="#e7eef6" stroke="#85806f"/>') == []
    assert "Write stroke beside the class" in drawn('<rect class="fill-calm stroke-line" fill="#e7eef6"/>')[0]
    assert "one.svg:2: " in drawn('<text class="label-strong">Words</text>')[0]


def test_what_was_published_before_is_read_with_its_kinds_and_never_judged() -> None:
    old = (
        b'S1: {short: "A rule", kind: regulator, text: "A rule."}\nS2: {short: "Data", kind: dataset, text: "Data."}\n'
    )
    course, messages = parse({"references.yaml": old})
    assert set(course.references) == {"S1", "S2"}
    assert not messages


def test_how_a_source_was_read_is_not_shown_to_readers() -> None:
    course, messages = parse({"references.yaml": REFERENCES.encode()})
    assert not messages
    assert "read in a copy" not in repr(course.references["S4"])
