"""Real certificates, as at the counter."""

from tests.stage.certified import *  # noqa: F403
