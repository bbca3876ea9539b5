"""The worker beside the server: started with it, started anew when something has killed it, ended with it."""

import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Never

from trainer.errors import TrainerError

_REST_SECONDS = 2.0
"""Until a worker that was killed is started anew."""
LOOK_SECONDS = 0.5
"""Between two looks at whether the worker and the server still run."""
ENDED, GAVE_UP, FAILED = 0, 1, 2

Work = Callable[[int], None]
"""What to do until the process with this number, its parent, has ended."""

log = logging.getLogger(__name__)


class WorkerBeside:
    """The worker beside this process. Whoever has begun it looks after its keeper from time to time.

    The keeper holds one end of a pipe: when it is killed, the other end says so, and no number of a process that
    has ended is ever mistaken for a new one. Before it ends by itself it writes a word.
    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._kept: int | None = None

    def begin(self, leave: Callable[[], object] = lambda: None) -> None:
        """Fork the keeper; it first lets go of what only this process should hold."""
        server = os.getpid()
        self._kept, told = os.pipe()
        os.set_blocking(self._kept, False)
        if os.fork() == 0:
            os.close(self._kept)
            _as_at_the_beginning()
            leave()
            _leave(lambda: _keep(self._work, server, told))
        os.close(told)

    def look(self, leave: Callable[[], object] = lambda: None) -> None:
        """Start another keeper when the one before was killed; one that ended by itself stays ended."""
        if self._kept is None:
            return
        try:
            said = os.read(self._kept, 1)
        except BlockingIOError:
            return
        os.close(self._kept)
        self._kept = None
        if not said:
            log.error("The keeper of the worker was stopped; both are started anew")
            self.begin(leave)


def _as_at_the_beginning() -> None:
    """Let signals mean again what they mean to a process that has not chosen."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGCHLD, signal.SIGUSR1):
        signal.signal(number, signal.SIG_DFL)


def keep_beside(work: Work) -> WorkerBeside:
    """Have this worked in a process of its own for as long as this process runs, however either comes to an end.

    A keeper stands between the two, since gunicorn looks after its own processes only. All are forked, not started
    anew, so that they share the memory of what they have loaded. A worker that ends by itself has said why, and stays
    ended.
    """
    beside = WorkerBeside(work)
    beside.begin()
    return beside


def _keep(work: Work, server: int, told: int) -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # at a terminal the server hears it as well
    keeper = os.getpid()
    while os.getppid() == server:
        worker = os.fork()
        if worker == 0:
            os.close(told)  # or the pipe would stay open when the keeper is killed
            _leave(lambda: _work(work, keeper))
        code = _outcome(worker, server)
        if code in (ENDED, GAVE_UP):
            os.write(told, b".")
        time.sleep(_REST_SECONDS)
        if code is None or os.getppid() != server:
            break  # both were told to end, at a terminal say
        if code in (ENDED, GAVE_UP):
            log.error("The worker has ended: until the server is started anew, nothing is signed and no letter sent")
            break
        log.error("The worker was stopped by %s; it is started anew", f"signal {-code}" if code < 0 else "an error")
    return ENDED


def _work(work: Work, keeper: int) -> int:
    try:
        work(keeper)
    except TrainerError as error:
        sys.stderr.write(f"trainer: {error}\n")
        return GAVE_UP
    except Exception:
        log.exception("The worker failed")
        return FAILED
    return ENDED


def _outcome(worker: int, server: int) -> int | None:
    """Return with what the worker ended, negative for a signal; nothing if the server ended before it."""
    while os.getppid() == server:
        ended, status = os.waitpid(worker, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(LOOK_SECONDS)
    return None


def _leave(do: Callable[[], int]) -> Never:
    """Do it in a forked process, and end that without what only the process it came from may clean up."""
    code = FAILED
    try:
        code = do()
    finally:
        sys.stdout.flush()
        os._exit(code)
