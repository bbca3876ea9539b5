"""Run workers one after the other and kill each without warning, at the moment the caller chose; or four at once.

Run as `python -m tests.issuing.press_room SECONDS …`; each number is the life of one worker, 0 lets it finish,
and several that shall finish begin together. What they need is loaded once, so that a life is spent on issuing.
"""

import os
import signal
import sys
import time

import trainer.certificates.paper.layout_engine  # noqa: F401 – the layout engine, too
from trainer.installation import opened
from trainer.issuing.errands import issue_waiting


def begun() -> int:
    """Let a worker begin; return its process id."""
    child = os.fork()
    if not child:
        with opened() as trainer:
            issued = issue_waiting(trainer).issued  # those that it found issued, too
            os.write(sys.stdout.fileno(), f"{issued}\n".encode())  # whole at once: four write side by side
        os._exit(0)
    return child


def killed_after(seconds: float) -> None:
    child = begun()
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


if __name__ == "__main__":
    lives = [float(life) for life in sys.argv[1:]]
    for life in filter(None, lives):
        killed_after(life)
    at_once = [begun() for life in lives if not life]
    sys.exit(any(os.waitpid(child, 0)[1] for child in at_once))
