"""The exercise of a module: what is done away from the screen, so described that a supervisor can sign it."""

from collections.abc import Sequence

from markdown_it.token import Token

from trainer.authoring.fitting import fit_front
from trainer.authoring.frontmatter import split_head
from trainer.authoring.wording import did_you_mean
from trainer.curriculum.language.dialect import LESSONS, Apparatus, token_words
from trainer.curriculum.language.lesson_draft import LessonDraft
from trainer.curriculum.parts.heads import ExerciseHead
from trainer.curriculum.parts.lessons import read_running_text
from trainer.curriculum.values import Exercise

SECTIONS = {
    "What you do": ("ordered_list_open", "Number what is done: begin each step with `1. `."),
    "What you keep": ("", ""),
    "What a supervisor looks for": (
        "bullet_list_open",
        "Write what is looked for as a list, each on a line with `- `.",
    ),
}
"""The parts of an exercise in their order, the list that a part holds, and what is said where it has none."""


def read_exercise(draft: LessonDraft, text: str, objectives: Sequence[str]) -> Exercise | None:
    """Read `exercise.md`; mistakes are added to the draft. Never raises."""
    front = split_head(draft.path, text)
    fitted = fit_front(ExerciseHead, front, draft.path)
    draft.messages += fitted.messages
    tokens = read_running_text(draft, front.body, line=front.body_line)
    _sections(draft, tokens, front.body_line)
    for check in draft.checks:
        draft.say(check.line, "A check stands in a lesson, where there is a screen. Move it there.")
    if (head := fitted.head) is None:
        return None
    for n, name in enumerate(head.objectives):
        if name not in objectives:
            hint = did_you_mean(name, objectives)
            draft.say(front.line("objectives", str(n)), f"The module has no objective “{name}”.{hint}")
    apparatus = Apparatus(draft.material.references, draft.material.glossary)
    html = LESSONS.show(tokens, apparatus)
    return Exercise(
        module=draft.module,
        slug=head.exercise,
        title=head.title,
        minutes=head.minutes,
        pace=head.pace,
        objectives=tuple(head.objectives),
        readiness=head.readiness,
        html=html,
        references=apparatus.sources(),
        terms=tuple(apparatus.used.values()),
        words=draft.words,
        path=draft.path,
        hash=draft.hash_with(text),
    )


def _sections(draft: LessonDraft, tokens: Sequence[Token], line: int) -> None:
    """Note parts that are missing, not known, out of order, or without what belongs in them."""
    found: dict[str, tuple[int, list[str]]] = {}
    title = ""
    for n, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            title = token_words(tokens[n + 1])
            at = line + (token.map[0] if token.map else 0)
            if title not in SECTIONS:
                hint = did_you_mean(title, SECTIONS) or f" The parts are {', '.join(SECTIONS)}."
                draft.say(at, f"An exercise has no part “{title}”.{hint}")
            found.setdefault(title, (at, []))
        elif title and token.type not in ("inline", "heading_close"):
            found[title][1].append(token.type)
    for name, (wanted, advice) in SECTIONS.items():
        if name not in found:
            draft.say(line, f"Add a part with the heading `## {name}`.")
            continue
        at, kinds = found[name]
        if not kinds:
            draft.say(at, f"Nothing stands below “{name}”. Write it, so that somebody can do it and sign it.")
        elif wanted and wanted not in kinds:
            draft.say(at, advice)
    order = [name for name in found if name in SECTIONS]
    if order != [name for name in SECTIONS if name in found]:
        draft.say(found[order[0]][0], f"Put the parts in this order: {', '.join(SECTIONS)}.")
