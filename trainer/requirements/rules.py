"""What a credential needs, and the proof of how far somebody has come.

A requirement is a tree: its leaves ask for one thing, its groups for all, any or some of their parts.
`prove_requirement` is the only function that decides whether somebody may be certified; trainee, director and
certificate show the tree it returns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

_AT_ONCE = datetime.min.replace(tzinfo=UTC)


class RequirementKind(StrEnum):
    """What a leaf asks for."""

    MODULE = "module"
    QUIZ = "quiz"
    CASE = "case"
    EXAM = "exam"
    ATTESTATION = "attestation"
    WRITTEN = "written"

    @property
    def called(self) -> str:
        """Return what authors read of it."""
        return "written task" if self is RequirementKind.WRITTEN else self.value


WAIVABLE = frozenset({RequirementKind.MODULE, RequirementKind.QUIZ, RequirementKind.CASE, RequirementKind.WRITTEN})
"""What learning elsewhere can stand in for. An examination decides, and a promise is one's own."""


@dataclass(frozen=True, kw_only=True)
class RequirementLeaf:
    """One thing to do.

    Attributes:
        slug: which module, quiz, case, examination, attestation or written task.
        variants: for a case, in how many different variants it must be passed; at least 1.
        debrief: for a case, a pass counts once its debrief was gone through.
        after: for a quiz, an examination or a written task, the leaves that must be met before it may begin.
        minutes: of work, as the programme declares them; 0 where it declares none.
    """

    kind: RequirementKind
    slug: str
    title: str
    variants: int = 1
    debrief: bool = False
    after: tuple[tuple[RequirementKind, str], ...] = ()
    minutes: int = 0


@dataclass(frozen=True, kw_only=True)
class Group:
    """Several requirements, of which at least `needed` must be met."""

    title: str
    needed: int
    parts: tuple["Requirement", ...]


Requirement = RequirementLeaf | Group


def leaves(requirement: Requirement) -> Sequence[RequirementLeaf]:
    """Return every leaf of a requirement, in order."""
    if isinstance(requirement, RequirementLeaf):
        return (requirement,)
    return [leaf for part in requirement.parts for leaf in leaves(part)]


class LeafRecord(NamedTuple):  # a director's page makes tens of thousands: a tuple is the cheapest frozen value
    """What is on record about one leaf.

    Attributes:
        done: how much is done, of `whole` (lessons, variants; 0 or 1 for the rest).
        evidence: a sentence that says what is on record.
        step: what to do next, in words; empty when nothing is left to do.
        at: when the last part was done.
        not_before: the next try is refused before this moment.
        blocked: a sentence when somebody else must act first; empty otherwise.
        stuck: every try is used, and only a director's decision opens another.
        unsafe: a critical mistake is on record, so that it may only be done and never be waived.
        waived: a director has waived it.
        run_id: the run whose debrief is the next step; empty where something else is.
        since: since when it waits for somebody else; None where nobody else must act, or that is not on record.
        tries_left: of a quiz or an examination by questions that was tried and not passed, how many more there are.
    """

    done: int
    whole: int
    evidence: str
    step: str = ""
    at: datetime | None = None
    not_before: datetime | None = None
    blocked: str = ""
    stuck: bool = False
    unsafe: bool = False
    waived: bool = False
    run_id: str = ""
    since: datetime | None = None
    tries_left: int = 0

    @property
    def met(self) -> bool:
        """Say whether all of it is done, and nobody else must act."""
        return not self.blocked and self.done >= self.whole > 0


class Proof(NamedTuple):
    """How far one requirement is met, and why.

    Attributes:
        met: whether it is met.
        done: leaves met below (for a leaf: its own done parts), of `whole`.
        evidence: what is on record; for a group, empty.
        step: what to do next; empty when met.
        first: of an open leaf, how many others must be met before it may begin.
        after: of what kinds those others are, each once, in the order of the programme.
        stuck, unsafe, waived, run_id, since, tries_left: see `LeafRecord`.
        kind, slug: what a leaf asks for; None and "" for a group.
        parts: the proofs of the parts, in the order of the programme.
    """

    title: str
    met: bool
    done: int
    whole: int
    evidence: str = ""
    step: str = ""
    at: datetime | None = None
    not_before: datetime | None = None
    blocked: str = ""
    first: int = 0
    stuck: bool = False
    unsafe: bool = False
    waived: bool = False
    kind: RequirementKind | None = None
    slug: str = ""
    parts: tuple["Proof", ...] = ()
    run_id: str = ""
    after: tuple[RequirementKind, ...] = ()
    since: datetime | None = None
    tries_left: int = 0

    @property
    def waivable(self) -> bool:
        """Say whether a director may waive this leaf: what nobody else can answer for is done, or is not met."""
        return not self.met and self.kind in WAIVABLE and not self.unsafe

    @property
    def begun(self) -> bool:
        """Say whether something was done, or waits for somebody or for a time."""
        return bool(self.done or self.blocked or self.not_before)

    def leaves(self) -> tuple["Proof", ...]:
        """Return the proofs of all leaves below, in order."""
        if self.kind is not None:
            return (self,)
        return tuple([leaf for part in self.parts for leaf in part.leaves()])

    def missing(self) -> tuple["Proof", ...]:
        """Return the open leaves that would bring this nearer to being met, in order."""
        if self.met:
            return ()
        if self.kind is not None:
            return (self,)
        return tuple([leaf for part in self.parts for leaf in part.missing()])

    def stuck_leaves(self) -> tuple["Proof", ...]:
        """Return the open leaves at which every try is used, in order: a director must act, whatever is next."""
        return tuple([leaf for leaf in self.missing() if leaf.stuck])

    def next_leaf(self) -> "Proof | None":
        """Return the first open leaf that the trainee can work on now, else the one that opens soonest, or None."""
        open_ones = [leaf for leaf in self.missing() if not leaf.blocked and not leaf.first]
        return min(open_ones, key=lambda leaf: leaf.not_before or _AT_ONCE, default=None)  # of equals the first


Evidence = Mapping[tuple[RequirementKind, str], LeafRecord]
"""What is on record, by kind and slug. A missing entry counts as nothing done."""


def prove_requirement(requirement: Requirement, evidence: Evidence) -> Proof:
    """Say whether the requirement is met, with the evidence and the next step for every part."""
    if isinstance(requirement, RequirementLeaf):
        return _prove_leaf(requirement, evidence)
    parts = tuple([prove_requirement(part, evidence) for part in requirement.parts])
    met = sum([part.met for part in parts])
    return Proof(
        title=requirement.title,
        met=met >= requirement.needed,
        done=sum([part.done if part.kind is None else part.met for part in parts]),
        whole=sum([part.whole if part.kind is None else 1 for part in parts]),
        step="" if met >= requirement.needed else _group_step(requirement, met),
        at=max([part.at for part in parts if part.at], default=None),
        parts=parts,
    )


def _group_step(group: Group, met: int) -> str:
    missing = group.needed - met
    if group.needed == len(group.parts):
        return f"{missing} of {len(group.parts)} still to do."
    return f"{missing} more of these {len(group.parts)}, whichever you choose."


def _prove_leaf(leaf: RequirementLeaf, evidence: Evidence) -> Proof:
    standing = evidence.get((leaf.kind, leaf.slug))
    if standing is None:
        standing = LeafRecord(done=0, whole=leaf.variants, evidence="Nothing is on record yet.", step="Begin.")
    met = standing.met
    first = [] if met else [title for title in leaf.after if title not in evidence or not evidence[title].met]
    return Proof(
        title=leaf.title,
        met=met,
        done=standing.done,
        whole=standing.whole,
        evidence=standing.evidence,
        step="" if met else standing.step,
        at=standing.at,
        not_before=None if met else standing.not_before,
        blocked=standing.blocked,
        first=len(first),
        stuck=standing.stuck and not met,
        unsafe=standing.unsafe,
        waived=standing.waived,
        run_id=standing.run_id,
        kind=leaf.kind,
        slug=leaf.slug,
        after=tuple(dict.fromkeys([kind for kind, _ in first])),
        since=standing.since,
        tries_left=standing.tries_left,
    )


def proof_as_json(proof: Proof) -> dict[str, object]:
    """Return the proof as plain values, to be kept with a conferral."""
    plain: dict[str, object] = {
        "title": proof.title,
        "met": proof.met,
        "done": proof.done,
        "whole": proof.whole,
        "evidence": proof.evidence,
    }
    if proof.kind is not None:
        plain |= {"kind": proof.kind.value, "slug": proof.slug}
    if proof.waived:
        plain["waived"] = True
    if proof.at is not None:
        plain["at"] = proof.at.isoformat()
    if proof.parts:
        plain["parts"] = [proof_as_json(part) for part in proof.parts]
    return plain
