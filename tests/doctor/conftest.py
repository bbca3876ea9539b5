"""Commands run against an installation of their own."""

from tests.cli.conftest import *  # noqa: F403
