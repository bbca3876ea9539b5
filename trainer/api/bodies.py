"""What a machine may send as JSON, read strictly: every mistake is named by its field."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trainer.bulk.table import MOST_ROWS, Row, row_of
from trainer.verify.matching import LONGEST_NAME
from trainer.verify.reference import LONGEST, each_once
from trainer.watches.targets import LONGEST as LONGEST_TARGET

LONGEST_TEXT = 2_000  # that is verified, in characters; a credential is sent as a file
LONGEST_BODY, LONGEST_LIST = 16 * 1024, 1024 * 1024  # of JSON, in bytes: parsing costs a hundred times its size


class BadBody(ValueError):
    """The body is not what the address takes; the text says where."""


@dataclass(frozen=True, kw_only=True)
class MatchAsked:
    """A certificate, and the name to compare."""

    reference: str
    name: str


@dataclass(frozen=True, kw_only=True)
class WatchAsked:
    """A certificate, and where to tell of its changes: exactly one of the two addresses."""

    reference: str
    mail: str | None
    webhook: str | None


def read_json(content: bytes, *, longest: int = LONGEST_BODY) -> Any:
    """Return the value in a JSON text of at most so many bytes.

    Raises:
        BadBody: it is no JSON, too long or nested too deep to be meant, says something twice under one name, or holds
            half a sign (a lone surrogate), which JSON can write and no text has.
    """
    if len(content) > longest:
        raise BadBody(f"The body is longer than the {longest // 1024} kB that are read here as JSON.")
    try:
        value = json.loads(content, object_pairs_hook=each_once)
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise BadBody("A text in the body ends in the middle of a sign (a lone surrogate).") from error
    except (ValueError, RecursionError) as error:
        raise BadBody("The body is not JSON, or says something twice under one name.") from error
    return value


def read_text_body(value: Any) -> str:
    """Return the text that is to be verified."""
    return _text(_fields(value, {"text"}), "text", longest=LONGEST_TEXT)


def read_match_body(value: Any) -> MatchAsked:
    """Return what a comparison is asked for."""
    body = _fields(value, {"id", "number", "name"})
    return MatchAsked(reference=_reference(body), name=_text(body, "name", longest=LONGEST_NAME))


def read_watch_body(value: Any) -> WatchAsked:
    """Return what a watch is asked for."""
    body = _fields(value, {"id", "number", "mail", "webhook"})
    if ("mail" in body) == ("webhook" in body):
        raise BadBody("Give exactly one of “mail” and “webhook”.")
    where = "mail" if "mail" in body else "webhook"
    target = _text(body, where, longest=LONGEST_TARGET)
    return WatchAsked(
        reference=_reference(body),
        mail=target if where == "mail" else None,
        webhook=target if where == "webhook" else None,
    )


def read_rows_body(value: Any) -> tuple[Row, ...]:
    """Return the rows of a list; one that cannot be checked carries its problem."""
    if not isinstance(value, list) or not value:
        raise BadBody("Send a list of rows, each with a “reference” and, if you like, a “name”.")
    if len(value) > MOST_ROWS:
        raise BadBody(f"At most {MOST_ROWS:,} rows are checked at once; split the list.")
    rows = []
    for line, item in enumerate(value, start=1):
        if not isinstance(item, dict) or not set(item) <= {"reference", "name"}:
            raise BadBody(f"Row {line} must be an object with “reference” and, if you like, “name”.")
        reference, name = item.get("reference"), item.get("name")
        if not isinstance(reference, str) or not (name is None or isinstance(name, str)):
            raise BadBody(f"In row {line}, “reference” must be a text, and “name” too if it is there.")
        rows.append(row_of(line, reference.strip(), (name or "").strip()))
    return tuple(rows)


def _fields(value: Any, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadBody("The body must be a JSON object.")
    if unknown := sorted(set(value) - known):
        raise BadBody(f"The field “{unknown[0][:40]}” is not known here.")
    return value


def _reference(body: Mapping[str, Any]) -> str:
    if ("id" in body) == ("number" in body):
        raise BadBody("Give exactly one of “id” and “number”.")
    return _text(body, "id" if "id" in body else "number", longest=LONGEST)


def _text(body: Mapping[str, Any], field: str, *, longest: int) -> str:
    value = body.get(field)
    if not isinstance(value, str) or not 1 <= len(value) <= longest:
        raise BadBody(f"The field “{field}” must be a text of 1 to {longest:,} characters.")
    return value
