"""One rule for every moment that a person reads (decision 0041): held over all templates and all of our code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from trainer.settings import ROOT

PAPER = {"paper.html", "transcript.html"}  # no pages: their moments are said in the programme's zone before
TEMPLATES = [path for path in sorted((ROOT / "templates").rglob("*.html")) if path.name not in PAPER]
EXPRESSION = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
A_CERTIFICATES_DAY = re.compile(r"\b(issued_on|valid_until|opens|closes) \| day(?!\(| \}\}\{\{ [\w.]*days\.aside)")
A_SENTENCE = re.compile(r"\{\{ ?[\w.]*\b(sentence|evidence|blocked|why_not|problem|changed) \}\}")
QUOTED = "receipt.answer.sentence"  # a receipt is shown to the letter
# who may format a day or a moment, beside `trainer.moments`
DAYS_OF_CERTIFICATES = {
    "certificates/credential/badge.py",
    "certificates/paper/certificate_page.py",
    "certificates/facts/zone.py",
    "web/templates.py",
}
MACHINES = {
    "bulk/routes.py",  # names of files
    "certificates/paper/pdfa.py",
    "witness/counter.py",  # its log
    "logs.py",
    "moments.py",
    "receipts/receipt.py",  # to the second, with the word UTC
    "registry/did.py",
    "registry/jose.py",
    "verify/routes.py",  # names of files
}


def formats(path: Path) -> Iterator[str]:
    """Yield every format of a day or time that a file writes with."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            yield ast.unparse(node.format_spec)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "strftime":
            yield ast.unparse(node)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_a_template_writes_moments_by_the_filters_alone(path: Path) -> None:
    text = path.read_text()
    code = " ".join(EXPRESSION.findall(text))
    assert not re.search(r"strftime|isoformat|astimezone", code)
    assert not re.search(r"\bUTC\b", text)
    assert not A_CERTIFICATES_DAY.search(text), "a certificate's day says whose it is: `| day(claim.days.name)`"
    assert not A_SENTENCE.search(text.replace(QUOTED, "")), "a sentence of ours goes through `| own_time`"


def test_the_foot_of_every_page_says_whose_its_days_are() -> None:
    assert "own_zone()" in (ROOT / "templates/layout/base.html").read_text()
    bare = {
        path.relative_to(ROOT / "templates").as_posix()
        for path in TEMPLATES
        if re.search(r"\| (day|moment)\b", path.read_text())
        and not re.search(r"\{% (extends|macro) ", path.read_text())
        and not path.name.startswith("_")
        and path.parent.name != "parts"
    }
    assert bare == set()


def test_nobody_else_formats_a_day_or_a_moment() -> None:
    found = {
        path.relative_to(ROOT / "trainer").as_posix()
        for path in (ROOT / "trainer").rglob("*.py")
        if any(re.search(r"%-?[A-Za-z]", one) for one in formats(path))
    }
    assert found <= DAYS_OF_CERTIFICATES | MACHINES
