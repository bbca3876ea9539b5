"""One Chromium for all tests of a process that need it, one after another."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PATIENCE = 30
"""Seconds until a page or a server must have answered, however busy the machine is."""

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page lives for a second here: its scripts end before it pays to optimise them, or to tidy up on other cores.
    "--js-flags=--no-turbofan,--no-maglev,--single-threaded-gc,--min-semi-space-size=32",
]


class Chromium:
    """Debian's Chromium without a window, or the one that came with the driver; started when it is first wanted.

    It draws nothing for a screen, so a page costs it a third less than the whole browser.

    While it lives, its event loop keeps tests from running loops of their own. So it lives on from one file of
    browser tests to the next, and ends before any other test begins.
    """

    def __init__(self) -> None:
        self._running = ExitStack()
        self._browser: Browser | None = None
        self.lent = False

    def browser(self) -> "Browser":
        """Return it, running."""
        from playwright.sync_api import expect, sync_playwright  # other tests need not load it

        if self._browser is None:
            expect.set_options(timeout=PATIENCE * 1000)
            playwright = self._running.enter_context(sync_playwright())
            self._browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium-headless-shell"), args=FLAGS
            )
            self._running.callback(self._browser.close)
        return self._browser

    def end(self) -> None:
        """Close it, if it runs."""
        self._browser = None
        self._running.close()


OURS = pytest.StashKey[Chromium]()


def pytest_configure(config: pytest.Config) -> None:
    """Have one in each process."""
    config.stash[OURS] = Chromium()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests that need it come first: they last longest, and so it starts once."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """End it before a test that does not use it."""
    ours = item.config.stash[OURS]
    if not ours.lent and "chromium" not in getattr(item, "fixturenames", ()):
        ours.end()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End it with the last test."""
    config.stash[OURS].end()


@pytest.fixture(scope="module")
def chromium(pytestconfig: pytest.Config) -> Iterator["Browser"]:
    """The Chromium of this process."""
    ours = pytestconfig.stash[OURS]
    ours.lent = True
    yield ours.browser()
    ours.lent = False


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The address of the application, served on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
