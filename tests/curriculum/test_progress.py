"""Progress is derived from marks; a place is a hint, never a lock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from trainer.authoring.archive import pack_release, unpack_release
from trainer.curriculum.study.progress import ReadingPosition, ReadMark, course_progress, where_in, where_to_go_on
from trainer.curriculum.values import Course, Lesson, Module, Readiness

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def lesson(module: str, slug: str) -> Lesson:
    return Lesson(
        module=module, slug=slug, title=slug, minutes=10, objectives=(), readiness=Readiness.SOLID, html=Markup(""),
        headings=(), references=(), terms=(), checks=(), words=1, path="", hash=f"hash of {slug}",
    )  # fmt: skip


def module(slug: str, *names: str) -> Module:
    return Module(
        slug=slug, number=1, title=slug, minutes=10 * len(names), objectives={}, competencies=(), topics=(),
        sources=(), readiness=Readiness.SOLID, reviewed=(), intro_html=Markup(""), references=(), terms=(),
        lessons=tuple(lesson(slug, name) for name in names), path="", hash="",
    )  # fmt: skip


COURSE = Course(
    modules=(module("m", "a", "b"), module("n", "c", "d")),
    references={}, glossary={}, competencies={}, crosswalks={}, attestations={},
)  # fmt: skip
KEYS = [("m", "a"), ("m", "b"), ("n", "c"), ("n", "d")]
MARK = ReadMark("hash of a", 10, NOW)


def test_a_module_is_finished_when_its_last_lesson_is_read() -> None:
    first, second = course_progress(
        COURSE, {("m", "a"): MARK, ("m", "b"): ReadMark("old", 7, NOW + timedelta(hours=1))}
    )
    assert (first.finished, first.minutes, first.finished_at) == (True, 17, NOW + timedelta(hours=1))
    assert [one.changed for one in first.lessons] == [False, True]
    assert (second.done, second.whole, second.finished_at) == (0, 2, None)


LATER, EARLIER = ReadingPosition("n", "d", "later"), ReadingPosition("n", "c", "earlier")
ELSEWHERE = ReadingPosition("m", "b", "elsewhere")


@pytest.mark.parametrize(
    ("read", "places", "onward"),
    [
        ((), (), ("c", "")),
        ((), (EARLIER,), ("c", "earlier")),
        ((), (LATER, EARLIER), ("d", "later")),  # where one was last
        ((), (ELSEWHERE, LATER), ("d", "later")),  # a look into another module forgets nothing
        (("c",), (EARLIER,), ("d", "")),  # the next one after it
        (("c",), (EARLIER, LATER), ("d", "later")),  # and how far one had come in that one
        (("d",), (LATER, EARLIER), ("c", "earlier")),
        (("d",), (LATER,), ("c", "")),
    ],
)
def test_a_module_goes_on_where_somebody_was_last_and_had_come_to(read, places, onward) -> None:
    lesson, anchor = where_in(COURSE.modules[1].lessons, {("n", slug) for slug in read}, places)
    assert (lesson.slug, anchor) == onward


@given(st.sets(st.sampled_from(KEYS)), st.lists(st.sampled_from([*KEYS, ("m", "gone")]), unique=True))
def test_whoever_has_something_unread_is_led_to_the_first_module_of_it(
    read: set[tuple[str, str]], at: list[tuple[str, str]]
) -> None:
    onward = where_to_go_on(COURSE, dict.fromkeys(read, MARK), [ReadingPosition(*one, "x") for one in at])
    unread = [key for key in KEYS if key not in read]
    assert (onward is None) == (not unread)
    if onward:
        assert (onward[0].module, onward[0].slug) in unread
        assert onward[0].module == unread[0][0]
        assert onward[1] == ("x" if (onward[0].module, onward[0].slug) in at else "")


@given(st.dictionaries(st.from_regex(r"[a-z]{1,5}/[a-z]{1,5}\.md", fullmatch=True), st.binary(max_size=50), max_size=5))
def test_equal_files_make_equal_archives_and_come_out_whole(files: dict[str, bytes]) -> None:
    assert pack_release(files) == pack_release(dict(reversed(files.items())))
    assert unpack_release(pack_release(files)) == files
