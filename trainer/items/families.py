"""Which items may not stand in one form: those of one family, and those that give one another away."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from random import Random

from trainer.authoring.wording import did_you_mean
from trainer.items.values import Cell, Item

Apart = Mapping[str, Collection[str]]
"""For each item the ids of those with which no form holds it."""

NO_ENEMIES: Apart = {}


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
    items: Sequence[Item], apart: Apart, room: Sequence[Counter[Cell]], random: Random, *, even: bool
) -> Mapping[str, int]:
    """Say for each item in which of the coming forms it stands, so that no two meet there that should not.

    Without such a plan the last form might have to hold two of a family, since it takes whatever the earlier ones left.

    Args:
        items: as many of each cell as all the forms hold together.
        room: how many items of each cell each of the forms holds.
        even: whether each form gets as many critical items as the others.
    """
    left = [Counter(cells) for cells in room]
    critical: Counter[int] = Counter()
    placed: dict[str, int] = {}
    here = {item.id for item in items}
    shuffled = random.sample(items, len(items))
    for item in sorted(shuffled, key=lambda item: (-len(here & set(apart.get(item.id, ()))), not item.critical)):
        taken = {placed[other] for other in apart.get(item.id, ()) if other in placed}
        free = [form for form in range(len(left)) if form not in taken] or list(range(len(left)))
        random.shuffle(free)
        open_ones = [form for form in free if left[form][item.cell] > 0] or free
        form = min(
            open_ones, key=lambda form: (critical[form] if even and item.critical else 0, -left[form][item.cell])
        )
        placed[item.id] = form
        left[form][item.cell] -= 1
        critical[form] += item.critical
    return placed


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
