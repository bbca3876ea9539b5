"""Choose cases that meet every need together: exact, and each state of the choice is looked at once."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from trainer.examinations.blueprint import Blueprint
from trainer.examinations.candidates import Candidate

MOST_SHARED = 1
"""So many pairs of case and variant may a later form share with the earlier ones of the same person."""

Pair = tuple[str, str]
"""A case and its variant."""

PlayedCase = tuple[str, str, int]
"""A case, its variant and the seed."""

Tag = tuple[str, ...]
"""What a need asks for, as the keys below `needs:` in the file: `("competencies", "ethics")`."""


def needs_of(blueprint: Blueprint) -> Mapping[Tag, int]:
    """Return how many counted cases must meet each need."""
    return {
        **{("phases", name): least for name, least in blueprint.phases.items() if least},
        **{("competencies", name): least for name, least in blueprint.competencies.items() if least},
        **({("risk",): blueprint.risk} if blueprint.risk else {}),
    }


def tags_of(one: Candidate) -> frozenset[Tag]:
    """Return the needs that this candidate meets."""
    tags: set[Tag] = {("competencies", name) for name in one.shown} | {("phases", one.phase)}
    return frozenset(tags | {("risk",)} if one.risk else tags)


@dataclass(frozen=True)
class Option:
    """Candidates of one case that meet the same needs and repeat equally much."""

    members: tuple[Candidate, ...]
    tags: frozenset[Tag]
    repeats: int  # 0: a new variant; 1: a practised variant with new seeds; 2: practised exactly so
    shared: int


_Left = tuple[int, int, int, tuple[int, ...], int]
"""The next case to decide about; how many counted cases, warm-ups, needs and shared pairs are left."""

_Found = tuple[int, tuple[tuple[Option, bool], ...]] | None
"""How much a choice repeats, and the choice; None when there is none."""


@dataclass
class Search:
    """Decides case by case, and remembers what it has decided: every state is looked at once."""

    cases: Sequence[Sequence[Option]]
    needs: Mapping[Tag, int]
    ahead: Sequence[tuple[int, ...]]  # for each place: how many cases from there on can meet each need
    start: _Left
    seen: dict[_Left, _Found] = field(default_factory=dict)

    @classmethod
    def over(
        cls,
        blueprint: Blueprint,
        candidates: Sequence[Candidate],
        random: Random,
        before: frozenset[Pair],
        practised: frozenset[PlayedCase],
    ) -> "Search":
        """Lay out what can be chosen, in an order of chance."""
        by_case: dict[str, list[Candidate]] = defaultdict(list)
        for candidate in candidates:
            by_case[candidate.slug].append(candidate)
        cases = [options_of(group, before, practised) for group in by_case.values()]
        random.shuffle(cases)
        for options in cases:
            random.shuffle(options)
        needs = needs_of(blueprint)
        ahead = [
            tuple(sum(any(tag in option.tags for option in options) for options in cases[at:]) for tag in needs)
            for at in range(len(cases) + 1)
        ]
        start = (0, blueprint.cases, blueprint.warm_up, tuple(needs.values()), MOST_SHARED)
        return cls(cases, needs, ahead, start)

    def best(self) -> tuple[tuple[Option, bool], ...] | None:
        """Return a choice that repeats least, with whether each of it is a warm-up; None when there is none."""
        found = self._look(self.start)
        return found[1] if found else None

    def _look(self, left: _Left) -> _Found:
        if left not in self.seen:
            self.seen[left] = self._choose(left)
        return self.seen[left]

    def _choose(self, left: _Left) -> _Found:
        at, counted, warm, needs, shared = left
        if not counted and not warm:
            return None if any(needs) else (0, ())
        if counted + warm > len(self.cases) - at or max(needs, default=0) > counted or self._hopeless(at, needs):
            return None
        best: _Found = None
        for option in self.cases[at]:
            if option.shared > shared:
                continue
            rest = shared - option.shared
            if counted:
                still = tuple(
                    max(0, least - (tag in option.tags)) for tag, least in zip(self.needs, needs, strict=True)
                )
                best = self._better(best, option, False, (at + 1, counted - 1, warm, still, rest))
            if warm:
                best = self._better(best, option, True, (at + 1, counted, warm - 1, needs, rest))
        skipped = self._look((at + 1, counted, warm, needs, shared))
        return skipped if skipped and (best is None or skipped[0] < best[0]) else best

    def _better(self, best: _Found, option: Option, warm_up: bool, left: _Left) -> _Found:
        found = self._look(left)
        if found is None or (best is not None and found[0] + option.repeats >= best[0]):
            return best
        return found[0] + option.repeats, ((option, warm_up), *found[1])

    def _hopeless(self, at: int, needs: tuple[int, ...]) -> bool:
        """Say whether some need asks for more cases than are still to come."""
        return any(least > there for least, there in zip(needs, self.ahead[at], strict=True))


def options_of(group: Sequence[Candidate], before: frozenset[Pair], practised: frozenset[PlayedCase]) -> list[Option]:
    """Put the candidates of one case together that meet the same needs and repeat equally much."""
    known = Counter((slug, variant) for slug, variant, _ in practised)
    alike: dict[tuple[str, frozenset[Tag], int], list[Candidate]] = defaultdict(list)
    for candidate in group:
        exactly = (candidate.slug, candidate.variant, candidate.seed) in practised
        repeats = 2 if exactly else min(1, known[candidate.slug, candidate.variant])
        alike[candidate.variant, tags_of(candidate), repeats].append(candidate)
    return [
        Option(tuple(members), tags, repeats, int((members[0].slug, variant) in before))
        for (variant, tags, repeats), members in alike.items()
    ]
