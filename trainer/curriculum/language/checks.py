"""Knowledge checks: a question inside a lesson, its options, and the reason for each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from trainer.authoring.messages import Message
from trainer.curriculum.values import CheckOption, KnowledgeCheck

_OPTION = re.compile(r"^ {0,3}[-*+] +\[([ xX])\] +(\S.*)$")
_ALMOST = re.compile(r"^ {0,3}[-*+] ?(?:\[.{0,2}\]|\S)")
_REASON = re.compile(r"^ {1,6}> ?(.*)$")


@dataclass
class _Draft:
    """An option while its rows are being read."""

    right: bool
    line: int
    text: list[str]
    reason: list[str] = field(default_factory=list)

    def option(self) -> CheckOption:
        return CheckOption(
            text="\n".join(self.text), right=self.right, reason="\n".join(self.reason).strip(), line=self.line
        )


def read_check(
    path: str, slug: str, rows: Sequence[str], *, line: int
) -> tuple[KnowledgeCheck | None, tuple[Message, ...]]:
    """Read the rows inside `::: check <slug>`.

    Args:
        path: the file, for the messages.
        slug: the word after `check`.
        rows: the rows between the opening and the closing line.
        line: the line of the opening; the rows begin one below.
    """
    messages: list[Message] = []
    stem: list[str] = []
    drafts: list[_Draft] = []
    for at, row in enumerate(rows, start=line + 1):
        if found := _OPTION.match(row):
            drafts.append(_Draft(right=found[1] != " ", line=at, text=[found[2].strip()]))
        elif not drafts and not _ALMOST.match(row):
            stem.append(row)
        elif drafts and (reason := _REASON.match(row)):
            drafts[-1].reason.append(reason[1])
        elif _ALMOST.match(row):
            messages.append(Message(path, at, "Begin each option with `- [ ] ` or, when it is right, `- [x] `."))
        elif row.strip():
            (drafts[-1].reason or drafts[-1].text).append(row.strip())
    options = tuple(draft.option() for draft in drafts)
    check = KnowledgeCheck(slug=slug, question="\n".join(stem).strip(), options=options, line=line)
    messages.extend(_gaps(path, check))
    return (None if messages else check), tuple(messages)


def _gaps(path: str, check: KnowledgeCheck) -> list[Message]:
    """Say what a check lacks."""
    found = []
    if not check.question:
        found.append(Message(path, check.line, "Write the question above the options."))
    if len(check.options) < 2:
        found.append(Message(path, check.line, "Give the question two options or more, each on a line with `- [ ]`."))
    if not any(option.right for option in check.options):
        found.append(Message(path, check.line, "No option is marked right. Write `- [x]` before the right one."))
    found.extend(
        Message(path, option.line, "Say why: add a line that begins with `  > ` below this option.")
        for option in check.options
        if not option.reason
    )
    return found
