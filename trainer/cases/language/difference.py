"""What changed between two versions of a case, and what kind of change that is.

A change of structure makes another story: old runs stay with their own text. A change of scoring asks for a preview
before old runs are scored anew. A change of text does neither. Everything is compared by id, in the author's own
notation, so that neither an order nor a line number counts as a change.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from trainer.cases.script.conditions import Condition
from trainer.cases.script.values import Case, Choice, Expert, Paragraph, Scene, Target, Way


class ChangeKind(StrEnum):
    """What a change touches, the weightiest first."""

    STRUCTURE = "structure"
    SCORING = "scoring"
    TEXT = "text"


@dataclass(frozen=True)
class CaseChange:
    """One change; texts are in the author's notation, a line is None where the thing does not exist.

    Attributes:
        what: the kind of thing, such as `choice`; `id`: which one; `label`: what of it, or empty for all of it.
    """

    kind: ChangeKind
    what: str
    id: str
    label: str
    before: str
    after: str
    old_line: int | None
    new_line: int | None


_Key = tuple[str, str, str]


@dataclass(frozen=True)
class _Entry:
    kind: ChangeKind
    text: str
    line: int


def difference(old: Case, new: Case) -> tuple[CaseChange, ...]:
    """Return every change, by kind and then in the order of the files; none when only order or marks differ."""
    before, after = _entries(old), _entries(new)
    changes = [
        CaseChange(
            kind=(before.get(key) or after[key]).kind,
            what=key[0],
            id=key[1],
            label=key[2],
            before=before[key].text if key in before else "",
            after=after[key].text if key in after else "",
            old_line=before[key].line if key in before else None,
            new_line=after[key].line if key in after else None,
        )
        for key in dict.fromkeys((*before, *after))
        if _differs(key, before, after)
    ]
    return tuple(sorted(changes, key=lambda change: list(ChangeKind).index(change.kind)))


def _differs(key: _Key, before: Mapping[_Key, _Entry], after: Mapping[_Key, _Entry]) -> bool:
    if (key[0], key[1], "") in before and (key[0], key[1], "") in after:
        return _text(before, key) != _text(after, key)
    return key[2] == ""  # of what came or went, say only that


def _text(entries: Mapping[_Key, _Entry], key: _Key) -> str:
    return entries[key].text if key in entries else ""


def _entries(case: Case) -> Mapping[_Key, _Entry]:
    every = (*_head(case), *_chapters(case), *_scenes(case), *_lists(case))
    return {(what, name, label): _Entry(kind, text, line) for what, name, label, kind, text, line in every}


_Row = tuple[str, str, str, ChangeKind, str, int]


def _head(case: Case) -> Iterator[_Row]:
    head, line = case.head, case.lines
    yield "case", head.slug, "", ChangeKind.STRUCTURE, "", line.get("case", 1)
    for label in ("title", "subtitle", "version", "language", "note", "summary", "person"):
        yield "case", head.slug, label, ChangeKind.TEXT, str(getattr(head, label)), line.get(label, 1)
    for label in ("phase", "profile", "start"):
        yield "case", head.slug, label, ChangeKind.STRUCTURE, str(getattr(head, label)), line.get(label, 1)
    yield "case", head.slug, "agreed", ChangeKind.TEXT, ", ".join(head.agreed), line.get("agreed", 1)
    yield "case", head.slug, "vitals", ChangeKind.STRUCTURE, _pairs(head.vitals), line.get("vitals", 1)
    for competency in head.competencies:
        yield "competency", competency.name, "", ChangeKind.SCORING, "", competency.line
        yield "competency", competency.name, "pass mark", ChangeKind.SCORING, f"{competency.mark}%", competency.line
    for number in head.numbers:
        yield "number", number.name, "", ChangeKind.STRUCTURE, "", number.line
        yield "number", number.name, "range", ChangeKind.STRUCTURE, f"{number.start} of {number.top}", number.line
    for fact in head.facts:
        yield "fact", fact, "", ChangeKind.STRUCTURE, "", line.get("facts", 1)
    for variant in head.variants:
        yield "variant", variant.name, "", ChangeKind.STRUCTURE, "", variant.line
        yield "variant", variant.name, "facts", ChangeKind.STRUCTURE, ", ".join(sorted(variant.facts)), variant.line
        yield "variant", variant.name, "vitals", ChangeKind.STRUCTURE, _pairs(variant.shifts), variant.line
        yield "variant", variant.name, "effect", ChangeKind.STRUCTURE, f"{variant.effect}%", variant.line
    for limit in case.limits:
        yield "limit", limit.name, "", ChangeKind.STRUCTURE, "", 1
        yield "limit", limit.name, "value", ChangeKind.STRUCTURE, f"{limit.of} {limit.at}", 1


def _chapters(case: Case) -> Iterator[_Row]:
    for number, chapter in enumerate(case.chapters, start=1):
        yield "chapter", str(number), "", ChangeKind.STRUCTURE, "", chapter.line
        yield "chapter", str(number), "title", ChangeKind.TEXT, chapter.name, chapter.line
        clock = f"{chapter.begins} to {chapter.ends} min{', with vitals' if chapter.vitals else ''}"
        yield "chapter", str(number), "clock", ChangeKind.STRUCTURE, clock, chapter.line
        yield (
            "chapter",
            str(number),
            "then",
            ChangeKind.STRUCTURE,
            f"#{chapter.then}" if chapter.then else "",
            chapter.line,
        )


def _scenes(case: Case) -> Iterator[_Row]:
    for scene in case.scenes.values():
        yield "scene", scene.id, "", ChangeKind.STRUCTURE, "", scene.line
        for label, kind, text in _scene(scene):
            yield "scene", scene.id, label, kind, text, scene.lines.get(label, scene.line)
        for choice in scene.choices:
            yield "choice", choice.id, "", ChangeKind.STRUCTURE, "", choice.line
            yield "choice", choice.id, "scene", ChangeKind.STRUCTURE, f"#{scene.id}", choice.line
            for label, kind, text in _choice(choice):
                yield "choice", choice.id, label, kind, text, choice.lines.get(label, choice.line)


def _scene(scene: Scene) -> Iterator[tuple[str, ChangeKind, str]]:
    yield "title", ChangeKind.TEXT, scene.title
    yield "prose", ChangeKind.TEXT, _prose(scene.paragraphs)
    yield "prompt", ChangeKind.TEXT, scene.prompt
    yield "room", ChangeKind.TEXT, scene.room.words if scene.room else ""
    yield "chapter", ChangeKind.STRUCTURE, str(scene.chapter + 1)
    limit = f"{scene.limit} s else #{scene.otherwise}" if scene.limit is not None else ""
    yield "answer within", ChangeKind.STRUCTURE, limit
    yield "event", ChangeKind.STRUCTURE, f"when {_condition(scene.event)}" if scene.event is not None else ""
    yield "interview", ChangeKind.STRUCTURE, "yes" if scene.interview else ""
    # The first of several answers that an expert could give is the one the expert gives.
    experts = [choice.id for choice in scene.choices if choice.expert]
    yield "order of the expert's answers", ChangeKind.SCORING, ", ".join(experts)


def _choice(choice: Choice) -> Iterator[tuple[str, ChangeKind, str]]:
    yield "words", ChangeKind.TEXT, choice.text
    yield "cue", ChangeKind.TEXT, _prose(choice.cue)
    yield "feedback", ChangeKind.TEXT, choice.feedback
    yield "cautious", ChangeKind.TEXT, "yes" if choice.cautious else ""
    yield "read", ChangeKind.TEXT, ", ".join(choice.read)
    yield "only if", ChangeKind.STRUCTURE, _condition(choice.only_if)
    yield "takes", ChangeKind.STRUCTURE, f"{choice.takes} min"
    yield "gives", ChangeKind.STRUCTURE, "supplement" if choice.gives else ""
    changes = (*_signed(choice.shifts), *sorted(choice.sets), *(f"not {fact}" for fact in sorted(choice.clears)))
    yield "changes", ChangeKind.STRUCTURE, ", ".join(changes)
    yield "next", ChangeKind.STRUCTURE, _target(choice.next)
    yield "again", ChangeKind.STRUCTURE, "yes" if choice.again else ""
    yield "scores", ChangeKind.SCORING, ", ".join(_signed(choice.scores))
    yield "expert", ChangeKind.SCORING, _expert(choice.expert)
    yield "panel", ChangeKind.SCORING, f"{choice.panel[0]} of {choice.panel[1]}" if choice.panel else ""


def _lists(case: Case) -> Iterator[_Row]:
    for duty in case.duties:
        begins = f"#{duty.scene}" if duty.scene else duty.after
        when = f", if {_condition(duty.when)}" if duty.when.clauses else ""
        yield "duty", duty.id, "", ChangeKind.SCORING, "", duty.line
        yield (
            "duty",
            duty.id,
            "terms",
            ChangeKind.SCORING,
            f"{duty.fact} within {duty.within} min of {begins}{when}",
            duty.line,
        )
    for rule in case.must_nots:
        yield "must not", rule.id, "", ChangeKind.SCORING, "", rule.line
        choices = (
            f"{name} unless {_condition(unless)}" if unless else name for name, unless in sorted(rule.choices, key=str)
        )
        yield "must not", rule.id, "choices", ChangeKind.SCORING, ", ".join(choices), rule.line
        yield "must not", rule.id, "cue in", ChangeKind.SCORING, f"#{rule.cue_in}" if rule.cue_in else "", rule.line
    for ending in case.endings:
        yield "ending", ending.id, "", ChangeKind.STRUCTURE, "", ending.line
        words = "\n\n".join(part for part in (ending.text, _prose(ending.instead)) if part)
        yield "ending", ending.id, "words", ChangeKind.TEXT, words, ending.line
    for source in case.sources:
        yield "source", source.id, "", ChangeKind.TEXT, "", source.line
        yield "source", source.id, "words", ChangeKind.TEXT, source.text, source.line


# --- the author's notation -----------------------------------------------------------------------


def _condition(condition: Condition) -> str:
    return " and ".join(
        f"{'not ' if clause.sign == '<' else ''}{clause.name}"
        if clause.fact
        else f"{clause.name} {clause.sign} {clause.limit or clause.value}"
        for clause in condition.clauses
    )


def _target(target: Target | None) -> str:
    if target is None:
        return ""
    return {Way.SCENE: f"#{target.name}", Way.BACK: "back", Way.END: f"end {target.name}"}[target.way]


def _expert(expert: Expert | None) -> str:
    if expert is None:
        return ""
    return "last" if expert.last else f"if {_condition(expert.when)}" if expert.when.clauses else "yes"


def _prose(paragraphs: Sequence[Paragraph]) -> str:
    return "\n\n".join(
        f"[if {_condition(paragraph.when)}] {paragraph.text}" if paragraph.when.clauses else paragraph.text
        for paragraph in paragraphs
    )


def _signed(pairs: Iterable[tuple[str, int]]) -> list[str]:
    return [f"{name} {value:+d}" for name, value in pairs]


def _pairs(values: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())
