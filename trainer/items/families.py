"""Which items may not stand in one form: those of one family, and those that give one another away."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from trainer.authoring.wording import did_you_mean
from trainer.items.values import BlueprintCell, Item

Apart = Mapping[str, Collection[str]]
"""For each item the ids of those with which no form holds it."""

NO_ENEMIES: Apart = {}

_ORDERS = 12
"""So many orders are tried before a plan is taken that leaves something out."""


def kept_apart(items: Sequence[Item]) -> Apart:
    """Return for each item the ids of those with which no form holds it; an enmity named on one side holds on both."""
    apart: dict[str, set[str]] = defaultdict(set)
    families: dict[str, list[str]] = defaultdict(list)
    for item in items:
        families[item.family].append(item.id)
        for other in item.enemies:
            apart[item.id].add(other)
            apart[other].add(item.id)
    for name, members in families.items():
        for member in members if name else ():
            apart[member] |= {other for other in members if other != member}
    return {item_id: frozenset(others) for item_id, others in apart.items()}


def spread(
    items: Sequence[Item], apart: Apart, room: Sequence[Counter[BlueprintCell]], random: Random, *, even: bool
) -> Mapping[str, int]:
    """Say for each item in which of the coming forms it stands, so that no two meet there that should not.

    Without such a plan the last form might have to hold two of a family, since it takes whatever the earlier ones left.
    What has the fewest forms left to stand in is placed first, as graphs are coloured (DSATUR, Brélaz 1979); where
    that comes to no end, another order is tried.

    Args:
        items: as many of each cell as all the forms hold together.
        room: how many items of each cell each of the forms holds.
        even: whether each form gets as many critical items as the others.

    Returns:
        The form of each item, counted from 0; what no form can take is left out.
    """
    best: Mapping[str, int] = {}
    here = {item.id for item in items}
    for _ in range(_ORDERS):
        plan = _Plan(apart, [Counter(cells) for cells in room], even)
        shuffled = random.sample(items, len(items))
        peaceful = [item for item in shuffled if not here & set(apart.get(item.id, ()))]
        hostile = [item for item in shuffled if here & set(apart.get(item.id, ()))]
        for item in _fewest_choices_first(plan, hostile):
            plan.place(item, random)
        for item in sorted(peaceful, key=lambda item: not item.critical):
            plan.place(item, random)
        if len(plan.form_of) > len(best):
            best = plan.form_of
        if len(best) == len(items):
            break
    return best


def _fewest_choices_first(plan: "_Plan", items: Sequence[Item]) -> Iterator[Item]:
    """Yield items one by one, always that which can stand in the fewest forms by now."""
    left = list(items)
    while left:
        item = min(left, key=plan.choices)
        left.remove(item)
        yield item


@dataclass
class _Plan:
    """Forms in the making: what has been placed where, and how much room is left."""

    apart: Apart
    left: list[Counter[BlueprintCell]]
    even: bool
    form_of: dict[str, int] = field(default_factory=dict)
    critical: Counter[int] = field(default_factory=Counter)

    def open_to(self, item: Item) -> list[int]:
        taken = {self.form_of[other] for other in self.apart.get(item.id, ()) if other in self.form_of}
        return [form for form, room in enumerate(self.left) if room[item.cell] > 0 and form not in taken]

    def choices(self, item: Item) -> tuple[int, bool]:
        """Return in how few forms an item can stand; among equals critical ones come first."""
        return len(self.open_to(item)), not item.critical

    def place(self, item: Item, random: Random) -> None:
        if not (free := self.open_to(item)):
            return
        random.shuffle(free)
        crowded = self.critical if self.even and item.critical else Counter[int]()
        form = min(free, key=lambda form: (crowded[form], -self.left[form][item.cell]))
        self.form_of[item.id] = form
        self.left[form][item.cell] -= 1
        self.critical[form] += item.critical


def family_mistakes(items: Sequence[Item]) -> Iterator[tuple[int, str]]:
    """Yield, by line, enemies that there are not, and clones that do not ask the same."""
    known = {item.id for item in items}
    first: dict[str, Item] = {}
    for item in items:
        for other in item.enemies:
            if other == item.id:
                yield item.line, "An item is no enemy of itself. Take its own id out of “enemies”."
            elif other not in known:
                hint = did_you_mean(other, known)
                yield item.line, f"There is no item “{other}” in this bank, named under “enemies”.{hint}"
        if not item.family:
            continue
        model = first.setdefault(item.family, item)
        differing = [name for name, ours in _asked(item).items() if ours != _asked(model)[name]]
        if differing:
            names = " and ".join(f"“{name}”" for name in differing)
            yield item.line, f"{names} differ from “{model.id}” on line {model.line}: items of one family ask the same."


def _asked(item: Item) -> Mapping[str, object]:
    """Return what all items of a family have in common."""
    return {
        "kind": item.kind,
        "objective": item.objective,
        "competency": item.competency,
        "level": item.level,
        "critical": item.critical,
        "scheme": item.scheme,
    }
