"""What the checker says about a case that reads well but plays badly."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from trainer.authoring.messages import Findings, Message
from trainer.cases.play.engine import expert_choice
from trainer.cases.play.state import Done
from trainer.cases.prover.asked_conditions import Placed, at_end, placed
from trainer.cases.prover.explore import MOST_STATES, Report, explore
from trainer.cases.prover.relevant_state import depends_on_seed
from trainer.cases.script.values import VITALS, Case

SEEDS = tuple(range(20))
"""The people in whom every case is proved; plays use these seeds and no others."""


def prove_case(case: Case, seeds: tuple[int, ...] = SEEDS) -> tuple[Message, ...]:
    """Play a case in every variant with every seed and return what is wrong with it."""
    return findings(case, tuple(reports_of(case, seeds)))


def findings(case: Case, seen: Sequence[Report]) -> tuple[Message, ...]:
    """Return what is wrong with a case that has been played."""
    said = (*_plays(case, seen), *_experts(case, seen))
    if not any(report.entangled for report in seen):
        said = (*said, *_never(case, seen), *_duties(case, seen), *_unshown(case, seen))
    return tuple(sorted({Message(case.path, line, text) for line, text in said}))


def reports_of(case: Case, seeds: tuple[int, ...] = SEEDS) -> Iterator[Report]:
    """Explore every variant with every seed that differs: one alone when no vital sign decides anything.

    The first that is too entangled is the last: the others are as long, and the author has to mend the case anyway.
    """
    differing = seeds if depends_on_seed(case) else seeds[:1]
    for variant, seed in product(case.variants, differing):
        seen = explore(case, variant, seed)
        yield seen
        if seen.entangled:
            return


def _plays(case: Case, seen: Sequence[Report]) -> Findings:
    for report in seen:
        where = f"in the variant “{report.variant}”"
        for scene in report.stuck:
            yield case.scenes[scene].line, f"A play can stop here {where}: nothing is left to choose in #{scene}."
        for position in report.overrun:
            chapter = case.chapters[position]
            yield chapter.line, f"Time can run out {where} with nowhere to go. Add “then #scene”, or a later end."
        for choice in report.nowhere:
            yield case.choices[choice].lines["next"], f"There is nothing to go back to {where}: no event has broken in."
        if report.entangled:
            yield 1, f"Too entangled to be proved {where}: over {MOST_STATES} states. Split a chapter, or drop facts."


def _never(case: Case, seen: Sequence[Report]) -> Findings:
    scenes = {name for report in seen for name in report.scenes}
    choices = {name for report in seen for name in report.choices}
    endings = {name for report in seen for name in report.endings}
    ended = set(map(at_end, endings))
    for scene in case.scenes.values():
        if scene.id not in scenes:
            yield scene.line, f"No play ever reaches #{scene.id}. Look at the conditions on the way to it."
        for choice in scene.choices:
            if scene.id in scenes and choice.id not in choices:
                line = choice.lines.get("only if", choice.line)
                yield line, f"The choice “{choice.id}” is never open. Look at its condition."
    for condition in _never_held(case, seen, scenes | choices | ended):
        yield condition.line, condition.said
    for ending in case.endings:
        if ending.id not in endings:
            yield ending.line, f"No play ever ends with “{ending.id}”. Look at the conditions on the way to it."
    failures = {name for report in seen for name in report.failures}
    for rule in case.must_nots:
        if rule.id not in failures:
            yield rule.line, f"The failure “{rule.id}” can never happen. Look at its choices and its “unless”."
        for variant in dict.fromkeys(report.variant for report in seen if rule.id in report.uncued):
            yield (
                rule.line,
                f"In the variant “{variant}” one can commit “{rule.id}” without having seen #{rule.cue_in}, where its "
                "cue stands. Lead every way through that scene, or name the scene that all have seen.",
            )


def _never_held(case: Case, seen: Sequence[Report], met: set[str]) -> frozenset[Placed]:
    """Find the conditions that never hold where they are asked.

    States that differ only in what is shown are one to the exploration. So what has not held yet is looked for once
    more, with its own names heeded, until it has held or everything has been played.
    """
    held = frozenset().union(*(report.held for report in seen))
    waiting = frozenset(condition for place, some in placed(case).items() if place in met for condition in some) - held
    heed = frozenset().union(*(condition.names for condition in waiting)) - {"time"}
    seeds = sorted({report.seed for report in seen}) if not heed & set(VITALS) else SEEDS
    for variant, seed in product(case.variants, seeds):
        if waiting:
            more = explore(case, variant, seed, heed)
            waiting = frozenset() if more.entangled else waiting - more.held
    return waiting


def _duties(case: Case, seen: Sequence[Report]) -> Findings:
    for duty in case.duties:
        ways = {way for report in seen for way in report.duties.get(duty.id, ())} - {Done.IDLE}
        if not ways:
            yield duty.line, f"The duty “{duty.id}” never begins. Look at its scene or fact, and its condition."
        elif Done.DONE not in ways:
            yield duty.line, f"The duty “{duty.id}” can never be done in time. Give it more minutes, or a shorter way."
        elif not ways & {Done.LATE, Done.MISSED}:
            yield duty.line, f"The duty “{duty.id}” is always done, whatever one chooses. It assesses nothing."


def _experts(case: Case, seen: Iterable[Report]) -> Findings:
    for report in seen:
        play, where = report.expert, f"in the variant “{report.variant}”"
        scene = case.scenes[play.state.scene]
        if not play.state.ending and expert_choice(case, play.state):
            yield scene.line, f"The expert goes round in a circle from #{scene.id} {where}. Let something lead out."
        elif not play.state.ending:
            yield scene.line, f"The expert has nothing to do in #{scene.id} {where}. Say “expert: yes” or “if …”."
        for rule in case.must_nots:
            if rule.id in play.state.failures:
                yield rule.line, f"The expert commits “{rule.id}” {where}: it cannot be avoided, or is wrongly keyed."
        for duty, standing in zip(case.duties, play.state.duties, strict=True):
            if standing.state in (Done.LATE, Done.MISSED):
                yield duty.line, f"The expert is too late for “{duty.id}” {where}. Look at the minutes."


def _unshown(case: Case, seen: Iterable[Report]) -> Findings:
    shown = {name for report in seen for name, points in report.expert.points.items() if points > 0}
    for competency in case.head.competencies:
        if competency.name not in shown:
            yield competency.line, f"The expert never earns points for “{competency.name}”, so it is never shown."
