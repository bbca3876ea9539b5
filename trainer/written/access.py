"""What other rooms' pages show of this one: the tasks of a module, and how many answers wait for a rater."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, g

from trainer.accounts.access import me, programmes_where
from trainer.enrolment.queries import enrolment_for, release_for
from trainer.web import reading
from trainer.written.answers import AnswerState
from trainer.written.queries import sent_answers
from trainer.written.raters.queries import how_many_to_rate
from trainer.written.rating import RATERS
from trainer.written.reading import tasks_of


@dataclass(frozen=True, kw_only=True)
class TaskLink:
    """A task on the page of its module; `state` is how the last version stands, None where none was sent."""

    id: str
    title: str
    least: int
    most: int
    state: AnswerState | None


def tasks_beside(enrolment_id: str, module: str) -> Sequence[TaskLink]:
    """Return the tasks of a module for the trainee who is signed in, each with how it stands."""
    with reading() as session:
        enrolment = enrolment_for(session, person_id=me().id, enrolment_id=enrolment_id)
        tasks = [task for task in tasks_of(release_for(session, enrolment)).values() if task.module == module]
        sent = sent_answers(session, enrolment_ids=[enrolment_id])[enrolment_id] if tasks else {}
    return [
        TaskLink(
            id=task.id,
            title=task.title,
            least=task.least,
            most=task.most,
            state=sent[task.id][-1].state if sent.get(task.id) else None,
        )
        for task in tasks
    ]


def my_programmes() -> frozenset[str]:
    """Return the programmes in which I rate answers."""
    return frozenset().union(*map(programmes_where, RATERS))


def answers_waiting_for_me() -> int:
    """Return how many answers I can rate now, counted once for a page; only behind a sign-in."""
    if "answers_waiting" not in g:
        with reading() as session:
            g.answers_waiting = how_many_to_rate(session, programmes=my_programmes(), by=me().id)
    return int(g.answers_waiting)


def tell_written_tasks(app: Flask) -> None:
    """Let the pages of modules and the menu ask."""
    app.context_processor(lambda: {"tasks_beside": tasks_beside, "answers_waiting": answers_waiting_for_me})
