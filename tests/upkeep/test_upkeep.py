"""What is past its date is named, with all that rests on it; so is what changed in the law."""

from datetime import date

import pytest

from tests.law.test_law import CELL, EVENT, SOUND
from trainer.authoring.release import Files
from trainer.upkeep.changes import law_changes
from trainer.upkeep.past import past_dates, read_in_days_to_come, resting_on

LESSON = """\
---
lesson: one
---
A claim [@S1; @S2].

::: law oregon/who
:::

::: law-table who next
:::

::: law-timeline
:::

::: law Oregon, as read in 2025
By hand.
:::

::: figure a.svg
alt: A.
caption: B.
sources: S1
:::
"""
BANK = "---\nbank: law\n---\n\n## First {#first}\n- source: S2\n- law: oregon/who\n\nA question [@S1]?\n"
CASE = (
    "---\ncase: keys\nreviewed:\n  - {name: Ada, role: physician, date: 2024-01-01}\n---\n# Sources\n\n- S1: a rule\n"
)
HEAD = "---\nmodule: law\nreviewed:\n  - {name: Ben, role: lawyer, date: 2026-01-01}\n---\n"
FILES = {
    "references.yaml": "S1: {short: A, kind: rule, text: A.}\nS2: {short: B, kind: secondary, text: B.}\n",
    "glossary.md": "## Licence {#licence}\nA paper [@S2].\n",
    "law.yaml": SOUND,
    "modules/02-law/module.md": HEAD,
    "modules/02-law/01-one.md": LESSON,
    "modules/02-law/bank.md": BANK,
    "modules/02-law/a.yaml": "rows:\n  - {label: A, source: S2}\n",
    "cases/keys/en.md": CASE,
    "crosswalks/oregon.yaml": "regulator: A\nlaw: [oregon/who]\n",
}


def files(**changed: str) -> Files:
    """Return the files, with the law changed if asked for."""
    return {path: text.encode() for path, text in {**FILES, **{f"{key}.yaml": v for key, v in changed.items()}}.items()}


def places(what: str) -> list[str]:
    found = resting_on(files(), what)
    assert found is not None
    return [str(place) for place in found]


def test_all_that_rests_on_an_answer_is_named_by_file_and_line() -> None:
    assert places("oregon/who") == [
        "crosswalks/oregon.yaml:2: crosswalk oregon",
        "modules/02-law/01-one.md:6: lesson law/one",
        "modules/02-law/01-one.md:9: lesson law/one",
        "modules/02-law/bank.md:7: item law/first",
    ]
    assert places("oregon/next") == ["modules/02-law/01-one.md:9: lesson law/one"]


def test_what_rests_on_a_source_is_named_also_by_way_of_the_law() -> None:
    assert places("S2") == [
        "glossary.md:2: term licence",
        "modules/02-law/01-one.md:4: lesson law/one",
        "modules/02-law/a.yaml:2: figure a.yaml",
        "modules/02-law/bank.md:6: item law/first",
    ]
    by_way = places("S1")
    assert "law.yaml:12: answer of the law oregon/who" not in by_way
    assert {"cases/keys/en.md:8: case keys", "modules/02-law/01-one.md:22: figure a.svg"} < set(by_way)
    assert "modules/02-law/bank.md:7: item law/first" in by_way  # names no source, and the answer that rests on one
    assert resting_on(files(), "S9") is None


@pytest.mark.parametrize(
    ("on", "told"),
    [
        (date(2025, 12, 31), []),
        (date(2026, 1, 1), ["cases/keys/en.md:4"]),
        (date(2026, 5, 30), ["cases/keys/en.md:4"]),
        (date(2026, 5, 31), ["cases/keys/en.md:4", *(f"law.yaml:{line}" for line in range(13, 19))]),
    ],
)
def test_what_is_past_its_date_depends_on_the_day(on: date, told: list[str]) -> None:
    assert [f"{past.message.path}:{past.message.line}" for past in past_dates(files(), on)] == told


def test_an_answer_read_on_a_day_to_come_is_told() -> None:
    early = [str(one) for one in read_in_days_to_come(files(), date(2026, 2, 28))]
    assert early[0].startswith("law.yaml:13: Oregon: Asked who (oregon/who) was read on 1 March 2026, as it says, and")
    assert not list(read_in_days_to_come(files(), date(2026, 3, 1)))


def test_a_box_written_by_hand_is_read_again_after_a_year_and_a_signature_given_again_after_two() -> None:
    past = {str(one.message).split(": ")[0]: one for one in past_dates(files(), date(2028, 1, 2))}
    assert "Read it, or draw it from law.yaml." in past["modules/02-law/01-one.md:15"].message.text
    assert "Ben signed this on 1 January 2026" in past["modules/02-law/module.md:4"].message.text
    assert past["modules/02-law/module.md:4"].resting is None


def test_an_answer_that_is_past_names_what_rests_on_it_and_what_cites_its_sources_itself() -> None:
    past = {one.message.text.partition(" (")[2][:10]: one for one in past_dates(files(), date(2026, 6, 1))}
    under = [str(place) for place in past["oregon/who"].resting or ()]
    assert "crosswalks/oregon.yaml:2: crosswalk oregon" in under
    assert "cases/keys/en.md:8: case keys" in under


def test_a_known_end_is_told_as_what_it_is() -> None:
    ended = SOUND.replace("every: 90", "every: 90, until: 2026-04-01", 1)
    [past] = past_dates({"law.yaml": ended.encode()}, date(2026, 4, 2))
    assert past.message.text == (
        "Oregon: Asked who (oregon/who) is known to hold until 1 April 2026 only. "
        "Read what holds now; correct the text, “read”, “as_of” and “until”."
    )


def test_a_changed_answer_is_named_with_what_changed_and_what_rests_on_it() -> None:
    changed = CELL.replace("A licence.", "Two licences.").replace("2026-03-01", "2026-04-01")
    [change] = law_changes(files(), files(law=SOUND.replace(f"who: {CELL}", f"who: {changed}")))
    assert (change.what, change.words) == ("oregon/who", "text changed, read 2026-03-01 to 2026-04-01")
    assert [str(place) for place in change.resting] == places("oregon/who")


def test_what_was_added_and_taken_out_is_named() -> None:
    without = SOUND.replace(f"      next: {CELL}\n", "").partition("events:")[0]
    gone, events = law_changes(files(), files(law=without))
    assert (gone.what, gone.words, len(gone.resting)) == ("oregon/next", "taken out", 1)
    assert (events.what, events.words) == ("events", "2023-07-01 oregon taken out")
    assert [change.words for change in law_changes(files(law=without), files())] == ["added", "2023-07-01 oregon added"]
    assert law_changes(files(), files()) == ()


def test_an_answer_moved_to_another_line_has_not_changed() -> None:
    assert law_changes(files(), files(law=f"# A word before.\n{SOUND}")) == ()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("every: 90", "every: 60", "every 90 to 60"),
        ("sources: [S1]", "sources: [S1, S2]", "sources [S1] to [S1, S2]"),
        ("certainty: read", "certainty: reported", "certainty read to reported"),
        ("every: 90", "every: 90, until: 2026-12-31", "until none to 2026-12-31"),
        ("every: 90", "every: 90, brief: In short", "brief changed"),
    ],
)
def test_what_of_an_answer_changed_is_told(old: str, new: str, words: str) -> None:
    [change] = law_changes(files(), files(law=SOUND.replace(old, new, 1)))
    assert (change.what, change.words) == ("oregon/who", words)


def test_changed_events_are_told_in_their_order() -> None:
    event = '{date: 2022, place: oregon, text: "Before.", sources: [S1], certainty: read}'
    law = SOUND.replace("events:\n", f"events:\n  - {event}\n").replace(
        'begins.", sources: [S1]', 'begins.", sources: []'
    )
    [change] = law_changes(files(), files(law=law))
    assert (change.what, change.words) == ("events", "2022 oregon added; 2023-07-01 oregon changed")


def test_what_was_taken_out_is_told_with_what_rested_on_it() -> None:
    gone = {"law.yaml": SOUND.replace(f"      next: {CELL}\n", "").encode()}
    [change] = law_changes(files(), gone)
    assert [str(place) for place in change.resting] == ["modules/02-law/01-one.md:9: lesson law/one"]


def test_a_changed_answer_is_told_with_what_rests_on_it_now() -> None:
    newer = {**files(law=SOUND.replace("every: 90", "every: 60", 1)), "crosswalks/oregon.yaml": b"regulator: A\n"}
    [change] = law_changes(files(), newer)
    assert "crosswalks/oregon.yaml:2: crosswalk oregon" not in map(str, change.resting)


def test_many_new_events_are_told_in_the_order_of_their_days() -> None:
    years = [str(year) for year in range(2001, 2021)]
    rows = "".join(f"  - {EVENT.replace('2023-07-01', year)}\n" for year in reversed(years))
    [change] = law_changes(files(), files(law=SOUND + rows))
    assert [words.split()[0] for words in change.words.split("; ")] == years
