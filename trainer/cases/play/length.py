"""How long a case is to read: an estimate from the words that are met on an experienced colleague's way through it."""

from trainer.cases.play.engine import Play, expert_play, options
from trainer.cases.play.view import shown_in
from trainer.cases.script.values import Case


def words_on_the_way(case: Case) -> int:
    """Return how many words are read on the expert's way through the first version: scenes, answers, reactions."""
    play = expert_play(case, next(iter(case.variants)), 0)
    return sum(len(text.split()) for text in _texts(case, play))


def _texts(case: Case, play: Play) -> list[str]:
    texts: list[str] = []
    last = ""
    for step in play.steps:
        if step.scene != last:  # an interview shows its scene again after every question
            texts += [*shown_in(case, step.before), *(case.choices[name].text for name in options(case, step.before))]
        texts += step.heard
        last = step.scene
    return texts
