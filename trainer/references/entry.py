"""The shape of an entry in `references.yaml`."""

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo

from trainer.authoring.shapes import AUTHOR, Label, OneLine, Shape, SomeText, Whole, asked_between, wish

_KINDS = ("primary", "guideline", "rule", "registry", "secondary", "machine")
KINDS_OF_YESTERDAY = ("regulator", "dataset")
"""Kinds in releases published before; they stay readable."""
SourceType = Literal["trial", "review", "rule", "manual", "opinion", "dataset", "registry", "report"]
"""What a source can be, where that can be said."""
_TYPES = ", ".join(get_args(SourceType))


def _plain_doi(value: str, info: ValidationInfo) -> str:
    if info.context is AUTHOR and not value.startswith("10."):
        raise wish("a doi without its address, such as 10.1038/s41591-021-01336-3")
    return value


class NoticeEntry(Shape):
    """What was said about a source after it appeared: retracted, corrected, an expression of concern."""

    on: Annotated[Label, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")] | None = Field(
        default=None, description="a day, such as 2024-08-10, or as much of it as is known, such as 2024-08"
    )
    note: OneLine = Field(description="why, in a sentence that readers are shown")
    source: OneLine = Field(description="where that stands: an address, or a reference in words")


class ReferenceEntry(Shape):
    """One source in `references.yaml`."""

    short: OneLine = Field(description="a short name, such as Nayak 2021")
    text: Annotated[str, StringConstraints(min_length=1, max_length=1000)] = Field(
        description="the full reference, as text"
    )
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | None = Field(
        default=None, description="an address that begins with https://"
    )
    kind: Annotated[str, StringConstraints(pattern=f"^({'|'.join(_KINDS + KINDS_OF_YESTERDAY)})$")] = Field(
        description="one of " + ", ".join(_KINDS)
    )
    checked: Annotated[str, StringConstraints(max_length=400)] = Field(
        default="", description="what of the source was read, and where; readers do not see it"
    )
    type: SourceType | None = Field(default=None, description=f"one of {_TYPES}")
    authors: list[OneLine] = Field(
        default=[], description="a list of family names, such as [Nayak, Gukasyan], “et al.” last where there are more"
    )
    organisation: OneLine | None = Field(default=None, description="the body that speaks as its author")
    year: Annotated[Whole, asked_between(1500, 2100)] | None = Field(default=None, description="a year, such as 2021")
    title: SomeText | None = Field(default=None, description="its title")
    container: OneLine | None = Field(default=None, description="the journal, book or series that it stands in")
    volume: Label | None = Field(default=None, description="a volume, such as 54")
    issue: Label | None = Field(default=None, description="an issue, such as 5")
    pages: Label | None = Field(default=None, description="pages or an article's number, such as 240–245")
    doi: Annotated[OneLine, AfterValidator(_plain_doi)] | None = Field(
        default=None, description="a doi without its address, such as 10.1038/s41591-021-01336-3"
    )
    used_for: OneLine | None = Field(default=None, description="what the course uses it for, in a sentence")
    states: list[SomeText] = Field(
        default=[], description='a list of the figures that it states, in quotation marks, such as ["1.21", "9"]'
    )
    retracted: NoticeEntry | None = Field(default=None, description="lines of `on`, `note` and `source`")
    concern: NoticeEntry | None = Field(default=None, description="lines of `on`, `note` and `source`")
    corrected: NoticeEntry | None = Field(default=None, description="lines of `on`, `note` and `source`")
