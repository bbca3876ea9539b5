"""What was decided about second chances, as the rules take it; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trainer.errors import Refused
from trainer.moments import written

NOT_WAIVED = (
    "This cannot be waived now: it is done already, or only doing it counts, as with a quiz in which a critical "
    "question was wrong, or a written task in which a critical criterion was not met."
)
_CALLED = {"exam": "examination", "written": "written task"}
MOST_CHANCES = 3
"""So many further tries or sittings are granted at once: whoever needs more is talked with again."""


@dataclass(frozen=True, kw_only=True)
class Need:
    """A requirement as it stands with one person, which a director decides about.

    Attributes:
        kind, slug: the requirement.
        stuck: no try is left, which is what further tries are for.
        waivable: it may be waived as it stands now.
    """

    kind: str
    slug: str
    title: str
    stuck: bool
    waivable: bool

    @property
    def named(self) -> str:
        """Return the requirement by kind and title: a module and its quiz may have one title."""
        return named(self.kind, self.title)


def named(kind: str, title: str) -> str:
    """Return a requirement by kind and title, in the middle of a sentence."""
    return f"the {_CALLED.get(kind, kind)} “{title}”"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a director wants to decide about a requirement.

    Attributes:
        further: so many more tries or sittings, 1 to 3; 0 to waive the requirement.
        plan: what is to be done before the next try; may be empty.
        not_before: the next try begins no earlier; it lies ahead.
    """

    further: int
    plan: str
    not_before: datetime | None
    reason: str

    def check_whole(self) -> None:
        """Let nobody decide without a reason, or grant too much at once.

        Raises:
            Refused: it lacks its reason, or is about more than three.
        """
        if not self.reason.strip():
            raise Refused("Please give the reason: it is kept with the decision.")
        if not 0 <= self.further <= MOST_CHANCES:
            raise Refused(f"Up to {MOST_CHANCES} further tries are granted at once.")

    def check(self, need: Need, *, now: datetime) -> None:
        """Let it be decided.

        Raises:
            Refused: nobody is stuck, only doing it counts, or the day does not lie ahead.
        """
        if self.further and not need.stuck:
            raise Refused("There are tries left, so none need be granted.")
        if not self.further and not need.waivable:
            raise Refused(NOT_WAIVED)
        if self.not_before is not None and self.not_before <= now:
            raise Refused("The day before which no try begins lies ahead, or is left out.")


@dataclass(frozen=True, kw_only=True)
class Declined:
    """That a waiver does not come to be: a second director did not agree, or whoever proposed it took it back."""

    by: str
    taken_back: bool
    reason: str
    at: datetime

    @property
    def words(self) -> str:
        """Return who decided so, when and why."""
        what = "took the proposal back" if self.taken_back else "did not agree"
        return f"{self.by} {what} on {written(self.at)} because: {self.reason.rstrip('.')}."


@dataclass(frozen=True, kw_only=True)
class GrantedChance:
    """One decision about one requirement of one person.

    Attributes:
        number: counted within the enrolment, from 1.
        kind, slug: the requirement.
        further: so many more tries or sittings; 0 where it is waived.
        by: the names of whoever decided, the second director last.
        proposer: the id of the first of them.
        holds: False while a waiver waits for the second director, and where it was declined.
        declined: how a waiver came to nothing; None for everything else.
    """

    id: str
    number: int
    kind: str
    slug: str
    further: int
    plan: str
    not_before: datetime | None
    reason: str
    by: tuple[str, ...]
    at: datetime
    holds: bool
    proposer: str
    declined: Declined | None = None

    @property
    def waits(self) -> bool:
        """Say whether a second director must still agree."""
        return not self.holds and self.declined is None

    @property
    def words(self) -> str:
        """Return who decided what, when and why, as the trainee reads it."""
        who, why = " and ".join(self.by), f"on {written(self.at)} because: {self.reason.rstrip('.')}."
        if not self.further:
            if self.holds:
                return f"Waived by {who} {why}"
            then = self.declined.words if self.declined else "It holds once another director has agreed."
            return f"{who} proposed to waive it {why} {then}"
        thing, things = ("sitting", "sittings") if self.kind == "exam" else ("try", "tries")
        more = f"one more {thing}" if self.further == 1 else f"{self.further} more {things}"
        plan = f" Before the next {thing}: {self.plan.rstrip('.')}." if self.plan else ""
        return f"{who} granted {more} {why}{plan}"


@dataclass(frozen=True)
class Chances:
    """All that was decided about one requirement of one person, the oldest first."""

    granted: tuple[GrantedChance, ...] = ()

    @property
    def further(self) -> int:
        """Return how many tries or sittings there are beyond those of the rules."""
        return sum(chance.further for chance in self.granted)

    @property
    def not_before(self) -> datetime | None:
        """Return the moment before which no try begins, as the newest decision has it."""
        return next((chance.not_before for chance in reversed(self.granted) if chance.further), None)

    @property
    def waived(self) -> GrantedChance | None:
        """Return the waiver that holds, if there is one."""
        return next((chance for chance in self.granted if chance.holds and not chance.further), None)

    @property
    def waiting(self) -> GrantedChance | None:
        """Return the waiver about which a second director has not decided yet, if there is one."""
        return next((chance for chance in self.granted if chance.waits), None)

    @property
    def words(self) -> str:
        """Return the newest grant of tries, and the newest waiver, in words; empty where there is neither."""
        grants = [chance for chance in self.granted if chance.further][-1:]
        waivers = [chance for chance in self.granted if not chance.further][-1:]
        return " ".join(grant.words for grant in grants + waivers)


NONE = Chances()


def chances_about(granted: Sequence[GrantedChance], kind: str, slug: str) -> Chances:
    """Return those about one requirement."""
    return Chances(tuple(chance for chance in granted if (chance.kind, chance.slug) == (kind, slug)))
