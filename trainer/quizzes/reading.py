"""Read one item bank: from the Markdown an author wrote to plain values, with every mistake by line."""

import re
from collections.abc import Iterator
from fractions import Fraction

from trainer.authoring.fitting import FitResult, fit_front
from trainer.authoring.frontmatter import split_head
from trainer.authoring.messages import Message
from trainer.authoring.release import Files
from trainer.authoring.wording import NOT_TEXT, named_like
from trainer.curriculum.values import Course
from trainer.items.reader import ItemReader
from trainer.quizzes.bank_file import BankHead
from trainer.quizzes.values import Bank


def read_bank(path: str, files: Files, course: Course) -> tuple[Bank | None, tuple[Message, ...]]:
    """Read one bank of an author; return it when there is no mistake in it, and every mistake."""
    bank, messages = understood_bank(path, files, course)
    return (None if messages else bank), messages


def understood_bank(path: str, files: Files, course: Course) -> tuple[Bank | None, tuple[Message, ...]]:
    """Read one bank; return it when it can be understood, and every mistake.

    A mistake keeps an author's bank from being published. It takes nothing from a bank that was: what was published is
    read and not judged, however strict the rules have become since.
    """
    try:
        text = files[path].decode()
    except UnicodeDecodeError:
        return None, (Message(path, 1, NOT_TEXT),)
    slug = re.sub(r"^\d+-", "", path.split("/")[1])
    front = split_head(path, text)
    fitted = fit_front(BankHead, front, path)
    reader = ItemReader(path, course, course.module(slug), files)
    items = reader.items(front.body, front.body_line)
    messages = {*fitted.messages, *_disagreements(fitted, path, slug), *reader.messages}
    if (head := fitted.head) is None:
        return None, tuple(sorted(messages))
    bank = Bank(
        slug=slug,
        items=items,
        title=head.title,
        serve=head.serve,
        pass_share=Fraction(head.share, 100),
        attempts=head.attempts,
        wait=head.wait,
        minutes=head.minutes,
        blueprint=head.blueprint,
        critical=head.critical,
    )
    return bank, tuple(sorted(messages))


def _disagreements(fitted: FitResult[BankHead], path: str, slug: str) -> Iterator[Message]:
    """Yield where the head does not fit the folder, or itself."""
    if (head := fitted.head) is None:
        return
    if head.bank != slug:
        yield Message(path, fitted.line("bank"), named_like("bank", slug, what="folder"))
    if (total := sum(head.blueprint.values())) != head.serve:
        text = f"The blueprint adds up to {total}, but “serve” says {head.serve}."
        yield Message(path, fitted.line("blueprint"), text)
