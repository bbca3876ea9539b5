"""The case language: from an author's Markdown to a Case, or to every mistake by file and line.

The whole vocabulary is small and closed on purpose: what it cannot say, nobody has to prove.
"""

import hashlib
import json
from dataclasses import dataclass, field

from trainer.authoring.frontmatter import FrontMatter, split_head
from trainer.authoring.messages import Message
from trainer.authoring.wording import did_you_mean
from trainer.cases.language.coherence import lint_coherence
from trainer.cases.language.head import ReadHead, read_head
from trainer.cases.language.lines import RawBody, RawPart, read_lines
from trainer.cases.language.markup import lint_markup
from trainer.cases.language.scene_reader import SceneReader
from trainer.cases.language.signatures import lint_reviews
from trainer.cases.script.limits import NONE_SET, Limit, Limits
from trainer.cases.script.values import Case, CaseEnd, CasePreface, Chapter, Duty, MustNot, Noted, ReviewStatus

__all__ = ["Case", "compile_case", "published_case"]

_DECISIONS = ("status", "reviewed")
_LISTS = ("must do", "must not", "endings", "sources")


def compile_case(path: str, text: str, limits: Limits = NONE_SET) -> tuple[Case | None, tuple[Message, ...]]:
    """Read a case and judge it, for its author; never raises.

    Args:
        path: `cases/<slug>/<language>.md`; the folder must be the case's name.
        text: the whole file.
        limits: those of the site, which its conditions may name.

    Returns:
        The case, or None when there is any mistake, and all mistakes in the order of their lines.
    """
    source = _read(path, text, limits)
    found = [*source.head.messages, *source.unread, *_judged(source)]
    return (None if found else source.case), tuple(sorted(set(found)))


def published_case(path: str, text: str, limits: Limits = NONE_SET) -> Case | None:
    """Read a case of a release, or return None when nobody could understand it.

    It was judged when it was published. What authors are asked for since then is not asked of it: people follow it.
    """
    source = _read(path, text, limits)
    return None if source.unread or source.head.unread else source.case


@dataclass(frozen=True)
class _Source:
    """One file as it was read; `unread` is what could not be understood below its head."""

    case: Case
    head: ReadHead
    front: FrontMatter
    raw: RawBody
    unread: list[Message]


def _read(path: str, text: str, limits: Limits) -> _Source:
    front = split_head(path, text)
    unread: list[Message] = []
    head = read_head(path, front)
    raw = read_lines(front.body, front.body_line)
    reader = SceneReader(path, unread, limits.values)
    parts = _parts(raw, reader)
    used = tuple(limits.limits[name] for name in sorted(reader.used))
    case = Case(
        path=path,
        head=head.head,
        chapters=tuple(parts.chapters),
        duties=tuple(parts.duties),
        must_nots=tuple(parts.must_nots),
        endings=parts.endings,
        sources=parts.sources,
        hash=_hash(front, used),
        marks=_marks(front, raw),
        lines=front.lines,
        limits=used,
    )
    return _Source(case, head, front, raw, unread)


def _judged(source: _Source) -> list[Message]:
    case, front = source.case, source.front
    found = [*_unreviewed(case.head, case), *lint_reviews(case.path, front, case.head.status, case.hash)]
    found += [Message(case.path, line, said) for line, said in lint_markup(source.raw)]
    found += _unasked(case)
    return found + lint_coherence(case, source.head.unread)


@dataclass
class _Parts:
    chapters: list[Chapter] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    must_nots: list[MustNot] = field(default_factory=list)
    endings: tuple[CaseEnd, ...] = ()
    sources: tuple[Noted, ...] = ()


def _parts(raw: RawBody, reader: SceneReader) -> _Parts:
    parts = _Parts()
    for text, line in raw.strays:
        reader.say(line, f"Put this text below a heading: “{text[:40]}”.")
    for part in raw.parts:
        name = part.heading.lower()
        if name.startswith("chapter"):
            parts.chapters.append(reader.chapter(part, len(parts.chapters)))
        elif name in _LISTS:
            _list(parts, name, part, reader)
        else:
            near = did_you_mean(part.heading, ("Chapter: …", "Must do", "Must not", "Endings", "Sources"))
            reader.say(part.line, f"“{part.heading}” is not a part of a case.{near}")
    return parts


def _list(parts: _Parts, name: str, part: RawPart, reader: SceneReader) -> None:
    for text, line in part.strays:
        reader.say(line, f"Begin each line of this list with a hyphen: “{text[:40]}”.")
    if name == "must do":
        parts.duties += [duty for duty in map(reader.duty, part.items) if duty]
    elif name == "must not":
        parts.must_nots += [rule for rule in map(reader.must_not, part.items) if rule]
    elif name == "endings":
        parts.endings += tuple(map(reader.ending, part.items))
    else:
        parts.sources += tuple(map(reader.source, part.items))


def _marks(front: FrontMatter, raw: RawBody) -> tuple[int, ...]:
    in_head = {front.line(key) for key, value in front.fields.items() if "(!)" in str(value)}
    return tuple(sorted(in_head | set(raw.marks)))


def _unreviewed(head: CasePreface, case: Case) -> list[Message]:
    if head.status is not ReviewStatus.LIVE:
        return []
    text = "This line is marked (!), not yet reviewed. A live case may hold none: have it reviewed, or set it to draft."
    return [Message(case.path, line, text) for line in case.marks]


def _unasked(case: Case) -> list[Message]:
    """Find what the head calls agreed although nothing in the case asks for it."""
    asked = [limit.name for limit in case.limits]
    return [
        Message(
            case.path,
            case.lines.get("agreed", 1),
            f"“{name}” is no limit that a condition of this case names.{did_you_mean(name, asked)}",
        )
        for name in case.head.agreed
        if name not in asked
    ]


def _hash(front: FrontMatter, limits: tuple[Limit, ...]) -> str:
    """Hash what decides how the case plays: its text, and the limits of the site that it names."""
    fields = {key: value for key, value in front.fields.items() if key not in _DECISIONS}
    if limits:
        fields["limits"] = {limit.name: limit.at for limit in limits}
    head = json.dumps(fields, sort_keys=True, ensure_ascii=False, default=str)
    body = "\n".join(row.rstrip() for row in front.body.split("\n")).strip()
    return hashlib.sha256(f"{head}\n{body}\n".encode()).hexdigest()
