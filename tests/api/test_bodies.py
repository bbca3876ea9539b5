"""A body that is not what its address takes is refused in one sentence, which names the mistake."""

import re

import pytest

from trainer.api.bodies import BadBody, ListAsked, MatchAsked, TextAsked, WatchAsked, read_body, read_json, read_rows
from trainer.bulk.table import MOST_ROWS

NUMBER = "7K4M-2QXH-9PTV"


@pytest.mark.parametrize("body", [None, "text", 1, [], [{"text": "a"}]])
def test_what_is_no_object_is_called_that(body: object) -> None:
    with pytest.raises(BadBody, match=r"^The body must be a JSON object\.$"):
        read_body(TextAsked, body)


@pytest.mark.parametrize("text", [None, 1, ["a"], "", "a" * 2001])
def test_a_text_has_its_bounds_in_the_sentence(text: object) -> None:
    assert read_body(TextAsked, {"text": "a" * 2000}).text == "a" * 2000
    with pytest.raises(BadBody, match=r"^The field “text” must be a text of 1 to 2,000 characters\.$"):
        read_body(TextAsked, {"text": text})
    with pytest.raises(BadBody, match=r"^The field “text” must be a text of 1 to 2,000 characters\.$"):
        read_body(TextAsked, {})


def test_of_unknown_fields_the_first_is_named_and_before_any_other_mistake() -> None:
    with pytest.raises(BadBody, match=rf"^The field “{'a' * 40}” is not known here\.$"):
        read_body(MatchAsked, {"z": 1, "a" * 50: 2, "name": 3})


@pytest.mark.parametrize("name", [{}, {"id": "a", "number": NUMBER}])
def test_a_certificate_is_named_in_one_way(name: dict[str, str]) -> None:
    with pytest.raises(BadBody, match=r"^Give exactly one of “id” and “number”\.$"):
        read_body(MatchAsked, {"name": "Mara Vogel", **name})


@pytest.mark.parametrize("where", [{}, {"mail": "a@example.org", "webhook": "https://a.example"}])
def test_one_address_is_told(where: dict[str, str]) -> None:
    by_mail, by_hook = (read_body(WatchAsked, {"id": "a", way: "b"}) for way in ("mail", "webhook"))
    assert (by_mail.mail, by_mail.webhook, by_hook.mail, by_hook.webhook) == ("b", "", "", "b")
    with pytest.raises(BadBody, match=r"^Give exactly one of “mail” and “webhook”\.$"):
        read_body(WatchAsked, where)


@pytest.mark.parametrize("reference", [None, 7, "", "a" * 501])
def test_a_reference_that_is_given_is_a_text(reference: object) -> None:
    assert read_body(MatchAsked, {"id": "a" * 500, "name": "Mara Vogel"}).reference == "a" * 500
    assert read_body(MatchAsked, {"number": NUMBER, "name": "Mara Vogel"}).reference == NUMBER
    with pytest.raises(BadBody, match=r"^The field “number” must be a text of 1 to 500 characters\.$"):
        read_body(MatchAsked, {"number": reference, "name": ""})


@pytest.mark.parametrize("body", [None, {}, "rows", []])
def test_a_list_is_asked_for(body: object) -> None:
    with pytest.raises(BadBody, match=r"^Send a list of rows, each with a “reference” and, if you like, a “name”\.$"):
        read_rows(body)


@pytest.mark.parametrize("row", [{"reference": "a"}, {"reference": 1}, 1])
def test_a_list_that_is_too_long_is_called_that_whatever_is_in_it(row: object) -> None:
    assert len(read_rows([{"reference": "a"}] * MOST_ROWS)) == MOST_ROWS
    with pytest.raises(BadBody, match=r"^At most 1,000 rows are checked at once; split the list\.$"):
        read_rows([row] * (MOST_ROWS + 1))


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (1, "Row 2 must be an object with “reference” and, if you like, “name”."),
        ([], "Row 2 must be an object with “reference” and, if you like, “name”."),
        ({"reference": 1, "number": NUMBER}, "Row 2 must be an object with “reference” and, if you like, “name”."),
        ({}, "In row 2, “reference” must be a text, and “name” too if it is there."),
        ({"reference": None}, "In row 2, “reference” must be a text, and “name” too if it is there."),
        ({"reference": "a", "name": 1}, "In row 2, “reference” must be a text, and “name” too if it is there."),
    ],
)
def test_the_first_row_that_is_none_is_named(row: object, sentence: str) -> None:
    with pytest.raises(BadBody, match=f"^{re.escape(sentence)}$"):
        read_rows([{"reference": "a"}, row, 1, {"reference": 1}])


def test_blanks_around_a_row_do_not_count_and_a_row_without_a_name_has_none() -> None:
    first, second = read_rows([{"reference": f" {NUMBER} ", "name": " Mara "}, {"reference": "", "name": None}])
    assert (first.line, first.reference, first.name, first.problem) == (1, NUMBER, "Mara", "")
    assert (second.line, second.name) == (2, "")
    assert second.problem


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"a": "\\ud800"}', "A text in the body ends in the middle of a sign (a lone surrogate)."),
        (b'{"a": 1, "a": 1}', "The body is not JSON, or says something twice under one name."),
        (b"\xff", "The body is not JSON, or says something twice under one name."),
        (b"[" * 10_000, "The body is not JSON, or says something twice under one name."),
        (b" " * (16 * 1024 + 1), "The body is longer than the 16 kB that are read here as JSON."),
    ],
)
def test_what_is_no_json_that_can_be_meant_is_refused(content: bytes, sentence: str) -> None:
    assert read_json(b"[1]" + b" " * (16 * 1024 - 3)) == [1]
    with pytest.raises(BadBody, match=f"^{re.escape(sentence)}$"):
        read_json(content)


def test_each_pair_of_which_one_is_given_stands_in_the_description() -> None:
    pair = [{"required": ["id"]}, {"required": ["number"]}]
    assert "oneOf" not in TextAsked.model_json_schema()
    assert MatchAsked.model_json_schema()["oneOf"] == pair
    assert {"oneOf": pair} in WatchAsked.model_json_schema()["allOf"]
    assert ListAsked.model_json_schema()["maxItems"] == MOST_ROWS
