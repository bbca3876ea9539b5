"""Who may do costly work at the same time: a few at once, over all processes of an installation.

A turn is a lock on a small file, so that whoever is killed gives it back at once. Nobody waits long for one, and in
each process only one thread waits at all: the others stay with those who only want to read a page.
"""

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import BoundedSemaphore

from trainer.errors import Busy

WAIT_SECONDS = 1.5
_BUCKETS = 64  # addresses share so many files; two in one bucket only share their turns
_LOOKS_SECONDS = 0.02
_waiting = BoundedSemaphore(1)


@contextmanager
def turn(folder: Path, *, at_once: int, whose: str = "", each: int = 1) -> Iterator[None]:
    """Do costly work in one's turn: `at_once` of all, and `each` of those that `whose` names, such as an address.

    Raises:
        Busy: there was no turn within a moment.
    """
    bucket = hashlib.sha256(whose.encode()).digest()[0] % _BUCKETS
    places = (
        [folder / f"all-{number}" for number in range(at_once)],
        [folder / f"of-{bucket}-{number}" for number in range(each)],
    )
    with ExitStack() as held:
        if not _taken(places, held):
            _wait_for(places, held)
        yield


def _wait_for(places: tuple[list[Path], ...], held: ExitStack) -> None:
    if not _waiting.acquire(blocking=False):
        raise Busy(_SENTENCE)
    try:
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            time.sleep(_LOOKS_SECONDS)
            if _taken(places, held):
                return
    finally:
        _waiting.release()
    raise Busy(_SENTENCE)


_SENTENCE = "Others are being answered at this moment. Nothing was lost; please try again in a few seconds."


def _taken(places: tuple[list[Path], ...], held: ExitStack) -> bool:
    """Take one place of each kind, or none."""
    with ExitStack() as found:
        for kind in places:
            descriptor = next((one for path in kind if (one := _locked(path)) is not None), None)
            if descriptor is None:
                return False
            found.callback(os.close, descriptor)
        held.push(found.pop_all())
        return True


def _locked(path: Path) -> int | None:
    """Return the descriptor of a lock, or None where somebody else holds it."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_RDONLY | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        return _locked(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
