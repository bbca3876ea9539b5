"""What may be told of topics where no question may: of a knowledge examination that was sent, and of a quiz used up.

Of an examination that is how much of each topic. Whoever may see the result of somebody else is told the same: a
director, too, could tell questions to others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from trainer.curriculum.values import Course, Lesson
from trainer.items.answers import Answers
from trainer.items.forms import ItemForm
from trainer.items.outcomes import TopicMark, small_topics_joined, topic_marks, topics_to_read
from trainer.quizzes.tries import SentAttempt
from trainer.quizzes.values import Bank


@dataclass(frozen=True, kw_only=True)
class SentExam:
    """One try of a knowledge examination, topic by topic."""

    title: str
    sent: SentAttempt
    topics: Sequence[TopicMark]


@dataclass(frozen=True, kw_only=True)
class TopicToRead:
    """What somebody should be able to do, and the lessons that teach it."""

    objective: str
    lessons: Sequence[Lesson]


def topics_told(form: ItemForm, bank: Bank, course: Course, answers: Answers) -> Sequence[TopicMark]:
    """Return what was earned in each topic of a form, in the order of the course, small topics together."""
    marks = topic_marks(form, bank.by_id, answers)
    return small_topics_joined(
        [marks[module.slug].named(module.title) for module in course.modules if module.slug in marks]
    )


def topics_to_read_again(form: ItemForm, bank: Bank, course: Course, answers: Answers) -> Sequence[TopicToRead]:
    """Return what to read again after a quiz, in the order of its module, so that it tells of no single question."""
    module = course.module(bank.slug)
    if module is None:
        return ()
    marks = topic_marks(form, bank.by_id, answers, topic_of=lambda item: item.objective)
    again = topics_to_read([marks[slug] for slug in module.objectives if slug in marks])
    return [
        TopicToRead(
            objective=module.objectives[slug],
            lessons=[lesson for lesson in module.lessons if slug in lesson.objectives],
        )
        for slug in again
    ]
