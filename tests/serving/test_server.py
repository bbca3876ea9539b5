"""Slow, silent and malformed visitors at the door of the server: they wait, and nobody else does."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest
from waitress import wasyncore

from trainer.serving import server
from trainer.serving.server import LARGEST_BODY, LARGEST_TOLD, LONGEST_HEAD, THREADS, door_on
from trainer.settings import ROOT

ANSWERS_WITHIN = 5
"""Seconds until an answer has come, however busy the machine is."""


def hello(environ: dict, start) -> list[bytes]:
    """Answer with how much was sent; refuse what is too large, as our application does."""
    body = b"%d" % len(environ["wsgi.input"].read())
    status = "200 OK" if int(environ.get("CONTENT_LENGTH") or 0) <= LARGEST_BODY else "413 Content Too Large"
    start(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


@pytest.fixture
def port() -> Iterator[int]:
    """A door that a loop of its own looks after."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    here: dict = {}
    door = door_on(listening, hello, here)
    ended = threading.Event()

    def look_after() -> None:
        while not ended.is_set():
            wasyncore.loop(timeout=0.05, map=here, count=1, use_poll=True)

    loop = threading.Thread(target=look_after)
    loop.start()
    yield listening.getsockname()[1]
    ended.set()
    loop.join()
    door.task_dispatcher.shutdown()
    wasyncore.close_all(here)


def come(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=ANSWERS_WITHIN)


def said(port: int, *pieces: bytes) -> bytes:
    """Send this over a connection of one's own; return the status line, or nothing if it was closed without a word."""
    with closing(come(port)) as visitor:
        try:
            for piece in pieces:
                visitor.sendall(piece)
        except OSError:
            pass  # it was refused before the end
        try:
            return visitor.recv(65536).split(b"\r\n")[0]
        except ConnectionResetError:
            return b""


def asked(port: int) -> bytes:
    return said(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")


def trickle(visitor: socket.socket, *, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        visitor.sendall(b"X-A: a\r\n")
        time.sleep(0.05)


OK = b"HTTP/1.1 200 OK"


def test_a_page_is_answered_while_ten_times_as_many_as_there_are_threads_send_slowly(port: int) -> None:
    heads = [b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc", b""]
    with ExitStack() as slow:
        visitors = [slow.enter_context(closing(come(port))) for _ in range(10 * THREADS)]
        for number, visitor in enumerate(visitors):
            visitor.sendall(heads[number % len(heads)])
        assert asked(port) == OK
        visitors[1].sendall(b"defghi")
        visitors[1].shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: visitors[1].recv(65536), b""))
        assert answer.endswith(b"\r\n\r\n9")  # and whoever is slow is answered, too


def test_when_the_door_is_full_whoever_waited_longest_makes_room(port: int, monkeypatch) -> None:
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 3)
    with ExitStack() as slow:
        visitors = []
        for _ in range(3):
            visitors.append(slow.enter_context(closing(come(port))))
            visitors[-1].sendall(b"GET / HTTP/1.1\r\n")
            time.sleep(0.1)
        assert asked(port) == OK
        assert visitors[0].recv(1) == b""
        visitors[2].sendall(b"Host: x\r\n\r\n")
        assert visitors[2].recv(65536).startswith(OK)


def test_a_request_that_never_ends_is_given_up_however_steadily_it_trickles(port: int, monkeypatch) -> None:
    monkeypatch.setattr(server, "WHOLE_SECONDS", 0.3)
    monkeypatch.setattr(server.Door, "next_channel_cleanup", property(lambda _: 0, lambda *_: None), raising=False)
    with closing(come(port)) as visitor:
        visitor.sendall(b"GET / HTTP/1.1\r\n")
        with pytest.raises(OSError, match=r"reset|pipe"):
            trickle(visitor, seconds=ANSWERS_WITHIN)


CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (CHUNKED + b"\r\n3\r\nabc\r\n0\r\n\r\n", b"200"),
        (CHUNKED + b"\r\nZZ\r\nabc\r\n0\r\n\r\n", b"400"),
        (CHUNKED + b"\r\n3\r\nabcdef\r\n0\r\n\r\n", b"400"),
        (CHUNKED + b"\r\n-3\r\nabc\r\n0\r\n\r\n", b"400"),
        (CHUNKED + b"Content-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n", b"400"),
        (CHUNKED.replace(b"1.1", b"1.0") + b"\r\n3\r\nabc\r\n0\r\n\r\n", b"400"),
        (CHUNKED.replace(b"chunked", b"gzip, chunked") + b"\r\n0\r\n\r\n", b"501"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX : y\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * LONGEST_HEAD + b"\r\n\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: a\r\n" * LONGEST_HEAD + b"\r\n", b"431"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (LARGEST_TOLD + 1), b"413"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n" % 1_000_000_000, b"413"),
    ],
)
def test_what_no_browser_sends_is_refused_as_the_senders_fault(port: int, sent: bytes, status: bytes) -> None:
    assert said(port, sent).split()[1] == status
    assert asked(port) == OK


@pytest.mark.parametrize("size", [LARGEST_BODY, LARGEST_BODY + 1, 3 * LARGEST_BODY])
def test_a_body_that_is_too_large_is_read_and_forgotten_so_that_the_answer_can_be_read(port: int, size: int) -> None:
    with closing(come(port)) as visitor:
        visitor.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size)
        visitor.sendall(b"x" * size)
        kept = size if size <= LARGEST_BODY else 0
        answer = http.client.HTTPResponse(visitor)
        answer.begin()
        assert answer.status == (200 if kept else 413)
        assert int(answer.read()) == kept


def test_fifty_megabytes_in_chunks_are_refused_before_they_are_all_read(port: int) -> None:
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    many = 50_000_000 // len(chunk)
    assert many * 0x10000 > LARGEST_BODY
    assert said(port, CHUNKED + b"\r\n", *[chunk] * many) in (b"HTTP/1.1 413 Content Too Large", b"")
    assert asked(port) == OK


SITE = """
import os, sys, time
from trainer.serving.server import Site
def app(environ, start):
    time.sleep(float(environ["QUERY_STRING"] or 0))
    start("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]
Site(app, bind="127.0.0.1:" + sys.argv[1], processes=2, forked=lambda: None).run()
"""


@pytest.fixture
def site() -> Iterator[tuple[int, subprocess.Popen]]:
    """A server of two processes that answers with the number of the process; `?2` makes it take two seconds."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", SITE, str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)
    until = time.monotonic() + 60
    while time.monotonic() < until and not who_answers(port):
        time.sleep(0.1)
    yield port, process
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def who_answers(port: int, query: str = "") -> int:
    """Return the process that answers, or 0."""
    visitor = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with suppress(OSError, http.client.HTTPException), closing(visitor):
        visitor.request("GET", f"/?{query}")
        return int(visitor.getresponse().read())
    return 0


def visit(port: int, ended: threading.Event, lost: list[str]) -> None:
    """Ask again and again over one connection, which is opened anew when the server says that it closes it."""
    visitor = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while not ended.is_set():
        try:
            visitor.request("GET", "/")
            visitor.getresponse().read()
        except (OSError, http.client.HTTPException) as error:
            lost.append(repr(error))
            visitor.close()
    visitor.close()


def test_renewed_under_visitors_it_loses_none_of_them(site: tuple[int, subprocess.Popen]) -> None:
    port, process = site
    ended, lost = threading.Event(), []
    visitors = [threading.Thread(target=visit, args=(port, ended, lost), daemon=True) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    before = {who_answers(port) for _ in range(20)}
    process.send_signal(signal.SIGHUP)
    until = time.monotonic() + 60
    while time.monotonic() < until and before & children_of(process.pid):
        time.sleep(0.1)
    ended.set()
    for visitor in visitors:
        visitor.join(30)
    assert lost == []
    assert not before & {who_answers(port) for _ in range(20)}


def children_of(pid: int) -> set[int]:
    return {int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def test_a_killed_process_is_replaced_and_one_told_to_end_finishes_what_it_began(
    site: tuple[int, subprocess.Popen],
) -> None:
    port, process = site
    killed = who_answers(port)
    os.kill(killed, signal.SIGKILL)
    until = time.monotonic() + 60
    while time.monotonic() < until and (len(now := children_of(process.pid)) < 2 or killed in now):
        time.sleep(0.1)
    assert killed not in children_of(process.pid)
    answered: list[int] = []
    slow = threading.Thread(target=lambda: answered.append(who_answers(port, "1.5")))
    slow.start()
    time.sleep(0.5)
    process.terminate()
    slow.join(30)
    assert answered[0] > 0
    assert process.wait(60) == 0
