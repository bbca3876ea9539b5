"""Conditions at the places where they are asked, so that one which never holds there can be found."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trainer.cases.script.conditions import Condition
from trainer.cases.script.values import Case, Choice, Scene


@dataclass(frozen=True)
class Placed:
    """A condition, its line, and what to say when it never holds."""

    when: Condition
    line: int
    said: str


def placed(case: Case) -> Mapping[str, tuple[Placed, ...]]:
    """Return the conditions asked whenever a scene is seen, or a choice is taken, by the id of the scene or choice."""
    found: dict[str, list[Placed]] = defaultdict(list)
    for scene in case.scenes.values():
        found[scene.id] += _seen(scene)
        for choice in scene.choices:
            found[choice.id] += _taken(case, choice)
    return {place: tuple(some) for place, some in found.items() if some}


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
