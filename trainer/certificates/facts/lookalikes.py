"""Letters that may be taken for others: words of mixed scripts, pointed out to whoever decides, never refused.

Unicode UTS 39 §5.2 (highly restrictive): a word is of one script, or of those that Chinese, Japanese and Korean people
write together.
"""

from collections.abc import Iterator

from fontTools.unicodedata import script, script_name

_ANY = ("Zyyy", "Zinh", "Zzzz")
_TOGETHER = (
    {"Latn", "Hani", "Hira", "Kana"},
    {"Latn", "Hani", "Hang"},
    {"Latn", "Hani", "Bopo"},
)


def remarks(name: str) -> tuple[str, ...]:
    """Return a sentence about each word of a name whose letters come from scripts that nobody writes together."""
    return tuple(
        f"“{word}” has letters of two scripts that may look alike: {_told(by_script)}. Make sure that it is meant so."
        for word, by_script in _words(name)
        if len(by_script) > 1 and not any(by_script.keys() <= together for together in _TOGETHER)
    )


def _words(name: str) -> Iterator[tuple[str, dict[str, str]]]:
    for word in name.replace("-", " ").split():
        by_script: dict[str, str] = {}
        for sign in word:
            if (system := script(sign)) not in _ANY and sign not in by_script.get(system, ""):
                by_script[system] = by_script.get(system, "") + sign
        yield word, by_script


def _told(by_script: dict[str, str]) -> str:
    return ", ".join(f"{script_name(system)} ({letters})" for system, letters in by_script.items())
