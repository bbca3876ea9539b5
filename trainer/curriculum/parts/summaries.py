"""The summary of a module: one screen, and what is worth reading after it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from trainer.authoring.fitting import fit_front
from trainer.authoring.frontmatter import split_head
from trainer.authoring.wording import named_like
from trainer.curriculum.language.dialect import LESSONS, Apparatus
from trainer.curriculum.language.inspection import inspect
from trainer.curriculum.language.lesson_draft import LessonDraft
from trainer.curriculum.parts.heads import SummaryHead
from trainer.curriculum.parts.lessons import read_running_text
from trainer.curriculum.values import FurtherText, ModuleSummary

MOST_WORDS = 220
"""One screen."""
FEWEST_TEXTS, MOST_TEXTS = 3, 6
_FURTHER = re.compile(r"^## +Read further *$")
_ITEM = re.compile(r"^[-*+] +\[@([\w-]+)\] *(.*)$")


@dataclass
class _FurtherDraft:
    """An entry of the list while its rows are being read."""

    key: str
    line: int
    why: list[str] = field(default_factory=list)


def read_summary(draft: LessonDraft, text: str) -> ModuleSummary | None:
    """Read `summary.md`; mistakes are added to the draft. Never raises."""
    front = split_head(draft.path, text)
    fitted = fit_front(SummaryHead, front, draft.path)
    draft.messages += fitted.messages
    rows = front.body.split("\n")
    end = next((n for n, row in enumerate(rows) if _FURTHER.match(row)), len(rows))
    tokens = read_running_text(draft, "\n".join(rows[:end]), line=front.body_line)
    words = draft.words
    if not words:
        draft.say(front.body_line, "Write the summary below its front matter: it has no words yet.")
    elif words > MOST_WORDS:
        draft.say(front.body_line, f"The summary has {words} words. Cut it to {MOST_WORDS}: it is one screen.")
    entries = _entries(draft, rows[end:], front.body_line + end)
    if (head := fitted.head) is None:
        return None
    if head.summary != draft.module:
        draft.say(front.line("summary"), named_like("summary", draft.module, what="folder"))
    apparatus = Apparatus(draft.material.references, draft.material.glossary)
    html = LESSONS.show(tokens, apparatus)
    further = tuple(_further(draft, entry, apparatus) for entry in entries if entry.key in draft.material.references)
    return ModuleSummary(
        module=draft.module,
        title=head.title,
        html=html,
        further=further,
        references=apparatus.sources(),
        terms=tuple(apparatus.used.values()),
        words=words,
        path=draft.path,
        hash=draft.hash_with(text),
    )


def _entries(draft: LessonDraft, rows: Sequence[str], line: int) -> list[_FurtherDraft]:
    """Read the list below `## Read further`."""
    if not rows:
        draft.say(line - 1, f"Add `## Read further` with {FEWEST_TEXTS} to {MOST_TEXTS} lines of `- [@S61] why`.")
        return []
    entries: list[_FurtherDraft] = []
    for at, row in enumerate(rows[1:], start=line + 1):
        if found := _ITEM.match(row):
            entries.append(_FurtherDraft(found[1], at, [found[2]]))
        elif row.strip() and entries and row.startswith(" "):
            entries[-1].why.append(row.strip())
        elif row.strip():
            draft.say(at, "Begin each text with its source, as in `- [@S61] why to read it`.")
    if not FEWEST_TEXTS <= len(entries) <= MOST_TEXTS:
        draft.say(line, f"Name {FEWEST_TEXTS} to {MOST_TEXTS} texts to read further; here are {len(entries)}.")
    for n, entry in enumerate(entries):
        _look_at(draft, entry, [earlier.key for earlier in entries[:n]])
    return entries


def _look_at(draft: LessonDraft, entry: _FurtherDraft, before: Sequence[str]) -> None:
    if not " ".join(entry.why).strip():
        draft.say(entry.line, "Say in a few words why to read it.")
    if entry.key in before:
        draft.say(entry.line, f"“{entry.key}” stands twice in this list. Keep one.")
    source = draft.material.references.get(entry.key)
    if source is not None and source.kind == "machine":
        draft.say(entry.line, f"“{entry.key}” was written by a machine. Recommend what a person wrote.")
    inspect(draft, LESSONS.parse(f"[@{entry.key}] " + "\n".join(entry.why)), entry.line)


def _further(draft: LessonDraft, entry: _FurtherDraft, apparatus: Apparatus) -> FurtherText:
    why = LESSONS.show(LESSONS.parseInline(" ".join(entry.why)), apparatus)
    return FurtherText(reference=draft.material.references[entry.key], why=why)
