"""What readers get from the files."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.authoring.frontmatter import load, split_head
from trainer.authoring.markdown import block, inline, safe_link
from trainer.authoring.release import Files, release_of
from trainer.curriculum.course import Course, Readiness, parse
from trainer.curriculum.language import figures


def course(files: Files) -> Course:
    return parse(files)[0]


def test_modules_and_lessons_come_in_order(files: Files) -> None:
    (module,) = course(files).modules
    assert [lesson.slug for lesson in module.lessons] == ["why", "how"]
    assert (module.number, module.minutes, module.lessons[1].readiness) == (1, 30, Readiness.PENDING)


def test_sources_are_numbered_in_the_order_of_reading(files: Files) -> None:
    lesson = course(files).modules[0].lessons[0]
    assert [reference.key for reference in lesson.references] == ["S1", "S2"]
    assert re.findall(r'href="#ref-(\d)"', lesson.html) == ["1", "2", "1", "2", "1"]
    assert lesson.html.count('id="cite-1"') == 1


def test_a_term_leads_to_its_definition(files: Files) -> None:
    lesson = course(files).modules[0].lessons[0]
    assert '<a class="term" href="#term-suggestibility" id="use-suggestibility">more open</a>' in lesson.html
    assert "Nayak 2021</a>)" in lesson.terms[0].html


def test_a_term_written_as_its_short_name_reads_as_words(spoil) -> None:
    lesson = course(spoil("modules/01-ethics/02-how.md", "[[stop signal]]", "[[stop-signal]]")).modules[0].lessons[1]
    assert ">stop signal</a>" in lesson.html


def test_a_number_stands_close_to_its_word(files: Files) -> None:
    assert "stay so<sup" in course(files).modules[0].lessons[0].html


def test_a_check_works_without_a_script(files: Files) -> None:
    html = course(files).modules[0].lessons[0].html
    assert html.count("<details") == 2
    assert re.search(
        r"<summary>Yes, at any time\.</summary>\s*<div class=\"reason reason-right\"><p [^>]*>Yes</p>", html
    )


def test_a_figure_speaks_and_its_ids_are_its_own(files: Files) -> None:
    html = course(files).modules[0].lessons[0].html
    assert '<title id="figure-ladder-alt">Three steps, from low to high.</title>' in html
    assert 'id="figure-ladder-tip"' in html
    assert 'marker-end="url(#figure-ladder-tip)"' in html
    assert "Consent goes up in <em>steps</em>." in html


def test_links_lead_to_pages_and_headings_to_themselves(files: Files) -> None:
    lesson = course(files).modules[0].lessons[0]
    assert 'href="../ethics/how"' in lesson.html
    assert [(heading.level, heading.id) for heading in lesson.headings] == [(2, "what-follows")]


def test_no_style_stands_in_a_page(files: Files) -> None:
    html = course(files).modules[0].lessons[1].html
    assert "style=" not in html
    assert 'class="align-right"' in html


def test_a_changed_figure_changes_the_hash_of_its_lesson_only(files: Files) -> None:
    before, after = (
        course(one).modules[0].lessons
        for one in (files, {**files, "modules/01-ethics/ladder.svg": files["modules/01-ethics/ladder.svg"] + b"\n"})
    )
    assert before[0].hash != after[0].hash
    assert before[1].hash == after[1].hash


def test_yaml_does_not_turn_words_into_other_things() -> None:
    head = split_head("a.md", "---\na: no\nb: 1:30\nc: 2025-01-02\nd: 012\ne: yes\nf: ~\ng: true\n---\nBody")
    assert head.fields == {"a": "no", "b": "1:30", "c": "2025-01-02", "d": 12, "e": "yes", "f": None, "g": True}
    assert (head.body, head.body_line, head.line("c")) == ("Body", 10, 4)


def test_windows_line_ends_and_a_byte_order_mark_do_not_matter(files: Files) -> None:
    windows = {path: b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n") for path, text in files.items()}
    assert parse(windows) == parse(files)


def test_links_go_to_the_web_to_mail_or_within_the_site() -> None:
    good = ["https://a.org", "http://a.org", "mailto:a@b.org", "02-how.md", "#part", "../x/y"]
    bad = [
        "javascript:alert(1)",
        "JAVASCRIPT:x",
        "data:text/html,x",
        "vbscript:x",
        "//evil.org",
        "\\\\evil",
        "java\tscript:x",
    ]
    assert [safe_link(url) for url in good + bad] == [True] * len(good) + [False] * len(bad)


def test_markdown_of_a_line_has_no_paragraph() -> None:
    assert inline("**a** <b>") == "<strong>a</strong> &lt;b&gt;"
    assert "<script" not in block("<script>alert(1)</script>")


PIECES = """
---|lesson: why|::: check a|:::|::: figure x.svg|[[a|b]]|[@S1]|- [x] a|  > b|## a|alt: x|```|<b>|![](x)|[a](b)|> |    x
""".strip().split("|")
WORDS = st.sampled_from([*(f"{piece}\n" for piece in PIECES), "|a|b|\n|-|-|\n", "[[a|b]]", "\n", "\t", "\x00", "é"])
ANY = st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda t: t.encode("utf-8", "replace")))
ODD = st.lists(WORDS, max_size=25).map(lambda words: "".join(words).encode())
FILE = st.one_of(ANY, ODD, ODD.map(lambda body: b"---\nlesson: why\ntitle: a\nminutes: 1\n---\n" + body))
PATHS = st.sampled_from(
    ["references.yaml", "glossary.md", "competencies.yaml", "crosswalks/a.yaml", "attestations/a.md", "modules/x"]
    + [
        f"modules/01-ethics/{name}"
        for name in ("module.md", "01-why.md", "02-how.md", "ladder.svg", "x.svg", "bank.md")
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(PATHS, FILE, max_size=4))
def test_whatever_stands_in_the_files_they_are_read_without_an_accident(odd: dict[str, bytes]) -> None:
    _, messages = parse(odd)
    assert all(message.line >= 1 for message in messages)


@given(st.text(max_size=300))
def test_whatever_stands_in_a_head_it_is_read_without_an_accident(text: str) -> None:
    split_head("a.md", f"---\n{text}\n---\n")
    load("a.yaml", text)


@given(st.text(max_size=200))
def test_no_drawing_carries_a_script(text: str) -> None:
    drawing = figures.redraw("a.svg", f'<svg xmlns="{figures.SPACE}" viewBox="0 0 1 1">{text}</svg>', name="a")
    assert "<script" not in drawing.inside


def test_equal_files_are_one_release_and_read_once(files: Files) -> None:
    from trainer.curriculum.course import course_of

    assert course_of(release_of(files)) is course_of(release_of(dict(reversed(files.items()))))
