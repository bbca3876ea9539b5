"""The API, described for machines (OpenAPI 3.1): what each address takes and gives, in the shapes of the routes."""

from typing import Any

from pydantic import BaseModel

from trainer.api import examples
from trainer.api.answers import TITLES, problem
from trainer.api.schemas import Schema, reference_to, schemas
from trainer.bulk.table import MOST_ROWS
from trainer.certificates.facts.claim import STATEMENT

JSON, PROBLEM, CSV = "application/json", "application/problem+json", "text/csv"


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
        "components": {"schemas": schemas()},
    }


def _credential() -> Schema:
    if_changed = {
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETag of an earlier answer.",
        "schema": {"type": "string", "pattern": '^W/"[0-9a-f]{32}"$'},
        "example": examples.TAG,
    }
    tag = {"description": "Changes with the answer.", "schema": {"type": "string"}}
    return {
        "operationId": "getCredential",
        "tags": ["verify"],
        "summary": "Everything public about one certificate",
        "description": "Unknown and malformed references are answered alike. The ETag changes with the answer and with "
        "the log; what only says that time has gone by does not count.",
        "parameters": [
            _in_path("reference", "The id in the certificate's address, or its number.", examples.ID),
            if_changed,
        ],
        "responses": {
            "200": {**_says("The certificate.", examples.CREDENTIAL), "headers": {"ETag": tag}},
            "304": {"description": "Nothing changed since that ETag."},
            **_problems(400, 404, 429, 500, 503),
        },
    }


def _verify() -> Schema:
    upload = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}, "required": ["file"]}
    return {
        "operationId": "verify",
        "tags": ["verify"],
        "summary": "A verdict about a file or a text",
        "description": "A file of at most 2 MB, or a text that holds a number, an id or an address. What is unknown or "
        "was altered is a verdict too, not an error.",
        "requestBody": _takes(examples.TEXT, {"multipart/form-data": {"schema": upload}}),
        "responses": {"200": _says("The verdict.", examples.VERDICT), **_problems(400, 413, 415, 429, 500, 503)},
    }


def _match() -> Schema:
    return {
        "operationId": "matchName",
        "tags": ["verify"],
        "summary": "Does this name fit the one on the certificate?",
        "description": "Only yes, partial or no. Case, accents, hyphens and the order of the words do not matter; a "
        "word left out or an initial gives partial. At most five tries a day for each certificate and network, known "
        "or not.",
        "requestBody": _takes(examples.NAMED),
        "responses": {"200": _says("The answer.", examples.MATCH), **_problems(400, 413, 415, 429, 500, 503)},
    }


def _bulk() -> Schema:
    receipt = {
        "description": "A receipt over the SHA-256 of exactly these bytes.",
        "required": True,
        "schema": {"type": "string"},
    }
    table = {CSV: {"schema": {"type": "string", "minLength": 1}, "example": examples.CSV_SENT}}
    checked = {CSV: {"schema": {"type": "string"}, "example": examples.CSV_ANSWERED}}
    return {
        "operationId": "verifyMany",
        "tags": ["verify"],
        "summary": f"Up to {MOST_ROWS:,} certificates at once",
        "description": "The same rows come back with verdicts, as JSON or CSV: as the Accept header says, else as they "
        "were sent. A name is compared as /match does, and counts as a try. The separator and the "
        "columns of a CSV table are found by what reads as a number of ours; a table in which nothing does is refused. "
        "Each row is compared with its entries of "
        "the log; the proof up to the signed root is given by /credentials/{reference}.",
        "requestBody": _takes(examples.LIST, table),
        "responses": {
            "200": {
                **_says("The rows with their verdicts.", examples.TABLE, checked),
                "headers": {"Verification-Receipt": receipt},
            },
            **_problems(400, 413, 415, 422, 429, 500, 503),
        },
    }


def _ask() -> Schema:
    return {
        "operationId": "askToBeTold",
        "tags": ["watch"],
        "summary": "Be told when the status changes",
        "description": "The address is sent a secret: by letter, or as a POST of "
        '`{"event": "watch.asked", "confirm": {…}, "end": {…}}`. The watch counts once somebody who read that has '
        "confirmed it. The answer here is the same whether or not the address is told already.",
        "requestBody": _takes(examples.HOOK),
        "responses": {
            "202": _says("Asked.", examples.ASKED),
            **_problems(400, 404, 409, 413, 415, 422, 429, 500, 503),
        },
        "callbacks": {"statusChanged": {"{$request.body#/webhook}": {"post": _callback()}}},
    }


def _callback() -> Schema:
    return {
        "summary": "Sent to the webhook after each change of status",
        "requestBody": _takes(examples.CHANGE),
        "responses": {"2XX": {"description": "Received."}},
    }


def _confirm() -> Schema:
    return {
        "operationId": "confirmWatch",
        "tags": ["watch"],
        "summary": "Confirm a watch",
        "parameters": [_secret()],
        "responses": {"200": _says("It counts.", examples.WATCH), **_problems(400, 404, 409, 429, 500, 503)},
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


def _secret() -> Schema:
    return _in_path("token", "The secret that was sent to the address.", "abcdefghijklmnopqrstuvwxyz234567")


def _in_path(name: str, description: str, example: str) -> Schema:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "string", "minLength": 1, "pattern": "^[^/]+$"},
        "example": example,
    }


def _takes(example: BaseModel, otherwise: Schema | None = None) -> Schema:
    """Return the body that an address takes: JSON in the shape of the example, or another kind of content."""
    return {"required": True, "content": {**_json(example), **(otherwise or {})}}


def _says(description: str, example: BaseModel, otherwise: Schema | None = None) -> Schema:
    """Return an answer: JSON in the shape of the example, or another kind of content."""
    return {"description": description, "content": {**_json(example), **(otherwise or {})}}


def _json(example: BaseModel) -> Schema:
    shown = example.model_dump(mode="json", exclude_unset=True)
    return {JSON: {"schema": reference_to(type(example)), "example": shown}}


def _problems(*codes: int) -> dict[str, Schema]:
    """Return the answers that tell of an error; all have one shape."""
    said = {code: problem(code, "One sentence that says why.") for code in codes}
    return {
        str(code): {
            "description": TITLES[code],
            "content": {PROBLEM: {"schema": reference_to(type(example)), "example": example.plain()}},
        }
        for code, example in said.items()
    }
