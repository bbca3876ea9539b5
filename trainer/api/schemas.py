"""The schemas of the description (JSON Schema 2020-12), made from the shapes in which bodies are read and written."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import (
    GenerateJsonSchema,
    JsonSchemaMode,
    JsonSchemaValue,
    models_json_schema,
)
from pydantic_core import core_schema

from trainer.api import answers, bodies
from trainer.watches.letters import Change

Schema = dict[str, Any]

_ASKED: tuple[type[BaseModel], ...] = (bodies.TextAsked, bodies.MatchAsked, bodies.ListAsked, bodies.WatchAsked)
_ANSWERED: tuple[type[BaseModel], ...] = (
    answers.VerdictAnswer,
    answers.CredentialAnswer,
    answers.MatchAnswer,
    answers.TableAnswer,
    answers.AskedAnswer,
    answers.WatchAnswer,
    answers.ProblemAnswer,
    Change,
)


class _Described(GenerateJsonSchema):
    """Schemas as short as one would write them by hand: no titles, no defaults, and what may be null has two types."""

    def normalize_name(self, name: str) -> str:
        return super().normalize_name(name).removesuffix("Answer")

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        described = super().model_schema(schema)
        described.pop("title", None)
        return described

    def generate_inner(self, schema: Any) -> JsonSchemaValue:
        if schema["type"] == "enum":  # its words stand where they are used (`json_shapes.one_of`), not under a name
            return {"enum": [word.value for word in schema["members"]]}
        return super().generate_inner(schema)

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        described = self.generate_inner(schema["schema"])
        if "type" in described:
            return {**described, "type": [described["type"], "null"]}
        return {"anyOf": [described, {"type": "null"}]}


@cache
def _made() -> tuple[Mapping[type[Any], Schema], Schema]:
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        *((shape, "validation") for shape in _ASKED),
        *((shape, "serialization") for shape in _ANSWERED),
    ]
    found, described = models_json_schema(
        wanted, ref_template="#/components/schemas/{model}", schema_generator=_Described
    )
    return {shape: reference for (shape, _mode), reference in found.items()}, described["$defs"]


def schemas() -> Schema:
    """Return every schema by its name: that of its shape, for an answer without the word “Answer”."""
    return _made()[1]


def reference_to(shape: type[BaseModel]) -> Schema:
    """Return the reference to the schema of a shape."""
    return _made()[0][shape]
