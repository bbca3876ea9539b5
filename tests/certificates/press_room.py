"""Run workers one after the other and kill each without warning, at the moment the caller chose.

Run as `python -m tests.certificates.press_room SECONDS …`; each number is the life of one worker, 0 lets it finish.
The modules are loaded once, so that a life is spent on issuing and not on importing.
"""

import os
import signal
import sys
import time

from trainer.cli.opening import opened
from trainer.cli.worker import issue_waiting


def live(seconds: float) -> None:
    child = os.fork()
    if not child:
        with opened() as trainer:
            issue_waiting(trainer)
        os._exit(0)
    if seconds:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not seconds and status:
        sys.exit(1)


if __name__ == "__main__":
    for life in sys.argv[1:]:
        live(float(life))
