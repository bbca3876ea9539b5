"""A certificate is checked from pinned keys alone: what that proves, and what it cannot know."""

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.certificates.conftest import ISSUED, claim
from tests.verify.carrier import (
    WITNESSES,
    Carried,
    carried,
    credential_text,
    paper_with,
    proof_in,
    resigned,
    trust_for,
    trust_written,
    yesterdays,
)
from trainer.certificates.signing.authority import Authority, authority_in
from trainer.cli import cli
from trainer.registry.status import Word
from trainer.verify.offline import bundle
from trainer.verify.offline.checking import verify_offline
from trainer.verify.trust.anchors import BadTrust, Trust
from trainer.verify.trust.trust_file import read_trust
from trainer.verify.verdict import Doubt, Verdict

pytestmark = pytest.mark.usefixtures("each_file_is_read_once")

LATER = ISSUED + timedelta(days=30)


@pytest.fixture(scope="session")
def trust(authority: Authority) -> Trust:
    return trust_for(authority)


@pytest.fixture(scope="session")
def stranger_authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Somebody who calls themselves what we are called."""
    return authority_in(tmp_path_factory.mktemp("other"), issuer="Trainer test programme", now=ISSUED)


def judged(file: Carried, trust: Trust, now: datetime = LATER) -> Verdict:
    return verify_offline(file.pdf, trust, now)


def test_the_genuine_file_is_valid_as_of_its_checkpoint(file: Carried, trust: Trust) -> None:
    verdict = judged(file, trust)
    assert verdict.status is Word.VALID
    assert verdict.holds
    assert verdict.sentence.startswith("This file is the one we issued, and the certificate is within its dates.")
    assert "Status unknown since the checkpoint of 1 February 2026, 12:00 UTC" in verdict.sentence
    assert "a later revocation cannot be seen offline" in verdict.sentence
    assert verdict.facts == claim().plain()


@pytest.mark.parametrize(
    ("days", "word"), [(-40, Word.NOT_YET_VALID), (0, Word.VALID), (700, Word.VALID), (731, Word.EXPIRED)]
)
def test_its_dates_are_judged(file: Carried, trust: Trust, days: int, word: Word) -> None:
    verdict = judged(file, trust, ISSUED + timedelta(days=days))
    assert verdict.status is word
    assert verdict.holds is (word is Word.VALID)


def test_a_file_of_somebody_with_our_name_is_not_ours(stranger_authority: Authority, trust: Trust) -> None:
    verdict = judged(carried(claim(), stranger_authority), trust)
    assert verdict.status is Doubt.NOT_GENUINE
    assert verdict.facts is None


def test_a_key_of_a_later_year_is_known_by_the_root(file: Carried, trust: Trust) -> None:
    assert judged(file, replace(trust, keys={})).holds


def test_a_paper_whose_credential_is_of_another_key_is_not_ours(
    authority: Authority, stranger_authority: Authority, trust: Trust
) -> None:
    jwt = credential_text(claim("Eve"), stranger_authority)
    pdf = paper_with(claim(), authority, {"credential.jwt": jwt, "credential.tlog-proof": proof_in(jwt)})
    assert verify_offline(pdf, trust, LATER).status is Doubt.NOT_GENUINE


def test_an_old_paper_without_a_credential_cannot_be_checked_offline(authority: Authority, trust: Trust) -> None:
    verdict = verify_offline(paper_with(claim(), authority, {}), trust, LATER)
    assert verdict.status is Doubt.UNREADABLE
    assert "carries no credential" in verdict.sentence


@pytest.mark.parametrize(
    "wrong",
    [
        lambda jwt: proof_in(jwt, salt=b"t" * 32).replace("dHR0", "c3Nz"),  # the salt of another entry
        lambda jwt: proof_in(jwt + "x"),
        lambda jwt: proof_in(jwt, log=WITNESSES[0]),
        lambda jwt: "",
        lambda jwt: proof_in(jwt).replace("\nindex 2\n", "\nindex 3\n"),
    ],
    ids=["salt", "another credential", "another log", "none", "another place"],
)
def test_a_certificate_that_was_never_logged_does_not_hold(authority: Authority, trust: Trust, wrong) -> None:
    jwt = credential_text(claim(), authority)
    pdf = paper_with(claim(), authority, {"credential.jwt": jwt, "credential.tlog-proof": wrong(jwt)})
    verdict = verify_offline(pdf, trust, LATER)
    assert verdict.status is Doubt.NOT_GENUINE
    assert "cannot be proved to be in our public log" in verdict.sentence


def test_what_was_logged_before_a_key_was_given_up_stays_valid_but_its_page_is_not_vouched_for(
    file: Carried, authority: Authority
) -> None:
    verdict = judged(file, trust_for(authority, status="compromised", trusted_size=5))
    assert verdict.status is Word.VALID
    assert "The page you see is not vouched for" in verdict.sentence
    assert not verdict.file_seen
    assert not verdict.holds  # whoever stole the key can make a page around a genuine credential


@pytest.mark.parametrize("trusted_size", [4, None])
def test_what_was_logged_after_a_key_was_given_up_does_not_hold(
    file: Carried, authority: Authority, trusted_size: int | None
) -> None:
    verdict = judged(file, trust_for(authority, status="compromised", trusted_size=trusted_size))
    assert verdict.status is Doubt.NOT_GENUINE
    assert verdict.facts is None


def test_what_a_retired_key_signed_holds(file: Carried, authority: Authority) -> None:
    assert judged(file, trust_for(authority, status="retired")).holds


def test_a_certificate_logged_outside_the_years_of_its_key_does_not_hold(authority: Authority, trust: Trust) -> None:
    verdict = judged(carried(claim(), authority, at=ISSUED + timedelta(days=900)), trust)
    assert verdict.status is Doubt.NOT_GENUINE


@pytest.mark.parametrize(
    ("cosigned", "quorum", "holds"), [(0, 0, True), (0, 1, False), (1, 2, False), (2, 2, True), (3, 2, True)]
)
def test_enough_witnesses_must_have_seen_the_log(authority: Authority, cosigned: int, quorum: int, holds: bool) -> None:
    file = carried(claim(), authority, witnesses=WITNESSES[:cosigned])
    trust = trust_for(authority, witnesses=tuple(one.witness for one in WITNESSES), quorum=quorum)
    verdict = judged(file, trust)
    assert verdict.holds is holds
    assert verdict.status is (Word.VALID if holds else Doubt.UNREADABLE)


def test_a_witness_who_signs_twice_counts_once(authority: Authority) -> None:
    file = carried(claim(), authority, witnesses=[WITNESSES[0], WITNESSES[0]])
    trust = trust_for(authority, witnesses=tuple(one.witness for one in WITNESSES), quorum=2)
    assert not judged(file, trust).holds


def test_added_bytes_are_counted_offline_as_well(file: Carried, trust: Trust) -> None:
    verdict = verify_offline(file.pdf + b"1 0 obj\nendobj\n%%EOF\n", trust, LATER)
    assert verdict.status is Doubt.ALTERED
    assert "21 bytes were added after issue" in verdict.sentence
    assert verdict.facts is None


def test_a_forged_page_around_a_genuine_credential_shows_what_the_credential_says(file: Carried, trust: Trust) -> None:
    verdict = verify_offline(file.pdf.replace(b"/MediaBox", b"/MediaBax"), trust, LATER)
    assert verdict.status is Doubt.ALTERED
    assert "This PDF has been changed. Do not accept it." in verdict.sentence
    assert verdict.facts == claim().plain()
    assert not verdict.holds


def test_a_credential_alone_is_signed_but_not_shown_to_be_logged(file: Carried, trust: Trust) -> None:
    verdict = verify_offline(file.jwt.encode(), trust, LATER)
    assert verdict.status is Doubt.UNREADABLE
    assert [check.holds for check in verdict.checks] == [True, False]


def test_a_changed_credential_is_not_ours(file: Carried, trust: Trust) -> None:
    head, body, tail = file.jwt.split(".")
    assert verify_offline(f"{head}.{body[:-2]}AA.{tail}".encode(), trust, LATER).status is Doubt.NOT_GENUINE


# the trust file


def test_the_trust_file_is_read_as_it_was_written(authority: Authority) -> None:
    trust = trust_for(
        authority,
        status="compromised",
        trusted_size=4,
        witnesses=(WITNESSES[0].witness,),
        quorum=1,
        timestampers=(authority.root,),
    )
    read = read_trust(trust_written(trust))
    assert replace(read, freshness=None) == trust
    assert read_trust(yesterdays(trust)) == trust


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"v": 3}, "version 1 or 2"),
        ({"v": True}, "version 1 or 2"),
        ({"root": "no certificate"}, "cannot be read"),
        ({"log": None}, "cannot be read"),
        ({"quorum": 3}, "more witnesses than it names"),
        ({"keys": None}, "cannot be read"),
        ({"witnesses": ["nobody"]}, "witness"),
    ],
)
def test_a_trust_file_that_does_not_fit_together_is_refused_in_one_sentence(
    trust: Trust, change: dict[str, object], complaint: str
) -> None:
    with pytest.raises(BadTrust, match=complaint):
        read_trust(json.dumps({**json.loads(yesterdays(trust)), **change}))
    with pytest.raises(BadTrust, match=complaint if "v" in change or "log" in change else "not as the issuer's log"):
        read_trust(json.dumps({**json.loads(trust_written(trust)), **change}))
    with pytest.raises(BadTrust, match=complaint):
        read_trust(resigned(trust_written(trust), **change))


@pytest.mark.parametrize("missing", ["did", "keys", "log", "witnesses", "quorum", "made_at", "root"])
def test_a_trust_file_says_what_it_lacks(trust: Trust, missing: str) -> None:
    values = json.loads(yesterdays(trust))
    del values[missing]
    with pytest.raises(BadTrust, match=f"lacks '{missing}'"):
        read_trust(json.dumps(values))


def test_a_key_under_a_foreign_name_is_refused(trust: Trust) -> None:
    values = json.loads(yesterdays(trust))
    values["keys"][0]["kid"] = "A" * 43
    with pytest.raises(BadTrust, match="is not the key of its certificate"):
        read_trust(json.dumps(values))


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000, "null"])
def test_what_is_no_trust_file_at_all_is_refused(text: str) -> None:
    with pytest.raises(BadTrust):
        read_trust(text)


# the command


@pytest.fixture
def asked(file: Carried, trust: Trust, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run `trainer verify` in an empty folder, with an installation that must not be opened."""
    (tmp_path / "certificate.pdf").write_bytes(file.pdf)
    (tmp_path / "altered.pdf").write_bytes(file.pdf + b" ")
    (tmp_path / "trust.json").write_text(trust_written(trust))
    (tmp_path / "bad.json").write_text("{}")
    monkeypatch.chdir(tmp_path)

    def run(*words: str):
        return CliRunner().invoke(
            cli,
            ["verify", *words],
            env={"TRAINER_INSTANCE": str(tmp_path / "none"), "TRAINER_DATABASE_URL": "sqlite://"},
        )

    return run


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("certificate.pdf --trust trust.json --offline", 0),
        ("certificate.pdf --trust trust.json", 0),
        ("altered.pdf --trust trust.json --offline", 1),
        ("certificate.pdf --offline", 2),
        ("certificate.pdf --trust bad.json --offline", 2),
        ("certificate.pdf --trust nowhere.json --offline", 2),
        ("7K4M-2QXH-9PTC --trust trust.json --offline", 2),
    ],
)
def test_the_command_answers_offline_with_its_exit_code(asked, words: str, code: int) -> None:
    result = asked(*words.split())
    assert result.exit_code == code, result.output
    assert not Path("none").exists()


def test_the_command_writes_its_checks_as_json(asked) -> None:
    written = json.loads(asked("certificate.pdf", "--trust", "trust.json", "--offline", "--json").output)
    assert written["status"] == "valid"
    assert all(set(check) == {"question", "holds", "evidence"} for check in written["checks"])
    assert written["certificate"]["number"] == "7K4M-2QXH-9PTC"


def test_each_module_of_the_page_needs_only_those_before_it() -> None:
    modules = {path.stem: path for path in (Path(bundle.__file__).parent / "static" / "check").iterdir()}
    assert set(modules) == set(bundle.MODULES)
    for at, name in enumerate(bundle.MODULES):
        needed = re.findall(r'from "\./(\w+)\.js"', modules[name].read_text())
        assert set(needed) <= set(bundle.MODULES[:at]), name
