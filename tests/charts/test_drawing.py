"""A chart as SVG and as its table twin: every value has its place, every row its words and its source."""

import re
from decimal import Decimal

import pytest
from markupsafe import Markup

from tests.charts.test_reading import ALL, BARS, FOREST, RANGES, TIMELINE, chart
from trainer.charts.drawing import date_words, draw_chart, row_words
from trainer.charts.scales import axis_of
from trainer.charts.tables import chart_table
from trainer.curriculum.language.figures import SPACE, redraw
from trainer.curriculum.sourcing import uncoloured


def drawn(text: str) -> str:
    view_box, inside = draw_chart(chart(text))
    return f'<svg xmlns="{SPACE}" viewBox="{view_box}">{inside}</svg>'


def table(text: str) -> str:
    return str(chart_table(chart(text), lambda key: Markup("<b>{}</b>").format(key)))


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_what_we_draw_is_a_figure_that_authors_could_have_drawn(text: str) -> None:
    assert redraw("a.svg", drawn(text), name="a").messages == ()
    assert list(uncoloured("a.svg", drawn(text))) == []


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_the_picture_and_its_table_say_the_same(text: str) -> None:
    picture, twin = drawn(text), table(text)
    for row in chart(text).rows:
        words = date_words(row.date) if row.date else row_words(row)
        for shown in (picture, twin):
            assert row.label in shown
            assert words in shown
        assert all(f"<b>{key}</b>" in twin for key in row.sources)


def test_nothing_stands_outside_the_picture() -> None:
    long = FOREST.replace("Phase 3", "A label of words " * 4).replace(
        "value: 0.9", "value: -12000, low: -90000, high: 0"
    )
    picture = drawn(long)
    width, height = map(float, re.search(r'viewBox="0 0 (\d+) (\d+)"', picture).groups())  # type: ignore[union-attr]
    assert all(0 <= float(x) <= width for x in re.findall(r'(?:x[12]?|cx)="(-?[\d.]+)"', picture))
    assert all(0 <= float(y) <= height for y in re.findall(r'(?:y[12]?|cy)="(-?[\d.]+)"', picture))


WITHOUT_WHOLE = BARS.replace("whole: 1\n", "")


@pytest.mark.parametrize(
    ("text", "ticks"),
    [
        (FOREST, "0 0.5 1.0 1.5"),
        (FOREST.replace("none: 0", "none: 1"), "0.8 1.0 1.2 1.4 1.6"),
        (FOREST.replace("value: 0.9", "value: -3.6"), "-4 -2 0 2"),
        (RANGES, "0 2 4 6 8 10"),
        (
            RANGES.replace("low: 1.4, high: 8.2", "low: 7, high: 8").replace("5.6, sd: 2.2", "7.1, sd: 0.1"),
            "7.0 7.2 7.4 7.6 7.8 8.0",
        ),
        (
            RANGES.replace("low: 1.4", "low: 3.4"),
            "3 4 5 6 7 8 9",
        ),  # begins at 0 below four tenths of the greatest alone
        (RANGES.replace("low: 1.4, high: 8.2", "value: 5").replace("5.6, sd: 2.2", "5"), "0 1 2 3 4 5"),
        (BARS, "0.0 0.2 0.4 0.6 0.8 1.0"),
        (BARS.replace("whole: 1", "whole: 1.1").replace("0.1", "0.2"), "0.0 0.5 1.1"),
        (WITHOUT_WHOLE.replace("0.7", "70"), "0 20 40 60 80"),
        (WITHOUT_WHOLE.replace("0.7", "10000"), "0 2000 4000 6000 8000 10000"),
        (WITHOUT_WHOLE.replace("0.1", "0").replace("0.2", "0").replace("0.7", "0"), "0.0 0.2 0.4 0.6 0.8 1.0"),
    ],
)
def test_an_axis_has_round_numbers_from_end_to_end(text: str, ticks: str) -> None:
    assert axis_of(chart(text)).ticks == tuple(map(Decimal, ticks.split()))


def test_a_value_has_its_place_on_the_axis() -> None:
    axis = axis_of(chart(RANGES))
    assert [axis.share(value) for value in (0, 2.5, 10)] == [0, 0.25, 1]


def test_no_effect_is_drawn_and_named() -> None:
    assert "no effect: 0" in drawn(FOREST)
    assert "no effect" not in drawn(RANGES)


def test_the_whole_stands_below_its_parts() -> None:
    assert '<th scope="row">Together</th><td>1</td>' in table(BARS)


def test_dates_are_written_as_far_as_they_are_known() -> None:
    assert [date_words(row.date) for row in chart(TIMELINE).rows] == ["2017", "August 2024", "9 August 2024"]


def test_what_an_author_types_is_text() -> None:
    wild = FOREST.replace("Phase 3", "<script>").replace("211 people", "a & b")
    assert "&lt;script&gt;" in drawn(wild)
    assert "<script>" not in drawn(wild) + table(wild)
