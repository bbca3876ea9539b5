"""Machines at the counter."""

import csv
import hashlib
import io
import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from joserfc.jwk import ECKey
from sqlalchemy import event, select
from sqlalchemy.exc import DataError, IntegrityError

from trainer.api.openapi import document
from trainer.certificates.facts.number import number_from
from trainer.certificates.models import Certificate, Consent
from trainer.certificates.words import ConsentLevel
from trainer.clock import utc_now
from trainer.db import Database
from trainer.notices.models import Notice
from trainer.receipts.receipt import Receipt, read_receipt
from trainer.registry.models import LogEntry, RegistryEntry
from trainer.registry.notes import read_checkpoint
from trainer.registry.services import change_status
from trainer.registry.status import Decision, Reason, Word

PREFIX = "/api/v1"
UNKNOWN = ("a" * 26, number_from(5), "nonsense", "%00", "a" * 3000, "..%2f..", "'")


@pytest.fixture
def consents(database: Database, certificate: Certificate) -> Callable[[ConsentLevel], None]:
    def decide(level: ConsentLevel) -> None:
        with database.transaction() as session:
            session.add(Consent(public_id=certificate.public_id, level=level, at=utc_now()))

    return decide


@pytest.fixture
def receipt_in(stranger) -> Callable[[str], Receipt]:
    key = ECKey.import_key(stranger.get("/.well-known/receipt-key.json").json)
    return lambda token: read_receipt(token, key)


def test_everything_public_about_a_certificate_is_in_one_answer(stranger, certificate, receipt_in, log) -> None:
    answer = stranger.get(f"{PREFIX}/credentials/{certificate.public_id}")
    said = answer.json
    assert (said["status"], said["number"]) == ("valid", certificate.number)
    assert said["holder"] == {"name": "Mara Vogel", "consent": "shown"}
    assert said["programme"] == {
        "title": "Foundations of psychedelic-assisted therapy",
        "version": "2026.1",
        "hours": 12.5,
    }
    assert (said["valid_from"], said["valid_until"]) == ("2026-02-01", "2028-02-01")
    assert all(check["holds"] for check in said["checks"])
    assert read_checkpoint(said["proofs"]["checkpoint"], log.verifier).size > 0
    assert receipt_in(said["receipt"]).answer["status"] == "valid"
    assert stranger.get(f"{PREFIX}/credentials/{certificate.number}").json["id"] == certificate.public_id
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers


def test_a_credential_is_handed_out_with_its_proof_only_when_the_name_may_be_shown(
    stranger, certificate, tampering, consents
) -> None:
    with tampering() as session:
        entry = session.get_one(RegistryEntry, certificate.public_id)
        entry.credential_sha256, entry.credential_salt = "ab" * 32, b"\x02" * 32
        session.get_one(Certificate, certificate.public_id).credential = "a.jwt.text"
        leaf = session.scalar(select(LogEntry).where(LogEntry.public_id == certificate.public_id, LogEntry.index > 0))
        leaf.kind = "credential"
    from trainer.api.queries import further_of

    with tampering() as session:
        shown = further_of(session, public_id=certificate.public_id, show_credential=True)
        held = further_of(session, public_id=certificate.public_id, show_credential=False)
    assert shown.credential == "a.jwt.text"
    assert shown.tlog_proof.startswith("c2sp.org/tlog-proof@v1\nextra ")
    assert held.credential is held.tlog_proof is None
    assert held.checkpoint == shown.checkpoint


@pytest.mark.parametrize("level", [ConsentLevel.MATCHED, ConsentLevel.HIDDEN])
def test_a_name_that_may_not_be_shown_is_nowhere_in_the_answer(stranger, certificate, consents, level) -> None:
    consents(level)
    answer = stranger.get(f"{PREFIX}/credentials/{certificate.public_id}")
    assert answer.json["holder"] == {"consent": level.value}
    assert "Mara" not in answer.text
    assert "Mara" not in stranger.post(f"{PREFIX}/verify", json={"text": certificate.number}).text


def test_an_answer_that_did_not_change_is_not_sent_twice(stranger, certificate, consents) -> None:
    address = f"{PREFIX}/credentials/{certificate.public_id}"
    tag = stranger.get(address).headers["ETag"]
    assert stranger.get(address, headers={"If-None-Match": tag}).status_code == 304
    consents(ConsentLevel.HIDDEN)
    assert stranger.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_a_revocation_changes_status_reason_and_tag(stranger, database, certificate, log) -> None:
    address = f"{PREFIX}/credentials/{certificate.public_id}"
    tag = stranger.get(address).headers["ETag"]
    with database.transaction() as session:
        change_status(
            session,
            public_id=certificate.public_id,
            decision=Decision(
                word=Word.REVOKED,
                at=utc_now(),
                reason_code=Reason.CONDUCT,
                public_note="By the board.",
                private_reason="A secret.",
            ),
            log=log,
        )
    answer = stranger.get(address, headers={"If-None-Match": tag})
    assert (answer.json["status"], answer.json["status_reason_code"]) == ("revoked", "conduct")
    assert "A secret." not in answer.text


@pytest.mark.parametrize("reference", UNKNOWN)
def test_what_is_unknown_and_what_is_malformed_get_the_same_answer(stranger, certificate, reference: str) -> None:
    answer = stranger.get(f"{PREFIX}/credentials/{reference}")
    if answer.status_code == 400:
        assert reference == "%00"
        return
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert set(answer.json) == {"type", "title", "status", "detail"}
    if "/" not in reference and reference != "..%2f..":
        assert answer.json == stranger.get(f"{PREFIX}/credentials/{'b' * 26}").json


def test_an_unknown_id_and_an_unknown_number_cost_the_same_queries(stranger, database, certificate) -> None:
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    counts = []
    for reference in UNKNOWN[:2]:
        statements.clear()
        stranger.get(f"{PREFIX}/credentials/{reference}")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_whoever_tries_ids_at_random_has_to_wait_and_whoever_looks_does_not(stranger, certificate) -> None:
    assert {stranger.get(f"{PREFIX}/credentials/{certificate.public_id}").status_code for _ in range(65)} == {200}
    codes = [stranger.get(f"{PREFIX}/credentials/{number:026}").status_code for number in range(61)]
    assert codes == [404] * 60 + [429]


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/nowhere", 404),
        ("PUT", "/verify", 405),
        ("GET", "/match", 405),
        ("POST", "/verify", 415),
        ("DELETE", f"/watches/{'a' * 32}", 404),
    ],
)
def test_every_error_has_one_shape(stranger, method: str, path: str, code: int) -> None:
    answer = stranger.open(PREFIX + path, method=method)
    assert answer.status_code == code == answer.json["status"]
    assert answer.mimetype == "application/problem+json"
    assert answer.json["detail"].endswith((".", "json."))
    assert code != 405 or answer.headers["Allow"]


@pytest.mark.parametrize(
    ("error", "code"),
    [(IntegrityError("", {}, Exception()), 409), (DataError("", {}, Exception()), 400), (RuntimeError(), 500)],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_nobody_foresaw_has_the_same_shape(app, stranger, monkeypatch, error: Exception, code: int) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr("trainer.watches.services.confirm_watch", fail)
    monkeypatch.setattr(app, "testing", False)
    answer = stranger.post(f"{PREFIX}/watches/{'a' * 32}")
    assert answer.status_code == code == answer.json["status"]
    assert answer.mimetype == "application/problem+json"
    assert answer.json["detail"].endswith(".")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_nobody_foresaw_can_be_read_by_other_sites_where_the_answer_could(
    app, stranger, monkeypatch, certificate: Certificate
) -> None:
    monkeypatch.setattr("trainer.api.routes.consent_of", lambda *_args, **_named: 1 / 0)
    monkeypatch.setattr(app, "testing", False)
    answer = stranger.get(f"{PREFIX}/credentials/{certificate.number}")
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"[" * 100_000, b'{"text": 1}', b'{"text": ""}', b'{"x": "y"}', b"\xff"]
)
def test_a_body_that_is_none_is_refused_in_a_sentence(stranger, body: bytes) -> None:
    answer = stranger.post(f"{PREFIX}/verify", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["detail"].endswith(".")


@pytest.mark.parametrize("half", [rb"\ud800", rb"\udc00\ud83d", b"\xed\xa0\x80"])
@pytest.mark.parametrize("path", ["verify", "match", "bulk", "watches"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_half_a_sign_is_the_senders_fault(stranger, path: str, half: bytes) -> None:
    body = {
        "verify": b'{"text": "%s"}',
        "match": b'{"number": "%s", "name": "Mara"}',
        "bulk": b'[{"reference": "%s", "name": "Mara"}]',
        "watches": b'{"number": "%s", "mail": "board@example.org"}',
    }[path]
    answer = stranger.post(f"{PREFIX}/{path}", data=body % half, content_type="application/json")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert "middle of a sign" in answer.json["detail"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_says_two_things_under_one_name_is_not_answered_about_either(stranger) -> None:
    body = b'{"text": "7K4M-2QXH-9PTC", "text": "1111-1111-1111"}'
    answer = stranger.post(f"{PREFIX}/verify", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert "twice" in answer.json["detail"]


def test_a_genuine_file_shows_its_facts_and_an_altered_one_is_a_verdict(
    stranger, database, certificate, consents, receipt_in
) -> None:
    consents(ConsentLevel.HIDDEN)
    with database.reading() as session:
        pdf = session.get_one(Certificate, certificate.public_id).pdf

    def send(content: bytes) -> dict:
        return stranger.post(f"{PREFIX}/verify", data={"file": (io.BytesIO(content), "a.pdf")}).json

    genuine, altered, foreign = send(pdf), send(pdf + b"more"), send(b"no PDF")
    assert (genuine["status"], genuine["holder"]["name"]) == ("valid", "Mara Vogel")
    assert (altered["status"], altered["holder"]) == ("altered", None)
    assert foreign["status"] == "unreadable"
    receipt = receipt_in(genuine["receipt"])
    assert receipt.asked == {"kind": "file", "sha256": hashlib.sha256(pdf).hexdigest()}
    assert "Mara" not in str(receipt)


def test_a_credential_is_as_good_as_its_paper(stranger, database, certificate, authority, settings) -> None:
    folder = settings.instance / "authority"
    folder.mkdir()
    (folder / "root.pem").write_bytes(authority.root.public_bytes(Encoding.PEM))
    with database.reading() as session:
        jwt = session.get_one(Certificate, certificate.public_id).credential

    def send(text: str) -> dict:
        return stranger.post(f"{PREFIX}/verify", data={"file": (io.BytesIO(text.encode()), "a.jwt")}).json

    assert (send(jwt)["status"], send(jwt)["holder"]["name"]) == ("valid", "Mara Vogel")
    assert send(jwt[:-4] + "AAAA")["status"] == "not genuine"


def test_a_file_that_is_too_large_is_not_read(stranger) -> None:
    answer = stranger.post(f"{PREFIX}/verify", data={"file": (io.BytesIO(bytes(3 * 1024 * 1024)), "a.pdf")})
    answer.request.environ["wsgi.input"].close()
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")


def test_an_unknown_number_is_a_verdict_when_a_text_is_verified(stranger) -> None:
    said = stranger.post(f"{PREFIX}/verify", json={"text": "7K4M-2QXH-9PTC"}).json
    assert (said["status"], said["id"], said["holder"]) == ("unknown", None, None)


def test_a_name_is_compared_and_nothing_else_is_said(stranger, certificate: Certificate) -> None:
    for name, match in (("VOGEL mara", "yes"), ("M. Vogel", "partial"), ("Ilse", "no")):
        assert stranger.post(f"{PREFIX}/match", json={"id": certificate.public_id, "name": name}).json == {
            "match": match
        }


def test_the_sixth_try_of_a_day_waits_whether_or_not_there_is_such_a_certificate(stranger, certificate) -> None:
    answers = []
    for reference in (certificate.public_id, "a" * 26):
        bodies = [stranger.post(f"{PREFIX}/match", json={"id": reference, "name": "Ilse"}) for _ in range(6)]
        answers.append([(one.status_code, one.json) for one in bodies])
    assert answers[0] == answers[1]
    assert [code for code, _body in answers[0]] == [200] * 5 + [429]


@pytest.mark.parametrize("accept", ["text/csv", "application/json"])
def test_a_list_comes_back_with_verdicts_signed_to_the_byte(stranger, certificate, receipt_in, accept: str) -> None:
    rows = [{"reference": certificate.number, "name": "Mara Vogel"}, {"reference": "=1+1"}, {"reference": ""}]
    answer = stranger.post(f"{PREFIX}/bulk", json=rows, headers={"Accept": accept})
    assert answer.mimetype == accept
    receipt = receipt_in(answer.headers["Verification-Receipt"])
    assert receipt.answer["sha256"] == hashlib.sha256(answer.data).hexdigest()
    if accept == "text/csv":
        lines = list(csv.DictReader(io.StringIO(answer.text, newline="")))
        assert lines[1]["number"] == "'=1+1"
    else:
        lines = answer.json["rows"]
        assert answer.json["counts"] == {"valid": 1, "unknown": 1, "unreadable": 1}
    assert [line["status"] for line in lines] == ["valid", "unknown", "unreadable"]
    assert lines[0]["name_match"] == "yes"


def test_a_list_sent_as_csv_comes_back_as_csv(stranger, certificate: Certificate) -> None:
    answer = stranger.post(f"{PREFIX}/bulk", data=f"number\n{certificate.number}", content_type="text/csv")
    assert answer.mimetype == "text/csv"
    assert answer.text.splitlines()[1].startswith(f"2,{certificate.number},,valid,")
    assert stranger.post(f"{PREFIX}/bulk", json=[{"reference": "x"}] * 1001).status_code == 400


def test_a_webhook_is_asked_confirms_and_ends(stranger, database, certificate: Certificate) -> None:
    body = {"number": certificate.number, "webhook": "https://hooks.example.org/c"}
    first, again = (stranger.post(f"{PREFIX}/watches", json=body) for _ in range(2))
    assert (first.status_code, first.json) == (202, again.json)
    with database.reading() as session:
        (notice,) = session.scalars(select(Notice)).all()
    path = json.loads(notice.body)["confirm"]["url"].removeprefix("http://localhost")
    assert stranger.post(path).json["confirmed"] is True
    assert [stranger.delete(path).status_code for _ in range(2)] == [204, 204]
    assert stranger.post(path).json["ended"] is True


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"webhook": "https://127.0.0.1/"}, 422),
        ({"mail": "nobody"}, 422),
        ({"mail": "a@example.org", "webhook": "https://a.io"}, 400),
        ({}, 400),
    ],
)
def test_an_address_that_cannot_be_told_is_refused(stranger, certificate: Certificate, body, code: int) -> None:
    assert stranger.post(f"{PREFIX}/watches", json={"id": certificate.public_id, **body}).status_code == code
    assert stranger.post(f"{PREFIX}/watches", json={"id": "a" * 26, "mail": "a@example.org"}).status_code == 404


def test_the_guide_and_the_description_name_every_address(app, stranger) -> None:
    page = stranger.get("/api/").text
    described = document("http://localhost")["paths"]
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(PREFIX):
            path = rule.rule.replace("<", "{").replace(">", "}")
            assert {method.lower() for method in rule.methods - {"HEAD", "OPTIONS"}} <= set(described[path])
    assert all("curl" in page and words in page for words in ("/match", "/bulk", "/watches", "/verify", "openapi.json"))
