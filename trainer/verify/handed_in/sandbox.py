"""Look into an uploaded file without letting it look at us: in a process that can do next to nothing.

Whatever goes wrong in there (a crash, a bomb, a loop) means that nothing of ours could be read. It is never an error.
"""

import json
import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from trainer.verify.handed_in import attachments

WALL_SECONDS = 5.0
_LONGEST_ANSWER = 4 * attachments.LONGEST_TEXT


@dataclass(frozen=True, kw_only=True)
class AttachedTexts:
    """What a file carries: the credential as a JWT and the proof of the log, each "" when there is not just one."""

    credential: str = ""
    proof: str = ""


def read_attachments(content: bytes, *, program: Path = Path(attachments.__file__)) -> AttachedTexts:
    """Return the credential and the proof in a file that nobody vouches for; nothing is verified by this.

    It costs a process and may take its memory: whoever answers many has to see that few do this at once.
    """
    answer = _run(content, program)
    try:
        found = json.loads(answer)
        return AttachedTexts(credential=str(found["credential"]), proof=str(found["proof"]))
    except (ValueError, KeyError, TypeError):
        return AttachedTexts()


def _run(content: bytes, program: Path) -> bytes:
    handed = os.memfd_create("upload")
    try:
        with os.fdopen(os.dup(handed), "wb") as file:
            file.write(content)
        os.lseek(handed, 0, os.SEEK_SET)
        # -I and -S: nothing of this installation is loaded, and no variable of its environment counts
        process = subprocess.Popen(  # both are ours
            [sys.executable, "-I", "-S", str(program)],
            stdin=handed,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={},
            start_new_session=True,
        )
    finally:
        os.close(handed)
    with process:
        try:
            return _answer(process)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _answer(process: "subprocess.Popen[bytes]") -> bytes:
    """Return all that the process wrote, or nothing when it wrote too much or took too long."""
    assert process.stdout is not None
    descriptor, answer = process.stdout.fileno(), b""
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN | select.POLLHUP)
    ends = monotonic() + WALL_SECONDS
    while (left := ends - monotonic()) > 0 and waiting.poll(left * 1000):
        piece = os.read(descriptor, 65536)
        if not piece:
            return answer
        answer += piece
        if len(answer) > _LONGEST_ANSWER:
            break
    return b""
