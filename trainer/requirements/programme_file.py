"""The shapes of a programme file: its keys, and the keys of each requirement in it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationInfo, create_model

from trainer.authoring.shapes import AUTHOR, MOST_MINUTES, Label, Shape, SomeText, Whole, asked_between, unknown_word
from trainer.clock import known_zones
from trainer.moments import names_a_place
from trainer.requirements.rules import RequirementKind


def _time_zone(name: str, info: ValidationInfo) -> str:
    """Ask for the zone of a place; in what was published, for any that is known."""
    if name not in known_zones() or (info.context is AUTHOR and name != "UTC" and not names_a_place(name)):
        raise unknown_word(list(filter(names_a_place, known_zones())))
    return name


class ProgrammeFile(Shape):
    """One file of `programmes/`."""

    programme: SomeText = Field(description="the short name of the programme, like the name of the file")
    title: SomeText = Field(description="the title, in one line")
    credential: SomeText = Field(description="the words that stand on the certificate")
    version: SomeText = Field(description='a text in quotation marks, such as "1.0"')
    validity_months: Annotated[Whole, asked_between(1, 120)] = Field(description="a whole number from 1 to 120")
    summary: SomeText = Field(description="what it covers, in a sentence or two")
    needs: Any = Field(description="a requirement, such as “all:” with a list below it")
    time_zone: Annotated[str, AfterValidator(_time_zone)] = Field(
        default="UTC", description="the IANA name of a place, such as Europe/Zurich"
    )


class GroupShape(Shape):
    """Several requirements under one title."""

    parts: list[Any] = Field(min_length=1)
    title: Label = Field(default="", description="the title of this part, in one line")


class SomeShape(GroupShape):
    """Several requirements, of which a number must be met."""

    at_least: Whole = Field(ge=1, description="how many of the list are needed, a whole number")


class LeafShape(Shape):
    """One thing to do, which needs nothing but its name."""

    slug: Label


class TimedShape(LeafShape):
    """One thing to do, with the minutes of work that the programme declares for it."""

    minutes: Whole = Field(
        default=0, ge=0, le=MOST_MINUTES, description=f"a whole number of minutes from 0 to {MOST_MINUTES}"
    )


class CaseShape(TimedShape):
    """A case, to be passed in several variants."""

    variants: Whole = Field(default=1, ge=1, description="a whole number, 1 or more")
    debrief: Literal["yes", "no"] = Field(default="no", description="one of yes, no")


class GatedShape(TimedShape):
    """A quiz, an examination or a written task, which may wait for other requirements."""

    after: list[Any] = Field(default=[], description="a list such as [module: ethics, quiz: ethics]")


def _leaf(kind: RequirementKind, base: type[LeafShape]) -> type[LeafShape]:
    slug = Field(alias=kind.value, description=f"the short name of this {kind.called}, such as ethics")
    return create_model(f"{kind.value.title()}Leaf", __base__=base, __doc__=base.__doc__, slug=(Label, slug))


def _group(word: str, base: type[GroupShape]) -> type[GroupShape]:
    parts = Field(alias=word, min_length=1, description="a list of requirements below it")
    return create_model(f"{word.title()}Group", __base__=base, __doc__=base.__doc__, parts=(list[Any], parts))


LEAVES: Mapping[RequirementKind, type[LeafShape]] = {
    RequirementKind.MODULE: _leaf(RequirementKind.MODULE, LeafShape),
    RequirementKind.QUIZ: _leaf(RequirementKind.QUIZ, GatedShape),
    RequirementKind.CASE: _leaf(RequirementKind.CASE, CaseShape),
    RequirementKind.EXAM: _leaf(RequirementKind.EXAM, GatedShape),
    RequirementKind.ATTESTATION: _leaf(RequirementKind.ATTESTATION, LeafShape),
    RequirementKind.WRITTEN: _leaf(RequirementKind.WRITTEN, GatedShape),
}
"""What may stand beside each kind of requirement."""

GROUPS: Mapping[str, type[GroupShape]] = {
    "all": _group("all", GroupShape),
    "any": _group("any", GroupShape),
    "of": _group("of", SomeShape),
}
