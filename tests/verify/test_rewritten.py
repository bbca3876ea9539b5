"""What we signed, written down anew or put beside something else: nobody calls it valid, and no alarm is raised."""

import base64
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import func, select

from tests.certificates.conftest import BASE_URL, ISSUED, claim
from tests.stage.deciding import decides
from tests.verify.carrier import Carried, carried, credential_text, trust_for, trust_written, yesterdays
from tests.verify.rewritten import (
    PAGES,
    REWRITTEN,
    SIGNATURES,
    Signed,
    Value,
    envelope,
    mirrored,
    mirrored_jwt,
    structure_in,
)
from trainer.accounts.models import Person
from trainer.certificates.credential.open_badge import credential_of
from trainer.certificates.models import Certificate
from trainer.certificates.signing import cms, timestamps
from trainer.certificates.signing.authority import Authority, authority_in
from trainer.certificates.signing.key_rotation import add_signer, always_stamps
from trainer.certificates.signing.keys import certificate_in
from trainer.certificates.signing.signature import signature_of
from trainer.cli import cli
from trainer.clock import utc_now
from trainer.db import Database
from trainer.lifecycle.acts import Act
from trainer.receipts.keys import receipt_key_in
from trainer.receipts.receipt import read_receipt
from trainer.registry import jose
from trainer.registry.did import did_of
from trainer.registry.jose import signed_part
from trainer.registry.lower_s import ORDER
from trainer.registry.models import KeyEvent
from trainer.registry.notes import Signer
from trainer.registry.status import Reason
from trainer.settings import Settings
from trainer.verify.entered.queries import audit_alarms
from trainer.verify.entered.services import raise_alarm
from trainer.verify.handed_in.marks import LARGEST_FILE
from trainer.verify.handed_in.reference import leads_elsewhere, read_reference
from trainer.verify.models import KeyAlarm
from trainer.verify.offline.checking import verify_offline
from trainer.verify.queries import verdict_for_file
from trainer.verify.trust.anchors import BadTrust, kid_in
from trainer.verify.trust.queries import trust_of
from trainer.verify.trust.trust_file import read_trust
from trainer.verify.verdict import Doubt, Verdict

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
pytestmark = pytest.mark.usefixtures("each_file_is_read_once")

LATER = ISSUED + timedelta(days=30)
DID = did_of(BASE_URL)


def s_of(signature: bytes) -> int:
    return decode_dss_signature(signature)[1]


def base64url(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def pem_of(authority: Authority) -> str:
    return authority.signer.public_bytes(Encoding.PEM).decode()


@pytest.fixture
def judged(database: Database, log: Signer, settings: Settings) -> Callable[[bytes], Verdict]:
    """Ask the counter about a file."""

    def ask(content: bytes) -> Verdict:
        with database.reading() as session:
            trust = trust_of(session, settings=settings, now=LATER)
            return verdict_for_file(session, content=content, log=log.verifier, now=LATER, trust=trust)

    return ask


@pytest.fixture
def revoked(database: Database, certificate: Certificate, dana: Person, log: Signer) -> None:
    """Mara's certificate was revoked, and the public may know why."""
    with database.transaction() as session:
        decides(
            session,
            Act.REVOKE,
            dana,
            certificate.public_id,
            reason=Reason.CONDUCT,
            public_note="By the board.",
            private_reason="Why.",
            log=log,
            now=ISSUED + timedelta(days=1),
        )


def is_refused(verdict: Verdict) -> bool:
    """Neither valid nor unchanged, in any of its parts."""
    unchanged = [check for check in verdict.checks if check.holds and ("unchanged" in check.question)]
    return isinstance(verdict.status, Doubt) and not (verdict.holds or verdict.file_seen or unchanged)


@on_sqlite
def test_nothing_rewritten_is_valid_or_unchanged_to_anybody_and_none_of_it_raises_an_alarm(
    judged, in_registry: Carried, authority: Authority, log: Signer
) -> None:
    trust = trust_for(authority, log=log)
    wrong = []
    for name, rewrite in REWRITTEN.items():
        content = rewrite(in_registry)
        assert content not in (in_registry.pdf, in_registry.jwt.encode()), name
        for judge, verdict in (("counter", judged(content)), ("offline", verify_offline(content, trust, LATER))):
            if not is_refused(verdict) or verdict.alarm:
                wrong.append((name, judge, verdict.status, verdict.alarm))
    assert not wrong


@on_sqlite
def test_a_file_of_two_kinds_is_refused_as_such(judged, in_registry: Carried, authority: Authority, log) -> None:
    assert set(json.loads(REWRITTEN["JSON that is a PDF"](in_registry))) == {"%PDF-1.4", "page", ""}
    for before, refused in ((1, True), (1023, True), (1024, True), (1025, False)):
        content = b" " * before + b"%PDF-1.7\n" + envelope(in_registry.jwt)
        for verdict in (judged(content), verify_offline(content, trust_for(authority, log=log), LATER)):
            assert verdict.status is Doubt.UNREADABLE
            assert ("two kinds of file at once" in verdict.sentence) is refused


@on_sqlite
def test_a_signature_written_anew_is_called_altered_and_the_data_are_shown(
    judged, in_registry: Carried, authority: Authority, log: Signer
) -> None:
    trust = trust_for(authority, log=log)
    for name, rewrite in SIGNATURES.items():
        content = rewrite(in_registry)
        for verdict in (judged(content), verify_offline(content, trust, LATER)):
            assert (verdict.status, bool(verdict.facts)) == (Doubt.ALTERED, True), name
    page = judged(SIGNATURES["the timestamp stripped"](in_registry)).checks[0]
    assert "Its page is as we signed it, but the signature beside it is written in another way" in page.evidence


@on_sqlite
def test_what_we_issued_stays_valid_to_everybody(judged, in_registry: Carried, authority: Authority, log) -> None:
    for content in (in_registry.pdf, in_registry.jwt.encode(), envelope(in_registry.jwt)):
        assert judged(content).holds
    assert verify_offline(in_registry.pdf, trust_for(authority, log=log), LATER).holds


@on_sqlite
def test_a_forged_page_around_a_revoked_credential_says_first_that_it_was_revoked(
    judged, revoked, in_registry: Carried, upload: Callable, stranger, settings: Settings
) -> None:
    for rewrite in ("a forged page around the genuine credential", "an envelope with a proof beside it"):
        content = REWRITTEN[rewrite](in_registry)
        page = upload(content).text
        assert page.index("it was revoked on 2 February 2026") < page.index("Below stands what we certified")
        assert page.index("By the board.") < page.index("Mara Vogel")
        said = stranger.post("/api/v1/verify", data={"file": (BytesIO(content), "a.pdf")}).json
        assert (said["status"], said["certificate_status"]) == ("altered", "revoked")
        assert said["status_reason_code"] == "conduct"
        assert "it was revoked" in said["sentence"]
        kept = read_receipt(said["receipt"], receipt_key_in(settings.instance)).answer
        assert (kept["status"], kept["certificate_status"], kept["file_seen"]) == ("altered", "revoked", False)
    for content in (in_registry.pdf + b"\n", SIGNATURES["the root left out"](in_registry)):
        assert "it was revoked" in judged(content).sentence


@on_sqlite
def test_the_command_shows_the_facts_that_it_speaks_of(
    in_registry: Carried, settings: Settings, tmp_path: Path, authority: Authority, log: Signer
) -> None:
    env = {
        "TRAINER_INSTANCE": str(settings.instance),
        "TRAINER_DATABASE_URL": settings.database_url,
        "TRAINER_BASE_URL": settings.base_url,
    }
    (tmp_path / "trust.json").write_text(trust_written(trust_for(authority, log=log), log=log))
    (tmp_path / "forged.pdf").write_bytes(PAGES["a forged page around the genuine credential"](in_registry))
    for words in ([], ["--offline", "--trust", str(tmp_path / "trust.json")]):
        said = CliRunner().invoke(cli, ["verify", str(tmp_path / "forged.pdf"), *words], env=env)
        assert said.exit_code == 1
        assert "Below stands what we certified" in said.output
        assert "Holder: Mara Vogel" in said.output
        assert "Valid until:" in said.output


@on_sqlite
@pytest.mark.parametrize("content", ["credential", "paper"])
def test_the_command_judges_no_file_by_its_beginning(
    in_registry: Carried, settings: Settings, tmp_path: Path, content: str
) -> None:
    begins = {"credential": in_registry.jwt.encode(), "paper": in_registry.pdf}[content]
    (tmp_path / "long").write_bytes(begins.ljust(LARGEST_FILE) + b"Eve is certified for everything.")
    env = {
        "TRAINER_INSTANCE": str(settings.instance),
        "TRAINER_DATABASE_URL": settings.database_url,
        "TRAINER_BASE_URL": settings.base_url,
    }
    said = CliRunner().invoke(cli, ["verify", str(tmp_path / "long")], env=env)
    assert said.exit_code == 2
    assert "larger than any certificate" in said.output


@on_sqlite
def test_the_command_takes_a_pasted_credential_as_the_counter_does(in_registry: Carried, settings: Settings) -> None:
    env = {
        "TRAINER_INSTANCE": str(settings.instance),
        "TRAINER_DATABASE_URL": settings.database_url,
        "TRAINER_BASE_URL": settings.base_url,
    }
    said = CliRunner().invoke(cli, ["verify", mirrored_jwt(in_registry.jwt)], env=env)
    assert said.exit_code == 1
    assert said.output.startswith("ALTERED: This text has been changed. Do not accept it.")
    assert CliRunner().invoke(cli, ["verify", in_registry.jwt], env=env).output.startswith("EXPIRED") is (
        utc_now() > ISSUED + timedelta(days=731)
    )
    offline = CliRunner().invoke(cli, ["verify", in_registry.jwt, "--offline", "--trust", "trust.json"], env=env)
    assert offline.exit_code == 2


@on_sqlite
def test_an_expired_credential_in_a_forged_page_is_said_to_be_expired_offline_as_well(
    in_registry: Carried, authority: Authority, log: Signer
) -> None:
    content, trust = PAGES["a forged page around the genuine credential"](in_registry), trust_for(authority, log=log)
    assert verify_offline(content, trust, ISSUED + timedelta(days=900)).sentence.startswith(
        "The certificate inside is no longer valid: it expired on"
    )


# the alarm


def alarms(database: Database, *, otherwise_whole: bool = True) -> list[str]:
    with database.reading() as session:
        return list(audit_alarms(session, otherwise_whole=otherwise_whole))


def test_what_a_stolen_key_signs_raises_one_alarm_however_it_is_written_and_the_audit_says_what_to_do(
    database: Database,
    upload: Callable,
    stranger,
    in_registry: Carried,
    authority: Authority,
    caplog: pytest.LogCaptureFixture,
) -> None:
    stolen = carried(claim("Eve Forger", public_id="e" * 26, number="2222-2222-2223"), authority)
    shown = [stolen.pdf, *(SIGNATURES[name](stolen) for name in ("the timestamp stripped", "the root doubled"))]
    with caplog.at_level(logging.ERROR):
        for content in (*shown, stolen.jwt.encode(), mirrored_jwt(stolen.jwt).encode(), stolen.pdf):
            assert "We did not issue this" in upload(content).text
        stranger.send("/verify", {"reference": stolen.jwt})
        stranger.post("/api/v1/verify", data={"file": (BytesIO(stolen.pdf), "a.pdf")})
    told = [record.getMessage() for record in caplog.records if "good signature of ours" in record.getMessage()]
    assert len(told) == 2  # the file, and the credential
    assert all("`trainer registry audit`" in one and "give" not in one for one in told)
    kid = kid_in(authority.signer)
    assert [f"`trainer keys compromise {kid}`" in one for one in alarms(database)] == [True, True]
    assert not any("compromise" in one for one in alarms(database, otherwise_whole=False))
    with database.transaction() as session:
        session.add(KeyEvent(kid=kid, event="compromised", certificate=pem_of(authority), trusted_size=3, at=ISSUED))
    assert alarms(database) == []
    caplog.clear()
    upload(credential_text(claim("Eve Forger", public_id="f" * 26), authority).encode(), "credential.jwt")
    assert not caplog.records  # the key was given up: whoever has it cannot fill the log and the table
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(KeyAlarm)) == 2


def test_an_alarm_over_a_row_that_was_lost_ends_when_the_row_is_back(
    database: Database, judged, in_registry: Carried, authority: Authority
) -> None:
    twin = credential_text(claim("Eve"), authority)  # as if its own entry were lost
    lost = judged(twin.encode()).alarm
    assert lost
    known = judged(in_registry.jwt.encode())
    with database.transaction() as session:
        raise_alarm(session, about=lost, now=ISSUED)
        part = sha256(signed_part(in_registry.jwt).encode()).hexdigest()
        raise_alarm(session, about=replace(lost, signed=part, names=known.public_id), now=ISSUED)
    assert len(alarms(database)) == 1


@on_sqlite
def test_nobody_can_raise_an_alarm_with_a_certificate_of_their_own(
    database: Database, upload: Callable, in_registry: Carried, caplog: pytest.LogCaptureFixture, stranger
) -> None:
    with caplog.at_level(logging.ERROR):
        for rewrite in (*SIGNATURES.values(), *PAGES.values()):
            upload(rewrite(in_registry))
        stranger.send("/verify", {"reference": mirrored_jwt(in_registry.jwt)})
    assert not caplog.records
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(KeyAlarm)) == 0


# how it is signed


@pytest.mark.parametrize("number", range(4))
def test_whatever_a_key_gives_we_write_the_lower_s(authority: Authority, number: int) -> None:
    class Contrary:
        """A token that always gives the higher s."""

        certificate = authority.signer

        def sign(self, digest: bytes) -> bytes:
            signature = authority.key.sign(digest)
            return max(signature, mirrored(signature), key=s_of)

    text = jose.signed_text(
        credential_of(claim(f"Holder {number}"), base_url=BASE_URL, status_index=number), key=Contrary(), did=DID
    )
    assert int.from_bytes(base64url(text.rpartition(".")[2])[32:], "big") <= ORDER // 2
    contrary = replace(authority, key=Contrary(), timestamps=replace(authority.timestamps, key=Contrary()))
    signature = Signed(Value.read(signature_of(bytes([number]) * 32, contrary)))
    assert s_of(signature.signer.held[5].held) <= ORDER // 2
    assert s_of(signature.token.signer.held[5].held) <= ORDER // 2


@pytest.fixture
def as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign as was done up to November 2026: with whatever s the key gave. Here it is always the higher one."""
    for module in (cms, jose):
        monkeypatch.setattr(module, "lowered", lambda signature: max(signature, mirrored(signature), key=s_of))
    monkeypatch.setattr(timestamps, "OUR_POLICY", "2.25.29986222711486960869983160385012796516")


@on_sqlite
def test_what_was_signed_before_with_the_higher_s_stays_valid_and_its_mirror_is_altered(
    as_before, judged, handed_out, award, enrolment, mara, authority: Authority, log: Signer
) -> None:
    in_registry = handed_out(award(enrolment, mara))  # signed here and now
    assert s_of(Signed(Value.read(structure_in(in_registry.pdf))).signer.held[5].held) > ORDER // 2
    assert judged(in_registry.pdf).holds
    assert judged(in_registry.jwt.encode()).holds
    assert verify_offline(in_registry.pdf, trust_for(authority, log=log), LATER).holds
    for name in ("the timestamp stripped, the signature mirrored", "the signature of the timestamp mirrored"):
        verdict = judged(SIGNATURES[name](in_registry))
        assert verdict.status is Doubt.ALTERED
        assert verdict.alarm is None
    assert judged(mirrored_jwt(in_registry.jwt).encode()).status is Doubt.ALTERED


def test_a_paper_of_a_key_that_never_stamped_is_valid_offline_and_says_so(file: Carried, authority: Authority) -> None:
    bare = carried(claim(), replace(authority, timestamps=None))
    verdict = verify_offline(bare.pdf, trust_for(replace(authority, timestamps=None)), LATER)
    assert verdict.holds
    assert "without a timestamp" in verdict.checks[0].evidence
    assert verify_offline(bare.pdf, trust_for(authority), LATER).status is Doubt.ALTERED


def test_a_key_always_stamps_only_if_our_timestamps_began_no_later(tmp_path: Path, authority: Authority) -> None:
    authority_in(tmp_path, issuer="Trainer test programme", now=ISSUED)
    signer = certificate_in(tmp_path / "authority" / "signer.pem")
    assert always_stamps(tmp_path, signer)
    later = add_signer(tmp_path, issuer="Trainer test programme", now=ISSUED + timedelta(days=365))
    assert always_stamps(tmp_path, later)
    stamps = tmp_path / "authority" / "timestamp.pem"
    stamps.unlink()
    assert not always_stamps(tmp_path, signer)


def test_a_trust_file_from_before_says_nothing_of_timestamps_and_still_counts(
    file: Carried, authority: Authority
) -> None:
    values = json.loads(yesterdays(trust_for(authority)))
    del values["keys"][0]["stamps"]
    old = read_trust(json.dumps(values))
    assert verify_offline(file.pdf, old, LATER).holds
    stripped = verify_offline(SIGNATURES["the timestamp stripped"](file), old, LATER)
    assert "without a timestamp" in stripped.checks[0].evidence  # not without a word
    values["keys"][0]["stamps"] = "yes"
    with pytest.raises(BadTrust):
        read_trust(json.dumps(values))


# addresses


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/c/{}",
        "javascript:x/c/{}",
        "http://localhost.evil.example/c/{}",
        "http://localhost@evil.example/c/{}",
        "http://evil.example/?http://localhost/c/{}",
        "//evil.example/c/{}",
        "evil.example/c/{}",
        "http://localhost:8000/c/{}",
        "https://evil.example/localhost/c/{}",
    ],
)
def test_an_address_of_somebody_else_is_pointed_out_and_not_confirmed(address: str) -> None:
    public_id = "a" * 26
    assert read_reference(address.format(public_id), base_url="http://localhost") == (None, None)
    assert leads_elsewhere(address.format(public_id), base_url="http://localhost")
    assert not leads_elsewhere(f"http://localhost/c/{public_id}", base_url="http://localhost")


@on_sqlite
def test_nobody_confirms_the_address_of_a_forger(stranger, certificate: Certificate, settings: Settings) -> None:
    address = f"https://evil.example/c/{certificate.public_id}"
    page = stranger.send("/verify", {"reference": address})
    assert page.status_code == 404
    assert "leads to another place than ours" in page.text
    assert stranger.post("/api/v1/verify", json={"text": address}).json["status"] == "unknown"
    rows = stranger.post("/api/v1/bulk", json=[{"reference": address}]).json["rows"]
    assert [row["status"] for row in rows] == ["unknown"]
