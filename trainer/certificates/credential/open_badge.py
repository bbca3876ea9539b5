"""The machine-readable form of a certificate: an Open Badges 3.0 credential, which is a W3C Verifiable Credential 2.0.

Every fact of the claim has a place in it, so that the claim can be read back exactly (`claim_in`). Only words
that the two contexts define are used. Source: 1EdTech Open Badges 3.0, document version 3.0.3.

| claim | credential |
| --- | --- |
| address, public id | `id` |
| number | `credentialSubject.licenseNumber`: the only place Open Badges has for a number; it is of no licence |
| holder | `credentialSubject.identifier`, in plain words (`hashed` false), of type `name` |
| credential | `name`, `credentialSubject.achievement.name` |
| programme, version | `achievement.fieldOfStudy`, `achievement.version` |
| cohort | `credentialSubject.term` |
| release | `achievement.otherIdentifier` |
| whose days the dates are, unless UTC | `achievement.otherIdentifier` |
| first day, last day | `validFrom` (and `awardedDate`), `validUntil`, which is the first moment no longer valid |
| conferred by, issuer | `issuer.official`, `issuer.name` |
| covered | one `result` each, with its `resultDescription`, in the programme's order |
| hours | `creditsEarned` as a number; exactly, as a fraction, in the last `result` |
| hours from | one `result` each, with minutes as its value, before the last |
| statement | `description`; repeated where wallets show it, in `achievement.description` |
"""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any, Protocol

from trainer.certificates.credential.vocabulary import CONTEXTS, undefined_words
from trainer.certificates.facts.claim import Claim, canonical_claim
from trainer.certificates.facts.zone import ZonedDays
from trainer.registry.did import did_of
from trainer.registry.jose import BadToken, JwsSigner, Key, document_time, read_moment, read_signed, signed_text

TYPES = ["VerifiableCredential", "OpenBadgeCredential"]
RELEASE = "ext:contentRelease"
DAYS = "ext:daysOf"
HOURS = "Hours of learning"
CRITERIA = "Every requirement listed here was met, and the director of the programme decided to confer the certificate."
_OURS = uuid.uuid5(uuid.NAMESPACE_URL, "https://purl.imsglobal.org/spec/ob/v3p0/trainer")


class BadCredential(ValueError):
    """The text is not a credential of this issuer; the sentence says why."""


class Issuing(Protocol):
    """What an authority must have to sign a credential."""

    @property
    def key(self) -> JwsSigner:
        """Return the key that signs."""


@dataclass(frozen=True, kw_only=True)
class Credential:
    """A credential whose signature was checked.

    Attributes:
        document: all of it, as signed.
        claim: the certified facts that stand in it.
        kid: the name of the key that signed.
        status_index: its place in the issuer's status lists.
        sha256: of the signed text, in hexadecimal; the log commits to this.
    """

    document: Mapping[str, Any]
    claim: Claim
    kid: str
    status_index: int
    sha256: str


def credential_of(claim: Claim, *, base_url: str, status_index: int) -> dict[str, Any]:
    """Return the credential that says what the claim says."""
    begins = document_time(claim.begins_at)
    return {
        "@context": list(CONTEXTS),
        "id": claim.address(base_url),
        "type": list(TYPES),
        "name": claim.credential,
        "description": claim.statement,
        "issuer": {
            "id": did_of(base_url),
            "type": ["Profile"],
            "name": claim.issuer,
            "url": base_url,
            "official": claim.conferred_by,
        },
        "validFrom": begins,
        "validUntil": document_time(claim.ends_at),
        "awardedDate": begins,
        "credentialSubject": _subject(claim),
        "credentialStatus": _status(base_url, status_index),
    }


def _subject(claim: Claim) -> dict[str, Any]:
    achievement = _achievement(claim)
    places = [description["id"] for description in achievement["resultDescription"]]
    values = [*(str(minutes) for _, minutes in claim.hours_from), str(claim.hours)]
    met, counted = places[: -len(values)], places[-len(values) :]
    results = [
        *({"type": ["Result"], "resultDescription": place, "status": "Completed"} for place in met),
        *(
            {"type": ["Result"], "resultDescription": place, "value": value}
            for place, value in zip(counted, values, strict=True)
        ),
    ]
    return {
        "id": _urn(claim.public_id),
        "type": ["AchievementSubject"],
        "identifier": [
            {"type": "IdentityObject", "hashed": False, "identityHash": claim.holder, "identityType": "name"}
        ],
        "licenseNumber": claim.number,
        "term": claim.cohort,
        "creditsEarned": _number(claim.hours),
        "result": results,
        "achievement": achievement,
    }


def _achievement(claim: Claim) -> dict[str, Any]:
    """Return what was achieved, whoever achieved it; its id is the same for everybody on this version."""
    place = _urn("\n".join((claim.issuer, claim.credential, claim.programme, claim.version)))
    described = [(title, "Status") for title in claim.covered]
    described += [(words, "Result") for words in (*(words for words, _ in claim.hours_from), HOURS)]
    return {
        "id": place,
        "type": ["Achievement"],
        "achievementType": "CertificateOfCompletion",
        "name": claim.credential,
        "description": f"{claim.programme}, version {claim.version}. {claim.statement}",
        "criteria": {"narrative": CRITERIA},
        "fieldOfStudy": claim.programme,
        "version": claim.version,
        "otherIdentifier": [
            {"type": "IdentifierEntry", "identifier": text, "identifierType": kind}
            for text, kind in ((claim.release, RELEASE), (claim.days_of, DAYS))
            if text
        ],
        "resultDescription": [
            {"id": f"{place}#{number}", "type": ["ResultDescription"], "name": title, "resultType": kind}
            for number, (title, kind) in enumerate(described, start=1)
        ],
    }


def _status(base_url: str, index: int) -> dict[str, Any]:
    """Return where a revocation would show. Open Badges has room for one entry; suspension stands in a list beside."""
    listed = f"{base_url}/status/revocation"
    return {
        "id": f"{listed}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": listed,
    }


def _urn(of: str) -> str:
    return uuid.uuid5(_OURS, of).urn


def _number(hours: Fraction) -> int | float:
    return hours.numerator if hours.denominator == 1 else float(hours)


def credential_jwt(document: Mapping[str, Any], *, authority: Issuing, base_url: str) -> str:
    """Return a credential, or a status list, as the text of a JWT signed with the issuer's key.

    Raises:
        ValueError: it is not a document of the issuer at this address.
        Broken: the key and its certificate do not belong together.
    """
    return signed_text(document, key=authority.key, did=did_of(base_url))


def read_credential(jwt: str, *, keys: Mapping[str, Key], did: str) -> Credential:
    """Check the text of a credential against the keys that are trusted, and return what it says.

    Neither dates nor status are judged, and nothing is loaded from anywhere.

    Args:
        keys: by their names, see `trainer.registry.issuer_keys.kid_of`.
        did: the issuer whose credentials are accepted.

    Raises:
        BadCredential: it is not exactly what this issuer signed.
    """
    try:
        token = read_signed(jwt, keys=keys, did=did)
    except BadToken as error:
        raise BadCredential(str(error)) from error
    document = token.document
    return Credential(
        document=document,
        claim=claim_in(document),
        kid=token.kid,
        status_index=_status_index(document),
        sha256=hashlib.sha256(jwt.encode()).hexdigest(),
    )


def claim_in(document: Mapping[str, Any]) -> Claim:
    """Return the claim that a credential carries; it has the fingerprint of the one it was made of.

    Raises:
        BadCredential: a fact is missing or has another form, or it uses a word that its contexts do not define.
    """
    if document.get("@context") != list(CONTEXTS) or document.get("type") != TYPES:
        raise BadCredential("It is not an Open Badges 3.0 credential with its two contexts, in their order.")
    try:
        if unknown := next(undefined_words(document), None):
            raise BadCredential(f"It says something under a name that Open Badges does not define: {unknown}.")
        claim = _claim(document)
        canonical_claim(claim)  # a name with half a sign in it has no written form
    except BadCredential:
        raise
    except RecursionError as error:
        raise BadCredential("It is nested too deeply to be ours.") from error
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise BadCredential("A certified fact is missing from it, or has another form than ours.") from error
    return claim


def _claim(document: Mapping[str, Any]) -> Claim:
    subject, issuer = document["credentialSubject"], document["issuer"]
    achievement = subject["achievement"]
    (identity,), (release, *zoned) = subject["identifier"], achievement["otherIdentifier"]
    *results, hours = subject["result"]
    met = [result for result in results if "value" not in result]
    counted = results[len(met) :]
    titles = {described["id"]: _text(described["name"]) for described in achievement["resultDescription"]}
    if identity["hashed"] is not False or identity["identityType"] != "name" or release["identifierType"] != RELEASE:
        raise BadCredential("The holder's name or the release is not where our credentials have it.")
    if any("value" not in result for result in counted):
        raise BadCredential("What the hours consist of is not where our credentials have it.")
    if any(result["status"] != "Completed" for result in met):
        raise BadCredential("It lists a requirement that was not met.")
    days_of = _days_of(zoned)
    days = ZonedDays.read(days_of)
    claim = Claim(
        public_id=_text(document["id"]).rpartition("/c/")[2],
        number=_text(subject["licenseNumber"]),
        holder=_text(identity["identityHash"]),
        credential=_text(achievement["name"]),
        programme=_text(achievement["fieldOfStudy"]),
        version=_text(achievement["version"]),
        cohort=_text(subject["term"]),
        release=_text(release["identifier"]),
        issued_on=read_moment(document["validFrom"]).astimezone(days.at_issue).date(),
        valid_until=read_moment(document["validUntil"]).astimezone(days.at_end).date() - timedelta(days=1),
        conferred_by=_text(issuer["official"]),
        issuer=_text(issuer["name"]),
        covered=tuple(titles[result["resultDescription"]] for result in met),
        hours=Fraction(_text(hours["value"])),
        statement=_text(document["description"]),
        hours_from=tuple((titles[result["resultDescription"]], _minutes(result["value"])) for result in counted),
        days_of=days_of,
    )
    if subject["id"] != _urn(claim.public_id):
        raise BadCredential("Its subject belongs to another certificate.")
    if hours["value"] != str(claim.hours) or subject["creditsEarned"] != _number(claim.hours):
        raise BadCredential("It says two different things about the hours.")
    return claim


def _minutes(value: Any) -> int:
    if not (isinstance(value, str) and value.isascii() and value.isdigit() and str(int(value)) == value):
        raise ValueError(value)
    return int(value)


def _days_of(zoned: Sequence[Mapping[str, Any]]) -> str:
    if not zoned:
        return ""
    (entry,) = zoned
    if entry["identifierType"] != DAYS or not entry["identifier"]:
        raise BadCredential("It has an identifier of a kind that our credentials do not have.")
    return _text(entry["identifier"])


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _status_index(document: Mapping[str, Any]) -> int:
    entry = document.get("credentialStatus")
    index = entry.get("statusListIndex") if isinstance(entry, Mapping) else None
    if not (isinstance(index, str) and index.isascii() and index.isdigit() and len(index) < 10):
        raise BadCredential("It has no place in the status lists.")
    return int(index)
