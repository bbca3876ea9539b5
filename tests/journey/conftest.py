"""A real server with the demonstration, and a real Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from trainer.settings import ROOT

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Site:
    """A running installation."""

    address: str
    env: dict[str, str]
    instance: Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The seeded demonstration on SQLite, served by gunicorn as `make run` does."""
    instance = tmp_path_factory.mktemp("instance")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("TRAINER_")},
        "TRAINER_INSTANCE": str(instance),
        "TRAINER_BASE_URL": address,
        "PYTHONPATH": str(ROOT),
    }
    subprocess.run([sys.executable, "-m", "trainer", "setup"], env=env, check=True, cwd=ROOT, capture_output=True)
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "wsgi:app",
            "--bind",
            f"127.0.0.1:{port}",
            "--workers",
            "2",
            "--threads",
            "4",
        ],
        env=env,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"{address}/healthz")
        yield Site(address, env, instance)
    finally:
        server.terminate()
        server.wait(20)


def wait_for(address: str) -> None:
    """Wait until the server answers, at most 60 seconds."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    program = shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def shot():
    """Keep a picture of a page where TRAINER_SHOTS names a folder; otherwise do nothing."""
    folder = os.environ.get("TRAINER_SHOTS")

    def take(page: Page, name: str) -> None:
        if not folder:
            return
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}-light.png", full_page=True)
        page.emulate_media(color_scheme="dark")
        page.screenshot(path=f"{folder}/{name}-dark.png", full_page=True)
        page.emulate_media(color_scheme="light")
        size = page.viewport_size
        page.set_viewport_size({"width": 390, "height": 844})
        page.screenshot(path=f"{folder}/{name}-phone.png", full_page=True)
        page.set_viewport_size(size)

    return take
