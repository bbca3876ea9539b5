"""How hard a lesson is to read, by a stated formula.

The Flesch–Kincaid grade (Kincaid, Fishburne, Rogers and Chissom 1975, US Navy, research branch report 8-75):
0.39 × words a sentence + 11.8 × syllables a word − 15.59. It knows lengths and nothing of sense; it is good for finding
the lesson whose sentences have grown long. Syllables are counted by the letters, near enough for the mean of a page;
numbers and what stands in tables, figures, headings and code count for nothing.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from markdown_it.token import Token

from trainer.authoring.frontmatter import split_head
from trainer.curriculum.language.dialect import LESSONS, token_words

HARDEST = 12
"""The grade above which an author is told: that of the last year of school."""
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_ABBREVIATIONS = re.compile(r"\b(Dr|Mr|Mrs|Ms|Prof|St|vs|al|cf|e\.g|i\.e|approx)\.")
_END = re.compile(r"[.!?…]+[”’\")\]]*(?=\s|$)")
_GROUPS = re.compile(r"[aeiouyàâäåáéèêëíìîïóòôöøúùûüæœ]+")
_SILENT = re.compile(
    r"(?:[^aeiouylr]|[aeiouy][lr]|rl)e$|[^aeioudt]ed$|(?:[^aeiouycgsxzl]|[aeiouy]l)es$|[^aeiou]ely$|eful$"
)
_APART = re.compile(
    r"[aeiouy]ing|i(?:a(?!l)|o(?!n|us)|um|us)|(?<![ctsg])ial|(?<![tscg])ion|(?:(?<![tcsg])|(?<=sc))ie(?=nc|nt)|iet"
    r"|eo(?!u|p)|ua|uou|yi|oe[mt]|suic|idea|rea(?=lit|ct)|creat|[^aeiou]sm$"
)
"""Vowels, or a last m, that make one more syllable than their letters show."""
_OPTION = re.compile(r"^\[[ xX]\] ")


def reading_grade(text: str) -> float:
    """Return the Flesch–Kincaid grade of a text, in years of school; 0 where it has no words."""
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = max(1, len(_END.findall(_ABBREVIATIONS.sub(r"\1", text))))
    syllables = sum(syllables_of(word.lower()) for word in words)
    return round(0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59, 1)


@lru_cache(maxsize=32_768)
def syllables_of(word: str) -> int:
    """Count the syllables of an English word in lower case, as its letters suggest; at least 1."""
    parts = [part for part in re.split(r"[-’']", word) if len(part) > 1]
    return (
        sum(
            max(1, len(_GROUPS.findall(part)) + len(_APART.findall(part)) - bool(_SILENT.search(part)))
            for part in parts
        )
        or 1
    )


def lesson_prose(path: str, text: str) -> str:
    """Return the sentences of a lesson, one block a line, each with an end; never raises."""
    return "\n".join(_ended(words) for words in _blocks(LESSONS.parse(split_head(path, text).body)) if words)


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    inside: list[str] = []
    for token in tokens:
        if token.type == "container_box_open":
            inside.append(token.info.split()[0] if token.info.split() else "")
        elif token.type in ("table_open", "heading_open"):
            inside.append("figure")
        elif token.type in ("container_box_close", "table_close", "heading_close") and inside:
            inside.pop()
        elif token.type == "inline" and "figure" not in inside:
            yield _OPTION.sub("", token_words(token).strip())


def _ended(words: str) -> str:
    return words if _END.search(words[-3:]) else f"{words.rstrip(':;,')}."
