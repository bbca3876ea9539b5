"""Watch over somebody's log: cosign it when it asks, or go and look. Needs no installation and no database."""

import secrets
import socket
import sys
from pathlib import Path

import click
import httpx
from rich.console import Console
from rich.progress import Progress

from trainer.clock import utc_now
from trainer.errors import Broken
from trainer.registry.notes import BadNote, Verifier, read_verifier
from trainer.witness.counter import Counter
from trainer.witness.fetching import FETCH_TIMEOUT, fetched
from trainer.witness.growth import LogSeen
from trainer.witness.looking import Wrong, look
from trainer.witness.memory import ONLOOKER, WitnessMemory, witness_in


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
    signer, memory = witness_in(Path(key), Path(state), name=name or _own_name())
    click.echo(f"The key of this witness, for those whose log it watches over:\n{signer.witness.text()}")
    click.echo(f"Waiting for checkpoints at http://{host}:{port}/add-checkpoint")
    sys.stdout.flush()
    from trainer.witness.server import Server  # noqa: PLC0415 – gunicorn reads every argument, and stumbles over odd ones

    counter = Counter(signer, memory, watched, say=lambda line: click.echo(line, err=True))
    Server(counter, f"{host}:{port}").run()


@witness.command()
@click.argument("url")
@click.option("--log", "log_key", required=True, help="The public key of the log.")
@click.option("--state", default="log.state", show_default=True, help="The file of what you have seen.")
@click.option("--full", is_flag=True, help="Fetch and hash every entry, too.")
def check(url: str, log_key: str, state: str, full: bool) -> None:
    """Look whether the log at URL is what it was, and has only grown. Exit 0 if so, 1 otherwise."""
    log = _log_key(log_key)
    memory = WitnessMemory(Path(state), owner=ONLOOKER)
    before = memory.seen(log.name)
    with httpx.Client(timeout=FETCH_TIMEOUT, follow_redirects=True) as client:
        try:
            seen = _looked(client, url.rstrip("/"), log, before, full)
        except Wrong as error:
            click.echo(str(error))
            sys.exit(1)
    with memory.turn(log.name) as turn:
        if turn.seen == before:  # somebody else who looked meanwhile has seen at least as much
            turn.remember(seen)
    click.echo(_summary(before, seen, full))


def _looked(client: httpx.Client, url: str, log: Verifier, before: LogSeen | None, full: bool) -> LogSeen:
    with Progress(console=Console(stderr=True), transient=True, disable=not full) as progress:
        bar = progress.add_task("Hashing every entry", total=None)

        def step(done: int, of: int) -> None:
            progress.update(bar, completed=done, total=of)

        now = int(utc_now().timestamp())
        return look(lambda path: fetched(client, f"{url}/{path}"), log=log, seen=before, now=now, whole=full, step=step)


def _summary(before: LogSeen | None, seen: LogSeen, full: bool) -> str:
    entries = f"{seen.size} entries, each of them hashed again" if full else f"{seen.size} entries"
    if before is None:
        return f"The log has {entries}; from now on it is compared with them."
    return f"The log has {entries}, and begins with the {before.size} it had before."


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
