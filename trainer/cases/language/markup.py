"""Signs of the language in places where they would be read out to a trainee as they stand."""

import re

from trainer.authoring.messages import Findings
from trainer.cases.language.lines import RawBody, RawChoice, RawScene, cut_id

_ALMOST = re.compile(r"^(?:\[(?!\s*if\b)[^\]]*\](?![(\[:])|\(\s*if\b)", re.IGNORECASE)
_CAPITAL = re.compile(r"^\[\s*(?:If|IF|iF)\b")
_INSIDE = re.compile(r"(?<=.)\[\s*if\b", re.IGNORECASE)
_ID = re.compile(r"\{#[^}]*\}")
_PROSE_KEYS = ("cue", "feedback", "prompt")


def lint_markup(raw: RawBody) -> Findings:
    """Yield the line and the sentence for each sign that nothing would understand."""
    for part in raw.parts:
        for scene in part.scenes:
            yield from _scene(scene)
            for choice in scene.choices:
                yield from _choice(choice)


def _scene(scene: RawScene) -> Findings:
    yield from _plain(cut_id(scene.heading)[0], scene.line)
    for text, line in scene.prose:
        if text.startswith("#"):
            yield line, "Write a scene with two number signs, like “## The wave {#wave}”, and a chapter with one."
        yield from _paragraph(text, line)
    for entry in scene.entries:
        if entry.key in _PROSE_KEYS:
            yield from _plain(entry.value, entry.line)


def _choice(choice: RawChoice) -> Findings:
    yield from _plain(cut_id(choice.text)[0], choice.line)
    for entry in choice.entries:
        if entry.key == "cue":
            yield from _paragraph(entry.value, entry.line)
        elif entry.key in _PROSE_KEYS:
            yield from _plain(entry.value, entry.line)


def _paragraph(text: str, line: int) -> Findings:
    if _ALMOST.match(text) or _CAPITAL.match(text):
        yield line, "Begin a condition with “[if ”, in lower case and square brackets, like “[if trust >= 6] …”."
    elif _INSIDE.search(text):
        yield line, "A condition stands at the beginning of a paragraph, and holds for all of it. Begin a new one here."
    yield from _ids(text, line)


def _plain(text: str, line: int) -> Findings:
    if re.search(r"\[\s*if\b", text, re.IGNORECASE):
        yield line, "A condition cannot stand here: only paragraphs and cues have one; a choice has “only if:”."
    yield from _ids(text, line)


def _ids(text: str, line: int) -> Findings:
    if _ID.search(text):
        yield line, "An id stands at the end of a scene's heading or of a choice, and nowhere else."
