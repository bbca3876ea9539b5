"""The tasks of a file as they stand in it: headings, keys, tasks, criteria and anchors, by line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from trainer.authoring.messages import Message
from trainer.authoring.shapes import keys_of
from trainer.written.task import ALL_STEPS
from trainer.written.task_keys import TaskKeys

LOOKED_FOR = "### What is looked for"
_HEADING = re.compile(r"^## +(?P<title>.*?)\s*(?:\{#(?P<id>[^}]*)\})?\s*$")
_KEY = re.compile(r"^- (?P<key>[A-Za-z-]+):\s*(?P<value>.*?)\s*$")
_ALMOST_KEY = re.compile(rf"^\s*[-*+]?\s*({'|'.join(sorted(keys_of(TaskKeys)))})\s*:", re.IGNORECASE)
_CRITERION = re.compile(r"^- (?P<name>[^:]*?)\s*(?P<critical>\(critical\))?\s*:\s*(?P<meaning>.*?)\s*$")
_ANCHOR = re.compile(r"^ +(?P<step>\d+) +(?P<words>\S.*?)\s*$")


@dataclass
class CriterionDraft:
    """One criterion as it stands in the file; its anchors by step, as often as they stand there."""

    line: int
    name: str
    meaning: str
    critical: bool
    anchors: dict[int, str] = field(default_factory=dict)


@dataclass
class TaskDraft:
    """One task as it stands in the file, not yet understood; `written` is every line of it."""

    line: int
    title: str
    id: str
    keys: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    task: list[str] = field(default_factory=list)
    looked_for: int = 0  # the line on which the rubric begins
    rubric: list[CriterionDraft] = field(default_factory=list)
    written: list[str] = field(default_factory=list)


@dataclass
class TaskCutter:
    """Cuts a file into tasks and collects what is wrong with its lines."""

    path: str
    messages: list[Message] = field(default_factory=list)

    def say(self, line: int, text: str) -> None:
        """Note a mistake."""
        self.messages.append(Message(self.path, line, text))

    def drafts(self, text: str) -> Iterator[TaskDraft]:
        """Yield each task."""
        draft: TaskDraft | None = None
        for number, row in enumerate(text.split("\n"), start=1):
            if found := _HEADING.match(row):
                if draft:
                    yield draft
                draft = TaskDraft(number, found["title"], found["id"] or "", written=[row])
            elif draft:
                draft.written.append(row)
                self._take(draft, number, row)
            elif row.strip():
                self.say(number, "Text before the first task; begin each task with “## Title {#id}”.")
        if draft:
            yield draft
        else:
            self.say(1, "This file has no tasks. Begin one with “## Title {#id}”.")

    def _take(self, draft: TaskDraft, number: int, row: str) -> None:
        if row.rstrip() == LOOKED_FOR:
            if draft.looked_for:
                self.say(number, f"“{LOOKED_FOR}” stands in this task twice. Keep one of them.")
            draft.looked_for = number
        elif draft.looked_for:
            self._take_criterion(draft, number, row)
        elif not any(line.strip() for line in draft.task) and (found := _KEY.match(row)):
            if found["key"] in draft.keys:
                self.say(number, f"The key “{found['key']}” stands here twice. Keep one of them.")
            draft.keys[found["key"]] = found["value"]
            draft.lines[found["key"]] = number
        else:
            if key := _ALMOST_KEY.match(row):
                self.say(number, f"Write “- {key[1].lower()}: …” directly below the heading, with the other keys.")
            draft.task.append(row)

    def _take_criterion(self, draft: TaskDraft, number: int, row: str) -> None:
        if found := _CRITERION.match(row):
            criterion = CriterionDraft(number, found["name"].strip(), found["meaning"], bool(found["critical"]))
            draft.rubric.append(criterion)
        elif draft.rubric and (anchor := _ANCHOR.match(row)):
            self._take_anchor(draft.rubric[-1], number, int(anchor["step"]), anchor["words"])
        elif draft.rubric and row.startswith("  ") and row.strip():
            _go_on(draft.rubric[-1], row.strip())
        elif row.strip():
            self.say(
                number, "Below “What is looked for” write “- name: what it means” and, indented, “0 …”, “1 …”, “2 …”."
            )

    def _take_anchor(self, criterion: CriterionDraft, number: int, step: int, words: str) -> None:
        if step not in ALL_STEPS:
            self.say(number, f"A criterion has the steps 0, 1 and 2; there is no step {step}.")
        elif step in criterion.anchors:
            self.say(number, f"Step {step} of “{criterion.name}” stands here twice. Keep one of them.")
        else:
            criterion.anchors[step] = words


def _go_on(criterion: CriterionDraft, words: str) -> None:
    """Take a line that goes on with the anchor above it, or with what the criterion means."""
    if criterion.anchors:
        last = [*criterion.anchors][-1]
        criterion.anchors[last] += f" {words}"
    else:
        criterion.meaning = f"{criterion.meaning} {words}".strip()
