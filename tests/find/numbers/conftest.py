"""A real certificate, as at the counter."""

from tests.stage.certified import *  # noqa: F403
