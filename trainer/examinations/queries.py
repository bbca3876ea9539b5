"""What is on record about sittings: for the person, for those who decide, and for the requirements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trainer.cases.catalogue import cases_of
from trainer.cases.runs.models import CaseEnding, CaseRun
from trainer.cases.runs.queries import factor_of, run_of
from trainer.cases.runs.timing import Standstill, limited
from trainer.cases.script.values import Case
from trainer.enrolment.models import Enrolment
from trainer.enrolment.queries import release_with
from trainer.errors import Broken, Missing
from trainer.examinations.blueprint import Blueprint
from trainer.examinations.catalogue import exams_of
from trainer.examinations.models import (
    Flag,
    FlagDecision,
    Sitting,
    SittingCase,
    SittingDecision,
    SittingResult,
    SittingRun,
)
from trainer.examinations.outcome import Outcome, Sat, awaits_people, outcome_of
from trainer.examinations.words import Zone
from trainer.quizzes.values import Bank

SittingPlace = tuple[SittingCase, CaseRun | None, CaseEnding | None]
"""One case of a form, its run once it has begun, and its ending once it has ended."""


@dataclass(frozen=True, kw_only=True)
class SittingRecord:
    """One sitting with everything that was decided about it.

    Attributes:
        flags: in the order in which they were raised, each with its decision.
    """

    sitting: Sitting
    result: SittingResult | None
    flags: Sequence[tuple[Flag, FlagDecision | None]]
    decision: SittingDecision | None

    @property
    def outcome(self) -> Outcome:
        """How it stands."""
        return outcome_of(self._zone, self._confirmed, self._passed)

    @property
    def awaits_people(self) -> bool:
        """Whether its place in the grey zone can be decided now."""
        return awaits_people(self._zone, self._confirmed, self._passed)

    @property
    def decided_at(self) -> datetime | None:
        """Since when it has been decided; None until then."""
        if self.outcome not in (Outcome.PASSED, Outcome.FAILED) or self.result is None:
            return None
        moments = [self.result.at, *(decision.at for _, decision in self.flags if decision)]
        return max(moments + ([self.decision.at] if self.decision else []))

    @property
    def waits_since(self) -> datetime | None:
        """Since when it waits for an examiner: when its last case had ended; None where it waits for none."""
        return self.result.at if self.result and self.outcome is Outcome.LOOKED_AT else None

    @property
    def pauses(self) -> tuple[int, int]:
        """How many pauses stopped a clock, and for how many seconds; none in results from before that was kept."""
        kept = self.result.result.get("pauses", {}) if self.result else {}
        return kept.get("count", 0), kept.get("seconds", 0)

    @property
    def _zone(self) -> Zone | None:
        return self.result.zone if self.result else None

    @property
    def _confirmed(self) -> Sequence[bool | None]:
        return [decision.confirmed if decision else None for _, decision in self.flags]

    @property
    def _passed(self) -> bool | None:
        return self.decision.passed if self.decision else None


def places_of(session: Session, *, sitting_id: str) -> Sequence[SittingPlace]:
    """Return the cases of a form in their order."""
    query = (
        select(SittingCase, CaseRun, CaseEnding)
        .outerjoin(
            SittingRun,
            (SittingRun.sitting_id == SittingCase.sitting_id) & (SittingRun.position == SittingCase.position),
        )
        .outerjoin(CaseRun, CaseRun.id == SittingRun.run_id)
        .outerjoin(CaseEnding, CaseEnding.run_id == CaseRun.id)
        .where(SittingCase.sitting_id == sitting_id)
        .order_by(SittingCase.position)
    )
    return [(case, run, ending) for case, run, ending in session.execute(query)]


def standstill_in(
    session: Session, *, places: Sequence[SittingPlace], cases: Mapping[str, Case], now: datetime
) -> Standstill:
    """Return what pauses have done to the clocks of a sitting, all its cases together."""
    runs = [run_of(session, record, cases[place.case_slug]) for place, record, _ in places if record is not None]
    stood = [run.standstill(now) for run in runs]
    return Standstill(count=sum(each.count for each in stood), seconds=sum(each.seconds for each in stood))


def sittings_of(session: Session, *, enrolment_id: str, exam: str) -> Sequence[SittingRecord]:
    """Return one person's sittings of one examination, the first first."""
    query = select(Sitting).where(Sitting.enrolment_id == enrolment_id, Sitting.exam == exam)
    return standings(session, sittings=session.scalars(query.order_by(Sitting.number)).all())


def sittings_in(session: Session, *, programmes: frozenset[str], but_of: frozenset[str]) -> Sequence[SittingRecord]:
    """Return the sittings of these programmes, the newest first, without those of some people."""
    query = select(Sitting).join(Enrolment, Enrolment.id == Sitting.enrolment_id)
    query = query.where(Enrolment.programme.in_(programmes), Sitting.person_id.not_in(but_of))
    return standings(session, sittings=session.scalars(query.order_by(Sitting.started_at.desc(), Sitting.id)).all())


def how_many_wait(
    session: Session, *, flags_in: frozenset[str], grey_in: frozenset[str], but_of: frozenset[str]
) -> int:
    """Return how many flags of the one programmes and sittings in the grey zone of the others people can decide now."""
    undecided = (
        select(func.count())
        .select_from(Flag)
        .join(Sitting, Sitting.id == Flag.sitting_id)
        .join(Enrolment, Enrolment.id == Sitting.enrolment_id)
        .outerjoin(FlagDecision, FlagDecision.flag_id == Flag.id)
        .where(FlagDecision.flag_id.is_(None), Enrolment.programme.in_(flags_in), Sitting.person_id.not_in(but_of))
    )
    grey = (
        select(Sitting)
        .join(Enrolment, Enrolment.id == Sitting.enrolment_id)
        .join(SittingResult, SittingResult.sitting_id == Sitting.id)
        .outerjoin(SittingDecision, SittingDecision.sitting_id == Sitting.id)
        .where(
            SittingDecision.sitting_id.is_(None),
            SittingResult.zone == Zone.GREY,
            Enrolment.programme.in_(grey_in),
            Sitting.person_id.not_in(but_of),
        )
    )
    open_ones = standings(session, sittings=session.scalars(grey).all())
    return (session.scalar(undecided) or 0) + sum(sitting.awaits_people for sitting in open_ones)


def ended_and_unsettled(session: Session, *, programmes: frozenset[str]) -> Sequence[Sitting]:
    """Return the sittings of these programmes in which every case has ended and whose result is not kept yet."""
    under_way = (
        select(SittingCase.position)
        .outerjoin(
            SittingRun,
            (SittingRun.sitting_id == SittingCase.sitting_id) & (SittingRun.position == SittingCase.position),
        )
        .outerjoin(CaseEnding, CaseEnding.run_id == SittingRun.run_id)
        .where(SittingCase.sitting_id == Sitting.id, CaseEnding.run_id.is_(None))
    )
    query = (
        select(Sitting)
        .join(Enrolment, Enrolment.id == Sitting.enrolment_id)
        .outerjoin(SittingResult, SittingResult.sitting_id == Sitting.id)
        .where(Enrolment.programme.in_(programmes), SittingResult.sitting_id.is_(None), ~under_way.exists())
    )
    return session.scalars(query.order_by(Sitting.id)).all()


def standings(session: Session, *, sittings: Sequence[Sitting]) -> Sequence[SittingRecord]:
    """Return these sittings with what was decided about them; three queries, however many there are."""
    ids = [sitting.id for sitting in sittings]
    if not ids:
        return ()
    results = session.scalars(select(SittingResult).where(SittingResult.sitting_id.in_(ids)))
    result_of = {result.sitting_id: result for result in results}
    decisions = session.scalars(select(SittingDecision).where(SittingDecision.sitting_id.in_(ids)))
    decision_of = {decision.sitting_id: decision for decision in decisions}
    flags: dict[str, list[tuple[Flag, FlagDecision | None]]] = defaultdict(list)
    rows = select(Flag, FlagDecision).outerjoin(FlagDecision, FlagDecision.flag_id == Flag.id)
    for flag, decision in session.execute(rows.where(Flag.sitting_id.in_(ids)).order_by(Flag.raised_at, Flag.rule)):
        flags[flag.sitting_id].append((flag, decision))
    return [
        SittingRecord(
            sitting=sitting,
            result=result_of.get(sitting.id),
            flags=flags.get(sitting.id, ()),
            decision=decision_of.get(sitting.id),
        )
        for sitting in sittings
    ]


def sat_by_enrolment(session: Session, *, enrolment_ids: Iterable[str]) -> Mapping[str, Mapping[str, Sequence[Sat]]]:
    """Return how sittings stand, by enrolment and examination; a fixed number of queries, however many people."""
    query = select(Sitting).where(Sitting.enrolment_id.in_(list(enrolment_ids))).order_by(Sitting.number)
    sittings = session.scalars(query).all()
    counts = _counts(session, [sitting.id for sitting in sittings])
    found: dict[str, dict[str, list[Sat]]] = defaultdict(lambda: defaultdict(list))
    for standing in standings(session, sittings=sittings):
        played, whole = counts[standing.sitting.id]
        found[standing.sitting.enrolment_id][standing.sitting.exam].append(
            Sat(
                number=standing.sitting.number,
                outcome=standing.outcome,
                at=standing.decided_at,
                played=played,
                whole=whole,
                paused=standing.pauses[0],
                waits_since=standing.waits_since,
            )
        )
    return found


def _counts(session: Session, ids: Sequence[str]) -> Mapping[str, tuple[int, int]]:
    """Return for each sitting how many of its cases have ended, and how many there are."""
    if not ids:
        return {}
    query = (
        select(SittingCase.sitting_id, func.count(CaseEnding.run_id), func.count())
        .outerjoin(
            SittingRun,
            (SittingRun.sitting_id == SittingCase.sitting_id) & (SittingRun.position == SittingCase.position),
        )
        .outerjoin(CaseEnding, CaseEnding.run_id == SittingRun.run_id)
        .where(SittingCase.sitting_id.in_(ids))
        .group_by(SittingCase.sitting_id)
    )
    return {sitting_id: (played, whole) for sitting_id, played, whole in session.execute(query)}


def sitting_for(session: Session, *, person_id: str, sitting_id: str) -> Sitting:
    """Return my sitting of that id.

    Raises:
        Missing: there is none, or it is somebody else's.
    """
    sitting = session.get(Sitting, sitting_id)
    if sitting is None or sitting.person_id != person_id:
        raise Missing("There is no such sitting among yours.")
    return sitting


def sitting_with(session: Session, *, person_id: str, run_id: str) -> Sitting:
    """Return the sitting that a run of mine belongs to.

    Raises:
        Missing: it is no run of an examination of mine.
    """
    query = select(Sitting).join(SittingRun, SittingRun.sitting_id == Sitting.id)
    sitting = session.scalar(query.where(SittingRun.run_id == run_id, Sitting.person_id == person_id))
    if sitting is None:
        raise Missing("There is no such run among yours.")
    return sitting


def material_of(session: Session, sitting: Sitting) -> tuple[Blueprint, Mapping[str, Case]]:
    """Return the examination and the cases as they were when the sitting began.

    Raises:
        Broken: what it was sat by cannot be read any more.
    """
    release = release_with(session, sitting.release_hash)
    if (exam := exams_of(release).get(sitting.exam)) is None:
        raise Broken("The text of this examination cannot be read any more. Everything in it is kept.")
    return exam, cases_of(release)


def limits_in(
    session: Session, *, enrolment: Enrolment, exam: Blueprint, cases: Mapping[str, Case]
) -> tuple[int, int] | None:
    """Return how long the shortest and the longest limited moment of these cases last for one person, in seconds."""
    factor = factor_of(session, enrolment_id=enrolment.id)
    written = [scene.limit for case in cases.values() for scene in case.scenes.values()]
    limits = [limited(seconds, pace=exam.pace, factor=factor) for seconds in written]
    found = [seconds for seconds in limits if seconds is not None]
    return (min(found), max(found)) if found else None


def minutes_for(session: Session, *, enrolment: Enrolment, bank: Bank) -> int | None:
    """Return how long one person has for a knowledge examination; None where it was decided that no clock runs."""
    factor = factor_of(session, enrolment_id=enrolment.id)
    return ceil(bank.minutes * factor / 100) if bank.minutes and factor else None


def is_settled(session: Session, sitting: Sitting) -> bool:
    """Say whether the result is kept, so that nothing is left to settle."""
    return session.get(SittingResult, sitting.id) is not None
