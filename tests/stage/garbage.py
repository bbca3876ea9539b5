"""Look for garbage less often: six thousand tests and what they load are none, and were looked through each time."""

import gc

import pytest

gc.set_threshold(20_000, 20, 20)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Look no more at what has been loaded by now."""
    gc.collect()
    gc.freeze()
