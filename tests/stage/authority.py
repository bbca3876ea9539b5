"""An authority made for the tests."""

from datetime import UTC, datetime

import pytest

from trainer.certificates.signing.authority import Authority, authority_in

ISSUED = datetime(2026, 2, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """One authority for all tests of a process; making keys costs time."""
    return authority_in(tmp_path_factory.mktemp("instance"), issuer="Trainer test programme", now=ISSUED)
