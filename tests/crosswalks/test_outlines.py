"""A regulator sees for every minute which subject it is about, and what is not taught; the sums are the lessons'."""

import csv
import io
from collections import Counter
from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.law.test_law import SOUND
from trainer.analytics.tables import table_as_csv
from trainer.authoring.release import Files
from trainer.crosswalks.outline import Outline, outline, outlines
from trainer.crosswalks.tables import outline_table
from trainer.curriculum.course import parse
from trainer.curriculum.values import Course
from trainer.requirements.programme import Programme
from trainer.requirements.rules import Group, RequirementKind, RequirementLeaf

TOPICS = ("ethics", "screening", "groups")
CROSSWALK = (
    "regulator: A board\nrule: A rule\nread_on: In 2026\ntotal_hours: 40\npracticum_hours: 40\nnote: Not a licence.\n"
    + "topics:\n"
    + "".join(f"  {name}: {{title: {name.capitalize()}, hours: 10, confidence: verified}}\n" for name in TOPICS)
)
MODULE = (
    "---\nmodule: {0}\ntitle: {1}\nminutes: {2}\nobjectives: {{know: Know it.}}\ncompetencies: []\ntopics: {3}\n"
    "sources: []\nreadiness: solid\n---\nWhat it is for.\n"
)
LESSON = "---\nlesson: {0}\ntitle: {0}\nminutes: {1}\nobjectives: [know]\ncovers: {2}\nreadiness: solid\n---\nWords.\n"
EXERCISE = (
    "---\nexercise: walk\ntitle: A walk\nminutes: 30\npace: Twice round the house.\nobjectives: [know]\n"
    "readiness: solid\n---\n## What you do\n\n1. Walk.\n\n## What you keep\n\nA line.\n\n"
    "## What a supervisor looks for\n\n- A line.\n"
)
Covers = Mapping[str, int]


def leaf(kind: RequirementKind, slug: str, minutes: int = 0) -> RequirementLeaf:
    return RequirementLeaf(kind=kind, slug=slug, title=slug.capitalize(), minutes=minutes)


def programme(*needs: RequirementLeaf) -> Programme:
    return Programme(
        slug="foundations",
        title="Foundations",
        credential="A certificate",
        version="1.0",
        validity_months=24,
        summary="",
        needs=Group(title="", needed=len(needs), parts=needs),
    )


def course(*lessons: tuple[int, Covers], topics: str = "[]", more: Files | None = None) -> Course:
    """Return a course of one module, whose lessons last so long and cover so much."""
    texts = {
        "crosswalks/oregon.yaml": CROSSWALK,
        "modules/01-law/module.md": MODULE.format("law", "Law", sum(minutes for minutes, _ in lessons), topics),
        "modules/02-other/module.md": MODULE.format("other", "Other", 5, "[]"),
        "modules/02-other/01-other.md": LESSON.format("other", 5, "{}"),
    }
    for n, (minutes, covers) in enumerate(lessons, start=1):
        said = ", ".join(f"oregon/{name}: {spent}" for name, spent in covers.items())
        texts[f"modules/01-law/{n:02}-part{n}.md"] = LESSON.format(f"part{n}", minutes, f"{{{said}}}")
    return parse({path: text.encode() for path, text in texts.items()} | dict(more or {}))[0]


def set_out(whole: Course, *needs: RequirementLeaf) -> Outline:
    asked = needs or (leaf(RequirementKind.MODULE, "law"),)
    return outline(whole, programme(*asked), whole.crosswalks["oregon"], release="f" * 64)


@st.composite
def lessons(draw: st.DrawFn) -> list[tuple[int, Covers]]:
    """Draw lessons that cover no more than they last, as the check of content asks for."""
    found = []
    for _ in range(draw(st.integers(1, 6))):
        minutes = left = draw(st.integers(1, 30))
        covers = {}
        for name in draw(st.permutations(TOPICS)):
            if left and (spent := draw(st.integers(0, left))):
                covers[name] = spent
                left -= spent
        found.append((minutes, covers))
    return found


@given(lessons())
@settings(max_examples=30)
def test_the_minutes_of_an_outline_are_those_of_the_lessons(drawn: list[tuple[int, Covers]]) -> None:
    found = set_out(course(*drawn))
    spent = sum((Counter(dict(covers)) for _, covers in drawn), Counter())
    assert {topic.topic.id.partition("/")[2]: topic.minutes for topic in found.topics if topic.minutes} == dict(spent)
    assert found.study == sum(minutes for minutes, _ in drawn)
    assert found.set_against == spent.total()
    assert {topic.topic.id for topic in (*found.covered, *found.uncovered)} == {f"oregon/{name}" for name in TOPICS}
    rows = list(csv.DictReader(io.StringIO(table_as_csv(outline_table(found)).decode("utf-8-sig"))))
    assert sum(int(row["minutes"]) for row in rows if row["hours of"] == "study") == found.study


def test_what_is_missing_is_what_was_asked_and_not_taught() -> None:
    first, second, third = set_out(course((20, {"ethics": 15}), (10, {"ethics": 5, "screening": 5}))).topics
    assert (first.minutes, first.asked, first.missing) == (20, 600, 580)
    assert [(share.lesson.slug, share.minutes) for share in second.lessons] == [("part2", 5)]
    assert (third.minutes, third.missing, third.lessons) == (0, 600, ())


def test_more_than_was_asked_leaves_nothing_missing() -> None:
    assert set_out(course((700, {"ethics": 700}))).topics[0].missing == 0


def test_a_module_that_only_names_a_subject_has_no_minutes_of_it() -> None:
    topic = set_out(course((20, {}), topics="[oregon/ethics]")).topics[0]
    assert (topic.minutes, [module.slug for module in topic.touched]) == (0, ["law"])


def test_a_module_that_the_programme_does_not_ask_for_counts_for_nothing() -> None:
    assert set_out(course((20, {"ethics": 5})), leaf(RequirementKind.QUIZ, "law", 5)).study == 0


def test_study_practice_and_assessment_stand_apart() -> None:
    whole = course((20, {"ethics": 5}), more={"modules/01-law/exercise.md": EXERCISE.encode()})
    needs = (
        leaf(RequirementKind.MODULE, "law"),
        leaf(RequirementKind.QUIZ, "law", 8),
        leaf(RequirementKind.CASE, "keys", 25),
        leaf(RequirementKind.WRITTEN, "coffee", 40),
        leaf(RequirementKind.EXAM, "judgement", 180),
        leaf(RequirementKind.ATTESTATION, "code"),
    )
    found = set_out(whole, *needs)
    assert found.study == 20
    assert [(work.what, work.minutes) for work in found.practice] == [("Exercise", 30), ("Case", 25)]
    assert [(work.what, work.minutes) for work in found.assessment] == [
        ("Quiz", 8),
        ("Written task", 40),
        ("Examination", 180),
    ]


def test_every_subject_stands_among_those_covered_or_those_not() -> None:
    found = set_out(course((20, {"screening": 5})))
    assert [topic.topic.id for topic in found.covered] == ["oregon/screening"]
    assert [topic.topic.id for topic in found.uncovered] == ["oregon/ethics", "oregon/groups"]
    assert (found.asked, found.release) == (40 * 60, "f" * 64)


def test_a_subject_is_only_touched_where_no_lesson_of_the_module_declares_minutes() -> None:
    ethics, screening, groups = set_out(course((20, {"ethics": 5}), (9, {}), topics="[oregon/ethics]")).topics
    assert (ethics.touched, screening.touched, groups.touched) == ((), (), ())


def test_what_is_left_of_a_lesson_is_set_against_nothing() -> None:
    other = CROSSWALK.replace("regulator: A board", "regulator: Another board")
    lesson = LESSON.format("part9", 8, "{colorado/ethics: 8}")
    more = {"crosswalks/colorado.yaml": other.encode(), "modules/01-law/09-part9.md": lesson.encode()}
    whole = course((20, {"ethics": 20}), (9, {"ethics": 2}), more=more)
    assert [(share.lesson.slug, share.minutes) for share in set_out(whole).unset] == [("part2", 7), ("part9", 8)]


def test_what_declares_no_minutes_is_no_hour_of_anything() -> None:
    found = set_out(course((5, {})), leaf(RequirementKind.QUIZ, "law"), leaf(RequirementKind.CASE, "keys", 25))
    assert found.assessment == ()
    assert [work.basis for work in found.practice] == ["As the programme declares them, counted once."]


def test_a_list_shows_the_answers_of_the_law_on_which_it_rests() -> None:
    more = {
        "crosswalks/oregon.yaml": f"{CROSSWALK}law: [oregon/who, oregon/whom]\n".encode(),
        "law.yaml": SOUND.encode(),
    }
    [(title, cell)] = set_out(course((5, {}), more=more)).cells
    assert (title, cell.id) == ("Oregon: Asked who", "oregon/who")


def test_every_list_is_set_against_every_programme() -> None:
    whole = course((5, {}), more={"crosswalks/colorado.yaml": CROSSWALK.encode()})
    asked = programme(leaf(RequirementKind.MODULE, "law"))
    found = outlines(whole, {"foundations": asked}, release="e" * 64)
    assert [(each.crosswalk.slug, each.release) for each in found] == [("colorado", "e" * 64), ("oregon", "e" * 64)]
