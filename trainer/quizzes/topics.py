"""What may be told of a knowledge examination that was sent: how much of each topic, and of no question anything.

Whoever may see the result of somebody else is told the same: a director, too, could tell questions to others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from trainer.curriculum.values import Course
from trainer.items.answers import Answers
from trainer.items.forms import ItemForm
from trainer.items.outcomes import TopicMark, small_topics_joined, topic_marks
from trainer.quizzes.tries import SentAttempt
from trainer.quizzes.values import Bank


@dataclass(frozen=True, kw_only=True)
class SentExam:
    """One try of a knowledge examination, topic by topic."""

    title: str
    sent: SentAttempt
    topics: Sequence[TopicMark]


def topics_told(form: ItemForm, bank: Bank, course: Course, answers: Answers) -> Sequence[TopicMark]:
    """Return what was earned in each topic of a form, in the order of the course, small topics together."""
    marks = topic_marks(form, bank.by_id, answers)
    return small_topics_joined(
        [marks[module.slug].named(module.title) for module in course.modules if module.slug in marks]
    )
