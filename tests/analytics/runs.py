"""Runs as the figures meet them, made by hand."""

from datetime import UTC, datetime, timedelta

from trainer.analytics.traces import DecisionKind, Ended, Taken, Trace
from trainer.cases.play.score import KeptResult
from trainer.cases.play.state import Done

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def ended(
    person: str,
    *,
    case: str = "tablet",
    passed: bool = True,
    variant: str = "usual",
    percent: int | None = 80,
    after: int = 0,
    number: int = 1,
    failures: tuple[str, ...] = (),
    duties: dict[str, str] | None = None,
    ending: str = "well",
) -> Ended:
    return Ended(
        run_id=f"run of {person} {case} {number}",
        person_id=person,
        enrolment_id=f"enrolment of {person}",
        cohort_id="spring",
        case=case,
        case_hash="a" * 64,
        release_hash="b" * 64,
        variant=variant,
        seed=1,
        number=number,
        started_at=NOON + timedelta(minutes=after),
        ended_at=NOON + timedelta(minutes=after + 20),
        passed=passed,
        ending=ending,
        rubric="1",
        result=KeptResult(
            percents={"safety": percent},
            duties={duty: Done(state) for duty, state in (duties or {}).items()},
            failures=failures,
        ),
    )


def trace(run: Ended, *steps: tuple[str, DecisionKind], seconds: float = 10) -> Trace:
    """A run that went through these scenes, with a choice of this sort in each."""
    return Trace(
        run,
        tuple(
            Taken(scene, f"{scene}-{sort.value}", sort, seconds, (f"{scene}-{sort.value}", f"{scene}-never"), 100)
            for scene, sort in steps
        ),
    )
