"""The whole application, built once in a process for each kind of settings, and who visits it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from tests.stage.browser import Browser
from trainer.db import Database
from trainer.settings import Settings


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Switch off pytest-flask's own: one shared context shares `g`, hence who is signed in."""


class Compiled(BytecodeCache):
    """Templates that were compiled once in this process, for all applications."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give back what was kept."""
        if kept := self._kept.get(bucket.key):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


def pytest_configure() -> None:
    """Let every application that is built from now on share them."""
    Flask.jinja_options = {"bytecode_cache": Compiled()}


class Houses:
    """Applications that are used again; building one compiles more than a hundred routes and every template anew."""

    def __init__(self) -> None:
        self._built: dict[Settings, Flask] = {}

    def like(self, settings: Settings) -> Flask:
        """Return an application built from settings like these, wherever its folder and its database are."""
        from trainer.app import create_app  # pure tests need not load the whole house

        kind = replace(settings, instance=Path("nowhere"), database_url="sqlite:///nowhere")
        if kind not in self._built:
            app = self._built[kind] = create_app(kind)
            app.test_client_class = Browser
        return self._built[kind]


@pytest.fixture(scope="session")
def houses() -> Houses:
    """The applications of this process."""
    return Houses()


@pytest.fixture
def app(houses: Houses, settings: Settings, opened: Database) -> Iterator[Flask]:
    """The whole application on a fresh database."""
    app = houses.like(settings)
    config, extensions = dict(app.config), dict(app.extensions)
    app.extensions["trainer.settings"] = settings
    app.extensions["trainer.database"] = opened
    app.testing = True
    yield app
    for kept, before in ((app.config, config), (app.extensions, extensions)):
        kept.clear()
        kept.update(before)
    for limiter in app.extensions["limiter"]:
        limiter.reset()


@pytest.fixture
def own_app(settings: Settings, opened: Database) -> Flask:
    """An application that one test has for itself, to add routes to it; its file says `def app(own_app)`."""
    from trainer.app import create_app

    app = create_app(settings)
    app.extensions["trainer.database"] = opened
    app.test_client_class = Browser
    app.testing = True
    return app


@pytest.fixture
def database(app: Flask) -> Database:
    """The application's own database."""
    return app.extensions["trainer.database"]


@pytest.fixture
def stranger(app: Flask) -> Browser:
    """Somebody who is not signed in."""
    return app.test_client()
