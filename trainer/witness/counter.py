"""The counter of a witness, where logs ask for cosignatures (C2SP tlog-witness)."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from wsgiref.types import StartResponse, WSGIEnvironment

from trainer.clock import utc_now
from trainer.errors import Broken
from trainer.registry.notes import Signer, Verifier, alone
from trainer.registry.submission import Submission
from trainer.witness.growth import LONGEST_SUBMISSION, Refusal, check_growth, cosigned, genuine, read_submission
from trainer.witness.memory import WitnessMemory

_PLAIN = "text/plain; charset=utf-8"


_STATUS = {
    200: "200 OK",
    400: "400 Bad Request",
    403: "403 Forbidden",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    409: "409 Conflict",
    413: "413 Content Too Large",
    422: "422 Unprocessable Entity",
    500: "500 Internal Server Error",
}


class Counter:
    """Where logs ask for cosignatures, as a WSGI application (C2SP tlog-witness)."""

    def __init__(
        self,
        signer: Signer,
        memory: WitnessMemory,
        logs: Iterable[Verifier],
        *,
        say: Callable[[str], object],
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """Open the counter.

        Args:
            say: tells whoever runs the witness what a log did, or what cannot be done.
        """
        self._signer = signer
        self._memory = memory
        self._logs = {log.name: log for log in logs}
        self._say = say
        self._clock = clock

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        """Answer one request."""
        kind = _PLAIN
        try:
            status, text = 200, self._answer(environ)
        except Refusal as error:
            status, text = error.status, f"{error}\n"
            if error.size is not None:
                kind, text = "text/x.tlog.size", f"{error.size}\n"
        except Broken as error:
            self._say(f"trainer: {error}")
            status, text = 500, "The memory of this witness cannot be used; nothing was cosigned.\n"
        content = text.encode()
        start(_STATUS[status], [("Content-Type", kind), ("Content-Length", str(len(content)))])
        return [content]

    def _answer(self, environ: WSGIEnvironment) -> str:
        path, asks = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        if path == "/add-checkpoint":
            if asks != "POST":
                raise Refusal(405, "Send a checkpoint with POST.")
            return self.add_checkpoint(_body(environ))
        if asks not in ("GET", "HEAD"):
            raise Refusal(405, "Nothing can be sent here.")
        if path == "/":
            return "".join(f"{line}\n" for line in self._about())
        for name in self._logs:
            if path == f"/{hashlib.sha256(name.encode()).hexdigest()}/checkpoint" and (seen := self._memory.seen(name)):
                return seen.note
        raise Refusal(404, "There is nothing here.")

    def add_checkpoint(self, body: bytes) -> str:
        """Return the line that vouches for the submitted checkpoint, which is remembered by then.

        Raises:
            Refusal: the checkpoint is not cosigned.
            Broken: it could not be remembered.
        """
        submission = read_submission(body)
        checkpoint = genuine(submission, self._logs)
        try:
            with self._memory.turn(checkpoint.origin) as turn:
                check_growth(submission, checkpoint, turn.seen)
                log = self._logs[checkpoint.origin]
                seen, line = cosigned(submission.note, log=log, signer=self._signer, at=self._seconds())
                turn.remember(seen)
        except Refusal as error:
            if error.room:
                self._complain(submission, self._logs[checkpoint.origin], error)
            raise
        return line

    def _complain(self, submission: Submission, log: Verifier, error: Refusal) -> None:
        self._say(f"{utc_now():%Y-%m-%d %H:%M:%S} UTC, {log.name}: {error}")
        note = alone(submission.note, log)  # each line of a stranger would make it another note to be kept
        self._memory.keep_refused(origin=log.name, note=note, why=str(error), at=self._seconds(), room=error.room)

    def _seconds(self) -> int:
        return int(self._clock().timestamp())

    def _about(self) -> Iterable[str]:
        yield self._signer.witness.text()
        for name in self._logs:
            seen = self._memory.seen(name)
            yield f"{name} {seen.size if seen else 0}"


def _body(environ: WSGIEnvironment) -> bytes:
    length = environ.get("CONTENT_LENGTH") or str(
        LONGEST_SUBMISSION + 1
    )  # the server ends a body of unknown length itself
    body: bytes = environ["wsgi.input"].read(min(int(length), LONGEST_SUBMISSION + 1)) if length.isdecimal() else b""
    if len(body) > LONGEST_SUBMISSION:
        raise Refusal(413, "A submission is not so long.")
    return body
