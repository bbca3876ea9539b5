"""A real server with the demonstration, and a real Chromium."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebError, expect

from tests.journey.teacher import Teacher
from tests.stage.chromium import PATIENCE
from tests.stage.demonstration import environment
from tests.stage.forked import Forked
from tests.stage.inspector import WIDE
from trainer.settings import ROOT

Server = subprocess.Popen[bytes] | Forked


@dataclass(frozen=True)
class Site:
    """A running installation."""

    address: str
    instance: Path

    @cached_property
    def password(self) -> str:
        """Everybody's password in the demonstration."""
        return json.loads((self.instance / "demo.json").read_text())["password"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(instance: Path, port: int) -> subprocess.Popen[bytes]:
    """Begin to serve an installation as `make run` does, worker included, in a process group of its own."""
    command = [sys.executable, "-m", "trainer", "serve", "--port", str(port)]
    with (instance / "server.log").open("ab") as log:
        return subprocess.Popen(
            command, env=environment(instance, port), cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )


def started_again(instance: Path, port: int) -> Forked:
    """Begin to serve it in the same way, for somebody who starts often: nothing is loaded anew."""
    words = ("serve", "--port", str(port))
    return Forked("trainer", *words, env=environment(instance, port), out=instance / "server.log")


@contextmanager
def served(instance: Path, port: int, start: Callable[[Path, int], Server] = started) -> Iterator[Server]:
    """Serve an installation, and kill every process of it in the end."""
    process = start(instance, port)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", process, instance)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(address: str, process: Server, instance: Path) -> None:
    until = time.monotonic() + 2 * PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError((instance / "server.log").read_text())


@pytest.fixture(scope="session")
def site(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration, served."""
    instance = tmp_path_factory.mktemp("site") / "instance"
    shutil.copytree(seeded, instance)
    port = free_port()
    with served(instance, port):
        yield Site(f"http://127.0.0.1:{port}", instance)


@pytest.fixture
def complaints() -> list[str]:
    """What browsers complained of: failed scripts, refused styles, missing files."""
    return []


@pytest.fixture(scope="module")
def at_home(chromium: Browser) -> Iterator[dict[object, BrowserContext]]:
    """The browsers that nobody uses now, by who is signed in there and what they wish of it: one file's, kept warm."""
    known: dict[object, BrowserContext] = {}
    yield known
    for context in known.values():
        context.close()


@pytest.fixture
def open_browser(
    chromium: Browser, site: Site, complaints: list[str], at_home: dict[object, BrowserContext]
) -> Iterator[Callable[..., Page]]:
    """A browser of somebody's own: `open_browser("dana")` is signed in, `open_browser()` is a stranger's."""
    used: list[tuple[str, object, BrowserContext]] = []

    def make(name: str = "", **wishes: object) -> Page:
        key = (name, *sorted(wishes.items()))
        context = at_home.pop(key, None) or chromium.new_context(base_url=site.address, viewport=WIDE, **wishes)
        context.set_default_timeout(PATIENCE * 1000)
        context.on("weberror", failed)
        context.on("console", said)
        used.append((name, key, context))
        if context.pages:
            context.pages[0].goto("/")
            return context.pages[0]
        page = context.new_page()
        if name:
            page.goto("/sign-in")
            page.get_by_label("E-mail address").fill(f"{name}@demo.example")
            page.get_by_label("Password").fill(site.password)
            page.get_by_role("button", name="Sign in").click()
            expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        return page

    def failed(one: WebError) -> None:
        complaints.append(f"{one.page.url}: {one.error}")

    def said(one: ConsoleMessage) -> None:
        if one.type == "error":
            complaints.append(f"{one.page.url}: {one.text}")

    yield make
    for name, key, context in used:
        if not name or key in at_home:
            context.close()
            continue
        context.remove_listener("weberror", failed)
        context.remove_listener("console", said)
        first, *others = context.pages
        for page in others:
            page.close()
        first.set_viewport_size(WIDE)
        at_home[key] = context


@pytest.fixture(scope="session")
def teacher() -> Teacher:
    """Who knows every right answer."""
    return Teacher.of(ROOT / "content")
