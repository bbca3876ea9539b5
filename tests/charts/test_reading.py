"""A figure's data: read, or refused by line with the way to mend it."""

import re

import pytest

from trainer.charts.reading import read_data_chart
from trainer.charts.values import DataChart, written_number

KNOWN = ("S1", "S2")
FOREST = """\
chart: forest
title: Pooled effects
unit: Hedges’ g
none: 0
rows:
  - {label: Nine trials, value: 1.21, low: 0.9, high: 1.5, source: S1, note: 211 people}
  - {label: Phase 3, value: 0.9, source: "S1, S2"}
"""
RANGES = """\
chart: ranges
title: How long one dose lasted
unit: hours
rows:
  - {label: 15 mg, value: 5.6, sd: 2.2, source: S1}
  - {label: MDMA, low: 1.4, high: 8.2, source: S2}
"""
BARS = """\
chart: bars
title: Who took part
unit: per cent
whole: 1
rows:
  - {label: One, value: 0.1, source: S1}
  - {label: Two, value: 0.2, source: S1}
  - {label: Three, value: 0.7, source: S1}
"""
TIMELINE = """\
chart: timeline
title: What was decided
rows:
  - {date: 2017, label: Designation, source: S1}
  - {date: 2024-08, label: Meeting, source: S1}
  - {date: 2024-08-09, label: Letter, source: S2}
"""
ALL = {"forest": FOREST, "ranges": RANGES, "bars": BARS, "timeline": TIMELINE}


def chart(text: str) -> DataChart:
    reading = read_data_chart("a.yaml", text, KNOWN)
    assert reading.messages == ()
    assert reading.chart
    return reading.chart


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_data_without_mistakes_are_read(text: str) -> None:
    assert len(chart(text).rows) == text.count("label:")


def test_a_standard_deviation_lies_to_either_side_as_exactly_as_it_was_written() -> None:
    row = chart(RANGES).rows[0]
    assert (row.low, row.high) == (3.4, 7.8)


def test_every_source_is_named_once_with_its_first_line() -> None:
    assert chart(FOREST).sources == ("S1", "S2")
    assert read_data_chart("a.yaml", FOREST, KNOWN).cited == {"S1": 6, "S2": 7}


@pytest.mark.parametrize(
    ("value", "words"),
    [(1.21, "1.21"), (-3.6, "−3.6"), (100.0, "100"), (12000.0, "12,000"), (-0.0, "0"), (0.05, "0.05")],
)
def test_numbers_are_written_for_readers(value: float, words: str) -> None:
    assert written_number(value) == words


MISTAKES = [
    ("forest", "chart: forest\n", "", 1, "Add the key “chart”: one of forest, ranges, bars, timeline."),
    (
        "forest",
        "chart: forest",
        "chart: forrest",
        1,
        "“chart” should be one of forest, ranges, bars, timeline. Did you",
    ),
    ("forest", "chart: forest\ntitle: Pooled effects", "title: T\nchart: pie", 2, "“chart” should be one of"),
    ("forest", "title: Pooled effects\n", "", 1, "Add the key “title”"),
    ("forest", "Pooled effects", "P" * 91, 2, "one line of at most 90 signs"),
    ("forest", "unit: Hedges’ g\n", "", 1, "Add the key “unit”: what the axis says"),
    ("forest", "Hedges’ g", "g" * 91, 3, "at most 90 signs"),
    ("forest", "none: 0\n", "", 1, "Add the key “none”: the number at which there is no effect"),
    ("forest", "none: 0", "whole: 2", 4, "The key “whole” is not known here"),
    ("forest", "none: 0", "none: zero", 4, "“none” should be the number"),
    ("forest", FOREST[FOREST.index("rows:") :], "rows: []\n", 5, "“rows” should be a list of rows"),
    ("forest", FOREST[FOREST.index("rows:") :], "", 1, "Add the key “rows”"),
    ("forest", FOREST[FOREST.index("rows:") :], "rows: {label: a}\n", 5, "“rows” should be a list of rows"),
    ("forest", FOREST[FOREST.index("rows:") :], "rows: [S1]\n", 5, "Write each entry of “rows” as lines"),
    ("forest", FOREST, "- a\n- b\n", 1, "Write this file as lines of `key: value`"),
    ("forest", "label: Phase 3, ", "", 7, "Add the key “label”"),
    ("forest", "Phase 3", "P" * 81, 7, "a label of at most 80 signs"),
    ("forest", "211 people", "p" * 141, 6, "at most 140 signs"),
    ("forest", "value: 0.9", "valeu: 0.9", 7, "Did you mean “value”?"),
    ("forest", "value: 0.9", "value: much", 7, "“value” should be a number, such as 1.21."),
    ("forest", "value: 0.9", "value: .nan", 7, "“value” should be a number, such as 1.21."),
    ("forest", "value: 0.9", "value: .inf", 7, "“value” should be a number, such as 1.21."),
    ("forest", "value: 0.9", "value: 10000000", 7, "“value” should be a number, such as 1.21."),
    ("forest", "value: 0.9", "value: true", 7, "“value” should be a number, such as 1.21."),
    ("forest", "value: 0.9", "value: 0.9, sd: 1", 7, "The key “sd” is not known here"),
    ("forest", "value: 0.9", "date: 2024-01-01, value: 0.9", 7, "The key “date” is not known here"),
    ("forest", "low: 0.9, ", "", 6, "Add low beside high, or remove high."),
    ("forest", "high: 1.5, ", "", 6, "Add high beside low, or remove low."),
    ("forest", "low: 0.9", "low: 1.9", 6, "low is above high"),
    ("forest", "value: 1.21", "value: 1.6", 6, "The value 1.6 does not lie between low 0.9 and high 1.5."),
    ("forest", ', source: "S1, S2"', "", 7, "Add the key “source”"),
    ("forest", '"S1, S2"', "S3", 7, "The source “S3” is not in references.yaml."),
    ("forest", '"S1, S2"', '","', 7, "Name the source of this row by its key, as in `source: S61`."),
    ("forest", "label: Phase 3", "label: nine trials", 7, "This row has the same label as line 6."),
    ("forest", "none: 0", "none: 0\nnone: 1", 5, "stands here twice"),
    ("ranges", "sd: 2.2", "sd: 2.2, low: 1, high: 9", 5, "Give either sd, or low and high"),
    ("ranges", "sd: 2.2", "sd: 0", 5, "a number above 0, one standard deviation"),
    ("ranges", "value: 5.6, ", "", 5, "Add the value around which"),
    ("ranges", "low: 1.4, high: 8.2, ", "", 6, "Give the row a value, or low and high."),
    ("bars", "value: 0.7", "value: 0.6", 4, "The rows add up to 0.9, and not to 1."),
    ("bars", "value: 0.1", "value: -0.1", 6, "A bar is 0 or more."),
    ("bars", "whole: 1", "whole: 0", 4, "a number above 0 to which the rows add up"),
    ("bars", "whole: 1", "none: 1", 4, "The key “none” is not known here"),
    ("timeline", "date: 2017", "date: last year", 4, "“date” should be a date, such as 2024-08-09"),
    ("timeline", "date: 2017", "date: 2017-13", 4, "There is no 2017-13 in a calendar."),
    ("timeline", "2024-08-09", "2024-02-30", 6, "There is no 2024-02-30 in a calendar."),
    ("timeline", "2024-08-09", "2024-07-09", 6, "This is earlier than the row above."),
    ("timeline", "date: 2017, ", "", 4, "Add the key “date”"),
    ("timeline", "title:", "unit: years\ntitle:", 2, "The key “unit” is not known here"),
    ("timeline", "label: Letter", "label: Letter, value: 3", 6, "The key “value” is not known here"),
]


@pytest.mark.parametrize(("name", "old", "new", "line", "text"), MISTAKES)
def test_a_mistake_in_data_is_named_by_line(name: str, old: str, new: str, line: int, text: str) -> None:
    assert old in ALL[name]
    reading = read_data_chart("a.yaml", ALL[name].replace(old, new, 1), KNOWN)
    assert reading.chart is None
    told = [str(one) for one in reading.messages]
    assert any(one.startswith(f"a.yaml:{line}: ") and text in one for one in told), "\n".join(told)
    assert not re.search(r"pydantic|Input should|Traceback|NoneType", " ".join(told))


def test_every_mistake_is_told_at_once() -> None:
    wrong = FOREST.replace("low: 0.9", "low: 9").replace("S2", "S4").replace("Hedges’ g", "g" * 91)
    assert len(read_data_chart("a.yaml", wrong, KNOWN).messages) == 3


def test_a_file_that_is_no_yaml_is_told_once() -> None:
    assert [str(one) for one in read_data_chart("a.yaml", 'chart: "forest', KNOWN).messages] == [
        "a.yaml:1: A quotation mark is opened here and never closed."
    ]


def test_mistakes_are_told_in_the_order_of_the_lines() -> None:
    wrong = re.sub("value: ([^,]+)", "value: much", BARS)
    assert [one.line for one in read_data_chart("a.yaml", wrong, KNOWN).messages] == [6, 7, 8]


def test_a_sum_is_told_once_every_row_can_be_read() -> None:
    assert len(read_data_chart("a.yaml", BARS.replace("0.7", "much"), KNOWN).messages) == 1


def test_keys_may_be_written_as_they_are_cited() -> None:
    row = chart(FOREST.replace('"S1, S2"', '"@S1; @S2, S1"')).rows[1]
    assert row.sources == ("S1", "S2")


@pytest.mark.parametrize("name", ["forest", "ranges", "bars"])
def test_what_the_axis_says_is_kept(name: str) -> None:
    read = chart(ALL[name])
    assert (read.unit, read.none, read.whole) == {
        "forest": ("Hedges’ g", 0, None),
        "ranges": ("hours", None, None),
        "bars": ("per cent", None, 1),
    }[name]
    assert chart(TIMELINE).unit == ""


def test_more_rows_than_a_small_screen_holds_are_refused() -> None:
    rows = [f"  - {{label: Row {n}, value: {n}, source: S1}}\n" for n in range(15)]
    head = BARS[: BARS.index("whole")] + "rows:\n"
    assert len(chart(head + "".join(rows[:14])).rows) == 14
    [told] = read_data_chart("a.yaml", head + "".join(rows), KNOWN).messages
    assert (told.line, told.text) == (19, "Show at most 14 rows: a small screen holds no more.")
