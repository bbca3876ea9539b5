"""The words that guessing goes by, and what authors are told about it."""

from collections.abc import Mapping

from trainer.testwiseness.items import words_of

MODEL = "word model"
"""What the guesses of the word model are called, as those of strategies are in `ADVICE`."""
CAUTIOUS = frozenset(
    words_of(
        "ask asks before call calls can check checks clinician clinicians colleague consult could decline declines "
        "doctor explain first if lead likely may might note offer often pause perhaps physician postpone "
        "prescriber prescribers probably record refer refers seem seems sometimes stay stays stop stops "
        "supervision supervisor tell unless until usually wait waits write"
    )
)
"""Hedges, and the acts that a careful beginner would name."""
ABSOLUTE = frozenset(
    words_of(
        "all alone always any anyone anything both cannot certainly completely definitely ever every everybody "
        "everyone everything entirely immediately impossible must never no nobody none nothing only totally "
        "whatever whole without"
    )
)
COMMON = frozenset(
    words_of(
        "been does from have into than that their them then there they this want wants were what when which whom "
        "will with would your"
    )
)
"""Words of four letters and more that say nothing about the subject."""
AFTER_THE_NOUN = frozenset(
    words_of("about after and at before by for from in of on or over that to under which who with without")
)

ADVICE: Mapping[str, tuple[str, str]] = {
    "longest": ("takes the longest option", "Even out the lengths"),
    "shortest": ("takes the shortest option", "Even out the lengths"),
    "commas": ("takes the option with most commas", "Give keys no more clauses than distractors"),
    "cautious": ("takes the option with most cautious words", "Let caution be wrong as often as it is right"),
    "absolutes": ("takes the option with fewest absolute words", "Take “only”, “never” and “all” out of distractors"),
    "odd": ("takes the option that is least like the others", "Give the options one shape and one vocabulary"),
    "grammar": ("takes what fits the end of the question by grammar", "Let all options fit it, or none"),
    "shared": ("takes the option with most words of the question", "Repeat its words in distractors too, or in none"),
    "position": ("always takes one place", "Move some keys"),
}
"""For each strategy what it does, and how an author mends what it finds."""
