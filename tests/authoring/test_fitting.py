"""An author reads one wording for one mistake, and what was published under other rules is read all the same."""

from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import AfterValidator, Field

from trainer.authoring.fitting import FitResult, fit, fit_file, fit_front
from trainer.authoring.frontmatter import split_head
from trainer.authoring.shapes import (
    Label,
    Name,
    Percent,
    Shape,
    Slug,
    SomeText,
    Whole,
    asked_between,
    counted_by,
    refusal,
    unknown_word,
    wish,
)


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


class Lid(Shape):
    colour: SomeText = Field(description="a colour")
    holes: Whole = Field(default=0, description="a whole number of holes")


class Box(Shape):
    NEEDED = ("owner",)
    NEEDED_SINCE = ("size",)

    title: SomeText = Field(description="the title")
    number: Label = Field(default="1", description="a number or a word")
    owner: SomeText = Field(default="", description="who owns it")
    size: Size = Field(default=Size.SMALL, description="small or large")
    weight: Annotated[Whole, asked_between(1, 9)] = Field(default=1, description="a whole number from 1 to 9")
    full: Annotated[Percent, asked_between(1, 100)] = Field(default=100, description="such as 80%")
    glass: Literal["yes", "no"] = Field(default="no", description="yes or no")
    lids: list[Lid] = Field(default=[], description="a list of lids")
    words: list[Slug] = Field(default=[], description="a list of words")
    names: list[Name] = Field(default=[], description="a list of names")
    counts: Annotated[dict[Size, Whole], counted_by(list(Size))] = Field(default={}, description="sizes and numbers")
    marks: dict[Name, Annotated[Whole, Field(description="a mark")]] = Field(default={}, description="names and marks")


def _taken(name: str) -> str:
    if name == "taken":
        raise refusal("“taken” is taken. Choose another.")
    if name == "odd":
        raise wish("an even name")
    if name == "rde":
        raise unknown_word(["red", "green"])
    return name


class Shelf(Shape):
    NEEDED = ("boxes", "marks")

    boxes: list[str] = Field(default=[], description="a list of boxes")
    marks: dict[str, int] = Field(default={})
    size: Size | None = Field(default=None, description="a size")
    spare: Lid | None = Field(default=None, description="a lid")
    by_name: dict[Name, Annotated[Lid, Field(description="a lid of this name")]] = Field(default={})
    paint: Annotated[str, AfterValidator(_taken)] = Field(default="", description="a paint")
    bare: int = 0


SHELF = "boxes: [a]\nmarks: {b: 1}\n"
SOUND = """\
title: A box
owner: Mara
size: large
weight: 3
lids: [{colour: red}]
counts: {small: 2}
marks: {left: 1}
"""


def read(text: str) -> FitResult[Box]:
    return fit_file(Box, text, "box.yaml")[0]


def test_a_sound_file_is_read() -> None:
    fitted = read(SOUND)
    assert (fitted.messages, fitted.unread) == ((), frozenset())
    assert (fitted.head.title, fitted.head.size, fitted.head.lids[0].colour) == ("A box", Size.LARGE, "red")
    assert (fitted.head.counts, fitted.line("lids", "0", "colour")) == ({Size.SMALL: 2}, 5)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("title: A box\n", "", "1: Add the key “title”: the title."),
        ("title: A box", "title:", "1: “title” should be the title."),
        ("title: A box", "title: 5", "1: “title” should be the title. Put it in quotation marks."),
        ("title: A box", "title: true", "1: “title” should be the title. Put it in quotation marks."),
        ("title: A box", "title: [a]", "1: “title” should be the title."),
        ("owner: Mara\n", "", "1: Add the key “owner”: who owns it."),
        ("owner: Mara", 'owner: ""', "2: Add the key “owner”: who owns it."),
        ("size: large\n", "", "1: Add the key “size”: small or large."),
        ("size: large", "size: larg", "3: “size” should be small or large. Did you mean “large”?"),
        ("size: large", "size: large\nglass: ye", "4: “glass” should be yes or no. Did you mean “yes”?"),
        ("weight: 3", "wieght: 3", "4: The key “wieght” is not known here. Did you mean “weight”?"),
        ("weight: 3", "weight: 0", "4: “weight” should be a whole number from 1 to 9."),
        ("weight: 3", "weight: 10", "4: “weight” should be a whole number from 1 to 9."),
        ("weight: 3", "weight: true", "4: “weight” should be a whole number from 1 to 9."),
        ("weight: 3", "weight: 3.0", "4: “weight” should be a whole number from 1 to 9."),
        ("weight: 3", 'weight: "3"', "4: “weight” should be a whole number from 1 to 9."),
        ("weight: 3", "full: 0.8", "4: “full” should be such as 80%."),
        ("weight: 3", "full: 101%", "4: “full” should be such as 80%."),
        ("weight: 3", "number: true", "4: “number” should be a number or a word. Put it in quotation marks."),
        ("weight: 3", "words: [A]", "4: “words” should be a list of words."),
        (
            "weight: 3",
            "names: [2nd]",
            "4: “2nd” should be a name of lower-case letters, digits and hyphens that begins with a letter.",
        ),
        ("{colour: red}", "{holes: 2}", "5: Add the key “colour”: a colour."),
        ("{colour: red}", "{colour: red, hole: 2}", "5: The key “hole” is not known here. Did you mean “holes”?"),
        ("{colour: red}", "{colour: red, x: 2}", "5: The key “x” is not known here. The keys are colour, holes."),
        ("{colour: red}", "{colour: red, holes: many}", "5: “holes” should be a whole number of holes."),
        ("[{colour: red}]", "[5]", "5: “lids” should be a list of lids."),
        ("{small: 2}", "{smal: 2}", "6: The key “smal” is not known here. Did you mean “small”?"),
        ("{small: 2}", "3", "6: “counts” should be sizes and numbers."),
        ("{left: 1}", "{left: one}", "7: “left” should be a mark."),
        (
            "{left: 1}",
            "{Left: 1}",
            "7: “Left” should be a name of lower-case letters, digits and hyphens that begins with a letter.",
        ),
        ("size: large", "size: large\nsize: small", "4: The key “size” stands here twice. Keep one of them."),
    ],
)
def test_a_mistake_is_told_once_on_its_line(old: str, new: str, told: str) -> None:
    assert old in SOUND
    assert [f"{message.line}: {message.text}" for message in read(SOUND.replace(old, new)).messages] == [told]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("size: larg", "“size” should be a size. Did you mean “large”?"),
        ("spare: {colour: red, hole: 1}", "The key “hole” is not known here. Did you mean “holes”?"),
        ("spare: red", "“spare” should be a lid."),
        ("by_name: {left: {colour: red, hole: 1}}", "The key “hole” is not known here. Did you mean “holes”?"),
        ("by_name: {left: {}}", "Add the key “colour”: a colour."),
        ("by_name: {left: red}", "“left” should be a lid of this name."),
        ("by_name: red", "“by_name” should be a text."),
        ("paint: taken", "“taken” is taken. Choose another."),
        ("paint: odd", "“paint” should be an even name."),
        ("paint: rde", "“paint” should be a paint. Did you mean “red”?"),
        ("bare: many", "“bare” should be a text."),
    ],
)
def test_a_mistake_deeper_in_a_shape_is_told_in_the_same_words(typed: str, told: str) -> None:
    fitted, values = fit_file(Shelf, f"{SHELF}{typed}\n", "shelf.yaml")
    assert [(message.line, message.text) for message in fitted.messages] == [(3, told)]
    assert list(values) == ["boxes", "marks", typed.partition(":")[0]]
    unread = set() if "hole" in typed else {typed.partition(":")[0]}
    assert (fitted.head.boxes, fitted.unread) == (["a"], unread)


def test_an_empty_list_or_group_that_is_needed_is_missing() -> None:
    fitted, _ = fit_file(Shelf, "boxes: []\nmarks: {}\nmarks: {}\n", "shelf.yaml")
    assert [str(message) for message in fitted.messages] == [
        "shelf.yaml:1: Add the key “boxes”: a list of boxes.",
        "shelf.yaml:2: Add the key “marks”: a text.",
        "shelf.yaml:3: The key “marks” stands here twice. Keep one of them.",
    ]
    assert fitted.unread == {"boxes", "marks"}


def test_a_needed_key_that_is_missing_hides_no_other_mistake() -> None:
    lines = {"boxes": 9, "spare": 2, "spare.marks": 1, "size": 3}
    value = {"boxes": ["a"], "spare": {"colour": "red", "marks": 1}, "size": "x", "bare": "many", "paint": 3}
    fitted = fit(Shelf, value, path="shelf.yaml", lines=lines)
    assert [message.text for message in fitted.messages] == [
        "Add the key “marks”: a text.",
        "The key “marks” is not known here. The keys are colour, holes.",
        "“bare” should be a text.",
        "“paint” should be a paint. Put it in quotation marks.",
        "“size” should be a size.",
    ]


def test_without_a_description_the_innermost_key_is_named() -> None:
    (told,) = fit_file(Shelf, "boxes: [a]\nmarks:\n  b: x\n", "shelf.yaml")[0].messages
    assert (told.line, told.text) == (3, "“b” should be a text.")


def test_all_mistakes_are_told_at_once_in_the_order_of_the_lines() -> None:
    fitted = read("titel: A box\nweight: 12\nlids: [{}]\nsize: x\n")
    assert [message.line for message in fitted.messages] == [1, 1, 1, 2, 3, 4]


def test_what_was_published_under_other_rules_is_read() -> None:
    text = SOUND.replace("weight: 3", "weight: 12\ndropped: yes\nfull: 0%").replace("size: large\n", "")
    text = text.replace("A box", "2024").replace("{small: 2}", "{small: 2, huge: 1}").replace("red", "red, x: 1")
    fitted = read(text)
    assert (fitted.head.title, fitted.head.weight, fitted.head.full) == ("2024", 12, 0)
    assert (fitted.head.size, fitted.head.counts, fitted.unread) == (Size.SMALL, {Size.SMALL: 2}, frozenset())
    assert len(fitted.messages) == 7


def test_blanks_and_a_truth_that_were_published_are_read_as_they_were() -> None:
    fitted = read(SOUND.replace("size: large", 'size: "  "\nnumber: true'))
    assert (fitted.head.size, fitted.head.number, fitted.unread) == (Size.SMALL, "True", frozenset())
    assert [message.text for message in fitted.messages] == [
        "“size” should be small or large.",
        "“number” should be a number or a word. Put it in quotation marks.",
    ]


def test_a_key_that_cannot_be_understood_falls_back_on_its_default_and_is_named() -> None:
    fitted = read(SOUND.replace("weight: 3", "weight: many").replace("owner: Mara\n", ""))
    assert (fitted.head.weight, fitted.unread) == (1, {"weight", "owner"})


def test_without_a_key_that_has_no_default_nothing_is_read() -> None:
    assert read(SOUND.replace("title: A box\n", "")).head is None


def test_a_key_with_nothing_behind_it_is_empty() -> None:
    fitted = read(SOUND.replace("{left: 1}", "").replace("[{colour: red}]", ""))
    assert (fitted.messages, fitted.head.marks, fitted.head.lids) == ((), {}, [])


def test_a_number_that_is_not_there_is_asked_for_and_was_published_as_its_default() -> None:
    fitted = read(SOUND.replace("weight: 3", "weight:"))
    assert [message.text for message in fitted.messages] == ["“weight” should be a whole number from 1 to 9."]
    assert (fitted.head.weight, fitted.unread) == (1, frozenset())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "1: Write this file as lines of `key: value`. The keys are colour, holes."),
        (b"- a", "1: Write this file as lines of `key: value`. The keys are colour, holes."),
        (b"a: [", "1: This line cannot be read. Look at its quotation marks, its colon and its indentation."),
        (b"\xff", "1: Save this file as UTF-8: it holds bytes that are not text."),
    ],
)
def test_a_file_that_holds_no_keys_is_told_so_once(content: bytes, told: str) -> None:
    fitted, values = fit_file(Lid, content, "lid.yaml")
    assert [f"{message.line}: {message.text}" for message in fitted.messages] == [told]
    assert (fitted.head, values) == (None, {})


def test_a_part_of_a_file_is_told_on_its_own_lines() -> None:
    lines = {"lids": 3, "lids.0": 4, "lids.0.colour": 5}
    fitted = fit(Lid, {"colour": 1}, path="box.yaml", lines=lines, under=("lids", "0"))
    assert [message.line for message in fitted.messages] == [5]
    (told,) = fit(Lid, "red", path="box.yaml", lines=lines, under=("lids", "0")).messages
    assert (told.line, told.text) == (
        4,
        "Write each entry of “lids” as lines of `key: value`. The keys are colour, holes.",
    )
    (told,) = fit(Lid, "red", path="box.yaml", lines=lines, under=("lids",)).messages
    assert (told.line, told.text) == (3, "Write “lids” as lines of `key: value`. The keys are colour, holes.")


def test_front_matter_that_cannot_be_read_is_told_once_and_the_rest_with_what_else_is_wrong() -> None:
    torn = fit_front(Lid, split_head("lid.md", "---\ncolour: [\n---\n"), "lid.md")
    assert (torn.head, len(torn.messages), torn.unread) == (None, 1, {"colour", "holes"})
    twice = fit_front(
        Lid, split_head("lid.md", "---\ncolour: red\ncolour: red\nholes: no\nx: 1\ny: 2\nz: 3\n---\n"), "lid.md"
    )
    assert [message.line for message in twice.messages] == [3, 4, 5, 6, 7]
    (told,) = fit_front(Lid, split_head("lid.md", "---\n---\n"), "lid.md").messages
    assert told.text == "Add the key “colour”: a colour."
