"""What each kind of item does: how it is written, shown, answered, credited, and explained."""

from collections.abc import Mapping

from trainer.items.formats.choosing import Choosing
from trainer.items.formats.concordance import Concordance
from trainer.items.formats.entering import Entering
from trainer.items.formats.format import AnswerFormat
from trainer.items.formats.matching import Gaps, Matching
from trainer.items.formats.ordering import Ordering
from trainer.items.values import CreditScheme, ItemKind

FORMATS: Mapping[ItemKind, AnswerFormat] = {
    ItemKind.SINGLE: Choosing("Choose one answer."),
    ItemKind.MULTIPLE: Choosing(
        "Choose every answer that is right.", several=True, schemes=(CreditScheme.EXACT, CreditScheme.BALANCED)
    ),
    ItemKind.RECORD: Choosing(
        "Mark every line of the record that the question asks for.",
        several=True,
        shuffled=False,
        schemes=(CreditScheme.BALANCED, CreditScheme.EXACT),
    ),
    ItemKind.ORDERING: Ordering(),
    ItemKind.MATCHING: Matching(),
    ItemKind.CLOZE: Gaps(),
    ItemKind.NUMERIC: Entering("Type a number.", numbers=True),
    ItemKind.CHART: Entering("Read it off the figure and type it.", numbers=True, with_figure=True),
    ItemKind.SHORT: Entering("Type one or a few words."),
    ItemKind.CONCORDANCE: Concordance("Choose one answer. A panel's answers are shown afterwards; there is no key."),
}
