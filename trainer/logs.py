"""What a log may say: one line for each thing, nothing forged, no secret, and no flood.

Whoever asks for a page chooses its address, and much of that comes into the log when something fails. So every sign
that could begin a line of its own is written out (CWE-117), addresses that open something are cut short, and of one
kind of fault only the first of a minute is written whole: the others are counted.
"""

import logging
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

WINDOW_SECONDS = 60
LINES_A_WINDOW = 20
"""Of one kind, without a traceback; with one it is a single one."""
MOST_KINDS = 200
LONGEST_MESSAGE = 2_000
LONGEST_TRACEBACK = 8_000
LINE = "%(asctime)s %(process)d %(part)s %(levelname)s %(message)s"
CHATTY = ("alembic", "flask_wtf", "fontTools", "httpx", "weasyprint")

_SECRETS = re.compile(r"((?:invitations|watches)(?:/|%2f)+)[^/\s\"'?&#%]+", re.IGNORECASE)
_COOKIES = re.compile(r"(\b(?:token|csrf_token|password|session|trainer)=)[^;&\s\"']+", re.IGNORECASE)
# in an address only: what the registry prints (hashes, the ids of certificates) is no secret
_LONG = re.compile(r"(?<=[/=])([A-Za-z0-9_-]{4})[A-Za-z0-9_-]{23,}(?:\.[A-Za-z0-9_-]+)*")
_VALUES = re.compile(r"\b(DETAIL|CONTEXT):.*", re.DOTALL)  # where PostgreSQL repeats what it was given
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """Return the text on one line: signs that break a line, move the cursor or turn the writing are written out."""
    return _BREAKS.sub(lambda sign: ascii(sign[0])[1:-1], text)


def masked(text: str) -> str:
    """Return the text without what would open something: invitations, watches, sign-ins, passwords, long tokens."""
    text = _VALUES.sub(r"\1: …", text)
    return _LONG.sub(r"\1…", _COOKIES.sub(r"\1…", _SECRETS.sub(r"\1…", text)))


def shortened(text: str, longest: int) -> str:
    """Return the beginning and the end of a text that is too long; faults stand at the end of a traceback."""
    if len(text) <= longest:
        return text
    return f"{text[: longest // 2]}[… {len(text) - longest} signs …]{text[-longest // 2 :]}"


class LineFormatter(logging.Formatter):
    """Writes a record as one line, and a traceback as further lines that are set in and cannot be taken for one."""

    def __init__(self, part: str) -> None:
        super().__init__(LINE, "%Y-%m-%d %H:%M:%S", defaults={"part": part})

    def format(self, record: logging.LogRecord) -> str:
        """Return what is written about a record."""
        clean = logging.makeLogRecord(record.__dict__)
        clean.msg, clean.args = plain(masked(shortened(record.getMessage(), LONGEST_MESSAGE))), ()
        clean.exc_info, clean.exc_text, clean.stack_info = None, None, None
        lines = [super().format(clean)]
        if record.exc_info:
            trace = shortened(self.formatException(record.exc_info), LONGEST_TRACEBACK)
            lines += [f"    | {plain(masked(line))}" for line in trace.splitlines()]
        return "\n".join(lines)


@dataclass
class _Kind:
    """How often one kind of fault was seen since it was last written of."""

    begun: float
    written: int = 0
    left_out: int = 0


class Log(logging.StreamHandler[TextIO]):
    """Writes records as lines, and of one kind of fault no more than a minute deserves."""

    def __init__(self, part: str, stream: TextIO) -> None:
        super().__init__(stream)
        self.setFormatter(LineFormatter(part))
        self._kinds: dict[tuple[str, ...], _Kind] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, unless its kind has been written of enough; then it is counted."""
        for line in self._summaries(time.monotonic()):
            super().emit(line)
        if self._may(record):
            super().emit(record)

    def close(self) -> None:
        """Write down what was left out, and end."""
        self.acquire()
        try:
            for line in self._summaries(float("inf")):
                super().emit(line)
        finally:
            self.release()
        super().close()

    def _may(self, record: logging.LogRecord) -> bool:
        if len(self._kinds) >= MOST_KINDS:
            self._kinds.clear()
        kind = self._kinds.setdefault(_kind_of(record), _Kind(begun=time.monotonic()))
        if kind.written < (1 if record.exc_info else LINES_A_WINDOW):
            kind.written += 1
            return True
        kind.left_out += 1
        return False

    def _summaries(self, now: float) -> Iterator[logging.LogRecord]:
        over = [key for key, kind in self._kinds.items() if now - kind.begun >= WINDOW_SECONDS]
        for key in over:
            kind = self._kinds.pop(key)
            if kind.left_out:
                text = f"{kind.left_out} more of this kind were left out: {' '.join(filter(None, key))}"
                yield logging.makeLogRecord({"levelno": logging.WARNING, "levelname": "WARNING", "msg": text})


def _kind_of(record: logging.LogRecord) -> tuple[str, ...]:
    """Return what tells one fault from another: who says it, in which words, and what was raised where."""
    words = str(record.msg)
    if not record.exc_info or record.exc_info[0] is None:
        return (record.name, words)
    trace, place = record.exc_info[2], ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if "trainer" in code.co_filename:
            place = f"{code.co_name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return (record.name, words, record.exc_info[0].__name__, place)


def begin(part: str, *, stream: TextIO | None = None, level: int = logging.INFO) -> Log:
    """Let this process write its log to a stream, standard error unless another is given; `part` says who writes."""
    root = logging.getLogger()
    for old in root.handlers[:]:
        if isinstance(old, Log):
            root.removeHandler(old)
    log = Log(part, stream or sys.stderr)
    root.addHandler(log)
    root.setLevel(level)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    return log
