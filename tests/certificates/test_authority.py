"""The installation's authority."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from tests.certificates.conftest import ISSUED
from tests.stage.forked import forks
from trainer.certificates.signing.authority import Authority, authority_in
from trainer.certificates.signing.key_rotation import add_signer, give_up, signers_in
from trainer.certificates.signing.keys import SigningSettings
from trainer.errors import Broken, Missing, Refused
from trainer.registry.issuer_keys import kid_of

NAMES = ("root-key.pem", "root.pem", "signer-key.pem", "signer.pem", "timestamp-key.pem", "timestamp.pem")


def establish(folder: str) -> bytes:
    return authority_in(Path(folder), issuer="Trainer test programme", now=ISSUED).root_pem


def opened(folder: Path, *, days: int = 0, passphrase: str = "") -> Authority:
    signing = SigningSettings(passphrase=passphrase)
    return authority_in(folder, issuer="Trainer test programme", now=ISSUED + timedelta(days=days), signing=signing)


def rotated(folder: Path, *, days: int = 0, passphrase: str = "") -> None:
    signing = SigningSettings(passphrase=passphrase)
    add_signer(folder, issuer="Trainer test programme", now=ISSUED + timedelta(days=days), signing=signing)


def test_two_processes_that_begin_at_once_agree(tmp_path: Path) -> None:
    with forks().Pool(2) as pool:
        one, other = pool.map(establish, [str(tmp_path)] * 2, chunksize=1)
    assert one == other
    assert sorted(path.name for path in tmp_path.iterdir()) == ["authority"]


def test_keys_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    establish(str(tmp_path))
    modes = {path.name: os.stat(path).st_mode & 0o777 for path in (tmp_path / "authority").iterdir()}
    assert modes == dict.fromkeys(NAMES, 0o600)


@pytest.mark.parametrize("issuer", ["Northern Institute for Psychedelic-Assisted Therapies", "東京" * 100])
def test_an_issuer_with_a_long_name_has_keys_too(tmp_path: Path, issuer: str) -> None:
    made = authority_in(tmp_path, issuer=issuer, now=ISSUED)
    [named] = made.signer.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    assert issuer.startswith(str(named.value).removesuffix(" – Certificates"))
    assert 60 < len(str(named.value).encode()) <= 64


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


def test_a_folder_of_an_earlier_version_goes_on_without_timestamps_until_its_key_is_renewed(tmp_path: Path) -> None:
    opened(tmp_path)
    for name in ("timestamp.pem", "timestamp-key.pem"):
        (tmp_path / "authority" / name).unlink()
    assert opened(tmp_path).timestamps is None
    rotated(tmp_path)
    assert opened(tmp_path).timestamps is not None


def test_the_newest_key_signs_and_the_earlier_ones_stay_under_the_same_root(tmp_path: Path) -> None:
    first = opened(tmp_path)
    rotated(tmp_path, days=365)
    rotated(tmp_path, days=730)
    third = opened(tmp_path, days=731)
    assert third.root == first.root
    assert third.signer != first.signer
    assert [kept.path.name for kept in signers_in(tmp_path)] == ["signer.pem", "signer-2.pem", "signer-3.pem"]
    assert signers_in(tmp_path)[0].certificate == first.signer
    assert signers_in(tmp_path)[2].certificate == third.signer
    modes = {os.stat(path).st_mode & 0o777 for path in (tmp_path / "authority").iterdir()}
    assert modes == {0o600}


def test_a_key_whose_time_has_not_come_waits(tmp_path: Path) -> None:
    first = opened(tmp_path)
    rotated(tmp_path, days=30)
    assert opened(tmp_path, days=10).signer == first.signer
    assert opened(tmp_path, days=30).signer != first.signer


def test_two_keys_made_on_one_day_follow_each_other(tmp_path: Path) -> None:
    opened(tmp_path)
    for _ in range(9):
        rotated(tmp_path)
    assert [kept.number for kept in signers_in(tmp_path)] == list(range(1, 11))
    assert opened(tmp_path).signer == signers_in(tmp_path)[9].certificate


def test_a_number_is_never_used_twice(tmp_path: Path) -> None:
    opened(tmp_path)
    rotated(tmp_path)
    (tmp_path / "authority/signer-2.pem").unlink()  # as if the machine had stopped between its two files
    rotated(tmp_path)
    assert [kept.path.name for kept in signers_in(tmp_path)] == ["signer.pem", "signer-3.pem"]


def test_without_the_root_key_there_is_no_new_key_but_the_present_one_signs_on(tmp_path: Path) -> None:
    opened(tmp_path)
    (tmp_path / "authority/root-key.pem").unlink()
    with pytest.raises(Refused, match=r"Put root-key\.pem there"):
        rotated(tmp_path)
    assert opened(tmp_path).key.sign(bytes(32))
    assert len(signers_in(tmp_path)) == 1


def test_a_root_key_of_another_root_makes_nothing(tmp_path: Path) -> None:
    opened(tmp_path / "one")
    opened(tmp_path / "other")
    (tmp_path / "one/authority/root-key.pem").write_bytes((tmp_path / "other/authority/root-key.pem").read_bytes())
    with pytest.raises(Broken, match="not the key of root"):
        rotated(tmp_path / "one")


def test_where_there_is_no_authority_there_is_nothing_to_renew(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="no authority"):
        rotated(tmp_path)


def test_a_key_that_was_given_up_never_signs_again_and_no_older_one_takes_its_place(tmp_path: Path) -> None:
    opened(tmp_path)
    rotated(tmp_path)
    kid = kid_of(opened(tmp_path).signer.public_key())
    for _ in range(2):
        give_up(tmp_path, kid=kid)
    with pytest.raises(Broken, match="given up; make a new one"):
        opened(tmp_path)
    rotated(tmp_path)
    assert kid_of(opened(tmp_path).signer.public_key()) != kid
    assert len(signers_in(tmp_path)) == 3


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("signer-key.pem", r"signer-key\.pem is missing; restore"),
        ("signer.pem", r"holds no signer\.pem"),
        ("root.pem", r"root\.pem does not hold a readable certificate"),
        ("timestamp-key.pem", None),
    ],
)
def test_a_file_that_is_missing_is_named(tmp_path: Path, name: str, sentence: str | None) -> None:
    opened(tmp_path)
    (tmp_path / "authority" / name).unlink()
    if sentence is None:
        assert opened(tmp_path).timestamps is None
        return
    with pytest.raises(Broken, match=sentence):
        opened(tmp_path)


def test_key_and_certificate_of_two_pairs_are_refused(tmp_path: Path) -> None:
    opened(tmp_path)
    rotated(tmp_path)
    folder = tmp_path / "authority"
    (folder / "signer-2-key.pem").write_bytes((folder / "signer-key.pem").read_bytes())
    with pytest.raises(Broken, match="do not belong together"):
        opened(tmp_path)


def test_a_clock_that_is_behind_is_named(tmp_path: Path) -> None:
    opened(tmp_path)
    with pytest.raises(Broken, match="check the clock"):
        opened(tmp_path, days=-30)


def test_keys_with_a_passphrase_open_with_it_alone(tmp_path: Path) -> None:
    opened(tmp_path, passphrase="open sesame")
    rotated(tmp_path, passphrase="open sesame")
    for path in (tmp_path / "authority").glob("*-key.pem"):
        assert b"ENCRYPTED" in path.read_bytes()
    assert opened(tmp_path, passphrase="open sesame").key.sign(bytes(32))
    with pytest.raises(Broken, match="put its passphrase into TRAINER_SIGNING_PASSPHRASE"):
        opened(tmp_path)
    with pytest.raises(Broken, match="is not its passphrase"):
        opened(tmp_path, passphrase="open barley")


def test_keys_without_a_passphrase_go_on_when_one_is_set(tmp_path: Path) -> None:
    opened(tmp_path)
    assert opened(tmp_path, passphrase="open sesame").key.sign(bytes(32))
