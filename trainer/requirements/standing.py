"""Where somebody stands with one leaf: what is on record, in a sentence, and the next step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from trainer.cases.played import Played
from trainer.curriculum.progress import Marks, module_progress
from trainer.quizzes.tries import Sent, tries
from trainer.requirements.catalogue import Catalogue
from trainer.requirements.rules import Kind, Leaf, Standing


@dataclass(frozen=True, kw_only=True)
class Record:
    """What the rooms below have on record for one enrolment."""

    marks: Marks
    sent: Mapping[str, Sequence[Sent]]
    played: Sequence[Played]
    texts: Mapping[tuple[str, str], datetime]


def standing_of(leaf: Leaf, catalogue: Catalogue, record: Record, signed: frozenset[str], now: datetime) -> Standing:
    """Say where somebody stands with one leaf."""
    match leaf.kind:
        case Kind.MODULE:
            return _module(leaf, catalogue, record)
        case Kind.QUIZ:
            return _quiz(leaf, catalogue, record, now)
        case Kind.CASE:
            return _case(leaf, catalogue, record, signed)
        case Kind.ATTESTATION:
            return _attestation(leaf, catalogue, record)


def _module(leaf: Leaf, catalogue: Catalogue, record: Record) -> Standing:
    module = catalogue.course.module(leaf.slug)
    if module is None:
        return Standing(done=0, whole=1, evidence="", blocked="This module is not in your release of the content.")
    progress = module_progress(module, record.marks)
    return Standing(
        done=progress.done,
        whole=progress.whole,
        evidence=f"{progress.done} of {progress.whole} lessons read.",
        step=f"Read “{progress.next.title}”." if progress.next else "",
        at=progress.finished_at,
    )


def _quiz(leaf: Leaf, catalogue: Catalogue, record: Record, now: datetime) -> Standing:
    bank = catalogue.banks[leaf.slug]
    stand = tries(bank, record.sent.get(leaf.slug, ()), now=now)
    best = stand.best
    if best is None:
        return Standing(done=0, whole=1, evidence="Not tried yet.", step=f"Answer {bank.serve} questions.")
    mark = f"{best.points} of {best.out_of} points"
    if stand.passed:
        return Standing(done=1, whole=1, evidence=f"Passed with {mark}.", at=stand.passed.submitted_at)
    critical = " and a critical question wrong" if best.failed_critical else ""
    evidence = f"Best try: {mark}{critical}."
    if not stand.left:
        blocked = "All tries are used; your programme director decides about the next step."
        return Standing(done=0, whole=1, evidence=evidence, blocked=blocked)
    tries_left = "1 try" if stand.left == 1 else f"{stand.left} tries"
    step = f"Read again, then try again: {tries_left} left."
    return Standing(done=0, whole=1, evidence=evidence, step=step, not_before=stand.next_at)


def _case(leaf: Leaf, catalogue: Catalogue, record: Record, signed: frozenset[str]) -> Standing:
    case = catalogue.cases[leaf.slug]
    runs = [run for run in record.played if run.case == leaf.slug]
    passed = {run.variant: run for run in runs if run.passed and run.case_hash == case.hash}
    done = min(len(passed), leaf.variants)
    evidence = _played_words(len(runs), done, leaf.variants)
    if case.pending and case.hash not in signed:
        blocked = "Waits until a clinical reviewer has signed this case. You can play it already."
        return Standing(done=done, whole=leaf.variants, evidence=evidence, blocked=blocked)
    at = max((run.ended_at for run in passed.values()), default=None)
    step = (
        "" if done >= leaf.variants else ("Play it again; it will not be quite the same." if runs else "Play the case.")
    )
    return Standing(done=done, whole=leaf.variants, evidence=evidence, step=step, at=at)


def _played_words(runs: int, done: int, variants: int) -> str:
    if not runs:
        return "Not played yet."
    if variants == 1:
        return "Played well." if done else f"Played {'once' if runs == 1 else f'{runs} times'}, not passed yet."
    return f"Passed in {done} of {variants} variants."


def _attestation(leaf: Leaf, catalogue: Catalogue, record: Record) -> Standing:
    text = catalogue.course.attestations[leaf.slug]
    at = record.texts.get((leaf.slug, text.hash))
    if at is None:
        return Standing(done=0, whole=1, evidence="Not signed yet.", step="Read the text and sign it.")
    return Standing(done=1, whole=1, evidence=f"Version {text.version} signed.", at=at)
