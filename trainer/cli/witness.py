"""Watch over somebody's log: cosign it when it asks, or go and look. Needs no installation and no database."""

import hashlib
import secrets
import socket
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
import httpx
from rich.console import Console
from rich.progress import Progress

from trainer.clock import utc_now
from trainer.errors import Broken
from trainer.registry.notebook import ONLOOKER, Notebook, witness_in
from trainer.registry.notes import BadNote, Signer, Verifier, alone, read_verifier
from trainer.registry.witness import (
    LONGEST,
    Refusal,
    Seen,
    Submission,
    Wrong,
    check_growth,
    cosigned,
    genuine,
    look,
    read_submission,
)

TIMEOUT = httpx.Timeout(20, connect=10)  # seconds
LARGEST = 17 * 1024 * 1024  # of an answer, in bytes: 256 entries of 64 kB each
PLAIN = "text/plain; charset=utf-8"
STATUS = {
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
        self, signer: Signer, notebook: Notebook, logs: Iterable[Verifier], *, clock: Callable[[], int] | None = None
    ) -> None:
        self._signer = signer
        self._notebook = notebook
        self._logs = {log.name: log for log in logs}
        self._clock = clock or _seconds

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        """Answer one request."""
        kind = PLAIN
        try:
            status, text = 200, self._answer(environ)
        except Refusal as error:
            status, text = error.status, f"{error}\n"
            if error.size is not None:
                kind, text = "text/x.tlog.size", f"{error.size}\n"
        except Broken as error:
            click.echo(f"trainer: {error}", err=True)
            status, text = 500, "The memory of this witness cannot be used; nothing was cosigned.\n"
        content = text.encode()
        start(STATUS[status], [("Content-Type", kind), ("Content-Length", str(len(content)))])
        return [content]

    def _answer(self, environ: dict[str, Any]) -> str:
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
            if path == f"/{hashlib.sha256(name.encode()).hexdigest()}/checkpoint" and (
                seen := self._notebook.seen(name)
            ):
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
            with self._notebook.turn(checkpoint.origin) as turn:
                check_growth(submission, checkpoint, turn.seen)
                log = self._logs[checkpoint.origin]
                seen, line = cosigned(submission.note, log=log, signer=self._signer, at=self._clock())
                turn.remember(seen)
        except Refusal as error:
            if error.room:
                self._complain(submission, self._logs[checkpoint.origin], error)
            raise
        return line

    def _complain(self, submission: Submission, log: Verifier, error: Refusal) -> None:
        click.echo(f"{utc_now():%Y-%m-%d %H:%M:%S} UTC, {log.name}: {error}", err=True)
        note = alone(submission.note, log)  # each line of a stranger would make it another note to be kept
        self._notebook.keep_refused(origin=log.name, note=note, why=str(error), at=self._clock(), room=error.room)

    def _about(self) -> Iterable[str]:
        yield self._signer.witness.text()
        for name in self._logs:
            seen = self._notebook.seen(name)
            yield f"{name} {seen.size if seen else 0}"


@click.group()
def witness() -> None:
    """Watch over the public log of an installation, here or anywhere; only its address and key are needed."""


@witness.command()
@click.option("--log", "logs", required=True, multiple=True, help="The public key of a log; may be given repeatedly.")
@click.option("--key", default="witness.key", show_default=True, help="The file of your key, made at first use.")
@click.option("--state", default="witness.state", show_default=True, help="The file of what you have seen.")
@click.option("--name", help="What a new key is called, such as board.example.org/witness.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8093, show_default=True, help="The port to listen on.")
def serve(logs: tuple[str, ...], key: str, state: str, name: str | None, host: str, port: int) -> None:
    """Cosign the checkpoints of logs as long as they only ever grow."""
    watched = [_log_key(text) for text in logs]
    signer, notebook = witness_in(Path(key), Path(state), name=name or _own_name())
    click.echo(f"The key of this witness, for those whose log it watches over:\n{signer.witness.text()}")
    click.echo(f"Waiting for checkpoints at http://{host}:{port}/add-checkpoint")
    sys.stdout.flush()
    from trainer.cli.witness_server import Server  # noqa: PLC0415 – gunicorn reads every argument, and stumbles over odd ones

    Server(Counter(signer, notebook, watched), f"{host}:{port}").run()


@witness.command()
@click.argument("url")
@click.option("--log", "log_key", required=True, help="The public key of the log.")
@click.option("--state", default="log.state", show_default=True, help="The file of what you have seen.")
@click.option("--full", is_flag=True, help="Fetch and hash every entry, too.")
def check(url: str, log_key: str, state: str, full: bool) -> None:
    """Look whether the log at URL is what it was, and has only grown. Exit 0 if so, 1 otherwise."""
    log = _log_key(log_key)
    notebook = Notebook(Path(state), owner=ONLOOKER)
    before = notebook.seen(log.name)
    with httpx.Client(timeout=TIMEOUT, follow_redirects=True) as client:
        try:
            seen = _looked(client, url.rstrip("/"), log, before, full)
        except Wrong as error:
            click.echo(str(error))
            sys.exit(1)
    with notebook.turn(log.name) as turn:
        if turn.seen == before:  # somebody else who looked meanwhile has seen at least as much
            turn.remember(seen)
    click.echo(_summary(before, seen, full))


def _looked(client: httpx.Client, url: str, log: Verifier, before: Seen | None, full: bool) -> Seen:
    with Progress(console=Console(stderr=True), transient=True, disable=not full) as progress:
        bar = progress.add_task("Hashing every entry", total=None)

        def step(done: int, of: int) -> None:
            progress.update(bar, completed=done, total=of)

        return look(
            lambda path: fetched(client, f"{url}/{path}"), log=log, seen=before, now=_seconds(), whole=full, step=step
        )


def fetched(client: httpx.Client, url: str) -> bytes:
    """Return what an address answers, up to a limit.

    Raises:
        Wrong: it does not answer, or not with what was asked for.
    """
    content = bytearray()
    try:
        with client.stream("GET", url) as answer:
            if answer.status_code != 200:
                raise Wrong(f"{url} answers with status {answer.status_code} instead of what was asked for.")
            for part in answer.iter_bytes():
                content += part
                if len(content) > LARGEST:
                    raise Wrong(f"{url} answers with more than {LARGEST} bytes.")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Wrong(f"{url} cannot be reached ({str(error) or type(error).__name__}); nothing was compared.") from error
    return bytes(content)


def _summary(before: Seen | None, seen: Seen, full: bool) -> str:
    entries = f"{seen.size} entries, each of them hashed again" if full else f"{seen.size} entries"
    if before is None:
        return f"The log has {entries}; from now on it is compared with them."
    return f"The log has {entries}, and begins with the {before.size} it had before."


def _body(environ: dict[str, Any]) -> bytes:
    length = environ.get("CONTENT_LENGTH") or str(LONGEST + 1)  # the server ends a body of unknown length itself
    body: bytes = environ["wsgi.input"].read(min(int(length), LONGEST + 1)) if length.isdecimal() else b""
    if len(body) > LONGEST:
        raise Refusal(413, "A submission is not so long.")
    return body


def _log_key(text: str) -> Verifier:
    try:
        return read_verifier(text)
    except BadNote as error:
        raise Broken(
            f"{text!r} is not the public key of a log, as `trainer registry key` prints it: {error}"
        ) from error


def _own_name() -> str:
    host = "".join(character for character in socket.gethostname() if character.isalnum() or character in ".-")
    return f"{host or 'witness'}/{secrets.token_hex(4)}"


def _seconds() -> int:
    return int(utc_now().timestamp())
