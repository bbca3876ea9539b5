"""Where somebody stands with one leaf: what is on record, in a sentence, and the next step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from trainer.cases.runs.mastery import EndedRun
from trainer.chances.granted import Chances, GrantedChance, chances_about
from trainer.curriculum.study.progress import ReadSoFar, unread
from trainer.examinations.blueprint import Blueprint
from trainer.examinations.candidates import may_count
from trainer.examinations.outcome import Outcome, Sat
from trainer.quizzes.tries import SentAttempt, Tries, tries
from trainer.quizzes.values import Bank
from trainer.requirements.catalogue import Catalogue
from trainer.requirements.rules import LeafRecord, RequirementKind, RequirementLeaf
from trainer.windows.opening import Window, opening
from trainer.written.answers import AnswerState, SentAnswer


@dataclass(frozen=True, kw_only=True)
class Record:
    """What the rooms below have on record for one enrolment, by the slug of what was worked on.

    Attributes:
        sent_elsewhere: the tries of other places in the same programme that count on.
        texts: when each version of an attestation was signed, by its hash.
        granted: the second chances that directors decided about, the oldest first.
        begun: the knowledge examinations that have windows and were begun and not sent.
    """

    read: Mapping[str, ReadSoFar]
    sent: Mapping[str, Sequence[SentAttempt]]
    played: Mapping[str, Sequence[EndedRun]]
    sat: Mapping[str, Sequence[Sat]]
    texts: Mapping[str, Mapping[str, datetime]]
    granted: Sequence[GrantedChance] = ()
    written: Mapping[str, Sequence[SentAnswer]] = field(default_factory=dict)
    begun: frozenset[str] = frozenset()
    sent_elsewhere: Mapping[str, Sequence[SentAttempt]] = field(default_factory=dict)

    def touches(self, leaf: RequirementLeaf) -> bool:
        """Say whether anything at all is on record for this leaf."""
        if self.chances(leaf).granted:
            return True
        match leaf.kind:
            case RequirementKind.MODULE:
                return leaf.slug in self.read
            case RequirementKind.QUIZ:
                return leaf.slug in self.sent or leaf.slug in self.sent_elsewhere
            case RequirementKind.CASE:
                return leaf.slug in self.played
            case RequirementKind.EXAM:
                return any(leaf.slug in begun for begun in (self.sat, self.sent, self.sent_elsewhere, self.begun))
            case RequirementKind.ATTESTATION:
                return leaf.slug in self.texts
            case RequirementKind.WRITTEN:
                return leaf.slug in self.written

    def is_under_way(self, exam: str) -> bool:
        """Say whether somebody is in the middle of an examination."""
        sat = self.sat.get(exam, ())
        return exam in self.begun or (bool(sat) and sat[-1].outcome is Outcome.UNDER_WAY)

    def chances(self, leaf: RequirementLeaf) -> Chances:
        """Return what directors decided about this leaf."""
        return chances_about(self.granted, leaf.kind.value, leaf.slug)


NO_WINDOWS: Mapping[str, Sequence[Window]] = MappingProxyType({})
EMPTY_RECORD = Record(read={}, sent={}, played={}, sat={}, texts={})
"""The record of somebody who has just come."""


def leaf_record(
    leaf: RequirementLeaf,
    catalogue: Catalogue,
    record: Record,
    signed: frozenset[str],
    now: datetime,
    windows: Mapping[str, Sequence[Window]] = NO_WINDOWS,
) -> LeafRecord:
    """Say where somebody stands with one leaf, what a director decided about it counted in.

    What cannot be found in the release is met by nobody: nobody is certified without it.

    Args:
        windows: for sittings, by examination; one without any may be begun at any time.
    """
    if not catalogue.has(leaf):
        blocked = "Its text cannot be read in your release of the content. Please tell your programme director."
        return LeafRecord(done=0, whole=leaf.variants, evidence="", blocked=blocked)
    chances = record.chances(leaf)
    found = _worked(leaf, catalogue, record, signed, chances, now)
    if found.met:
        return found
    if waiver := chances.waived:
        return LeafRecord(done=found.whole, whole=found.whole, evidence=waiver.words, at=waiver.at, waived=True)
    found = found._replace(evidence=f"{found.evidence} {chances.words}".strip())
    if leaf.kind is not RequirementKind.EXAM or not found.step or record.is_under_way(leaf.slug):
        return found
    return _in_window(found, windows.get(leaf.slug, ()), now)


def _in_window(found: LeafRecord, windows: Sequence[Window], now: datetime) -> LeafRecord:
    """Say of an examination that is to be begun when its windows let it."""
    opens = opening(windows, now=now, not_before=found.not_before)
    if opens.at is None:
        return found._replace(step="", not_before=None, blocked=opens.words)
    if opens.may_begin:
        return found._replace(evidence=f"{found.evidence} {opens.words}".strip())
    return found._replace(not_before=opens.at)


def _worked(
    leaf: RequirementLeaf, catalogue: Catalogue, record: Record, signed: frozenset[str], chances: Chances, now: datetime
) -> LeafRecord:
    match leaf.kind:
        case RequirementKind.MODULE:
            return _module(leaf, catalogue, record)
        case RequirementKind.QUIZ:
            return _quiz(catalogue.banks[leaf.slug], record, chances, now)
        case RequirementKind.CASE:
            return _case(leaf, catalogue, record, signed)
        case RequirementKind.EXAM if bank := catalogue.knowledge_exams.get(leaf.slug):
            return _quiz(bank, record, chances, now)
        case RequirementKind.EXAM:
            return _exam(leaf, catalogue, record, signed, chances, now)
        case RequirementKind.ATTESTATION:
            return _attestation(leaf, catalogue, record)
        case RequirementKind.WRITTEN:
            return _written(leaf, catalogue, record, signed)


def _module(leaf: RequirementLeaf, catalogue: Catalogue, record: Record) -> LeafRecord:
    module = catalogue.course.module(leaf.slug)
    assert module
    reading = record.read.get(leaf.slug)
    missing = unread(module, reading)
    whole = len(module.lessons)
    done = whole - len(missing)
    return LeafRecord(
        done=done,
        whole=whole,
        evidence=f"{done} of {whole} lessons read.",
        step=f"Read “{missing[0].title}”." if missing else "",
        at=reading.last_at if reading and not missing else None,
    )


def _quiz(bank: Bank, record: Record, chances: Chances, now: datetime) -> LeafRecord:
    elsewhere = record.sent_elsewhere.get(bank.slug, ())
    stand = tries(bank, record.sent.get(bank.slug, ()), now=now, chances=chances, elsewhere=elsewhere)
    if passed := stand.passed:
        return LeafRecord(done=1, whole=1, evidence=f"Passed with {_mark(passed)}.", at=passed.submitted_at)
    if not stand.sent and not elsewhere:
        return LeafRecord(done=0, whole=1, evidence="Not tried yet.", step=f"Answer {bank.serve} questions.")
    unsafe = any(attempt.failed_critical for attempt in (*stand.sent, *elsewhere))
    evidence = _tried(stand)
    if not stand.left:
        blocked = "All tries are used; a programme director decides about the next step."
        since = max(attempt.submitted_at for attempt in (*stand.sent, *elsewhere))
        found = LeafRecord(done=0, whole=1, evidence=evidence, blocked=blocked, stuck=True, unsafe=unsafe)
        return found._replace(since=since)
    tries_left = "1 try" if stand.left == 1 else f"{stand.left} tries"
    step = f"Read again, then try again: {tries_left} left."
    found = LeafRecord(done=0, whole=1, evidence=evidence, step=step, not_before=stand.next_at, unsafe=unsafe)
    return found._replace(tries_left=stand.left)


def _tried(stand: Tries) -> str:
    best, before = stand.best, stand.elsewhere
    critical = " and a critical question wrong" if best and best.failed_critical else ""
    here = f"Best try: {_mark(best)}{critical}." if best else "Not tried at this place."
    one, them = ("1 try", "counts") if before == 1 else (f"{before} tries", "count")
    return f"{here} {one} at another place in this programme {them} as well." if before else here


def _mark(sent: SentAttempt) -> str:
    return f"{sent.mark} points"


def _case(leaf: RequirementLeaf, catalogue: Catalogue, record: Record, signed: frozenset[str]) -> LeafRecord:
    case = catalogue.cases[leaf.slug]
    runs = record.played.get(leaf.slug, ())
    passed = [run for run in runs if run.passed and run.case_hash == case.hash]
    counting = {run.variant: at for run in passed if (at := run.debriefed_at if leaf.debrief else run.ended_at)}
    waiting = [run for run in passed if run.variant not in counting] if len(counting) < leaf.variants else []
    found = _to_debrief(leaf, len(counting), waiting) if waiting else _played(leaf, len(runs), counting)
    if not case.counts(signed):
        blocked = "Waits until a clinical reviewer has signed this case. You can play it already."
        return LeafRecord(done=found.done, whole=leaf.variants, evidence=found.evidence, blocked=blocked)
    return found


def _played(leaf: RequirementLeaf, runs: int, counting: Mapping[str, datetime]) -> LeafRecord:
    """Say where somebody stands of whom no pass waits for its debrief.

    Args:
        counting: the variants in which a pass counts, and since when.
    """
    done = min(len(counting), leaf.variants)
    evidence = _played_words(runs, done, leaf.variants)
    at = max(counting.values(), default=None)
    step = (
        ""
        if done >= leaf.variants
        else ("Play it again; it will not be quite the same." if runs else "Play the case and pass it.")
    )
    return LeafRecord(done=done, whole=leaf.variants, evidence=evidence, step=step, at=at)


def _to_debrief(leaf: RequirementLeaf, done: int, waiting: Sequence[EndedRun]) -> LeafRecord:
    """Say that a pass waits for its debrief; of several the one that is gone through furthest, then the newest."""
    run = max(waiting, key=lambda run: (run.walk.gone if run.walk else 0, run.ended_at))
    of, passed = ("its", "Passed") if leaf.variants == 1 else ("the next", _debriefed_words(leaf, done, waiting))
    far = (
        f"{run.walk.gone} of {run.walk.whole} moments of {of} debrief so far"
        if run.walk
        else f"{of} debrief is not begun"
    )
    step = "Go through the debrief, moment by moment. Then it counts."
    return LeafRecord(done=done, whole=leaf.variants, evidence=f"{passed}; {far}.", step=step, run_id=run.run_id)


def _debriefed_words(leaf: RequirementLeaf, done: int, waiting: Sequence[EndedRun]) -> str:
    passed = min(done + len({run.variant for run in waiting}), leaf.variants)
    return f"Passed in {passed} of {leaf.variants} versions, {done} of them debriefed"


def _played_words(runs: int, done: int, variants: int) -> str:
    if not runs:
        return "Not played yet."
    if variants == 1:
        return "Passed." if done else f"Played {'once' if runs == 1 else f'{runs} times'}, not passed yet."
    return f"Passed in {done} of {variants} versions."


def _exam(
    leaf: RequirementLeaf, catalogue: Catalogue, record: Record, signed: frozenset[str], chances: Chances, now: datetime
) -> LeafRecord:
    exam, sat = catalogue.exams[leaf.slug], record.sat.get(leaf.slug, ())
    decided = [sitting for sitting in sat if sitting.at is not None]
    if decided and decided[-1].outcome is Outcome.PASSED:
        evidence = f"Passed in sitting {decided[-1].number}{_paused(decided[-1])}."
        return LeafRecord(done=1, whole=1, evidence=evidence, at=decided[-1].at)
    last = sat[-1] if sat else None
    if last is None:
        return _not_sat(exam, catalogue, signed)
    if last.outcome is Outcome.UNDER_WAY:
        evidence = f"Sitting {last.number}: {last.played} of {last.whole} cases played."
        return LeafRecord(done=0, whole=1, evidence=evidence, step="Play the next case.")
    if last.outcome is Outcome.LOOKED_AT:
        blocked = "An examiner reads this sitting before it is decided. That is usual, and you need to do nothing."
        evidence = f"Sitting {last.number}: every case played."
        return LeafRecord(done=0, whole=1, evidence=evidence, blocked=blocked, since=last.waits_since)
    evidence = f"Sitting {last.number} was not passed."
    if len(sat) >= exam.attempts + chances.further:
        blocked = "All sittings are used; a talk with a programme director and a learning plan come next."
        return LeafRecord(done=0, whole=1, evidence=evidence, blocked=blocked, stuck=True, since=last.at)
    granted = chances.not_before if len(sat) >= exam.attempts else None
    later = granted if granted and granted > now else None
    step = "Read its debriefs, then sit it again."
    return LeafRecord(done=0, whole=1, evidence=evidence, step=step, not_before=later)


def _paused(sat: Sat) -> str:
    return f", its clock stopped by {sat.paused} pause{'s' * (sat.paused > 1)}" if sat.paused else ""


def _not_sat(exam: Blueprint, catalogue: Catalogue, signed: frozenset[str]) -> LeafRecord:
    ready = len(may_count(catalogue.cases, signed))
    if ready < exam.whole:
        blocked = f"Waits until clinical reviewers have signed {exam.whole} cases; {ready} are signed."
        return LeafRecord(done=0, whole=1, evidence="Not sat yet.", blocked=blocked)
    return LeafRecord(done=0, whole=1, evidence="Not sat yet.", step=f"Play the {exam.whole} cases of a sitting.")


def _attestation(leaf: RequirementLeaf, catalogue: Catalogue, record: Record) -> LeafRecord:
    text = catalogue.course.attestations[leaf.slug]
    at = record.texts.get(leaf.slug, {}).get(text.hash)
    if at is None:
        return LeafRecord(done=0, whole=1, evidence="Not signed yet.", step="Read the text and sign it.")
    return LeafRecord(done=1, whole=1, evidence=f"Version {text.version} signed.", at=at)


def _written(leaf: RequirementLeaf, catalogue: Catalogue, record: Record, signed: frozenset[str]) -> LeafRecord:
    task, sent = catalogue.written[leaf.slug], record.written.get(leaf.slug, ())
    evidence = _written_words(sent[-1], task.best) if sent else "Not written yet."
    holds = bool(sent) and sent[-1].state is AnswerState.HOLDS
    unsafe = any(version.failed_critical for version in sent)
    if not task.counts(signed):
        blocked = "Waits until a reviewer has signed this task. You can write it already."
        return LeafRecord(done=int(holds), whole=1, evidence=evidence, blocked=blocked, unsafe=unsafe)
    if holds:
        return LeafRecord(done=1, whole=1, evidence=evidence, at=sent[-1].decided_at)
    if sent and sent[-1].state is AnswerState.WAITS:
        blocked = "A rater reads it, who does not know whose it is. You need to do nothing."
        since = sent[-1].sent_at
        return LeafRecord(done=0, whole=1, evidence=evidence, blocked=blocked, unsafe=unsafe, since=since)
    step = "Read what the rater says, then send a revised version." if sent else "Write your answer and send it."
    return LeafRecord(done=0, whole=1, evidence=evidence, step=step, unsafe=unsafe)


def _written_words(sent: SentAnswer, best: int) -> str:
    if sent.state is AnswerState.WAITS:
        return f"Version {sent.number} is sent and waits for a rater."
    found = f"Version {sent.number}: {sent.points} of {best} points"
    return f"{found}; it holds." if sent.state is AnswerState.HOLDS else f"{found}; not yet."
