"""What would tell the expert's answer from the others without knowing anything: its place, its length, its look.

A key drawn at random also stands first now and then. So each trait is counted over all decisions of a case and held
against such a key: it is called a cue when fewer than one random key in a hundred would show it as often. Of all
random keys, then, fewer than 5 in 100 would be called out for any of the five traits; over the shipped cases it
is 1 to 4 in 100 (`tests/cases/test_cues.py` draws them).
With ten decisions of four answers each, seven may not have the trait: a random key has it in 2.5 of them, and in
seven or more once in 285 keys.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from trainer.authoring.messages import Findings
from trainer.cases.script.conditions import Clause, Condition
from trainer.cases.script.values import Case, Choice, Scene, Variant

RARELY = 0.01
"""A trait is a cue when a random key would show it as often with less than this probability."""

FEW = 5
"""With fewer decisions than this nothing can be told from chance."""

FEWEST_ANSWERS = 3
"""A choice between two is no place to hide an answer, and is not counted."""

CLEARLY = 1.1
"""How many times as long as the next an answer must be before anybody sees it."""

GIVEAWAYS = ("always", "never", "just", "simply", "obviously", "merely", "surely")
"""Words of certainty or belittling that test-wise people know as signs of a wrong answer."""

# “Just who we hope for”, “just now”: there it means “exactly”, and belittles nothing.
_GIVEAWAY = re.compile(rf"\b({'|'.join(GIVEAWAYS)})\b(?! (?:as|like|now|then|what|when|where|who)\b)", re.IGNORECASE)
_MOST = 10_000


@dataclass(frozen=True)
class AnswerSet:
    """Answers that can stand side by side, in the order of the file, and the one that the expert then gives."""

    scene: Scene
    offered: tuple[Choice, ...]
    key: Choice


def lint_cues(case: Case) -> Findings:
    """Yield the line and the sentence for whatever gives the answers of this case away."""
    decisions = decisions_in(case)
    for words, mend, trait in _TRAITS:
        yield from _too_often(case, decisions, words, mend, trait)
    for decision in decisions:
        yield from _giveaways(decision)
    yield from _same_words(case)


def decisions_in(case: Case) -> tuple[AnswerSet, ...]:
    """Return every decision between three answers or more; one for each set of answers that some variant can offer."""
    found: dict[tuple[str, ...], AnswerSet] = {}
    for scene in case.scenes.values():
        if scene.interview:
            continue
        for variant in case.head.variants:
            for key in (choice for choice in scene.choices if choice.expert):
                one = AnswerSet(scene, _beside(case, scene, variant, key), key)
                if len(one.offered) >= FEWEST_ANSWERS:
                    found.setdefault((key.id, *(other.id for other in one.offered)), one)
    return tuple(found.values())


def _beside(case: Case, scene: Scene, variant: Variant, key: Choice) -> tuple[Choice, ...]:
    """Return the answers that can be open where the expert gives this one; none where the expert never does."""
    when = (*key.only_if.clauses, *(key.expert.when.clauses if key.expert else ()))
    if not possible(case, variant, when):
        return ()
    return tuple(choice for choice in scene.choices if possible(case, variant, (*when, *choice.only_if.clauses)))


def possible(case: Case, variant: Variant, clauses: Sequence[Clause]) -> bool:
    """Say whether clauses do not contradict each other, nor what this variant fixes for the whole play."""
    tops = {number.name: number.top for number in case.head.numbers}
    bounds: dict[str, tuple[int, int]] = {}
    for clause in clauses:
        start = _start(case, variant, clause, tops)
        low, high = bounds.get(clause.name, start)
        least, most = _bounds(clause)
        bounds[clause.name] = max(low, least), min(high, most)
    true = {name for name, (low, _) in bounds.items() if low == 1 and name in case.head.facts}
    return all(low <= high for low, high in bounds.values()) and not any(pair <= true for pair in _apart(case))


@lru_cache(maxsize=64)
def _apart(case: Case) -> tuple[frozenset[str], ...]:
    """Return the pairs of facts that are never both true: no variant has both, and what sets one clears the other."""
    changes = [(set(choice.sets) - set(choice.clears), set(choice.clears)) for choice in case.choices.values()]
    return tuple(
        frozenset(pair)
        for pair in combinations(case.head.facts, 2)
        if not any(set(pair) <= set(variant.facts) for variant in case.head.variants)
        and all(not sets & set(pair) or set(pair) & clears for sets, clears in changes)
    )


def _start(case: Case, variant: Variant, clause: Clause, tops: Mapping[str, int]) -> tuple[int, int]:
    if not clause.fact:
        return 0, tops.get(clause.name, _MOST)
    changes = any(clause.name in (*choice.sets, *choice.clears) for choice in case.choices.values())
    known = int(clause.name in variant.facts)
    return (0, 1) if changes else (known, known)


def _bounds(clause: Clause) -> tuple[int, int]:
    value = clause.value
    return {
        ">=": (value, _MOST), ">": (value + 1, _MOST), "<=": (0, value), "<": (0, value - 1), "=": (value, value),
    }[clause.sign]  # fmt: skip


# --- what is counted over all decisions ----------------------------------------------------------

Trait = Callable[[tuple[Choice, ...]], tuple[Choice, ...]]
"""Returns the answers that have the trait; none where it does not tell any of them apart."""


def _first(offered: tuple[Choice, ...]) -> tuple[Choice, ...]:
    return offered[:1]


def _last(offered: tuple[Choice, ...]) -> tuple[Choice, ...]:
    return offered[-1:]


def _longest(offered: tuple[Choice, ...]) -> tuple[Choice, ...]:
    *_, second, first = sorted(offered, key=lambda one: len(one.text))
    return (first,) if len(first.text) >= CLEARLY * len(second.text) else ()


def _shortest(offered: tuple[Choice, ...]) -> tuple[Choice, ...]:
    first, second, *_ = sorted(offered, key=lambda one: len(one.text))
    return (first,) if CLEARLY * len(first.text) <= len(second.text) else ()


def _odd_in_quotes(offered: tuple[Choice, ...]) -> tuple[Choice, ...]:
    spoken = tuple(choice for choice in offered if _speaks(choice))
    silent = tuple(choice for choice in offered if not _speaks(choice))
    return spoken if len(spoken) == 1 else silent if len(silent) == 1 else ()


def _speaks(choice: Choice) -> bool:
    return any(sign in choice.text for sign in '"“”«»„')


_ORDER = "Vary the order in the file: it changes nothing in play, where answers are shuffled."
_LENGTH = "Write some of the other answers with as much care, or say the expert's more briefly."
_TRAITS: tuple[tuple[str, str, Trait], ...] = (
    ("stands first", _ORDER, _first),
    ("stands last", _ORDER, _last),
    ("is clearly the longest", _LENGTH, _longest),
    ("is clearly the shortest", "Give it as many words as the others have.", _shortest),
    ("is the only one with, or without, a quotation mark", "Let two answers speak, or two act.", _odd_in_quotes),
)


def _too_often(case: Case, decisions: Sequence[AnswerSet], words: str, mend: str, trait: Trait) -> Findings:
    bearers = [trait(decision.offered) for decision in decisions]
    met = [one for one, some in zip(decisions, bearers, strict=True) if one.key in some]
    chances = [len(some) / len(one.offered) for one, some in zip(decisions, bearers, strict=True)]
    if len(decisions) >= FEW and at_least(len(met), chances) < RARELY:
        where = ", ".join(dict.fromkeys(f"#{decision.scene.id}" for decision in met))
        yield (
            case.lines.get("case", 1),
            f"The expert's answer {words} in {len(met)} of {len(decisions)} decisions ({where}), which chance would "
            f"not do in one case of {round(1 / RARELY)}. {mend}",
        )


def at_least(count: int, chances: Sequence[float]) -> float:
    """Return the probability that so many of these independent events happen, or more."""
    exactly = [1.0]
    for chance in chances:
        grown = [*exactly, 0.0]
        exactly = [
            one * (1 - chance) + (grown[number - 1] * chance if number else 0.0) for number, one in enumerate(grown)
        ]
    return sum(exactly[count:])


# --- what is wrong with one answer -----------------------------------------------------------------


def _giveaways(one: AnswerSet) -> Findings:
    if _GIVEAWAY.search(one.key.text):
        return
    for other in one.offered:
        if not other.expert and (found := _GIVEAWAY.search(other.text)):
            yield (
                other.line,
                f"“{found[1]}” gives this answer away as a wrong one. Say it without the word, or use the word in the "
                "expert's answer as well.",
            )


def _same_words(case: Case) -> Findings:
    for scene in case.scenes.values():
        for number, second in enumerate(scene.choices):
            for first in scene.choices[:number]:
                if _plain(first.text) == _plain(second.text) and _ever_together(case, first.only_if, second.only_if):
                    yield second.line, f"One can be offered this beside the same words on line {first.line}. Vary them."


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _ever_together(case: Case, first: Condition, second: Condition) -> bool:
    return any(possible(case, variant, (*first.clauses, *second.clauses)) for variant in case.head.variants)
