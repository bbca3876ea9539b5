"""Whether every name a case uses is declared, and used as what it is."""

from collections.abc import Iterator, Sequence

from trainer.authoring.messages import Findings
from trainer.authoring.wording import did_you_mean
from trainer.cases.script.conditions import ALWAYS, Clause, Condition
from trainer.cases.script.values import FAILED, VITALS, Case, CaseEnd, Choice, Paragraph, Scene

DECLARING = frozenset({"competencies", "numbers", "facts", "variants"})
"""The keys of the head that declare names, or say which facts are true at the start."""


def lint_names(case: Case) -> Findings:
    """Yield the line and the sentence for each name that is wrong."""
    for chapter in case.chapters:
        for scene in chapter.scenes:
            yield from _scene(case, scene, vitals=chapter.vitals)
    for duty in case.duties:
        yield from _known(duty.fact, case.head.facts, "fact", duty.line)
        if duty.after:
            yield from _known(duty.after, case.head.facts, "fact", duty.line)
        yield from _condition(case, duty.when, duty.line, vitals=True)
    for rule in case.must_nots:
        for _, unless in rule.choices:
            yield from _condition(case, unless or ALWAYS, rule.line, vitals=True)
    for ending in case.endings:
        yield from _ending(case, ending)
    yield from _unset(case)
    yield from _unread(case)
    yield from _unscored(case)


def _scene(case: Case, scene: Scene, *, vitals: bool) -> Findings:
    if scene.event is not None:
        yield from _condition(case, scene.event, scene.lines["event"], vitals=vitals)
    yield from _prose(case, scene.paragraphs, vitals=vitals)
    for choice in scene.choices:
        yield from _choice(case, choice, vitals=vitals)


def _choice(case: Case, choice: Choice, *, vitals: bool) -> Findings:
    names = [competency.name for competency in case.head.competencies]
    for name, _ in choice.scores:
        yield from _known(name, names, "competency", choice.lines["scores"])
    for name, _ in choice.shifts:
        yield from _known(name, [number.name for number in case.head.numbers], "number", choice.lines["changes"])
    for name in (*choice.sets, *choice.clears):
        yield from _known(name, case.head.facts, "fact", choice.lines["changes"])
    yield from _condition(case, choice.only_if, choice.lines.get("only if", choice.line), vitals=vitals)
    if choice.expert:
        yield from _condition(case, choice.expert.when, choice.lines["expert"], vitals=vitals)
    yield from _prose(case, choice.cue, vitals=vitals)


def _prose(case: Case, paragraphs: Sequence[Paragraph], *, vitals: bool) -> Findings:
    for paragraph in paragraphs:
        yield from _condition(case, paragraph.when, paragraph.line, vitals=vitals)


def _ending(case: Case, ending: CaseEnd) -> Findings:
    if any(FAILED in other.when.names for other in ending.instead) and FAILED in case.head.facts:
        yield case.lines.get("facts", 1), f"Give the fact “{FAILED}” another name: endings ask by it for any failure."
    for clause in (clause for other in ending.instead for clause in other.when.clauses):
        if clause.name != FAILED:
            yield from _clause(case, clause, ending.line, vitals=True)
        elif not clause.fact:
            yield ending.line, f"“{FAILED}” is a fact: write “{FAILED}” or “not {FAILED}”, without a number."


def _condition(case: Case, condition: Condition, line: int, *, vitals: bool) -> Findings:
    for clause in condition.clauses:
        yield from _clause(case, clause, line, vitals=vitals)


def _clause(case: Case, clause: Clause, line: int, *, vitals: bool) -> Findings:
    numbers = {number.name: number for number in case.head.numbers}
    name = clause.name
    if name in VITALS:
        if not vitals:
            yield line, f"“{name}” can be read only in a chapter “with vitals”."
        elif not any(chapter.vitals for chapter in case.chapters):
            yield line, f"“{name}” is never measured: no chapter is “with vitals”."
    elif name != "time" and name not in numbers and name not in case.head.facts:
        near = did_you_mean(name, (*numbers, *case.head.facts, *VITALS, "time"))
        yield line, f"“{name}” is neither a number nor a fact of this case.{near}"
        return
    if clause.fact and name not in case.head.facts:
        yield line, f"“{name}” is a number: compare it, like “{name} >= 3”."
    elif not clause.fact and name in case.head.facts:
        yield line, f"“{name}” is a fact: write “{name}” or “not {name}”, without a number."
    elif name in numbers and clause.value > numbers[name].top:
        yield line, f"“{name}” goes from 0 to {numbers[name].top}, never to {clause.value}."


def _known(name: str, names: Sequence[str], what: str, line: int) -> Findings:
    if name not in names:
        yield line, f"The {what} “{name}” is not declared in the head.{did_you_mean(name, names)}"


def _unset(case: Case) -> Findings:
    given = {name for variant in case.head.variants for name in variant.facts}
    changed = {name for choice in case.choices.values() for name in choice.sets}
    for name in case.head.facts:
        if name not in given | changed:
            yield case.lines.get("facts", 1), f"The fact “{name}” never becomes true. Set it, or take it out."


def _unread(case: Case) -> Findings:
    read = frozenset().union(*(condition.names for condition in _conditions(case)))
    asked = {name for duty in case.duties for name in (duty.fact, duty.after)}
    for name in case.head.facts:
        if name not in read | asked:
            yield (
                case.lines.get("facts", 1),
                f"Nothing asks for the fact “{name}”. Let something depend on it, or take it out.",
            )
    for number in case.head.numbers:
        # Distress also moves the vital signs.
        if number.name not in read and not (number.name == "distress" and case.head.profile):
            yield number.line, f"Nothing asks for “{number.name}”. Let something depend on it, or take it out."


def _conditions(case: Case) -> Iterator[Condition]:
    for scene in case.scenes.values():
        yield scene.event or ALWAYS
        yield from (paragraph.when for paragraph in scene.paragraphs)
        for choice in scene.choices:
            yield choice.only_if
            yield choice.expert.when if choice.expert else ALWAYS
            yield from (paragraph.when for paragraph in choice.cue)
    yield from (duty.when for duty in case.duties)
    yield from (other.when for ending in case.endings for other in ending.instead)
    yield from (unless for rule in case.must_nots for _, unless in rule.choices if unless)


def _unscored(case: Case) -> Findings:
    earned = {name for choice in case.choices.values() for name, points in choice.scores if points > 0}
    for competency in case.head.competencies:
        if competency.name not in earned:
            yield competency.line, f"Nothing in this case scores “{competency.name}”. Score a choice, or take it out."
