"""A trust file is signed and dated, and says as of when a certificate was not revoked: never more than it knows."""

import json
from contextlib import nullcontext, suppress
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from tests.certificates.conftest import ISSUED, claim
from tests.verify.ages import FREE, NOW, Age, ages, refused
from tests.verify.carrier import (
    HOUR,
    LOG,
    PLACE,
    WITNESSES,
    Carried,
    carried,
    fresh_trust,
    lists_of,
    note_of,
    resigned,
    trust_for,
    trust_written,
    yesterdays,
)
from trainer.certificates.signing.authority import Authority, authority_in
from trainer.certificates.signing.key_rotation import add_signer
from trainer.cli import cli
from trainer.registry.notes import TIMED_ML_DSA, Witness
from trainer.registry.status import Word
from trainer.registry.statuslists import LEAST
from trainer.verify.offline.checking import verify_offline
from trainer.verify.trust.anchors import BadTrust, Trust, kid_in
from trainer.verify.trust.succession import check_follows
from trainer.verify.trust.trust_file import read_trust
from trainer.verify.verdict import Doubt, verdict_as_json

pytestmark = pytest.mark.usefixtures("each_file_is_read_once")

VECTORS = Path(__file__).parent / "vectors"
VALID = "and the certificate is valid."
GIVEN_UP = {"status": "compromised", "lists": {}}


@pytest.fixture(scope="session")
def table(authority: Authority) -> dict[str, Age]:
    return {age.name: age for age in ages(authority)}


@pytest.fixture(scope="session")
def bad(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    other = authority_in(tmp_path_factory.mktemp("rogue"), issuer="Trainer test programme", now=ISSUED)
    mldsa = Witness("pq.example", MLDSA44PrivateKey.generate().public_key().public_bytes_raw(), TIMED_ML_DSA)
    return refused(authority, other, WITNESSES[0].witness.text(), mldsa.text())


def test_the_table_holds_for_the_command(file: Carried, table: dict[str, Age]) -> None:
    for age in table.values():
        verdict = verify_offline(age.file(file), read_trust(age.trust), age.now)
        told = (age.name, verdict.status, verdict.holds, verdict.fresh)
        assert told == (age.name, age.status, age.holds, age.fresh)
        assert age.said in verdict.sentence, age.name


def test_files_of_yesterday_are_still_read_and_nothing_new_is_claimed_for_them() -> None:
    trust = read_trust((VECTORS / "trust-v1.json").read_text())
    verdict = verify_offline((VECTORS / "certificate-2026-11.pdf").read_bytes(), trust, NOW)
    assert (verdict.status, verdict.holds, verdict.fresh) == (Word.VALID, True, False)
    assert verdict.as_of == ISSUED
    assert "Status unknown since the checkpoint of 1 February 2026, 12:00 UTC" in verdict.sentence


@given(data=st.data())
def test_no_sign_of_a_signed_trust_file_can_be_changed(data: st.DataObject, table: dict[str, Age]) -> None:
    written = table["revoked"].trust
    at = data.draw(st.integers(0, len(written) - 1))
    changed = written[:at] + data.draw(st.sampled_from('0aA{,"\\ é\ud800')) + written[at + 1 :]
    with suppress(BadTrust):
        assert read_trust(changed) == read_trust(written)  # a space between two values says nothing


def test_no_trust_file_that_does_not_count_is_gone_by(bad: dict[str, tuple[str, str]]) -> None:
    for name, (written, said) in bad.items():
        with pytest.raises(BadTrust) as refusal:
            read_trust(written)
        assert said in str(refusal.value), name


def test_valid_is_never_said_without_its_date(file: Carried, table: dict[str, Age]) -> None:
    for age in table.values():
        verdict = verify_offline(age.file(file), read_trust(age.trust), age.now)
        if "Set the clock right" in verdict.sentence:  # then no date is judged
            assert verdict.certificate_status is None, age.name
            assert not any("dates" in check.question for check in verdict.checks), age.name
        if isinstance(verdict.status, Doubt) and verdict.facts:  # the bad news comes first, and good news is dated
            against = verdict.standing not in (None, Word.VALID)
            assert verdict.sentence.startswith("The certificate inside is ") is against, age.name
            assert verdict.standing is not Word.VALID or (verdict.fresh and FREE in verdict.sentence), age.name
        if verdict.status is Word.VALID:
            assert "as of" in verdict.sentence or "Status unknown since" in verdict.sentence, age.name
            assert ("the certificate is valid" in verdict.sentence) is (verdict.fresh and verdict.holds), age.name


def test_lists_that_have_no_place_for_a_certificate_say_nothing_about_it(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place, holds in ((LEAST - 1, True), (LEAST, False)):
        monkeypatch.setattr("tests.verify.carrier.PLACE", place)
        verdict = verify_offline(carried(claim(), authority).pdf, fresh_trust(authority), NOW)
        assert (verdict.status, verdict.holds) == (Word.VALID if holds else Doubt.UNREADABLE, holds)
    assert "do not cover this certificate" in verdict.sentence


@pytest.mark.parametrize(("place", "word"), [(PLACE, Word.REVOKED), (PLACE + 1, Doubt.UNREADABLE)])
def test_a_credential_alone_is_not_called_good_and_its_revocation_is_told(
    file: Carried, authority: Authority, place: int, word: object
) -> None:
    trust = fresh_trust(authority, lists=lists_of(authority, revoked=[place]))
    verdict = verify_offline(file.jwt.encode(), trust, NOW)
    assert verdict.status is word
    assert ("shows it as revoked" in verdict.sentence) is (word is Word.REVOKED)


# a later trust file


def later(authority: Authority, **changes: object) -> Trust:
    return fresh_trust(authority, **{"made_at": ISSUED + 3 * HOUR, "note": note_of(10), **changes})


def with_key(authority: Authority, signer: Authority, **lists: object) -> Trust:
    """A later trust file that names a second key as well, with lists by that key."""
    keys = {**trust_for(authority).keys, **trust_for(signer).keys}
    return later(authority, keys=keys, lists=lists_of(signer, **lists))


def test_whoever_has_the_logs_key_alone_cannot_name_a_key_that_says_that_all_is_well(
    file: Carried, authority: Authority, tmp_path: Path
) -> None:
    thief = authority_in(tmp_path, issuer="Trainer test programme", now=ISSUED)
    rogue = with_key(authority, thief)
    assert verify_offline(file.pdf, rogue, NOW).holds, "as a first file nothing can tell it from one of ours"
    with pytest.raises(BadTrust, match="the pinned root does not vouch"):
        check_follows(fresh_trust(authority, lists=lists_of(authority, revoked=[PLACE])), rogue)
    check_follows(rogue, later(authority, keys=rogue.keys, made_at=ISSUED + 4 * HOUR))  # what was pinned once stays


def test_the_next_key_of_the_same_root_is_followed(tmp_path: Path) -> None:
    first = authority_in(tmp_path, issuer="Trainer test programme", now=ISSUED)
    add_signer(tmp_path, issuer="Trainer test programme", now=ISSUED)
    second = authority_in(tmp_path, issuer="Trainer test programme", now=ISSUED)
    assert kid_in(first.signer) != kid_in(second.signer)
    check_follows(fresh_trust(first), with_key(first, second))


def test_whoever_has_the_logs_key_alone_cannot_leave_out_what_the_lists_say(
    file: Carried, authority: Authority
) -> None:
    first = fresh_trust(authority, lists=lists_of(authority, revoked=[PLACE]))
    silent = later(authority, lists={})
    assert verify_offline(file.pdf, silent, NOW).holds, "as a first file it says that nothing is known"
    with pytest.raises(BadTrust, match="leaves out the status lists"):
        check_follows(first, silent)
    check_follows(silent, later(authority, lists={}, made_at=ISSUED + 4 * HOUR))
    check_follows(first, later(authority, **{**GIVEN_UP, "lists": {}}))  # then there are none for a while


@pytest.mark.parametrize(
    ("before", "after", "follows"),
    [
        ({}, {"revoked": [PLACE]}, True),
        ({"revoked": [PLACE]}, {"revoked": [PLACE, PLACE + 1], "places": 2 * LEAST}, True),
        ({"revoked": [PLACE]}, {"revoked": [PLACE + 1]}, False),
        ({"revoked": [PLACE], "places": 2 * LEAST}, {"revoked": [PLACE]}, False),
        ({"suspended": [PLACE]}, {}, True),
    ],
)  # fmt: skip
def test_what_was_revoked_stays_so_and_what_was_suspended_may_hold_again(
    authority: Authority, before: dict, after: dict, follows: bool
) -> None:
    with nullcontext() if follows else pytest.raises(BadTrust, match="takes back that a certificate was revoked"):
        check_follows(
            fresh_trust(authority, lists=lists_of(authority, **before)),
            later(authority, lists=lists_of(authority, **after)),
        )


# the command


@pytest.fixture
def asked(file: Carried, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run `trainer verify --offline` an hour after the trust file was made, in a folder with these files."""
    plain = trust_for(authority, made_at=ISSUED + 2 * HOUR)
    good = trust_written(plain, lists=lists_of(authority))
    next_one = trust_for(authority, made_at=ISSUED + 3 * HOUR)
    files = {
        "good": good,
        "revoked": trust_written(next_one, lists=lists_of(authority, revoked=[PLACE]), note=note_of(10)),
        "suspended": trust_written(plain, lists=lists_of(authority, suspended=[PLACE])),
        "old": yesterdays(plain),
        "broken": good.replace('"quorum": 0', '"quorum": 00'),
        "changed": good.replace("Trainer test programme", "Trainer best programme"),
        "rogue": resigned(
            good, by=WITNESSES[0], log=WITNESSES[0].verifier.text(), checkpoint=note_of(log=WITNESSES[0])
        ),
    }
    for name, written in files.items():
        (tmp_path / f"{name}.json").write_text(written)
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe{")
    (tmp_path / "certificate.pdf").write_bytes(file.pdf)
    monkeypatch.chdir(tmp_path)

    def run(*trusted: str, json_too: bool = False):
        words = [word for name in trusted for word in ("--trust", f"{name}.json")]
        with time_machine.travel(NOW, tick=False):
            return CliRunner().invoke(
                cli, ["verify", "certificate.pdf", "--offline", *words, *(["--json"] if json_too else [])]
            )

    return run


@pytest.mark.parametrize(
    ("trusted", "code", "said"),
    [
        (
            ["good"],
            0,
            f"VALID AS OF 1 FEBRUARY 2026, 13:00 UTC: This file is the one we issued, {VALID} {FREE}",
        ),
        (["old"], 0, "Status unknown since the checkpoint of"),
        (["revoked"], 1, "REVOKED: This file is the one we issued, but the certificate is not valid"),
        (["suspended"], 1, "SUSPENDED: "),
        (["good", "revoked"], 1, "REVOKED: "),
        (["old", "good"], 0, FREE),
        (["changed"], 2, "not as the issuer's log signed it"),
        (["broken"], 2, "not JSON"),
        (["bytes"], 2, "not text (UTF-8)"),
        (["revoked", "good"], 2, "older than the one pinned before"),
        (["good", "old"], 2, "this one is not"),
        (["good", "rogue"], 2, "another issuer or another log"),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else None,
)
def test_the_command_says_as_of_when_and_exits_accordingly(asked, trusted: list[str], code: int, said: str) -> None:
    result = asked(*trusted)
    assert (result.exit_code, said in result.output) == (code, True), result.output
    assert "Traceback" not in result.output


def test_its_json_keeps_its_shape_and_adds_the_date(asked) -> None:
    free, revoked = (json.loads(asked(name, json_too=True).output) for name in ("good", "revoked"))
    for answer in (free, revoked):
        assert all(set(check) == {"question", "holds", "evidence"} for check in answer["checks"])
        assert answer["certificate"]["number"] == "7K4M-2QXH-9PTC"
        assert answer["as_of"] == "2026-02-01T13:00:00+00:00"
    assert (free["status"], free["fresh"]) == ("valid", True)
    assert (revoked["status"], revoked["status_since"]) == ("revoked", None)  # since when is not in the list


def test_the_verdict_of_the_counter_is_of_now(file: Carried, authority: Authority) -> None:
    verdict = verify_offline(b"%PDF-1.7\n%%EOF\n", fresh_trust(authority), NOW)
    assert verdict_as_json(verdict)["as_of"] == NOW.isoformat()
    assert LOG.verifier == fresh_trust(authority).log
