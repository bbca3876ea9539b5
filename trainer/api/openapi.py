"""The API, described for machines (OpenAPI 3.1), written by hand: it is the promise, the routes keep it."""

from collections.abc import Mapping, Sequence
from typing import Any

from trainer.api.answers import TITLES, problem
from trainer.api.bodies import LONGEST_TEXT
from trainer.bulk.answers import COLUMNS, DOES_NOT_FIT, FITS_IN_PART, NOT_COMPARED
from trainer.bulk.table import MOST_ROWS
from trainer.certificates.facts.claim import STATEMENT
from trainer.certificates.models import ConsentLevel
from trainer.notices.models import Channel
from trainer.registry.status import Reason, Word
from trainer.verify.matching import LONGEST_NAME, Match
from trainer.verify.reference import LONGEST
from trainer.verify.verdict import Doubt
from trainer.watches.targets import LONGEST as LONGEST_TARGET

JSON, PROBLEM, CSV = "application/json", "application/problem+json", "text/csv"
ID, NUMBER, MOMENT = "mfzxg3dpobqxgzdfmztwq2tlnq", "7K4M-2QXH-9PTV", "2026-11-25T09:30:00+00:00"
Schema = dict[str, Any]


def document(base_url: str) -> dict[str, Any]:
    """Return the whole description; `base_url` is the public address of the installation."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Verification of certificates",
            "version": "1.0.0",
            "summary": "Is this certificate genuine, and does it hold today?",
            "description": "No account, no cookies. Every error has one shape (RFC 9457). A receipt is a JWS (ES256); "
            f"its public key stands at {base_url}/.well-known/receipt-key.json. " + STATEMENT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base_url}],
        "security": [],
        "tags": [
            {"name": "verify", "description": "One certificate, or a thousand."},
            {"name": "watch", "description": "Be told when a status changes."},
            {"name": "about", "description": "This description."},
        ],
        "paths": {
            "/api/v1/credentials/{reference}": {"get": _credential()},
            "/api/v1/verify": {"post": _verify()},
            "/api/v1/match": {"post": _match()},
            "/api/v1/bulk": {"post": _bulk()},
            "/api/v1/watches": {"post": _ask()},
            "/api/v1/watches/{token}": {"post": _confirm(), "delete": _end()},
            "/api/v1/openapi.json": {"get": _openapi()},
        },
        "components": {"schemas": _schemas()},
    }


def _credential() -> Schema:
    return {
        "operationId": "getCredential",
        "tags": ["verify"],
        "summary": "Everything public about one certificate",
        "description": "Unknown and malformed references are answered alike. The ETag changes with the answer and with "
        "the log; what only says that time has gone by does not count.",
        "parameters": [
            _in_path("reference", "The id in the certificate's address, or its number.", ID, longest=None),
            {
                "name": "If-None-Match",
                "in": "header",
                "description": "The ETag of an earlier answer.",
                "schema": {"type": "string", "pattern": '^W/"[0-9a-f]{32}"$'},
                "example": 'W/"0f3a2b4c5d6e7f8091a2b3c4d5e6f708"',
            },
        ],
        "responses": {
            "200": {
                **_json("The certificate.", "Credential", _credential_example()),
                "headers": {"ETag": {"description": "Changes with the answer.", "schema": {"type": "string"}}},
            },
            "304": {"description": "Nothing changed since that ETag."},
            **_problems(400, 404, 429, 500, 503),
        },
    }


def _verify() -> Schema:
    return {
        "operationId": "verify",
        "tags": ["verify"],
        "summary": "A verdict about a file or a text",
        "description": "A file of at most 2 MB, or a text that holds a number, an id or an address. What is unknown or "
        "was altered is a verdict too, not an error.",
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "properties": {"file": {"type": "string", "format": "binary"}},
                        "required": ["file"],
                    }
                },
                JSON: {
                    "schema": {
                        "type": "object",
                        "properties": {"text": {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}},
                        "required": ["text"],
                        "additionalProperties": False,
                    },
                    "example": {"text": NUMBER},
                },
            },
        },
        "responses": {
            "200": _json("The verdict.", "Verdict", _verdict_example()),
            **_problems(400, 413, 415, 429, 500, 503),
        },
    }


def _match() -> Schema:
    return {
        "operationId": "matchName",
        "tags": ["verify"],
        "summary": "Does this name fit the one on the certificate?",
        "description": "Only yes, partial or no. Case, accents, hyphens and the order of the words do not matter; a "
        "word left out or an initial gives partial. At most five tries a day for each certificate and network, known "
        "or not.",
        "requestBody": {
            "required": True,
            "content": {
                JSON: {
                    "schema": _one_of_two({"name": _text(LONGEST_NAME)}, required=["name"]),
                    "example": {"number": NUMBER, "name": "Mara Vogel"},
                }
            },
        },
        "responses": {
            "200": _json("The answer.", "Match", {"match": "yes"}),
            **_problems(400, 413, 415, 429, 500, 503),
        },
    }


def _bulk() -> Schema:
    rows = {
        "type": "array",
        "minItems": 1,
        "maxItems": MOST_ROWS,
        "items": {
            "type": "object",
            "properties": {"reference": {"type": "string"}, "name": {"type": ["string", "null"]}},
            "required": ["reference"],
            "additionalProperties": False,
        },
    }
    table = f"number,name\r\n{NUMBER},Mara Vogel\r\n"
    given = (
        "1",
        NUMBER,
        "Mara Vogel",
        "valid",
        MOMENT,
        "",
        "2028-02-01",
        NUMBER,
        "yes",
        "Valid until 1 February 2028.",
    )
    return {
        "operationId": "verifyMany",
        "tags": ["verify"],
        "summary": f"Up to {MOST_ROWS:,} certificates at once",
        "description": "The same rows come back with verdicts, as JSON or CSV: as the Accept header says, else as they "
        "were sent. A name is compared as /match does, and counts as a try. The separator and the "
        "columns of a CSV table are found by what reads as a number of ours; a table in which nothing does is refused. "
        "Each row is compared with its entries of "
        "the log; the proof up to the signed root is given by /credentials/{reference}.",
        "requestBody": {
            "required": True,
            "content": {
                JSON: {"schema": rows, "example": [{"reference": NUMBER, "name": "Mara Vogel"}]},
                CSV: {"schema": {"type": "string", "minLength": 1}, "example": table},
            },
        },
        "responses": {
            "200": {
                "description": "The rows with their verdicts.",
                "headers": {
                    "Verification-Receipt": {
                        "description": "A receipt over the SHA-256 of exactly these bytes.",
                        "required": True,
                        "schema": {"type": "string"},
                    }
                },
                "content": {
                    JSON: {"schema": _ref("Table"), "example": _table_example()},
                    CSV: {
                        "schema": {"type": "string"},
                        "example": "\r\n".join((",".join(COLUMNS), ",".join(given), "")),
                    },
                },
            },
            **_problems(400, 413, 415, 422, 429, 500, 503),
        },
    }


def _ask() -> Schema:
    body = _one_of_two({"mail": _text(LONGEST_TARGET), "webhook": _text(LONGEST_TARGET)}, required=[])
    body["allOf"] = [
        {"oneOf": body.pop("oneOf")},
        {"oneOf": [{"required": ["mail"]}, {"required": ["webhook"]}]},
    ]
    return {
        "operationId": "askToBeTold",
        "tags": ["watch"],
        "summary": "Be told when the status changes",
        "description": "The address is sent a secret: by letter, or as a POST of "
        '`{"event": "watch.asked", "confirm": {…}, "end": {…}}`. The watch counts once somebody who read that has '
        "confirmed it. The answer here is the same whether or not the address is told already.",
        "requestBody": {
            "required": True,
            "content": {
                JSON: {
                    "schema": body,
                    "example": {"number": NUMBER, "webhook": "https://hooks.example.org/certificates"},
                }
            },
        },
        "responses": {
            "202": _json(
                "Asked.",
                "Asked",
                {
                    "id": ID,
                    "number": NUMBER,
                    "channel": "webhook",
                    "sentence": "Unless it is told already, the address has been sent what it needs to confirm.",
                },
            ),
            **_problems(400, 404, 409, 413, 415, 422, 429, 500, 503),
        },
        "callbacks": {"statusChanged": {"{$request.body#/webhook}": {"post": _callback()}}},
    }


def _callback() -> Schema:
    example = {
        "event": "status.changed",
        "id": ID,
        "number": NUMBER,
        "status": "revoked",
        "since": MOMENT,
        "reason_code": "conduct",
        "at": MOMENT,
    }
    return {
        "summary": "Sent to the webhook after each change of status",
        "requestBody": {"required": True, "content": {JSON: {"schema": _ref("Change"), "example": example}}},
        "responses": {"2XX": {"description": "Received."}},
    }


def _confirm() -> Schema:
    example = {"id": ID, "number": NUMBER, "confirmed": True, "ended": False}
    return {
        "operationId": "confirmWatch",
        "tags": ["watch"],
        "summary": "Confirm a watch",
        "parameters": [_secret()],
        "responses": {"200": _json("It counts.", "Watch", example), **_problems(400, 404, 409, 429, 500, 503)},
    }


def _end() -> Schema:
    return {
        "operationId": "endWatch",
        "tags": ["watch"],
        "summary": "End a watch",
        "description": "Ending it again is no error.",
        "parameters": [_secret()],
        "responses": {"204": {"description": "It has ended."}, **_problems(400, 404, 409, 429, 500, 503)},
    }


def _openapi() -> Schema:
    described = {"description": "An OpenAPI 3.1 document.", "content": {JSON: {"schema": {"type": "object"}}}}
    return {
        "operationId": "getDescription",
        "tags": ["about"],
        "summary": "This description",
        "responses": {"200": described, **_problems(500, 503)},
    }


def _schemas() -> dict[str, Schema]:
    statuses = [word.value for word in Word] + [doubt.value for doubt in Doubt]
    verdict = _object(
        {
            "id": _maybe("string"),
            "number": _maybe("string"),
            "status": {"enum": statuses},
            "sentence": {"type": "string"},
            "certificate_status": {
                "enum": [*(word.value for word in Word), None],
                "description": "What holds now about the certificate itself, also beside a file that was altered. The "
                "moment, reason and note below are about this.",
            },
            "status_since": _maybe("string", format="date-time"),
            "status_reason_code": {"enum": [*(reason.value for reason in Reason), None]},
            "public_note": _maybe("string"),
            "checked_at": {"type": "string", "format": "date-time"},
            "file_seen": {"type": "boolean", "description": "The file itself was compared, not only a reference."},
            "valid_from": _maybe("string", format="date"),
            "valid_until": _maybe("string", format="date", description="The last day on which it is valid."),
            "time_zone": _maybe(
                "string",
                description="Whose days `valid_from` and `valid_until` are: an IANA name, or UTC.",
            ),
            "credential": _maybe("string", description="What was awarded."),
            "programme": {"anyOf": [_ref("Programme"), {"type": "null"}]},
            "issuer": _maybe("string"),
            "holder": {"anyOf": [_ref("Holder"), {"type": "null"}]},
            "statement": _maybe("string"),
            "checks": {"type": "array", "items": _ref("Check")},
            "receipt": {"type": "string", "description": "A JWS (ES256) over this answer."},
        }
    )
    row: dict[str, Schema] = {
        "row": {"type": "integer", "minimum": 1},
        "reference": {"type": "string"},
        "name": _maybe("string"),
        "verdict": {
            "enum": [*statuses, FITS_IN_PART, DOES_NOT_FIT, NOT_COMPARED],
            "description": "The status, and of a valid certificate whether the name in the row fits. It is counted.",
        },
        "status": {"enum": statuses},
        "status_since": _maybe("string", format="date-time"),
        "status_reason_code": _maybe("string"),
        "valid_until": _maybe("string", format="date"),
        "number": _maybe("string"),
        "id": _maybe("string"),
        "name_match": {"enum": [*(match.value for match in Match), "too many tries", None]},
        "note": {"type": "string"},
    }
    further = {
        "supersedes": _maybe("string", description="The id of the certificate that this one replaced."),
        "superseded_by": _maybe("string"),
        "proofs": _ref("Proofs"),
    }
    whole = {"type": "integer", "minimum": 0}
    return {
        "Problem": _object(
            {
                "type": {"type": "string"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "detail": {"type": "string"},
            }
        ),
        "Check": _object(
            {"question": {"type": "string"}, "holds": {"type": "boolean"}, "evidence": {"type": "string"}}
        ),
        "Programme": _object(
            {"title": {"type": "string"}, "version": {"type": "string"}, "hours": {"type": "number", "minimum": 0}},
            optional={
                "hours_consist_of": {
                    "type": "array",
                    "description": "Kinds of work with their minutes, where the certificate says it.",
                    "items": _object({"work": {"type": "string"}, "minutes": {"type": "integer", "minimum": 0}}),
                }
            },
        ),
        "Holder": {
            "type": "object",
            "description": "The name is there only when the holder lets it be shown, or when the file itself was sent.",
            "properties": {
                "name": {"type": "string"},
                "consent": {"enum": [level.value for level in ConsentLevel]},
            },
            "required": ["consent"],
            "additionalProperties": False,
        },
        "Proofs": _object(
            {
                "credential": _maybe(
                    "string", description="Open Badges 3.0 as a JWT; only when the name may be shown."
                ),
                "tlog_proof": _maybe("string", description="c2sp.org/tlog-proof@v1 of the credential."),
                "checkpoint": _maybe("string", description="The newest signed checkpoint of the log."),
            }
        ),
        "Verdict": verdict,
        "Credential": _object({**verdict["properties"], **further}),
        "Match": _object({"match": {"enum": [match.value for match in Match]}}),
        "Row": _object(row),
        "Table": _object(
            {
                "checked_at": {"type": "string", "format": "date-time"},
                "counts": {"type": "object", "additionalProperties": whole},
                "rows": {"type": "array", "items": _ref("Row")},
            }
        ),
        "Asked": _object(
            {
                "id": {"type": "string"},
                "number": {"type": "string"},
                "channel": {"enum": [channel.value for channel in Channel]},
                "sentence": {"type": "string"},
            }
        ),
        "Watch": _object(
            {
                "id": {"type": "string"},
                "number": {"type": "string"},
                "confirmed": {"type": "boolean"},
                "ended": {"type": "boolean"},
            }
        ),
        "Change": _object(
            {
                "event": {"const": "status.changed"},
                "id": {"type": "string"},
                "number": {"type": "string"},
                "status": {"enum": [word.value for word in Word]},
                "since": {"type": "string", "format": "date-time"},
                "reason_code": _maybe("string"),
                "at": {"type": "string", "format": "date-time"},
            }
        ),
    }


def _verdict_example() -> Schema:
    return {
        "id": ID,
        "number": NUMBER,
        "status": "valid",
        "sentence": "This certificate is in our registry and is valid.",
        "certificate_status": "valid",
        "status_since": "2026-02-01T12:00:00+00:00",
        "status_reason_code": None,
        "public_note": None,
        "checked_at": MOMENT,
        "file_seen": False,
        "valid_from": "2026-02-01",
        "valid_until": "2028-02-01",
        "time_zone": "UTC",
        "credential": "Certificate in psychedelic-assisted therapy, foundations",
        "programme": {"title": "Foundations of psychedelic-assisted therapy", "version": "2026.1", "hours": 12.5},
        "issuer": "Example programme",
        "holder": {"name": "Mara Vogel", "consent": "shown"},
        "statement": STATEMENT,
        "checks": [
            {
                "question": "Is it entered in the registry?",
                "holds": True,
                "evidence": "Entered on 1 February 2026. Entries are only ever added, never changed.",
            }
        ],
        "receipt": "eyJhbGciOiJFUzI1NiJ9.eyJhdCI6IjIwMjYifQ.c2lnbmF0dXJl",
    }


def _credential_example() -> Schema:
    proofs = {
        "credential": "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJkaWQ6d2ViIn0.c2lnbmF0dXJl",
        "tlog_proof": "c2sp.org/tlog-proof@v1\nindex 41\n…",
        "checkpoint": "certificates.example.org\n1042\n…",
    }
    return {**_verdict_example(), "supersedes": None, "superseded_by": None, "proofs": proofs}


def _table_example() -> Schema:
    row = {
        "row": 1,
        "reference": NUMBER,
        "name": "Mara Vogel",
        "verdict": "valid",
        "status": "valid",
        "status_since": MOMENT,
        "status_reason_code": None,
        "valid_until": "2028-02-01",
        "number": NUMBER,
        "id": ID,
        "name_match": "yes",
        "note": "Valid until 1 February 2028.",
    }
    return {"checked_at": MOMENT, "counts": {"valid": 1}, "rows": [row]}


def _in_path(name: str, description: str, example: str, *, longest: int | None) -> Schema:
    schema: Schema = {"type": "string", "minLength": 1, "pattern": "^[^/]+$"}
    if longest:
        schema["maxLength"] = longest
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": schema,
        "example": example,
    }


def _secret() -> Schema:
    return _in_path(
        "token", "The secret that was sent to the address.", "abcdefghijklmnopqrstuvwxyz234567", longest=None
    )


def _one_of_two(further: Mapping[str, Schema], *, required: Sequence[str]) -> Schema:
    """Return an object that names its certificate by id or by number, and never by both."""
    return {
        "type": "object",
        "properties": {"id": _text(LONGEST), "number": _text(LONGEST), **further},
        "required": list(required),
        "oneOf": [{"required": ["id"]}, {"required": ["number"]}],
        "additionalProperties": False,
    }


def _text(longest: int) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": longest}


def _object(properties: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """Return an object that has exactly these members, and may have the optional ones."""
    return {
        "type": "object",
        "properties": {**properties, **(optional or {})},
        "required": list(properties),
        "additionalProperties": False,
    }


def _maybe(kind: str, **more: str) -> Schema:
    return {"type": [kind, "null"], **more}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(description: str, schema: str, example: Any) -> Schema:
    return {"description": description, "content": {JSON: {"schema": _ref(schema), "example": example}}}


def _problems(*codes: int) -> dict[str, Schema]:
    """Return the answers that tell of an error; all have one shape."""
    return {
        str(code): {
            "description": TITLES[code],
            "content": {PROBLEM: {"schema": _ref("Problem"), "example": problem(code, "One sentence that says why.")}},
        }
        for code in codes
    }
