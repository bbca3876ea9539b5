"""Mara's certificate, and decisions that wait for the worker."""

from tests.stage.certified import *  # noqa: F403
