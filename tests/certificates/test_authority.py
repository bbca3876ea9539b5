"""The installation's authority."""

import multiprocessing
import os
from datetime import timedelta
from pathlib import Path

import pytest

from tests.certificates.conftest import ISSUED
from trainer.certificates.authority import authority_in
from trainer.errors import Broken

NAMES = ("root-key.pem", "root.pem", "signer-key.pem", "signer.pem", "timestamp-key.pem", "timestamp.pem")


def establish(folder: str) -> bytes:
    return authority_in(Path(folder), issuer="Trainer test programme", now=ISSUED).root_pem


def test_two_processes_that_begin_at_once_agree(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        one, other = pool.map(establish, [str(tmp_path)] * 2, chunksize=1)
    assert one == other
    assert sorted(path.name for path in tmp_path.iterdir()) == ["authority"]


def test_keys_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    establish(str(tmp_path))
    modes = {path.name: os.stat(path).st_mode & 0o777 for path in (tmp_path / "authority").iterdir()}
    assert modes == dict.fromkeys(NAMES, 0o600)


def test_the_authority_stays_the_same(tmp_path: Path) -> None:
    assert establish(str(tmp_path)) == establish(str(tmp_path))


def test_an_expired_signing_certificate_stops_issuing_with_a_sentence(tmp_path: Path) -> None:
    establish(str(tmp_path))
    with pytest.raises(Broken, match="ended on"):
        authority_in(tmp_path, issuer="Trainer test programme", now=ISSUED + timedelta(days=800))


def test_a_damaged_key_is_named(tmp_path: Path) -> None:
    establish(str(tmp_path))
    (tmp_path / "authority" / "signer-key.pem").write_text("nonsense")
    with pytest.raises(Broken, match="backup"):
        authority_in(tmp_path, issuer="Trainer test programme", now=ISSUED)


def test_a_signer_that_another_root_vouches_for_is_refused(tmp_path: Path) -> None:
    establish(str(tmp_path / "one"))
    establish(str(tmp_path / "other"))
    (tmp_path / "one/authority/root.pem").write_bytes((tmp_path / "other/authority/root.pem").read_bytes())
    with pytest.raises(Broken, match="not issued by"):
        authority_in(tmp_path / "one", issuer="Trainer test programme", now=ISSUED)


def test_keys_that_cannot_be_kept_are_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "instance").write_text("a file where the folder should be")
    with pytest.raises(Broken, match="cannot be kept"):
        authority_in(tmp_path / "instance", issuer="Trainer test programme", now=ISSUED)
