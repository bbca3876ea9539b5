"""A public address that could not work is refused before it stands in a QR code."""

from pathlib import Path

import pytest

from trainer.errors import Broken
from trainer.settings import Settings


def base_url(address: str, instance: Path) -> str:
    return Settings.from_env({"TRAINER_INSTANCE": str(instance), "TRAINER_BASE_URL": address}).base_url


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/trainer",
        "https://t.example?x=1",
        "https://t.example#x",
        "https:// t.example",
        "https://user:pw@t.example",
        "https://",
        "ftp://t.example",
        "t.example",
    ],
)
def test_an_address_that_cannot_work_is_refused_and_tells_no_password(address: str, tmp_path: Path) -> None:
    with pytest.raises(Broken, match="TRAINER_BASE_URL is") as refused:
        base_url(address, tmp_path)
    assert "user:pw" not in str(refused.value)


@pytest.mark.parametrize("address", ["https://t.example", "https://t.example/", "http://127.0.0.1:8000"])
def test_a_host_perhaps_with_a_port_is_an_address(address: str, tmp_path: Path) -> None:
    assert base_url(address, tmp_path) == address.rstrip("/")
