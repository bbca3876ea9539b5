"""Sources are read with all that is known of them; what cannot be so is told by line."""

import pytest

from trainer.authoring.messages import Message
from trainer.references.reading import read_references
from trainer.references.reference import NoticeKind
from trainer.references.since import noted_since

WHOLE = """\
S1:
  short: Jerome 2020
  kind: primary
  type: review
  authors: [Jerome, "et al."]
  year: 2020
  title: Long-term outcomes
  container: Psychopharmacology
  volume: "237"
  pages: 2485–2497
  doi: 10.1007/s00213-020-05548-2
  text: Jerome et al. (2020). Long-term outcomes. Psychopharmacology 237:2485–2497.
  used_for: an example
  states: ["67%"]
  retracted: {on: 2024-08-10, note: Violations., source: "https://example.org/notice"}
  corrected: {note: An erratum., source: A list.}
"""
YESTERDAYS = 'S1: {short: "Jerome 2020", kind: primary, url: "https://doi.org/10.1/x", text: "Jerome 2020."}\n'


def read(text: str) -> tuple[dict, list[Message]]:
    found: list[Message] = []
    return read_references("references.yaml", text, found), found


def test_what_is_known_of_a_source_is_read_and_the_gravest_news_stands_first() -> None:
    references, found = read(WHOLE)
    source = references["S1"]
    assert not found
    assert source.what == "Review, primary source"
    assert source.address == "https://doi.org/10.1007/s00213-020-05548-2"
    assert source.is_retracted
    assert [notice.kind for notice in source.notices] == [NoticeKind.RETRACTED, NoticeKind.CORRECTED]
    assert "Retracted, 2024-08-10: Violations." in source.html
    assert "Corrected: An erratum. (A list.)" in source.html


def test_a_source_as_it_was_written_until_now_is_read_and_its_doi_is_that_of_its_address() -> None:
    references, found = read(YESTERDAYS)
    assert not found
    assert references["S1"].doi == "10.1/x"


def test_a_second_entry_of_a_retracted_paper_does_not_pass_it_off_as_sound() -> None:
    twin = 'S2: {short: "Jerome 2020", kind: primary, doi: 10.1007/S00213-020-05548-2, text: "Jerome 2020."}\n'
    other = 'S3: {short: "Other 2020", kind: primary, doi: 10.1007/other, text: "Other 2020."}\n'
    _, found = read(f"{WHOLE}{twin}{other}")
    [message] = found
    assert str(message).startswith("references.yaml:17: “S2” has the doi of “S1”, which was retracted. Cite that")


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("type: review", "type: revue", 4, "“type” should be one of trial, review"),
        ("year: 2020", "year: 20200", 6, "“year” should be a year, such as 2021"),
        ("year: 2020", "year: 2019", 6, "“year” says “2019”, and `text` does not."),
        ("title: Long-term outcomes", "title: Long outcomes", 7, "“title” says “Long outcomes”, and `text` does not."),
        ('[Jerome, "et al."]', "[Jerome, Wang]", 5, "“authors” names “Wang”, and `text` does not."),
        ("authors: [", "authors: Jerome #[", 5, "“authors” should be a list of family names"),
        ("doi: 10", "doi: https://doi.org/10", 11, "a doi without its address"),
        ('["67%"]', "[67.0]", 14, "in quotation marks, such as"),
        ("on: 2024-08-10", "on: in August", 15, "“on” should be a day, such as 2024-08-10"),
        ("note: Violations., ", "", 15, "Add the key “note”: why"),
        ('"https://example.org/notice"', '""', 15, "“source” should be where that stands"),
        ("corrected:", "corrects:", 16, "The key “corrects” is not known here. Did you mean “corrected”?"),
    ],
)
def test_each_mistake_in_a_source_is_told_by_its_line(old: str, new: str, line: int, told: str) -> None:
    assert old in WHOLE
    _, found = read(WHOLE.replace(old, new, 1))
    assert [message.line for message in found if told in message.text] == [line], found


def test_what_became_known_after_a_text_was_published_is_told_to_those_who_read_it() -> None:
    old, new = read(YESTERDAYS)[0], read(WHOLE)[0]
    assert [source.key for source in noted_since(old.values(), new)] == ["S1"]
    assert noted_since(new.values(), new) == []
    assert noted_since(old.values(), {}) == []
