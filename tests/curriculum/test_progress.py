"""Progress is derived from marks; a place is a hint, never a lock."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from trainer.authoring.archive import pack_release, unpack_release
from trainer.curriculum.study.progress import ReadingPosition, ReadMark, course_progress, where_to_go_on
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


def test_a_lesson_begun_comes_first_then_the_next_unread_one() -> None:
    begun = where_to_go_on(COURSE, {("m", "a"): MARK}, ReadingPosition("n", "c", "part"))
    assert begun is not None
    assert (begun[0].slug, begun[1]) == ("c", "part")
    after = where_to_go_on(COURSE, {("n", "c"): MARK}, ReadingPosition("n", "c", "part"))
    assert after is not None
    assert (after[0].slug, after[1]) == ("d", "")


@given(st.sets(st.sampled_from(KEYS)), st.none() | st.sampled_from([*KEYS, ("m", "gone")]))
def test_whoever_has_something_unread_is_led_to_it(read: set[tuple[str, str]], at: tuple[str, str] | None) -> None:
    onward = where_to_go_on(COURSE, dict.fromkeys(read, MARK), ReadingPosition(*at, "x") if at else None)
    assert (onward is None) == (len(read) == 4)
    assert onward is None or (onward[0].module, onward[0].slug) not in read


@given(st.dictionaries(st.from_regex(r"[a-z]{1,5}/[a-z]{1,5}\.md", fullmatch=True), st.binary(max_size=50), max_size=5))
def test_equal_files_make_equal_archives_and_come_out_whole(files: dict[str, bytes]) -> None:
    assert pack_release(files) == pack_release(dict(reversed(files.items())))
    assert unpack_release(pack_release(files)) == files
