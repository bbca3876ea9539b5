"""What the documents say about the code is so: the page for newcomers, and what is easily undone by halves."""

import ast
import re

from trainer.settings import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text()


def defined_in(source: str) -> set[str]:
    names = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def test_every_file_and_every_name_of_the_page_for_newcomers_is_there() -> None:
    by_kind = PAGE[PAGE.index("## What a file may do") : PAGE.index("## Five journeys")]
    absent = set()
    for path, name in re.findall(r"`([a-z_/]+\.py)`(?: `(\w+)`)?", PAGE.replace(by_kind, "")):
        file = ROOT / path if path.startswith("tests/") else ROOT / "trainer" / path
        if "/" not in path and not file.exists():
            continue  # a kind of file, such as models.py
        if not file.exists() or (name and name not in defined_in(file.read_text())):
            absent.add((path, name))
    assert absent == set()


def test_every_room_stands_on_its_floor_on_that_page() -> None:
    rooms = {path.parent.name for path in (ROOT / "trainer").glob("*/__init__.py")}
    assert {room for room in rooms if f"`{room}`" not in PAGE} == set()


def test_the_interface_has_one_language_and_no_half_of_another() -> None:
    """Decision 51: whoever brings gettext back brings all of it."""
    for path in (*(ROOT / "trainer").rglob("*.py"), *(ROOT / "templates").rglob("*.html")):
        assert not re.search(r"gettext|flask_babel|(?<![\w.])_\([\"']", path.read_text()), path


def test_no_line_of_a_template_is_wider_than_a_line_of_code() -> None:
    wide = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > 120
    ]
    assert wide == []


def test_where_peoples_own_lines_are_kept_a_template_breaks_none() -> None:
    kept = {
        name
        for sheet in (ROOT / "trainer").rglob("*.css")
        for name in re.findall(r"\.([\w-]+) \{[^}]*white-space: pre-line", sheet.read_text())
    }
    element = rf'<(p|span|dd|td)\b[^>]*class="(?:{"|".join(sorted(kept))})"[^>]*>(.*?)</\1>'
    broken = [
        (path.name, words)
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for _, words in re.findall(element, path.read_text(), re.DOTALL)
        if "\n" in re.sub(r"{{.*?}}|{%.*?%}|<[^>]*>", "", words, flags=re.DOTALL)
    ]
    assert kept
    assert broken == []


def test_what_the_overview_says_is_taught_and_asked_where_its_table_says() -> None:
    """`docs/coverage.md` names lessons by path and questions by bank and id."""
    modules, text = ROOT / "content" / "modules", (ROOT / "docs" / "coverage.md").read_text()
    absent = {path for path in re.findall(r"`(\d\d-[\w-]+/[\w-]+\.md)`", text) if not (modules / path).is_file()}
    for bank, listed in re.findall(r"`(\d\d-[\w-]+/bank\.md)`: ((?:`[\w-]+`(?:, )?)+)", text):
        asked = (modules / bank).read_text()
        absent |= {f"{bank} {item}" for item in re.findall(r"`([\w-]+)`", listed) if f"{{#{item}}}" not in asked}
    assert absent == set()


def test_a_button_says_what_it_does() -> None:
    page = (ROOT / "docs" / "words.md").read_text()
    alone = {word.strip() for word in page.partition("Never alone on a button:")[2].split("·")}
    said = {
        (path.name, words)
        for path in (ROOT / "templates").rglob("*.html")
        for words in re.findall(r"<(?:button|a)\b[^>]*button[^>]*>\s*([^<{]+?)\s*</", path.read_text())
    }
    assert len(said) > 50
    assert {(name, words) for name, words in said if words in alone} == set()
