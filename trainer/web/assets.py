"""Sheets, scripts and fonts: the house's own, and those of each room (decision 0046).

The house's own are named as they lie in `trainer/web/static/` (`css/base.css`), those of a room behind its name:
`cases/case.css` is `trainer/cases/static/case.css`. All of them are served under `/static/`.
"""

import hashlib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from flask import Flask, Response, request, send_from_directory, url_for

from trainer.settings import ROOT
from trainer.web.compression import kept_gzipped

OWN = Path(__file__).parent / "static"
FORMER = {
    "css/analytics.css": "analytics/analytics.css",
    "css/case.css": "cases/case.css",
    "css/debrief.css": "cases/debrief.css",
    "css/desk.css": "cohorts/desk.css",
    "css/exam.css": "examinations/exam.css",
    "css/lifecycle.css": "lifecycle/lifecycle.css",
    "css/quiz.css": "quizzes/quiz.css",
    "css/reading.css": "curriculum/reading.css",
    "css/verify.css": "css/verdict.css",
    "js/attempt.js": "quizzes/attempt.js",
    "js/closing.js": "quizzes/closing.js",
    "js/moment.js": "cases/moment.js",
    "js/reading.js": "curriculum/reading.js",
    "js/waiting.js": "certificates/waiting.js",
    "verify/share.js": "js/share.js",
}
"""Names that pages of before November 2026 know, and what answers to them now."""


@cache
def folders() -> Mapping[str, Path]:
    """Return the folder of each room that has one, by the room's name."""
    return {path.parent.name: path for path in (ROOT / "trainer").glob("*/static") if path != OWN}


def file_of_asset(name: str) -> tuple[Path, str]:
    """Return the folder in which a file is, and its name there; whether there is such a file is not asked."""
    name = FORMER.get(name, name)
    room, _, inside = name.partition("/")
    return (folders()[room], inside) if inside and room in folders() else (OWN, name)


@lru_cache(maxsize=256)
def fingerprint_of_asset(name: str) -> str:
    """Return 10 hex digits that change whenever the file does."""
    folder, inside = file_of_asset(name)
    return hashlib.sha256((folder / inside).read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """Return the address of a file; a new version has a new address."""
    return url_for("static", filename=name, v=fingerprint_of_asset(name))


def serve(filename: str) -> Response:
    """Hand out a file, wherever it lies, compressed for whoever can read that; one that is not there is not found."""
    folder, inside = file_of_asset(filename)
    found = send_from_directory(folder, inside)
    compressible = found.status_code == 200 and found.mimetype in ("text/css", "text/javascript", "image/svg+xml")
    if not compressible or not request.accept_encodings.quality("gzip"):
        return found
    found.direct_passthrough = False
    packed = Response(kept_gzipped(found.get_data()), mimetype=found.mimetype)
    found.close()
    packed.set_etag(f"{found.get_etag()[0]}-gzip")
    packed.headers["Content-Encoding"] = "gzip"
    packed.make_conditional(request)
    return packed


def init_app(app: Flask) -> None:
    """Serve them, and let templates name them."""
    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=serve)
    app.jinja_env.globals.update(asset=asset)
