"""What a machine may send as JSON, read strictly: every mistake is named by its field."""

import json
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import ConfigDict, Field, JsonValue, RootModel, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from trainer.bulk.table import MOST_ROWS, TableRow, row_of
from trainer.json_shapes import JsonShape
from trainer.verify.handed_in.reference import LONGEST_REFERENCE, each_once
from trainer.verify.matching import LONGEST_NAME
from trainer.watches.targets import LONGEST_TARGET

_LONGEST_TEXT = 2_000  # that is verified, in characters; a credential is sent as a file
LONGEST_BODY, LONGEST_LIST = 16 * 1024, 1024 * 1024  # of JSON, in bytes: parsing costs a hundred times its size
_NOT_ONE = "not exactly one"


class BadBody(ValueError):
    """The body is not what the address takes; the text says where."""


def _describe_pairs(schema: dict[str, JsonValue], shape: type[Any]) -> None:
    pairs: list[Any] = [{"oneOf": [{"required": [name]} for name in pair]} for pair in shape.pairs]
    if pairs:
        schema.update(pairs[0] if len(pairs) == 1 else {"allOf": pairs})


class JsonBody(JsonShape):
    """What is asked for in a body.

    Attributes:
        pairs: pairs of members, of each of which exactly one is given.
    """

    model_config = ConfigDict(json_schema_extra=_describe_pairs)
    pairs: ClassVar[tuple[tuple[str, str], ...]] = ()

    @model_validator(mode="before")
    @classmethod
    def _gives_one_of_each_pair(cls, value: Any) -> Any:
        if isinstance(value, dict) and value.keys() <= cls.model_fields.keys():  # else that is the mistake to name
            for one, other in cls.pairs:
                if (one in value) == (other in value):
                    raise PydanticCustomError(
                        _NOT_ONE, "Give exactly one of “{one}” and “{other}”.", {"one": one, "other": other}
                    )
        return value


class TextAsked(JsonBody):
    """A text that holds a number, an id or an address."""

    text: Annotated[str, Field(min_length=1, max_length=_LONGEST_TEXT)]


class CertificateAsked(JsonBody):
    """A certificate, named by its id or by its number and never by both; what is not given is empty."""

    pairs: ClassVar[tuple[tuple[str, str], ...]] = (("id", "number"),)

    id: Annotated[str, Field(min_length=1, max_length=LONGEST_REFERENCE, description="The id in its address.")] = ""
    number: Annotated[
        str, Field(min_length=1, max_length=LONGEST_REFERENCE, description="Its number, as on the paper.")
    ] = ""

    @property
    def reference(self) -> str:
        """Return the one that was given."""
        return self.id or self.number


class MatchAsked(CertificateAsked):
    """A certificate, and the name to compare."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, description="The name that you know.")]


class WatchAsked(CertificateAsked):
    """A certificate, and where to tell of its changes: exactly one of the two addresses."""

    pairs: ClassVar[tuple[tuple[str, str], ...]] = (("mail", "webhook"), ("id", "number"))

    mail: Annotated[str, Field(min_length=1, max_length=LONGEST_TARGET, description="A mail address.")] = ""
    webhook: Annotated[
        str, Field(min_length=1, max_length=LONGEST_TARGET, description="An https address on the public internet.")
    ] = ""


class RowAsked(JsonBody):
    """A certificate's number, id or address, and the name to compare, if there is one."""

    reference: str = Field(description="A number, an id or an address; what is none gets a verdict too.")
    name: str | None = Field(default=None, description="To be compared; left out, null and empty are the same.")


class ListAsked(RootModel[Annotated[list[RowAsked], Field(min_length=1, max_length=MOST_ROWS)]]):
    """The rows of a list."""


AnyBody = TypeVar("AnyBody", bound=JsonBody)


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


def read_body(shape: type[AnyBody], value: Any) -> AnyBody:
    """Return what a body asks for.

    Raises:
        BadBody: it has not this shape; the text names the first mistake.
    """
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        raise BadBody(_mistake(shape, _faults(error))) from error


def read_rows(value: Any) -> tuple[TableRow, ...]:
    """Return the rows of a list; one that cannot be checked carries its problem.

    Raises:
        BadBody: it is no list of rows, or too long; the text names the first row that is none.
    """
    try:
        asked = ListAsked.model_validate(value)
    except ValidationError as error:
        raise BadBody(_mistake_in_rows(_faults(error))) from error
    return tuple(
        row_of(line, row.reference.strip(), (row.name or "").strip()) for line, row in enumerate(asked.root, start=1)
    )


def _faults(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_url=False, include_context=False, include_input=False)


def _mistake(shape: type[JsonBody], faults: list[ErrorDetails]) -> str:
    if unknown := sorted(str(fault["loc"][0]) for fault in faults if fault["type"] == "extra_forbidden"):
        return f"The field “{unknown[0][:40]}” is not known here."
    first = faults[0]
    if not first["loc"]:
        return first["msg"] if first["type"] == _NOT_ONE else "The body must be a JSON object."
    name = str(first["loc"][0])
    bounds = shape.model_json_schema()["properties"][name]
    return f"The field “{name}” must be a text of {bounds['minLength']} to {bounds['maxLength']:,} characters."


def _mistake_in_rows(faults: list[ErrorDetails]) -> str:
    whole = [fault["type"] for fault in faults if not fault["loc"]]
    if "too_long" in whole:
        return f"At most {MOST_ROWS:,} rows are checked at once; split the list."
    if whole:
        return "Send a list of rows, each with a “reference” and, if you like, a “name”."
    row = faults[0]["loc"][0]
    line = int(row) + 1
    if any(fault["loc"][0] == row and fault["type"] in ("model_type", "extra_forbidden") for fault in faults):
        return f"Row {line} must be an object with “reference” and, if you like, “name”."
    return f"In row {line}, “reference” must be a text, and “name” too if it is there."
