"""The page that checks without us: a handful of files that work from a folder as well as from our address."""

import io
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from trainer.settings import ROOT

_HERE = Path(__file__).parent / "static"
_SHEETS = ROOT / "trainer" / "web" / "static" / "css"
_FILES = {
    "index.html": _HERE / "index.html",
    "check.js": _HERE / "check.js",
    "page.js": _HERE / "page.js",
    "tokens.css": _SHEETS / "tokens.css",
    "base.css": _SHEETS / "base.css",
    "verify.css": _SHEETS / "verdict.css",
}
KINDS = {"html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
PINNED = "pinned.js"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def page_files(trust: str | None) -> Mapping[str, bytes]:
    """Return every file of the page by its name, with this trust file pinned in it."""
    return {**fixed_files(), PINNED: f"globalThis.pinnedTrust = {(trust or 'null').strip()};\n".encode()}


@cache
def fixed_files() -> Mapping[str, bytes]:
    """Return the files of the page that are the same everywhere."""
    return {name: _alone(path.read_text()).encode() for name, path in _FILES.items()}


@cache
def served_files() -> Mapping[str, bytes]:
    """Return the same files as they are handed out at our address, where our fonts are to be had."""
    tokens = _FILES["tokens.css"].read_text().replace("../fonts/", "/static/fonts/")
    return {**fixed_files(), "tokens.css": tokens.encode()}


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
