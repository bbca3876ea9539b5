"""What is missing altogether is said once, and not at every place that names something in it."""

import re
from collections.abc import Collection, Iterable

from trainer.authoring.messages import Message

_NAMED = {
    "limits.yaml": re.compile(r" in limits\.yaml\."),
    "references.yaml": re.compile(r" in references\.yaml\."),
    "law.yaml": re.compile(r" in law\.yaml[,. ]"),
    "glossary.md": re.compile(r" in glossary\.md\."),
    "competencies.yaml": re.compile(r" in competencies\.yaml\.|^There is no competency "),
    "crosswalks": re.compile(r" in the crosswalks\."),
    "modules": re.compile("^There is no (module|quiz) |^There is nothing to read at "),
    "cases": re.compile("^There is no case "),
    "exams": re.compile("^There is no exam "),
    "attestations": re.compile("^There is no attestation "),
}
"""How a mistake reads that is about something which should stand in this file, or in this folder."""


def absent(paths: Collection[str], messages: Iterable[Message]) -> tuple[Message, ...]:
    """Return a message for each file or folder that is not there although something in it is named.

    Args:
        paths: every file of the content.
        messages: every mistake in them.
    """
    told = sorted(messages)
    found = []
    for part, about in _NAMED.items():
        if any(path == part or path.startswith(f"{part}/") for path in paths):
            continue
        if naming := [message for message in told if about.search(message.text)]:
            what, first = "file" if "." in part else "folder", naming[0]
            places = "1 place names" if len(naming) == 1 else f"{len(naming)} places name"
            words = f"This {what} is missing, and {places} something in it, first {first.path}:{first.line}."
            found.append(Message(part, 1, f"{words} Put it back; the rest is checked once it is here."))
    return tuple(sorted(found))
