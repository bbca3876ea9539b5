"""What the JSON is made of that is exchanged with machines: each body has one shape, which is checked and described."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

Instant = Annotated[
    datetime,
    PlainSerializer(datetime.isoformat, return_type=str),  # with +00:00, where pydantic writes Z: it is kept and signed
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class JsonShape(BaseModel):
    """An object that has these members and no others; the description of the API says the same."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def plain(self) -> dict[str, Any]:
        """Return the body in values that JSON knows, in the order of its members."""
        return self.model_dump(mode="json")


def one_of(*kinds: type[StrEnum], more: tuple[str | None, ...] = ()) -> WithJsonSchema:
    """Return how a member is described that is a word of these kinds, or one of those beside them."""
    return WithJsonSchema({"enum": [*(word.value for kind in kinds for word in kind), *more]})
