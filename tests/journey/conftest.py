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
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journey.teacher import Teacher
from tests.stage.chromium import PATIENCE
from tests.stage.demonstration import environment
from trainer.settings import ROOT


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


@contextmanager
def served(instance: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Serve an installation as `make run` does, worker included, in a process group of its own."""
    command = [sys.executable, "-m", "trainer", "serve", "--port", str(port)]
    with (instance / "server.log").open("ab") as log:
        process = subprocess.Popen(
            command, env=environment(instance, port), cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", process, instance)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(address: str, process: subprocess.Popen[bytes], instance: Path) -> None:
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


@pytest.fixture
def open_browser(chromium: Browser, site: Site, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """A browser of somebody's own: `open_browser("dana")` is signed in, `open_browser()` is a stranger's."""
    contexts: list[BrowserContext] = []

    def make(name: str = "", **wishes: object) -> Page:
        context = chromium.new_context(base_url=site.address, viewport={"width": 1280, "height": 900}, **wishes)
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: complaints.append(f"{page.url}: {said.text}") if said.type == "error" else None)
        if name:
            page.goto("/sign-in")
            page.get_by_label("E-mail address").fill(f"{name}@demo.example")
            page.get_by_label("Password").fill(site.password)
            page.get_by_role("button", name="Sign in").click()
            expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def teacher() -> Teacher:
    """Who knows every right answer."""
    return Teacher.of(ROOT / "content")
