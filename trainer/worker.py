"""The worker on one screen: it alone holds the issuer's key, and does what a page must not wait for.

Nothing is queued anywhere but in the database itself: a decision without a certificate waits to be issued, a notice
without a delivery waits to be sent. So nothing is lost when the worker is killed, and two workers do no harm.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from trainer import logs
from trainer.db import outage_in
from trainer.doctor.faulty_settings import faulty_settings
from trainer.errors import TrainerError
from trainer.health.errands import say_that_it_works
from trainer.installation import Installation, opened
from trainer.issuing.errands import deliver, issue_waiting, make_documents, publish_lists
from trainer.lifecycle.errands import make_endings_final, write_reminders
from trainer.notices.queries import what_waits
from trainer.registry.errands import ask_witnesses, check_newest
from trainer.watches.errands import tell_watching
from trainer.written.raters.errands import write_to_raters

IDLE_SECONDS = 1.0
_REST_SECONDS = 10.0  # after an errand that could not be done for a reason that is known
A_ROUND = 40  # certificates, before anything else has its turn again

Errand = Callable[[Installation], object]
Errands = tuple[tuple[Errand, float], ...]

INSIDE: Errands = (
    (say_that_it_works, 15),
    (partial(issue_waiting, most=A_ROUND), 0),
    (make_documents, 0),
    (make_endings_final, 5),
    (publish_lists, 5),
    (tell_watching, 5),
    (write_reminders, 3600),
    (write_to_raters, 600),
)
"""What needs nobody else, each with how many seconds it rests in between."""
OUTSIDE: Errands = ((deliver, 2), (ask_witnesses, 15))
"""What waits for others; it has a thread of its own, so that a slow mail server delays no certificate."""

log = logging.getLogger(__name__)


@contextmanager
def begun() -> Iterator[Installation]:
    """Begin as a worker: open the installation of this environment, once it is sure that it may be worked on.

    Raises:
        Broken: a library is missing, or a witness has seen more of the log than there is.
        Refused: the database is older than the code, or newer.
    """
    from trainer.certificates.paper.layout_engine import check_libraries  # noqa: PLC0415 – loads the layout engine

    logs.begin("worker")
    check_libraries()
    with opened() as installation:
        check_newest(installation)
        yield installation


def work(*, beside: int | None = None) -> None:
    """Be the worker until told to end, or until the process `beside` has ended.

    Raises:
        Broken, Refused: as `begun`.
    """
    with begun() as installation:
        for sentence in faulty_settings(installation.settings):  # what else it can do, it does
            log.error("%s", sentence)
        with installation.database.reading() as session:
            if waits := what_waits(session, has_mail=bool(installation.settings.smtp_url)):
                log.warning("%s", waits)
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        outside = threading.Thread(target=work_until, args=(installation, OUTSIDE, stopped, beside))
        outside.start()
        work_until(installation, INSIDE, stopped, beside)
        outside.join()


def work_until(
    installation: Installation, errands: Errands, stopped: threading.Event, beside: int | None = None
) -> None:
    """Go round until told to stop, or until the process that it was started beside has ended."""
    rests_until = dict.fromkeys((errand for errand, _ in errands), 0.0)
    while not stopped.is_set() and beside in (None, os.getppid()):
        for errand, seconds in errands:
            if time.monotonic() >= rests_until[errand]:
                rest = seconds if _go(errand, installation) else max(seconds, _REST_SECONDS)
                rests_until[errand] = time.monotonic() + rest
        stopped.wait(IDLE_SECONDS)


def _go(errand: Errand, installation: Installation) -> bool:
    """Do an errand or say in the log why it cannot be done; say whether it may soon be tried again."""
    try:
        errand(installation)
    except TrainerError as error:  # it says itself what is wrong; its place in our code says nothing
        log.error("The worker cannot go on with a part of its work: %s", error)
        return False
    except Exception as error:
        if (cause := outage_in(error)) is not None:
            log.error("The database cannot be used (%s); the worker tries again", cause)
            return False
        log.exception("An errand of the worker failed; it is tried again in the next round")
    return True
