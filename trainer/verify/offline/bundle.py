"""The page that checks without us: a handful of files that work from a folder as well as from our address.

A browser loads no modules from a folder (their origin is none), so those of the check are joined into one script.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from markupsafe import escape

from trainer.school.reading import School
from trainer.settings import ROOT

_HERE = Path(__file__).parent / "static"
_SHEETS = ROOT / "trainer" / "web" / "static" / "css"
_FILES = {
    "index.html": _HERE / "index.html",
    "page.js": _HERE / "page.js",
    "tokens.css": _SHEETS / "tokens.css",
    "base.css": _SHEETS / "base.css",
    "verify.css": _SHEETS / "verdict.css",
}
MODULES = (
    *("bytes", "dates", "der", "x509", "cms"),
    *("handed_in", "credential", "notes", "merkle", "status_lists", "inside"),
    *("judging", "trust_file", "succession", "verify"),
)
"""The modules of the check in `static/check/`, each after those that it imports from."""
_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|class) (\w+))", re.MULTILINE)
KINDS = {"html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
PINNED_FILES = "pinned.js"
_MARK = re.compile(r"\s*<svg.*?</svg>", re.DOTALL)
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def page_files(trust: str | None) -> Mapping[str, bytes]:
    """Return every file of the page by its name, with this trust file pinned in it."""
    return {**fixed_files(), PINNED_FILES: f"globalThis.pinnedTrust = {(trust or 'null').strip()};\n".encode()}


@cache
def fixed_files() -> Mapping[str, bytes]:
    """Return the files of the page that are the same everywhere."""
    files = {name: _alone(path.read_text()).encode() for name, path in _FILES.items()}
    return {**files, "check.js": _joined().encode()}


def _joined() -> str:
    """Return the modules as one script: each a function of its own, so that no name of one is seen in another."""
    modules = "\n".join(_as_function(name, (_HERE / "check" / f"{name}.js").read_text()) for name in MODULES)
    return (
        "// Checks a certificate from pinned keys alone, in the browser, without any server: the same rules as in\n"
        f'// trainer/verify. It knows nothing of the page around it.\n(() => {{\n"use strict";\n{modules}}})();\n'
    )


def _as_function(name: str, text: str) -> str:
    given = ", ".join(_EXPORT.findall(text))
    body = _IMPORT.sub(r"const \1 = \2;", _EXPORT.sub("", text))
    return f"const {name} = (() => {{\n{body}return {{ {given} }};\n}})();\n"


@cache
def served_files() -> Mapping[str, bytes]:
    """Return the same files as they are handed out at our address, where our fonts are to be had."""
    tokens = _FILES["tokens.css"].read_text().replace("../fonts/", "/static/fonts/")
    return {**fixed_files(), "tokens.css": tokens.encode()}


def dressed(name: str, content: bytes, school: School) -> bytes:
    """Return a file of the page in the dress of a school: its name, its colours, and no mark that is not its own."""
    if name == "tokens.css":
        return content + school.sheet.encode()
    if name != "index.html":
        return content
    page = content.decode().replace("Trainer", str(escape(school.name)))
    return (_MARK.sub("", page, count=1) if school.logo else page).encode()


def _alone(text: str) -> str:
    """Return a file without its fonts: a page on a memory stick uses those of the machine."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("@font-face"))


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return the files as a ZIP; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(f"verify-offline/{name}", _LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
