"""Serve the site: gunicorn keeps the processes, waitress reads what visitors send.

A request takes a thread only when all of it has arrived: until then it costs a descriptor and a few kilobytes, so a
thousand slow or silent connections leave the threads to those who ask. What arrives is bounded by the parser, and a
door that is full closes the connection that has kept it waiting longest (decision 0028).
"""

import logging
import os
import resource
import socket
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import WSGIApplication

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]
from gunicorn.workers.base import Worker  # type: ignore[import-untyped]
from waitress import wasyncore  # type: ignore[import-untyped]
from waitress.adjustments import Adjustments  # type: ignore[import-untyped]
from waitress.buffers import OverflowableBuffer  # type: ignore[import-untyped]
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.parser import HTTPRequestParser, ParsingError  # type: ignore[import-untyped]
from waitress.receiver import FixedStreamReceiver  # type: ignore[import-untyped]
from waitress.server import TcpWSGIServer  # type: ignore[import-untyped]

THREADS = 4
MOST_CONNECTIONS = 1000
"""Per process; two of them (`trainer serve`) and their answers fit into what a descriptor limit of 4,096 leaves."""
_IDLE_SECONDS = 30
WHOLE_SECONDS = 120
"""Until a request must have arrived whole, however steadily it trickles."""
LONGEST_HEAD = 32 * 1024
LARGEST_BODY = 2 * 1024 * 1024 + 64 * 1024
"""A little more than the largest upload, as in `MAX_CONTENT_LENGTH`; in bytes, chunked or not."""
LARGEST_TOLD = 128 * 1024 * 1024
"""Up to here a body that is too large is read and forgotten: only then does a browser read the page that says so."""
LINGER_SECONDS = 1.0
"""For which a process that ends still takes requests over connections it has."""

_Look = Callable[[Callable[[], object]], object]
"""Looks after somebody; it is told what a process that it forks has to let go of."""


class Forgotten(FixedStreamReceiver):  # type: ignore[misc]
    """A body that is read to its end and not kept."""

    remain: int
    completed: bool

    def received(self, data: bytes) -> int:
        """Take what belongs to the body, and say how much that is."""
        taken = min(self.remain, len(data))
        self.remain -= taken
        self.completed = self.remain == 0
        return taken


class Request(HTTPRequestParser):  # type: ignore[misc]  # waitress carries no types
    """What arrives, read strictly: nobody can disagree with us about where it ends (RFC 9112, section 6.3)."""

    completed: bool
    chunked: bool
    body_rcv: Any

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head; a body whose length is told twice or in an older version's way is refused."""
        super().parse_header(header_plus)
        if "TRANSFER_ENCODING" in self.headers or (self.chunked and "CONTENT_LENGTH" in self.headers):
            raise ParsingError("Two lengths are given for one body.")
        if self.content_length > LARGEST_TOLD:
            self._give_up()
        elif self.content_length > LARGEST_BODY:
            self.body_rcv = Forgotten(self.content_length, OverflowableBuffer(self.adj.inbuf_overflow))

    def received(self, data: bytes) -> int:
        """Read on; what comes in chunks has no length to tell beforehand, and is given up once it is too long."""
        consumed: int = super().received(data)
        if self.chunked and not self.completed and self.body_bytes_received > LARGEST_BODY:
            self.chunked = False
            self.headers["CONTENT_LENGTH"] = str(self.body_bytes_received)
            self._give_up()
        return consumed

    def _give_up(self) -> None:
        """Read no more of the body. The application sees how long it is, and refuses it in words of its own."""
        self.close()  # what came so far may wait in a file
        self.body_rcv = None
        self.headers["CONNECTION"] = "close"
        self.expect_continue = False  # who asks first whether to send it is told not to
        self.completed = True


class Connection(HTTPChannel):  # type: ignore[misc]
    """One visitor's connection, which knows since when it has kept us waiting for a whole request."""

    parser_class = Request

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waits_since = time.monotonic()

    def service(self) -> None:
        """Answer; from then on it is waited for the next request, unless this process ends."""
        if self.server.ends:
            for request in self.requests:
                request.headers["CONNECTION"] = "close"  # so the visitor comes again by another process
        try:
            super().service()
        finally:
            self.waits_since = time.monotonic()

    @property
    def is_waited_for(self) -> bool:
        """Whether nothing of it is under way on our side."""
        return not (self.requests or self.total_outbufs_len or self.will_close)


class Door(TcpWSGIServer):  # type: ignore[misc]
    """The listening socket of one process, and who came through it."""

    channel_class = Connection
    ends = False

    def handle_accept(self) -> None:
        """Let somebody in; when the door is full, whoever has kept it waiting longest goes first."""
        if len(self.active_channels) >= MOST_CONNECTIONS:
            waited_for = [connection for connection in self.active_channels.values() if connection.is_waited_for]
            if waited_for:
                min(waited_for, key=lambda connection: connection.waits_since).handle_close()
        super().handle_accept()

    def maintenance(self, now: float) -> None:
        """Close what is idle, and what has not sent a whole request for too long."""
        super().maintenance(now)
        latest = time.monotonic() - WHOLE_SECONDS
        for connection in self.active_channels.values():
            if connection.is_waited_for and connection.waits_since < latest:
                connection.will_close = True

    def is_busy(self) -> bool:
        """Say whether a request is still being answered."""
        return not all(connection.is_waited_for for connection in self.active_channels.values())


class ReadingWorker(Worker):  # type: ignore[misc]  # gunicorn carries no types
    """A process of gunicorn that lets waitress read, and hands whole requests to its threads."""

    def init_process(self) -> None:
        """Begin as gunicorn does; a signal to end wakes the loop."""
        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        super().init_process()

    def run(self) -> None:
        """Serve until told to end, then finish what has begun."""
        here: dict[int, Any] = {}
        doors = [door_on(listener.sock, self.wsgi, here) for listener in self.sockets]
        while self.alive and self.ppid == os.getppid():
            self._turn(here)
        for door in doors:
            door.ends = True
            door.accepting = False
            door.del_channel()  # the socket itself belongs to the master
        begun = time.monotonic()
        while time.monotonic() - begun < (self.cfg.graceful_timeout if _busy(doors) else LINGER_SECONDS):
            self._turn(here, seconds=0.1)
        doors[0].task_dispatcher.shutdown()

    def _turn(self, here: dict[int, Any], seconds: float = 1.0) -> None:
        self.notify()
        wasyncore.loop(timeout=seconds, map=here, count=1, use_poll=True)


def door_on(listening: socket.socket, app: WSGIApplication, here: dict[int, Any]) -> Door:
    """Open the door at a listening socket; `here` collects whatever a loop has to look after."""
    adjusted = Adjustments(
        sockets=[listening],
        threads=THREADS,
        connection_limit=MOST_CONNECTIONS + 100,  # what is more is closed before that, or waits to be let in
        cleanup_interval=5,
        channel_timeout=_IDLE_SECONDS,
        max_request_header_size=LONGEST_HEAD,
        max_request_body_size=sys.maxsize,  # a request refuses by itself what is too large
        inbuf_overflow=64 * 1024,  # a longer body waits in a file, not in memory
        clear_untrusted_proxy_headers=False,  # ProxyFix knows how many of them to believe
        log_socket_errors=False,  # somebody has gone: no fault of ours
        ident=None,
    )
    family = (listening.family, listening.type, listening.proto, listening.getsockname())
    return Door(app, here, _sock=listening, adj=adjusted, sockinfo=family, bind_socket=False)


def _busy(doors: Iterable[Door]) -> bool:
    return any(door.is_busy() for door in doors)


class Master(Arbiter):  # type: ignore[misc]
    """The process that keeps those that answer, and has somebody else looked after as well."""

    def __init__(self, site: "Site", *, looked: _Look) -> None:
        super().__init__(site)
        self._looked = looked

    def manage_workers(self) -> None:
        """Keep as many processes as were asked for; gunicorn does so about once a second."""
        super().manage_workers()
        self._looked(self._let_go)

    def _let_go(self) -> None:
        for listener in self.LISTENERS:
            listener.sock.close()  # in the fork: the port is free when the server ends


class Site(BaseApplication):  # type: ignore[misc]
    """An application on its way to the network, built once and shared by all processes that answer."""

    def __init__(
        self,
        app: WSGIApplication,
        *,
        bind: str,
        processes: int,
        forked: Callable[[], None],
        looked: _Look = lambda _leave: None,
    ) -> None:
        self._app = app
        self._looked = looked
        self._choices = {
            "bind": bind,
            "workers": processes,
            "worker_class": ReadingWorker,
            "logger_class": Quiet,
            "preload_app": True,
            "control_socket_disable": True,
            "post_fork": lambda _server, _worker: forked(),
        }
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn what was chosen."""
        for name, value in self._choices.items():
            self.cfg.set(name, value)

    def run(self) -> None:
        """Serve until told to end."""
        Master(self, looked=self._looked).run()

    def load(self) -> WSGIApplication:
        """Hand the application out."""
        return self._app


class Quiet(Logger):  # type: ignore[misc]
    """Lets gunicorn speak through our log."""

    def setup(self, cfg: Any) -> None:
        """Give its words to the log of the installation instead of writing them itself."""
        super().setup(cfg)
        for handler in self.error_log.handlers[:]:
            self.error_log.removeHandler(handler)
        self.error_log.propagate = True
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that somebody waits is no fault
