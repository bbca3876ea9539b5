"""The shape of a case's front matter: what each key can hold."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from trainer.authoring.shapes import (
    AnyText,
    Label,
    Name,
    Percent,
    Shape,
    SomeText,
    Whole,
    asked_between,
    matched,
    refusal,
    unknown_word,
)
from trainer.cases.physiology.curves import profile_names
from trainer.cases.script.values import VITALS, Phase, ReviewStatus

RESERVED = frozenset({*VITALS, "time", "and", "or", "not", "if", "unless", "back", "end"})
"""Words that have a meaning in conditions or targets."""
FARTHEST = 20
"""So far a number can go."""
_SHIFT = "a whole number from -80 to 80, such as +34"
_FACTS = "a list of names, such as [hand-agreed, told]"


def _profile(name: str) -> str:
    if name and name not in profile_names():
        raise unknown_word(profile_names())
    return name


def _own(name: str) -> str:
    if name in RESERVED:
        raise refusal(f"“{name}” has a meaning of its own. Choose another name.")
    return name


def _span(found: re.Match[str]) -> tuple[int, int]:
    start, top = int(found[1]), int(found[2])
    if not start <= top <= FARTHEST:
        raise ValueError
    return start, top


OwnName = Annotated[Name, AfterValidator(_own)]
PassMark = Annotated[
    int,
    matched(r"(?:pass\s+)?(\d{1,3})\s*%", lambda found: int(found[1])),
    asked_between(1, 100),
    Field(description="a pass mark, such as pass 60%"),
]
FromTo = Annotated[
    tuple[int, int],
    matched(r"(\d{1,2}) of (\d{1,2})", _span),
    Field(description=f"where it starts and how far it goes, at most to {FARTHEST}, such as 5 of 10"),
]
Shift = Annotated[Whole, asked_between(-80, 80)]


class RestingVitals(Shape):
    """The vital signs of the person at rest: mmHg, and beats a minute."""

    sbp: Annotated[Whole, asked_between(70, 220)] = Field(default=0, description="a whole number from 70 to 220")
    dbp: Annotated[Whole, asked_between(40, 130)] = Field(default=0, description="a whole number from 40 to 130")
    hr: Annotated[Whole, asked_between(35, 160)] = Field(default=0, description="a whole number from 35 to 160")


class VariantEntry(Shape):
    """One version of the person."""

    facts: list[str] = Field(default=[], description=_FACTS)
    effect: Annotated[Percent, asked_between(10, 200)] = Field(
        default=100, description="the strength of the effect in per cent, from 10% to 200%"
    )
    sbp: Shift = Field(default=0, description=_SHIFT)
    dbp: Shift = Field(default=0, description=_SHIFT)
    hr: Shift = Field(default=0, description=_SHIFT)


class CaseHead(Shape):
    """The front matter of a case."""

    NEEDED = ("case", "title", "version", "competencies", "variants", "start")
    NEEDED_SINCE = ("phase",)

    case: Name = Field(
        default="", description="a name of lower-case letters, digits and hyphens, as in the folder name"
    )
    title: SomeText = Field(default="", description="the title, in one line")
    subtitle: AnyText = Field(default="", description="what the case is about, in a few words")
    version: Label = Field(default="", description="the version, such as 0.1")
    language: SomeText = Field(default="en", description="the language, as in the file name, such as en")
    phase: Phase = Field(default=Phase.SESSION, description=f"one of {', '.join(Phase)}")
    status: ReviewStatus = Field(default=ReviewStatus.DRAFT, description=f"one of {', '.join(ReviewStatus)}")
    use: Literal["any", "examination"] = Field(default="any", description="one of any, examination")
    reviewed: Any = Field(default=[], description="a list of signatures with name, role, date and hash, or []")
    note: AnyText = Field(default="", description="the content note, in one line")
    summary: AnyText = Field(default="", description="one sentence for the list of cases")
    profile: Annotated[AnyText, AfterValidator(_profile)] = Field(
        default="", description="the name of an effect curve, such as psilocybin-25mg"
    )
    vitals: RestingVitals = Field(default=RestingVitals(), description="{sbp: …, dbp: …, hr: …}, with resting values")
    competencies: dict[Name, PassMark] = Field(default={}, description="one `name: pass 60%` on each line")
    numbers: dict[OwnName, FromTo] = Field(default={}, description="one `name: 5 of 10` on each line")
    facts: list[OwnName] = Field(default=[], description=_FACTS)
    variants: dict[
        Name,
        Annotated[
            VariantEntry,
            BeforeValidator(lambda given: {} if given is None else given),
            Field(description="facts, shifts and effect, such as {facts: [hand-agreed], sbp: +34}"),
        ],
    ] = Field(default={}, description="one `name: {facts: [hand-agreed], sbp: +34}` on each line")
    start: Label = Field(default="", description="the id of the first scene, such as door")
    person: AnyText = Field(default="", description="who the client is, in a few words, such as Leyla Demir, 41")
    agreed: list[Name] = Field(default=[], description="a list of limits of the site, such as [tell-sbp, tell-dbp]")
