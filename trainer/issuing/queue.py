"""Go through what is to be signed, one after the other: what fails holds up nothing else."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from trainer.certificates.tasks import Task
from trainer.db import outage_in
from trainer.errors import TrainerError
from trainer.issuing.tools import IssuingTools

BREATH_SECONDS = 0.02
"""Between two certificates, so that on SQLite an answer of somebody else is saved meanwhile."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """Something to sign, and how it is done."""

    task: Task
    sign: Callable[[IssuingTools], object]


@dataclass
class Tally:
    """What one round has done."""

    issued: int = 0
    failed: int = 0


def go_through(
    jobs: Sequence[Job],
    *,
    tools: Callable[[], IssuingTools],
    fail: Callable[[Task, str], object],
    step: Callable[[], object] = lambda: None,
) -> Tally:
    """Do the jobs.

    Args:
        tools: gives what signing needs, or raises `TrainerError`; it is asked again after a failure.
        fail: writes down why something could not be signed, as one sentence.
        step: is called after each job.
    """
    tally = Tally()
    ready: IssuingTools | None = None
    for place, job in enumerate(jobs):
        try:
            ready = ready or tools()
        except TrainerError as error:  # then none of the others can be signed either
            for left in jobs[place:]:
                fail(left.task, str(error))
            tally.failed += len(jobs) - place
            break
        if (problem := _problem_with(job, ready)) is not None:
            fail(job.task, problem)
            tally.failed += 1
            ready = None  # it may be outdated: a key was replaced, say
        else:
            tally.issued += 1
        step()
        time.sleep(BREATH_SECONDS)
    return tally


def _problem_with(job: Job, tools: IssuingTools) -> str | None:
    """Do a job; return in one sentence why it cannot be done, None when it is done."""
    try:
        job.sign(tools)
    except TrainerError as error:
        return str(error)
    except Exception as error:
        if (cause := outage_in(error)) is not None:
            return f"The database could not keep it ({cause}). See to that; it is tried again by itself."
        log.exception("What follows from conferral %s could not be made", job.task.conferral_id)
        return "Something on our side failed while signing; the worker's log says what."
    return None
