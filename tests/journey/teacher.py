"""The teacher's copy: right answers and expert choices, by the words that a page shows."""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from trainer.authoring.markdown import inline, plain_line
from trainer.authoring.release import read_folder, release_of
from trainer.cases.catalogue import cases_of
from trainer.cases.play.engine import expert_choice, replay
from trainer.cases.script.values import Case
from trainer.curriculum.course import course_of
from trainer.curriculum.values import Course
from trainer.items.values import Item
from trainer.quizzes.bank import banks_of
from trainer.quizzes.knowledge_exams import knowledge_exams_of
from trainer.quizzes.values import Bank


def asked(stem: str) -> str:
    """Return a question without the numbers of its gaps and without blanks, to know it again."""
    return re.sub(r"\{\d\}|\s+", "", stem)


def answers_of(item: Item) -> Sequence[str]:
    """Return the words from which an answer is made."""
    return [plain_line(option.text) for option in item.options]


def words(html: str) -> str:
    """Return the visible words of a piece of HTML."""
    return str(Markup(html).striptags())


@dataclass(frozen=True)
class Teacher:
    """All that an author wrote, which no browser is ever sent."""

    course: Course
    banks: Mapping[str, Bank]
    cases: Mapping[str, Case]
    items: Mapping[str, Sequence[Item]]

    @classmethod
    def of(cls, content: Path) -> "Teacher":
        """Read a content folder."""
        release = release_of(read_folder(content))
        banks = banks_of(release)
        items: dict[str, list[Item]] = defaultdict(list)
        for bank in (*banks.values(), *knowledge_exams_of(release).values()):
            for item in bank.items:
                items[asked(words(item.stem_html))].append(item)
        return cls(course_of(release), banks, cases_of(release), items)

    def item(self, stem: str, shown: str) -> Item:
        """Return the question that is asked in these words; `shown` is all that stands there, its answers too."""
        page = " ".join(shown.split())
        same = self.items[asked(stem)]
        return next(item for item in same if len(same) == 1 or all(text in page for text in answers_of(item)))

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
