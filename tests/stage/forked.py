"""Processes that are forked from one that has loaded the house, where a test is not about how a process begins.

Each is a process of its own from then on: its session, its folder, its environment, its signals, its end. What it
spares is the start, which costs more than most of what is tried. It shares one hash seed with all others of this run.
Nothing here knows pytest: what is imported here is in every process that is forked.
"""

import os
import runpy
import signal
import sys
from collections.abc import Mapping
from contextlib import chdir
from functools import cache
from multiprocessing import forkserver, get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path

from trainer.settings import ROOT


@cache
def forks() -> ForkServerContext:
    """Return where processes are forked from; it is loaded when it is first asked for."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.stage.loaded", __name__])
    with chdir(ROOT):
        forkserver.ensure_running()
    return context


class Forked:
    """`python -m MODULE WORDS…` without its start; what it says is added to a file. To be used like a `Popen`."""

    def __init__(
        self, module: str, *words: str, env: Mapping[str, str], out: Path, err: Path | None = None, cwd: Path = ROOT
    ) -> None:
        wanted = (module, words, dict(env), str(cwd), str(out), str(err or out))
        self._process = forks().Process(target=_run, args=wanted, daemon=True)
        self._process.start()
        self.pid: int = self._process.pid or 0

    def poll(self) -> int | None:
        """Return with what it ended, negative for a signal; nothing while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Return with what it ended."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise TimeoutError(f"Process {self.pid} still runs.")
        return self._process.exitcode

    def terminate(self) -> None:
        """Ask it to end."""
        os.kill(self.pid, signal.SIGTERM)


def _run(module: str, words: tuple[str, ...], env: dict[str, str], cwd: str, out: str, err: str) -> None:
    os.setsid()
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    for path, place in ((out, 1), (err, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), place)
    sys.path.insert(0, cwd)
    sys.argv[1:] = words
    runpy.run_module(module, run_name="__main__", alter_sys=True)
