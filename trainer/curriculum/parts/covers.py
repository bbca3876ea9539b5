"""Which regulators' topics a lesson covers, and for how many of its minutes."""

from collections import Counter
from collections.abc import Sequence

from trainer.authoring.frontmatter import FrontMatter
from trainer.authoring.wording import did_you_mean
from trainer.curriculum.language.lesson_draft import LessonDraft
from trainer.curriculum.parts.heads import LessonHead
from trainer.curriculum.values import Lesson


def covered(draft: LessonDraft, front: FrontMatter, head: LessonHead) -> None:
    """Note topics that no crosswalk has, and more minutes for one regulator than the lesson lasts."""
    spent: Counter[str] = Counter()
    for topic, minutes in head.covers.items():
        if topic not in draft.material.topics:
            hint = did_you_mean(topic, draft.material.topics)
            draft.say(front.line("covers", topic), f"“{topic}” is not in the crosswalks.{hint}")
        spent[topic.partition("/")[0]] += minutes
    for regulator, minutes in spent.items():
        if minutes > head.minutes:
            draft.say(
                front.line("covers"),
                f"The topics of {regulator} add up to {minutes} minutes, the lesson has {head.minutes}. "
                "Give each topic the minutes that are spent on it alone.",
            )


def topics_apart(topics: Sequence[str], lessons: Sequence[Lesson]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the topics that lessons cover and the module does not list, and those that it lists and none covers.

    Where no lesson says what it covers, as in what was published before lessons could, nothing is apart.
    """
    taught = {topic for lesson in lessons for topic in lesson.covers}
    if not taught:
        return (), ()
    return tuple(sorted(taught - set(topics))), tuple(topic for topic in topics if topic not in taught)
