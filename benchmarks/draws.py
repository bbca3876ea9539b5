"""Do the forms hold what they promise? Thousands of people take all their tries of every quiz and of the final.

    python -m benchmarks.draws [PEOPLE]

Every form is held against its blueprint: so many questions of each cell, each once, none beside its clone or enemy,
none that an earlier try of the same person asked, and as many critical ones as it aims at. Printed are, for each bank,
what was broken, the smallest and the largest share of first forms in which a question stands, and milliseconds for a
draw.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from time import process_time

from trainer.authoring.release import read_folder, release_of
from trainer.items.families import kept_apart
from trainer.items.values import Item
from trainer.quizzes.bank import banks_of
from trainer.quizzes.form import draw_quiz
from trainer.quizzes.knowledge_exams import knowledge_exams_of
from trainer.quizzes.pools import ItemsMet, countable
from trainer.quizzes.values import Bank
from trainer.settings import ROOT

PEOPLE = 1000


@dataclass
class Tally:
    """What was drawn from one bank, and what was wrong with it."""

    bank: Bank
    forms: int = 0
    broken: Counter[str] = field(default_factory=Counter)
    first: Counter[str] = field(default_factory=Counter)

    def look_at(self, items: list[Item], met: ItemsMet) -> None:
        """Hold one form against the blueprint."""
        apart = kept_apart(self.bank.items)
        ids = {item.id for item in items}
        self.forms += 1
        self.broken["cells"] += Counter(item.cell for item in items) != Counter(self.bank.cells)
        self.broken["twice"] += len(ids) != len(items)
        self.broken["enemies"] += any(ids & set(apart.get(item.id, ())) for item in items)
        self.broken["asked before"] += bool(ids & set(met.in_tries))
        self.broken["critical"] += sum(item.critical for item in items) < (self.bank.critical or 0)
        if not met.in_tries:
            self.first.update(ids)


def drawn(bank: Bank, people: Iterable[int]) -> Tally:
    """Let so many people take all their tries."""
    tally = Tally(bank)
    for person in people:
        met = ItemsMet()
        for left in range(bank.attempts, 0, -1):
            form = draw_quiz(bank, seed=f"{person} {left}", met=met, left=left)
            items = [bank.item(question.item_id) for question in form]
            tally.look_at(items, met)
            met = ItemsMet(in_tries=(*met.in_tries, *(item.id for item in items)))
    return tally


def main(people: int) -> None:
    """Print the tally of every bank."""
    release = release_of(read_folder(ROOT / "content"))
    for bank in (*banks_of(release).values(), *knowledge_exams_of(release).values()):
        begun = process_time()
        tally = drawn(bank, range(people))
        cost = (process_time() - begun) / tally.forms * 1000
        pool = countable(bank, frozenset())
        shares = [tally.first[item.id] / people for item in pool]
        wrong = {name: count for name, count in tally.broken.items() if count} or "nothing"
        print(
            f"{bank.slug}: {tally.forms} forms from {len(pool)} questions; broken: {wrong}; "
            f"a question stands in {min(shares):.0%} to {max(shares):.0%} of first forms; {cost:.1f} ms a draw"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
