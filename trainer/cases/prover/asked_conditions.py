"""Conditions at the places where they are asked, so that one which never holds there can be found."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trainer.cases.script.conditions import ALWAYS, Condition, ValueOf
from trainer.cases.script.values import Case, CaseEnd, Choice, Scene


@dataclass(frozen=True)
class Placed:
    """A condition, its line, and what to say when it never holds; `before` are those that would be heeded first."""

    when: Condition
    line: int
    said: str
    before: tuple[Condition, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The names that are read."""
        return self.when.names.union(*(first.names for first in self.before))

    def holds(self, value_of: ValueOf) -> bool:
        """Say whether it is the one that counts now."""
        return self.when.holds(value_of) and not any(first.holds(value_of) for first in self.before)


def placed(case: Case) -> Mapping[str, tuple[Placed, ...]]:
    """Return the conditions asked whenever a scene is seen, a choice taken or an end reached, by where that is."""
    found: dict[str, list[Placed]] = defaultdict(list)
    for scene in case.scenes.values():
        found[scene.id] += _seen(scene)
        for choice in scene.choices:
            found[choice.id] += _taken(case, choice)
    for ending in case.endings:
        found[at_end(ending.id)] += _reached(ending)
    return {place: tuple(some) for place, some in found.items() if some}


def at_end(name: str) -> str:
    """Return the place at which the conditions of an ending are asked."""
    return f"end {name}"


def _reached(ending: CaseEnd) -> Iterator[Placed]:
    told = tuple(other.when for other in ending.instead)
    if any(when.limits for when in told):
        return  # what asks for a limit of the site may be there for a site that sets another
    for number, when in enumerate(told):
        said = f"No play that ends with “{ending.id}” is told its “[if …]” number {number + 1}. Look at its condition."
        yield Placed(when, ending.line, said, told[:number])
    if told:
        said = f"No play is told how “{ending.id}” ends as a rule: one of its conditions holds for every play."
        yield Placed(ALWAYS, ending.line, said, told)


def _seen(scene: Scene) -> Iterator[Placed]:
    for paragraph in scene.paragraphs:
        # What asks for a limit of the site may be there for a site that sets another.
        if paragraph.when.clauses and not paragraph.when.limits:
            yield Placed(
                paragraph.when,
                paragraph.line,
                f"No play ever shows this paragraph of #{scene.id}. Look at its condition.",
            )
    for choice in scene.choices:
        if choice.expert and choice.expert.when.clauses:
            said = f"The expert never does “{choice.id}”: this never holds in #{scene.id}. Look at the condition."
            yield Placed(choice.expert.when, choice.lines["expert"], said)


def _taken(case: Case, choice: Choice) -> Iterator[Placed]:
    for clause in choice.cue:
        if clause.when.clauses:
            yield Placed(clause.when, clause.line, f"“{choice.id}” never reveals this cue. Look at its condition.")
    for rule in case.must_nots:
        for name, unless in rule.choices:
            if name == choice.id and unless:
                said = f"Nothing ever excuses “{name}”: its “unless” never holds. Look at it, or leave it out."
                yield Placed(unless, rule.line, said)
