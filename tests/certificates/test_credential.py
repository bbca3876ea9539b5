"""The machine-readable form: it says everything, nobody can add to it, and strangers' software agrees."""

import base64
import copy
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import ECKey
from lxml import etree
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier
from openvc.keys import verify_signature

from tests.certificates.conftest import claim
from tests.registry.issuer import BASE_URL, DID, Held, Office, held_key, the_web
from trainer.certificates.credential.badge import add_to_profile_link, badge_svg
from trainer.certificates.credential.open_badge import (
    BadCredential,
    claim_in,
    credential_jwt,
    credential_of,
    read_credential,
)
from trainer.certificates.credential.vocabulary import CONTEXTS_FOLDER, PINNED_CONTEXTS, _context, undefined_words
from trainer.certificates.facts.claim import STATEMENT, fingerprint
from trainer.clock import utc_now
from trainer.db import Database
from trainer.errors import Broken
from trainer.registry.issuer_keys import jwk_of
from trainer.registry.jose import registered_claims
from trainer.registry.models import KeyEvent
from trainer.registry.status import Status, Word

VECTORS = json.loads((Path(__file__).parent / "vectors" / "ob30.json").read_text(encoding="utf-8"))
HELD = held_key()
OTHER = held_key()
DRAWN = {"svg", "title", "desc", "rect", "g", "circle", "path", "text"}
KEYS = {HELD.kid: HELD.certificate}
PLACE = 94_567


def document(**changes: object) -> dict[str, Any]:
    return credential_of(claim(**changes), base_url=BASE_URL, status_index=PLACE)


def jwt_of(said: Mapping[str, Any], key: Held = HELD) -> str:
    return credential_jwt(said, authority=Office(key=key), base_url=BASE_URL)


def packed(content: object) -> str:
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def token(payload: object, header: object = None, key: Held = HELD) -> str:
    """A text signed with the real key, whatever it says: what an attacker could make of a careless signer."""
    first = header if header is not None else {"alg": "ES256", "kid": f"{DID}#{key.kid}", "typ": "JWT"}
    signing_input = f"{packed(first)}.{packed(payload)}"
    halves = decode_dss_signature(key.sign(hashlib.sha256(signing_input.encode()).digest()))
    raw = b"".join(half.to_bytes(32, "big") for half in halves)
    return f"{signing_input}.{base64.urlsafe_b64encode(raw).rstrip(b'=').decode()}"


def payload(**changes: object) -> dict[str, Any]:
    said = document()
    return {**said, **registered_claims(said), **changes}


def refused(text: str, keys: Mapping[str, Any] = KEYS, did: str = DID) -> str:
    """Why it is refused."""
    with pytest.raises(BadCredential) as caught:
        read_credential(text, keys=keys, did=did)
    return str(caught.value)


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
claims = st.builds(
    claim,
    holder=words,
    public_id=st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=26, max_size=26),
    number=words,
    credential=words,
    programme=words,
    version=words,
    cohort=words,
    release=words,
    issued_on=st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    valid_until=st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    conferred_by=words,
    issuer=words,
    covered=st.lists(words, max_size=6).map(tuple),
    hours=st.fractions(min_value=0, max_value=10_000, max_denominator=10_000),
    statement=words,
    hours_from=st.lists(st.tuples(words, st.integers(0, 100_000)), max_size=4).map(tuple),
)


@given(claims, st.integers(0, 2**20))
def test_every_certified_fact_can_be_read_back(fact: Any, place: int) -> None:
    said = credential_of(fact, base_url=BASE_URL, status_index=place)
    read = read_credential(jwt_of(said), keys=KEYS, did=DID)
    assert read.claim == fact
    assert fingerprint(claim_in(json.loads(json.dumps(said)))) == fingerprint(fact)
    assert (read.status_index, read.kid) == (place, HELD.kid)


@given(claims)
def test_only_words_that_the_contexts_define_are_used(fact: Any) -> None:
    assert list(undefined_words(credential_of(fact, base_url=BASE_URL, status_index=1))) == []


def test_the_log_commits_to_the_text_that_was_read() -> None:
    text = jwt_of(document())
    assert read_credential(text, keys=KEYS, did=DID).sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_it_says_that_it_is_not_a_licence_wherever_people_look() -> None:
    said = document()
    assert STATEMENT in said["description"]
    assert STATEMENT in said["credentialSubject"]["achievement"]["description"]
    assert said["credentialSubject"]["achievement"]["achievementType"] == "CertificateOfCompletion"


def test_two_holders_have_nothing_in_common_but_what_they_achieved() -> None:
    mara = document()["credentialSubject"]
    omar = document(holder="Omar Haddad", public_id="b" * 26)["credentialSubject"]
    assert mara["id"] != omar["id"]
    assert mara["id"].startswith("urn:uuid:")
    assert mara["achievement"]["id"] == omar["achievement"]["id"]


def test_it_names_the_list_in_which_a_revocation_would_show() -> None:
    assert document()["credentialStatus"] == {
        "id": "http://localhost/status/revocation#94567",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": "http://localhost/status/revocation",
    }


def test_a_key_may_be_pinned_as_certificate_as_key_or_as_jwk() -> None:
    public = HELD.private.public_key()
    for key in (HELD.certificate, public, jwk_of(public)):
        assert read_credential(jwt_of(document()), keys={HELD.kid: key}, did=DID).claim == claim()


# somebody changes it


def objects(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each object in a document."""
    if isinstance(node, dict):
        yield path
    for name, inner in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(inner, dict | list):
            yield from objects(inner, (*path, name))


def at(said: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    for step in path:
        said = said[step]
    return said


@pytest.mark.parametrize("path", list(objects(document())), ids=lambda path: ".".join(map(str, path)) or "top")
@pytest.mark.parametrize(
    "word",
    ["therapistLicence", "@context", "@graph", "https://schema.org/name", "schema:name", "iat", "endorsementLetter"],
)
def test_a_word_that_was_added_is_refused_even_under_a_good_signature(path: tuple[Any, ...], word: str) -> None:
    said = document()
    at(said, path)[word] = "Licensed psilocybin therapist"
    text = token({**said, **registered_claims(said)})
    assert "not define" in refused(text) or "contexts" in refused(text)


def test_a_word_that_is_defined_elsewhere_is_refused_where_it_is_not() -> None:
    said = document()
    said["issuer"]["licenseNumber"] = "OR-1"
    assert "issuer.licenseNumber" in refused(token({**said, **registered_claims(said)}))


def test_a_type_that_nobody_defines_is_refused() -> None:
    said = document()
    said["credentialSubject"]["achievement"]["type"] = ["Achievement", "Licence"]
    assert "achievement.type" in refused(token({**said, **registered_claims(said)}))


@given(st.integers(0, 10**9), st.sampled_from("AZaz09-_."))
def test_one_changed_sign_anywhere_is_refused(place: int, sign: str) -> None:
    text = GENUINE
    place %= len(text)
    changed = text[:place] + sign + text[place + 1 :]
    if changed != text:
        assert refused(changed)


GENUINE = jwt_of(document())


def test_the_two_parts_of_different_credentials_do_not_fit_together() -> None:
    other = jwt_of(document(holder="Nobody"))
    head, _, sealed = GENUINE.split(".")
    assert "signature does not hold" in refused(f"{head}.{other.split('.')[1]}.{sealed}")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ({"alg": "none"}, "ES256"),
        ({"alg": "HS256"}, "ES256"),
        ({"alg": "ES384"}, "ES256"),
        ({"alg": ["ES256"]}, "ES256"),
        ({"typ": "vc+jwt"}, "ES256"),
        ({"typ": "jwt"}, "ES256"),
        ({"crit": ["b64"], "b64": False}, "other members"),
        ({"jwk": jwk_of(OTHER.private.public_key())}, "other members"),
        ({"jku": "https://example.org/keys"}, "other members"),
        ({"x5c": []}, "other members"),
        ({"cty": "JWT"}, "other members"),
        ({"kid": HELD.kid}, "this issuer's"),
        ({"kid": f"did:web:example.org#{HELD.kid}"}, "this issuer's"),
        ({"kid": f"{DID}#{OTHER.kid}"}, "known keys"),
        ({"kid": 5}, "this issuer's"),
        ({"kid": [f"{DID}#{HELD.kid}"]}, "this issuer's"),
    ],
)
def test_a_header_that_is_not_ours_is_refused(header: dict[str, Any], said: str) -> None:
    ours = {"alg": "ES256", "kid": f"{DID}#{HELD.kid}", "typ": "JWT"}
    assert said in refused(token(payload(), {**ours, **header}))


@pytest.mark.parametrize("missing", ["alg", "kid", "typ"])
def test_a_header_that_leaves_something_out_is_refused(missing: str) -> None:
    ours = {"alg": "ES256", "kid": f"{DID}#{HELD.kid}", "typ": "JWT"}
    del ours[missing]
    assert "other members" in refused(token(payload(), ours))


def test_a_text_without_a_signature_is_refused() -> None:
    assert "wrong length" in refused(GENUINE.rpartition(".")[0] + ".")
    assert "three parts" in refused(GENUINE.rpartition(".")[0])


def test_another_issuers_key_under_a_known_name_is_refused() -> None:
    assert "another name" in refused(GENUINE, keys={HELD.kid: OTHER.certificate})
    forged = token(payload(), {"alg": "ES256", "kid": f"{DID}#{HELD.kid}", "typ": "JWT"}, OTHER)
    assert "does not hold" in refused(forged)


def test_a_key_on_another_curve_is_refused() -> None:
    weak = held_key(ec.SECP384R1())
    assert "P-256" in refused(GENUINE, keys={HELD.kid: weak.certificate})
    assert "P-256" in refused(GENUINE, keys={HELD.kid: {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}})


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "did:web:example.org"},
        {"jti": "http://localhost/c/zzzzzzzzzzzzzzzzzzzzzzzzzz"},
        {"sub": "urn:uuid:00000000-0000-0000-0000-000000000000"},
        {"nbf": 0},
        {"nbf": float(registered_claims(document())["nbf"])},
        {"nbf": True},
        {"exp": 4_102_444_800},
        {"exp": str(registered_claims(document())["exp"])},
        {"exp": None},
    ],
)
def test_a_claim_that_contradicts_the_credential_is_refused(changes: dict[str, Any]) -> None:
    assert "do not repeat" in refused(token(payload(**changes)))


@pytest.mark.parametrize("name", ["iss", "jti", "nbf", "exp", "sub"])
def test_a_claim_that_is_missing_is_refused(name: str) -> None:
    said = payload()
    del said[name]
    assert "do not repeat" in refused(token(said))


def test_another_issuers_credential_is_refused_although_we_know_its_key() -> None:
    said = document()
    said["issuer"]["id"] = "did:web:example.org"
    assert "another issuer" in refused(token({**said, **registered_claims(said)}))


@pytest.mark.parametrize("name", ["holder", "id", "validFrom"])
def test_a_thing_said_twice_under_one_name_is_refused(name: str) -> None:
    text = json.dumps(payload())
    twice = {
        "holder": text.replace('"identityHash": ', '"identityHash": "Nobody", "identityHash": '),
        "id": '{"id": "x", ' + text[1:],
        "validFrom": text[:-1] + ', "validFrom": "2020-01-01T00:00:00Z"}',
    }[name]
    assert twice != text
    assert "twice" in refused(token(twice))


@pytest.mark.parametrize(
    "odd",
    [
        "[]",
        "5",
        '{"hours": NaN}',
        '{"name": "\\ud800"}',
        '{"a":' * 5000 + "1" + "}" * 5000,
        '{"a":' + "9" * 5000 + "}",
        "",
        "{",
    ],
    ids=["list", "number", "nan", "surrogate", "deep", "long number", "empty", "cut"],
)
def test_whatever_else_is_signed_is_refused_in_a_sentence(odd: str) -> None:
    assert refused(token(odd)).endswith(".")


@given(st.binary(max_size=200))
def test_anything_may_be_shown_to_the_reader(odd: bytes) -> None:
    refused(odd.decode("latin-1"))


def test_an_endless_text_is_not_even_decoded() -> None:
    assert "too long" in refused("a" * 300_000)


def test_base64_in_another_spelling_is_refused() -> None:
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    spelled = GENUINE[:-1] + signs[signs.index(GENUINE[-1]) + 1]  # the last four of its six bits carry nothing
    sealed, again = (base64.urlsafe_b64decode(text.rpartition(".")[2] + "==") for text in (GENUINE, spelled))
    assert sealed == again
    assert "written form" in refused(spelled)
    assert refused(GENUINE + "=")
    assert refused(GENUINE + "\n")


def change(said: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    changed = copy.deepcopy(said)
    *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
    inner = at(changed, tuple(way))
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("@context", ["https://www.w3.org/ns/credentials/v2"]),
        ("@context.1", "https://example.org/context"),
        ("type", ["VerifiableCredential"]),
        ("type", ["OpenBadgeCredential", "VerifiableCredential"]),
        ("credentialSubject.identifier.0.hashed", True),
        ("credentialSubject.identifier.0.identityType", "emailAddress"),
        ("credentialSubject.identifier", []),
        ("credentialSubject.identifier.0.identityHash", 5),
        ("credentialSubject.licenseNumber", None),
        ("credentialSubject.creditsEarned", 13),
        ("credentialSubject.result.0.status", "Failed"),
        ("credentialSubject.result.0.resultDescription", "urn:uuid:00000000-0000-0000-0000-000000000000"),
        ("credentialSubject.result.3.value", "12.5"),
        ("credentialSubject.result.3.value", "1/0"),
        ("credentialSubject.result", []),
        ("credentialSubject.result.0", [[]]),
        ("credentialSubject.achievement", "https://example.org"),
        ("credentialSubject.achievement.otherIdentifier.0.identifierType", "identifier"),
        ("credentialSubject.achievement.name", ["Two", "names"]),
        ("issuer.official", None),
        ("credentialStatus", None),
        ("credentialStatus.statusListIndex", 94567),
        ("credentialStatus.statusListIndex", "-1"),
        ("credentialStatus.statusListIndex", "٣"),
        ("id", "http://localhost/c/zzzzzzzzzzzzzzzzzzzzzzzzzz"),
    ],
)
def test_a_credential_of_another_shape_is_refused_even_under_a_good_signature(path: str, value: object) -> None:
    said = change(document(), path, value)
    assert refused(token({**said, **registered_claims(said)})).endswith(".")


@pytest.mark.parametrize("written", ["2026-02-01", "2026-02-01T00:00:00+00:00", "2026-2-1T00:00:00Z", 5])
def test_a_date_in_another_form_is_refused(written: object) -> None:
    said = change(document(), "validFrom", written)
    assert refused(token({**said, **registered_claims(document())}))


# signing


def test_a_document_of_another_issuer_is_not_signed() -> None:
    with pytest.raises(ValueError, match="Only documents of"):
        credential_jwt(document(), authority=Office(key=HELD), base_url="https://example.org")


def test_a_document_with_claims_of_its_own_is_not_signed() -> None:
    with pytest.raises(ValueError, match="without registered claims"):
        jwt_of({**document(), "exp": 0})


def test_a_key_that_does_not_fit_its_certificate_signs_nothing() -> None:
    with pytest.raises(Broken, match="do not belong together"):
        jwt_of(document(), Held(private=OTHER.private, certificate=HELD.certificate))


# what strangers say


@pytest.mark.parametrize("name", VECTORS["good"])
def test_the_vocabulary_knows_every_word_of_credentials_that_1edtech_calls_good(name: str) -> None:
    assert list(undefined_words(VECTORS["good"][name])) == []


@pytest.mark.parametrize("name", VECTORS["bad"])
def test_the_vocabulary_misses_the_type_in_credentials_that_1edtech_calls_wrong(name: str) -> None:
    assert list(undefined_words(VECTORS["bad"][name])) != []


@pytest.mark.parametrize("name", VECTORS["tokens"])
def test_genuine_tokens_of_other_issuers_are_not_ours(name: str) -> None:
    assert refused(VECTORS["tokens"][name])


def test_a_context_that_was_exchanged_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    name, (file_name, _) = next(iter(PINNED_CONTEXTS.items()))
    monkeypatch.setitem(PINNED_CONTEXTS, name, (file_name, "00" * 32))
    with pytest.raises(ValueError, match="not the context that was pinned"):
        _context.__wrapped__(name)
    assert {file.name for file in CONTEXTS_FOLDER.glob("*.json")} == {
        file_name for file_name, _ in PINNED_CONTEXTS.values()
    }


def test_joserfc_and_openvc_confirm_the_signature() -> None:
    public = jwk_of(HELD.private.public_key())
    read = joserfc_jwt.decode(GENUINE, ECKey.import_key(public), algorithms=["ES256"])
    assert read.claims == payload()
    signing_input, _, sealed = GENUINE.rpartition(".")
    raw = base64.urlsafe_b64decode(sealed + "==")
    assert verify_signature(alg="ES256", public_jwk=public, signing_input=signing_input.encode(), signature=raw)


@pytest.fixture
def known(database: Database) -> None:
    """Our key is published."""
    with database.transaction() as session:
        at = claim().ends_at - timedelta(days=700)
        session.add(KeyEvent(kid=HELD.kid, event="published", certificate=HELD.pem, at=at))


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_open_badges_library_finds_our_key_and_reads_the_same_facts(stranger: FlaskClient) -> None:
    badge = OB3Verifier.for_issuer_did(DID, download=the_web(stranger)).verify(
        jwt_of(document(valid_until=utc_now().date() + timedelta(days=400)))
    )
    assert badge.issuer.id == DID
    assert badge.achievement.name == claim().credential
    assert badge.identifiers[0].identity_hash == "Mara Vogel"
    assert badge.credits_earned == 12.5
    assert [described.name for described in badge.achievement.result_descriptions][:3] == list(claim().covered)


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_open_badges_library_refuses_what_somebody_changed(stranger: FlaskClient) -> None:
    head, _, sealed = jwt_of(document()).split(".")
    said = change(payload(), "credentialSubject.identifier.0.identityHash", "Somebody Else")
    with pytest.raises(OB3VerificationError, match="Invalid signature"):
        OB3Verifier.for_issuer_did(DID, download=the_web(stranger)).verify(f"{head}.{packed(said)}.{sealed}")


# what holders put elsewhere


@pytest.mark.parametrize("word", Word)
def test_the_badge_says_its_status_in_words_and_names_nobody(word: Word) -> None:
    svg = badge_svg(claim(), Status(word=word, since=claim().ends_at))
    assert "Mara" not in svg
    assert "not a licence" in svg
    said = {Word.VALID: "Valid until 1 February 2028", Word.NOT_YET_VALID: "Valid from 1 February 2026"}
    assert said.get(word, f"{word.capitalize()} since 2 February 2028") in svg
    there = replace(claim(), days_of="America/Los_Angeles -08:00 -08:00")  # at midnight in UTC it is the day before
    svg = badge_svg(there, Status(word=word, since=claim().ends_at))
    assert said.get(word, f"{word.capitalize()} since 1 February 2028") in svg


printable = words.filter(str.isprintable)  # XML has no place for control characters; neither have our settings


@given(printable, printable)
def test_the_badge_is_a_picture_whatever_the_names(credential: str, issuer: str) -> None:
    shown = badge_svg(claim(credential=credential, issuer=issuer), Status(word=Word.VALID, since=claim().ends_at))
    picture = etree.fromstring(shown.encode())
    assert picture[0].text.startswith(f"{credential}: Valid until")
    assert {etree.QName(part).localname for part in picture.iter()} == DRAWN


def test_the_profile_link_fills_in_what_a_profile_asks_for() -> None:
    link = add_to_profile_link(claim(issuer="Café & Söhne", hours=Fraction(1)), BASE_URL)
    assert link.startswith("https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME&name=Certificate+in")
    assert "organizationName=Caf%C3%A9+%26+S%C3%B6hne" in link
    assert link.endswith(
        "issueYear=2026&issueMonth=2&expirationYear=2028&expirationMonth=2"
        "&certUrl=http%3A%2F%2Flocalhost%2Fc%2Fabcdefghijklmnopqrstuvwxyz&certId=7K4M-2QXH-9PTC"
    )
    assert "Mara" not in link
