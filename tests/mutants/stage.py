"""Run the tests of one rule against each of its breaks, each in a process of its own that is forked from a warm one.

The warm process has loaded all that the tests need and that does not stand on the rule; what is forked loads the broken
rule, what stands on it, and the tests. So constants, defaults and classes are broken as truly as functions are, and no
file is ever written.
"""

import gc
import importlib
import json
import math
import os
import resource
import signal
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType, ModuleType
from typing import NoReturn

from tests.mutants.breaks import Break

PYTEST = (
    "-x",
    "-q",
    "--tb=no",
    "--assert=plain",
    "--hypothesis-profile=mutants",
    "-p",
    "_hypothesis_pytestplugin",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:unraisableexception",
    "-p",
    "no:threadexception",
    "-m",
    "not stress and not browser",
    "-k",
    "not sqlite and not postgresql",
)
"""A rule is pure: what needs a database to see it broken sees it too late, and takes too long."""
NO_TESTS = 5
"""What pytest exits with when it has found none."""
MEMORY = 4 * 2**30
"""Bytes a broken rule may take before it is stopped."""


class Fate(Enum):
    """What became of a break."""

    KILLED = "killed"
    STOPPED = "stopped"  # it went round for ever: nobody would miss that
    SURVIVED = "survived"


class Unsound(Exception):
    """The tests of a rule fail, or cannot be run, while the rule is whole."""


@dataclass(frozen=True)
class Rule:
    """A module that decides, and the tests that hold it."""

    path: str
    tests: tuple[str, ...]

    @property
    def module(self) -> str:
        """The module's name."""
        return self.path.removesuffix(".py").replace("/", ".")


def fates(rule: Rule, broken: Sequence[Break], *, unloaded: Set[str], jobs: int) -> Mapping[Break, Fate]:
    """Return what became of each break.

    Args:
        unloaded: the rule's module and all that stand on it; they are loaded anew for each break.
        jobs: so many breaks are tried at once.

    Raises:
        Unsound: the tests do not pass while the rule is whole.
    """
    out, into = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(out)
        _answer(into, lambda: _tried(rule, broken, unloaded, jobs))
    os.close(into)
    with os.fdopen(out) as answer:
        told = json.load(answer)
    os.waitpid(pid, 0)
    if isinstance(told, str):
        raise Unsound(told)
    return {one: Fate(word) for one, word in zip(broken, told, strict=True)}


def _answer(into: int, work: Callable[[], object]) -> NoReturn:
    try:
        told = work()
    except BaseException as error:  # a forked process must not go on where its parent goes on
        told = f"{type(error).__name__}: {error}"
    with os.fdopen(into, "w") as answer:
        json.dump(told, answer)
    os._exit(0)


def _tried(rule: Rule, broken: Sequence[Break], unloaded: Set[str], jobs: int) -> list[str]:
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    _warm(rule, unloaded)
    most = math.ceil(1 + 4 * _seconds(rule))
    found: dict[int, Fate] = {}
    under_way: dict[int, int] = {}
    for number, one in enumerate(broken):
        if len(under_way) == jobs:
            _await_one(under_way, found)
        under_way[_begun(rule, one.compiled(rule.path), most)] = number
    while under_way:
        _await_one(under_way, found)
    return [found[number].value for number in range(len(broken))]


def _seconds(rule: Rule) -> float:
    """Return the CPU seconds that the tests take on the whole rule, now that all else is loaded."""
    _, status, used = os.wait4(_begun(rule, _source(rule), most=600), 0)
    if status:
        raise Unsound(f"The tests of {rule.path} fail when they are run again while it is whole.")
    return used.ru_utime + used.ru_stime


def _await_one(under_way: dict[int, int], found: dict[int, Fate]) -> None:
    pid, status = os.wait()
    code = os.waitstatus_to_exitcode(status)
    if code == NO_TESTS:  # any other failure to begin is the doing of the break: whole, the rule let them begin
        raise Unsound("pytest found no test to run against a break.")
    stopped = code in (-signal.SIGXCPU, -signal.SIGALRM)
    found[under_way.pop(pid)] = Fate.STOPPED if stopped else Fate.KILLED if code else Fate.SURVIVED


def _begun(rule: Rule, code: CodeType, most: int) -> int:
    pid = os.fork()
    if pid == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (most, most + 2))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        signal.alarm(20 * most)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        os._exit(_run(rule, code))
    return pid


def _run(rule: Rule, code: CodeType) -> int:
    import pytest

    sys.meta_path.insert(0, _Broken(rule, code))
    try:
        return int(pytest.main([*PYTEST, *rule.tests]))
    except BaseException:  # whatever ends the tests has noticed something
        return 1


class _Broken(MetaPathFinder, Loader):
    """Loads one module from code that is at hand."""

    def __init__(self, rule: Rule, code: CodeType) -> None:
        self.rule, self.code = rule, code

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:
        return spec_from_loader(name, self, origin=self.rule.path) if name == self.rule.module else None

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)


def _warm(rule: Rule, unloaded: Set[str]) -> None:
    """Run the tests on the whole rule, and load what they load and does not stand on it."""
    import hypothesis
    import pytest  # noqa: F401

    sys.modules["libcst"] = None  # type: ignore[assignment]  # for every failure it would be loaded to offer a patch
    hypothesis.settings.register_profile(
        "mutants",
        derandomize=True,  # the same figures every time
        database=None,
        max_examples=30,
        deadline=None,
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    with tempfile.TemporaryFile("w+") as said:
        out, into = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(out)
            for stream in (1, 2):
                os.dup2(said.fileno(), stream)
            _answer(into, lambda: _whole(rule))
        os.close(into)
        with os.fdopen(out) as answer:
            told = json.load(answer)
        os.waitpid(pid, 0)
        said.seek(0)
        if isinstance(told, str) or told["code"] != 0:
            raise Unsound(f"The tests of {rule.path} fail while it is whole.\n{said.read()[-4000:]}")
    for name in told["modules"]:
        if name not in unloaded and name.split(".")[0] not in ("tests", "_pytest", "__main__"):
            with suppress(ImportError):  # some make their own modules as they are loaded
                importlib.import_module(name)
    if rule.module in sys.modules:
        raise Unsound(f"{rule.module} is loaded by something that is not known to stand on it.")
    with warnings.catch_warnings(action="ignore"):  # a first example warms hypothesis, too
        hypothesis.given(hypothesis.strategies.integers())(lambda number: None)()
    gc.collect()
    gc.freeze()  # what is forked need not look through all of this again


def _whole(rule: Rule) -> dict[str, object]:
    code = _run(rule, _source(rule))
    return {"code": code, "modules": sorted(sys.modules)}


def _source(rule: Rule) -> CodeType:
    return compile(Path(rule.path).read_text(), rule.path, "exec")
