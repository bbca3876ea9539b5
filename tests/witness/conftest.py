"""Boards that watch over logs, and a log that grows."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.registry.conftest import *  # noqa: F403
from tests.witness.board import LOG, Board
from trainer.registry.notes import (
    Signer,
)
from trainer.settings import Settings


class Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Say nothing on the terminal."""


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Serve a WSGI application: `serve(app)` gives its address."""
    servers = []

    def begin(app: Callable) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.port}"

    yield begin
    for server in servers:
        server.shutdown()


@pytest.fixture
def board(tmp_path: Path) -> Board:
    """A board that watches over the log of these tests."""
    return Board(tmp_path / "board", LOG.verifier)


@pytest.fixture
def watched(tmp_path: Path, log: Signer, settings: Settings, serve: Callable):
    """Two boards that watch over the installation's log, and the settings that name them."""
    boards = [Board(tmp_path / name, log.verifier, name=f"{name}.example/w") for name in ("oregon", "colorado")]
    named = tuple((one.key.text(), serve(one.counter)) for one in boards)
    return SimpleNamespace(
        boards=boards,
        settings=replace(settings, witnesses=named, witness_quorum=2),
        keys=[one.key for one in boards],
    )
