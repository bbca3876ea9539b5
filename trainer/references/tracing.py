"""Every number traced: a number in a sentence that cites stands among the figures of a source that it cites.

What counts as a number here: digits as they are printed, without a sign, a unit or the commas of thousands. Left out
are days, years and times of day; numbers of rules, bills, trials and addresses; numbers that only name a thing (phase
2, table 1, question 4); and digits inside a word or a formula (5-HT2A, MAPP1). Numbers in words are left to readers.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import yaml

from trainer.authoring.frontmatter import line_of, load
from trainer.authoring.messages import Message
from trainer.references.citing import CITATION, cited_keys
from trainer.references.reading import REFERENCES
from trainer.references.reference import Reference
from trainer.references.sentences import Sentence, counted_sentences

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_NO_FIGURES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\]\([^)]*\)|https?://\S+|\b10\.\d{4,9}/\S+|\bNCT\d+\b",  # addresses
        r"\b\d{4}-\d\d(?:-\d\d)?\b",  # days
        rf"\b(?:\d{{1,2}}(?:[–-]\d{{1,2}})? )?(?:{_MONTH})(?: \d{{1,2}}(?:,|\b(?![ -]\w)))?(?: \d{{4}})?\b",
        r"\b(?:19|20)\d\d(?:[–-](?:\d\d|(?:19|20)\d\d))?\b",  # years
        r"\b\d{1,2}[:.]\d\d(?= ?(?:h\b|a\.?m|p\.?m|o'clock))|\b\d{1,2}:\d\d\b|\b\d{1,2} ?(?:[ap]\.?m\b|o[’']clock)",
        r"\b\d+[A-Z]?(?:-\d+){2,}\b|\b\d+ (?:CCR|CFR|U\.?S\.?C\.?) *[\d.-]*",  # rules
        r"\b(?:OAR|ORS|CCR|C\.R\.S\.|CFR|U\.?S\.?C\.?|NMAC|AR|HB|SB|Bill|Measure|Proposition|Act|Order) *"
        r"[\dA-Z][\w./-]*(?:\(\w+\))*",
        r"\b(?:[Pp]hase|[Tt]able|[Ff]igure|[Ss]ection|[Cc]hapter|[Pp]art|[Mm]odule|[Ll]esson|[Vv]ersion|[Ss]tep|[Ss]tage|"
        r"[Ll]evel|[Ii]tem|[Qq]uestion|[Rr]ule|[Ss]chedule|[Aa]ppendix|[Cc]riterion|[Aa]rticle|[Pp]aragraph|[Tt]ype|"
        r"[Pp]age|[Nn]umber|[Nn]o\.|[Gg]rade|[Cc]lass) \d+[a-z]?(?:(?:,| and| or| to|–|/) ?\d+[a-z]?)*\b",
        r"\b\d+-HT\w*|\b[A-Za-z]+-?\d[\w-]*",  # words and formulas
    )
)
_MEASURES = ("value", "low", "high", "sd")
"""What a row of a figure's data shows."""
_OURS = re.compile(r"\bour (?:calculation|arithmetic)\b")
"""A row whose note says so holds what was worked out from its source, which states the parts."""
_FIGURE = re.compile(r"(?<![\w.])(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?!\w*\d)")


def untraced(path: str, text: str, references: Mapping[str, Reference]) -> Iterator[Message]:
    """Yield each number of a text that counts which no source of its sentence states.

    Args:
        text: a lesson, a module's introduction or the glossary, with its head.
    """
    for sentence in counted_sentences(text):
        keys = [key for key in cited_keys(sentence.text) if key in references]
        if keys:
            yield from _untraced_in(path, sentence, [references[key] for key in dict.fromkeys(keys)])


def _untraced_in(path: str, sentence: Sentence, cited: Sequence[Reference]) -> Iterator[Message]:
    known = {figure for reference in cited for figure in stated(reference)}
    missing = [figure for figure in figures_in(sentence.text) if figure not in known]
    if missing:
        yield Message(path, sentence.line, _told(list(dict.fromkeys(missing)), cited))


def _told(missing: Sequence[str], cited: Sequence[Reference]) -> str:
    numbers = ", ".join(f"“{figure}”" for figure in missing)
    names = " and ".join(f"{reference.key} ({reference.short})" for reference in cited)
    does = "does not stand" if len(missing) == 1 else "do not stand"
    advice = "Look it up: add it there, mend what says it, or move it into a pending box."
    return f"{numbers} {does} under `states` of {names} in {REFERENCES}. {advice}"


def untraced_rows(path: str, text: str, references: Mapping[str, Reference]) -> Iterator[Message]:
    """Yield each number of a figure's data that the source of its row does not state.

    Args:
        text: a YAML file of rows, each with its source; what else is wrong with it is told where it is read.
    """
    lines = load(path, text).lines
    for number, row in enumerate(titled_rows(text)[1]):
        named = row_sources(row, references)
        known = {figure for key in named for figure in stated(references[key])}
        shown = [figure for name in _MEASURES if name in row for figure in _numbers(str(row[name]))]
        missing = list(dict.fromkeys(figure for figure in shown if figure not in known))
        if named and missing and not _OURS.search(str(row.get("note", ""))):
            yield Message(path, line_of(lines, "rows", str(number)), _told(missing, [references[key] for key in named]))


def row_sources(row: Mapping[str, object], references: Mapping[str, Reference]) -> Sequence[str]:
    """Return the keys of the known sources that a row of a figure's data names."""
    return [key for key in re.split(r"[\s,;]+", str(row.get("source", ""))) if key in references]


def titled_rows(text: str) -> tuple[str, Sequence[Mapping[str, object]]]:
    """Return the title and the rows of a data file with every value as it is written, so that 0.70 stays 0.70."""
    try:
        told = yaml.load(text, yaml.BaseLoader)
    except yaml.YAMLError:
        return "", []
    if not isinstance(told, dict):
        return "", []
    rows = told.get("rows")
    return str(told.get("title", "")), [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def stated(reference: Reference) -> frozenset[str]:
    """Return the figures that a source states, each as it would be printed."""
    return frozenset(found for words in reference.states for found in _numbers(words))


def figures_in(text: str) -> Sequence[str]:
    """Return the numbers of a sentence that its sources must state, in their order."""
    bare = CITATION.sub(" ", text)
    for pattern in _NO_FIGURES:
        bare = pattern.sub(" ", bare)
    return _numbers(bare)


def _numbers(text: str) -> Sequence[str]:
    return [found.replace(",", "") for found in _FIGURE.findall(text)]
