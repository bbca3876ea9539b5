"""The teacher's copy: right answers and expert choices, by the words that a page shows."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from trainer.authoring.markdown import inline
from trainer.authoring.release import read_folder, release_of
from trainer.cases.catalogue import cases_of
from trainer.cases.play.engine import expert_choice, replay
from trainer.cases.script.values import Case
from trainer.curriculum.course import course_of
from trainer.curriculum.values import Course
from trainer.items.values import Item
from trainer.quizzes.bank import banks_of
from trainer.quizzes.values import Bank


def words(html: str) -> str:
    """Return the visible words of a piece of HTML."""
    return str(Markup(html).striptags())


@dataclass(frozen=True)
class Teacher:
    """All that an author wrote, which no browser is ever sent."""

    course: Course
    banks: Mapping[str, Bank]
    cases: Mapping[str, Case]
    items: Mapping[str, Item]

    @classmethod
    def of(cls, content: Path) -> "Teacher":
        """Read a content folder."""
        release = release_of(read_folder(content))
        banks = banks_of(release)
        items = {words(item.stem_html): item for bank in banks.values() for item in bank.items}
        return cls(course_of(release), banks, cases_of(release), items)

    def right(self, stem: str) -> frozenset[str]:
        """Return the words of the right options of the question that is asked in these words."""
        return frozenset(
            words(option.text_html) for option in self.items[" ".join(stem.split())].options if option.right
        )

    def expert(self, instance: Path, run_id: str) -> str:
        """Return the words of what an expert would do now in a run of this installation."""
        slug, variant, seed, inputs = transcript(instance, run_id)
        case = self.cases[slug]
        choice = expert_choice(case, replay(case, variant, seed, tuple(inputs)).state)
        assert choice, f"the expert has nothing to say in {slug} after {inputs}"
        return self.words_of(slug, choice)

    def words_of(self, slug: str, choice: str) -> str:
        """Return the words of a choice as a page shows them."""
        return words(inline(self.cases[slug].choices[choice].text))


def transcript(instance: Path, run_id: str) -> tuple[str, str, int, Sequence[str]]:
    """Return case, variant, seed and the ids of all choices of a run, from the installation's own file."""
    with closing(sqlite3.connect(f"file:{instance / 'trainer.sqlite'}?mode=ro", uri=True)) as file:
        about = file.execute("SELECT case_slug, variant, seed FROM case_run WHERE id = ?", [run_id]).fetchone()
        query = "SELECT value FROM case_event WHERE run_id = ? AND kind = 'choice' ORDER BY seq"
        return (*about, [value for (value,) in file.execute(query, [run_id])])
