"""Our name to machines, and the keys under it."""

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask.testing import FlaskClient
from joserfc.jwk import ECKey
from openbadgeslib.ob3.did import did_web_from_url, pem_for_kid
from openvc.did.did_web import DidWebResolver

from tests.registry.issuer import DID, Held, held_key
from trainer.db import Database
from trainer.registry.did import did_document, did_of
from trainer.registry.issuer_keys import KeyStatus, PublishedKey, jwk_of, kid_of
from trainer.registry.models import KeyEvent

AT = datetime(2026, 2, 1, 12, tzinfo=UTC)
OLD, NEW = held_key(), held_key()


def published(held: Held) -> PublishedKey:
    return PublishedKey(kid=held.kid, certificate=held.pem, status=KeyStatus.PUBLISHED, trusted_size=None, since=AT)


@pytest.fixture
def happened(database: Database) -> Callable[[Held, str], None]:
    """Record what became of a key: `happened(OLD, "retired")`."""

    def record(held: Held, event: str) -> None:
        with database.transaction() as session:
            size = 7 if event == "compromised" else None
            session.add(KeyEvent(kid=held.kid, event=event, certificate=held.pem, trusted_size=size, at=AT))

    return record


@pytest.mark.parametrize(
    ("address", "did"),
    [
        ("https://verify.example.org", "did:web:verify.example.org"),
        ("https://Verify.Example.org:8443", "did:web:verify.example.org%3A8443"),
        ("https://example.org/trainer/eu", "did:web:example.org:trainer:eu"),
        ("https://example.org:444/a b/", "did:web:example.org%3A444:a%20b"),
        ("http://127.0.0.1:8000", "did:web:127.0.0.1%3A8000"),
    ],
)
def test_an_address_has_one_name(address: str, did: str) -> None:
    assert did_of(address) == did


@pytest.mark.parametrize("address", ["https://verify.example.org", "https://example.org:8443/trainer/eu"])
def test_an_open_badges_library_derives_the_same_name(address: str) -> None:
    assert did_web_from_url(address) == did_of(address)


def test_a_key_is_named_by_its_thumbprint() -> None:
    public = OLD.private.public_key()
    assert kid_of(public) == ECKey.import_key(jwk_of(public)).thumbprint()
    written = json.dumps(jwk_of(public), separators=(",", ":")).encode()
    expected = base64.urlsafe_b64encode(hashlib.sha256(written).digest()).rstrip(b"=").decode()
    assert kid_of(public) == expected
    assert len(expected) == 43


def test_a_coordinate_keeps_its_leading_zeros() -> None:
    private = ec.derive_private_key(379, ec.SECP256R1())  # the x of 379·G begins with a zero byte
    assert private.public_key().public_numbers().x < 2**248
    assert len(jwk_of(private.public_key())["x"]) == 43


def test_a_key_on_another_curve_has_no_name_here() -> None:
    with pytest.raises(ValueError, match="P-256"):
        kid_of(ec.generate_private_key(ec.SECP384R1()).public_key())


def test_before_a_key_is_published_there_is_no_document(stranger: FlaskClient) -> None:
    assert stranger.get("/.well-known/did.json").status_code == 404


def test_a_retired_key_stays_listed_for_ever(stranger: FlaskClient, happened: Callable) -> None:
    happened(OLD, "published")
    happened(NEW, "published")
    happened(OLD, "retired")
    answer = stranger.get("/.well-known/did.json")
    assert answer.mimetype == "application/did+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    document = json.loads(answer.data)
    names = [f"{DID}#{held.kid}" for held in (OLD, NEW)]
    assert document["id"] == DID
    assert document["assertionMethod"] == names
    assert [method["id"] for method in document["verificationMethod"]] == names
    assert {method["controller"] for method in document["verificationMethod"]} == {DID}
    assert stranger.get("/did.json").data == answer.data


def test_a_key_that_was_given_up_may_assert_nothing_any_more(stranger: FlaskClient, happened: Callable) -> None:
    happened(OLD, "published")
    happened(NEW, "published")
    happened(OLD, "compromised")
    happened(OLD, "retired")
    document = json.loads(stranger.get("/.well-known/did.json").data)
    assert document["assertionMethod"] == [f"{DID}#{NEW.kid}"]
    old, new = document["verificationMethod"]
    assert (old["id"], old["revoked"]) == (f"{DID}#{OLD.kid}", "2026-02-01T12:00:00Z")
    assert "revoked" not in new


def test_no_private_part_of_a_key_is_ever_shown() -> None:
    document = did_document(DID, [published(OLD)])
    (method,) = document["verificationMethod"]
    assert set(method["publicKeyJwk"]) == {"kty", "crv", "x", "y", "kid", "alg", "use"}


def test_strangers_libraries_find_the_key_under_its_name() -> None:
    document = did_document(DID, [published(OLD), published(NEW)])
    resolved = DidWebResolver(lambda url: document).resolve(DID)
    name = f"{DID}#{NEW.kid}"
    methods = {method.id: method.public_key_jwk for method in resolved.verification_methods}
    assert {part: methods[name][part] for part in ("x", "y")} == {
        part: jwk_of(NEW.private.public_key())[part] for part in ("x", "y")
    }
    assert b"PUBLIC KEY" in pem_for_kid(document, DID, name)
