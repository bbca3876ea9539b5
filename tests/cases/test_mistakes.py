"""None of the mistakes that authors make passes in silence; each is told on its own line.

Together with those of `test_authors.py` and `test_cues.py` more than a hundred are seeded.
"""

import shutil
from pathlib import Path

import pytest

from tests.cases.mistakes import MISTAKES
from trainer.authoring.messages import Message
from trainer.cases.catalogue import prove_cases
from trainer.cases.language.compiler import Case, compile_case
from trainer.cases.prover.findings import prove_case
from trainer.cases.prover.giveaways import lint_cues
from trainer.cases.prover.kept_reports import ReportCache
from trainer.cases.prover.keys_worth import lint_keying
from trainer.cases.script import limits
from trainer.cases.script.limits import Limits, read_limits
from trainer.settings import ROOT

TEXTS = {
    "anna": ("cases/anna-psilocybin-1/en.md", (Path(__file__).parent / "anna.md").read_text()),
    # A copy, so that whoever edits the shipped case breaks no seed.
    "tablet": ("cases/tablet/en.md", (Path(__file__).parent / "tablet.md").read_text()),
    **{
        slug: (f"cases/{slug}/en.md", (ROOT / "content" / "cases" / slug / "en.md").read_text())
        for slug in ("hold-me", "booster")
    },
}
WHOLE_SITE = (ROOT / "content" / limits.PATH).read_bytes()
LIMITS: Limits = read_limits(WHOLE_SITE.decode())[0]


def checked(name: str, text: str) -> tuple[Case | None, tuple[Message, ...]]:
    """Say everything that the checker says about one case by itself, played with two seeds."""
    case, messages = read(name, text)
    return case, (*messages, *(prove_case(case, (0, 1)) if case else ()))


def read(name: str, text: str) -> tuple[Case | None, tuple[Message, ...]]:
    """Say what it says before it plays the case."""
    path = TEXTS[name][0]
    case, messages = compile_case(path, text, LIMITS)
    looks = (*lint_cues(case), *lint_keying(case)) if case else ()
    return case, (*messages, *(Message(path, line, said) for line, said in looks))


@pytest.mark.parametrize("what", sorted(MISTAKES))
def test_a_mistake_is_told_on_its_line(what: str) -> None:
    name, meant, typed, where, answer = MISTAKES[what]
    text = TEXTS[name][1]
    assert meant in text, "the case no longer says this"
    torn = text.replace(meant, typed, 1)
    _, messages = checked(name, torn)
    found = [one for one in messages if answer in one.text]
    assert found, [str(one) for one in messages]
    rows = torn.split("\n")
    assert any(where in rows[one.line - 1] for one in found), [(one.line, rows[one.line - 1]) for one in found]


def test_the_cases_are_sound_before_anything_is_broken_in_them(proofs: Path, tmp_path: Path) -> None:
    cache = ReportCache(
        Path(shutil.copytree(proofs, tmp_path / "proofs"))
    )  # the shared one holds what is shipped, alone
    for name in ("tablet", "hold-me", "booster"):
        path, text = TEXTS[name]
        assert read(name, text)[1] == ()
        (found,) = prove_cases({path: text.encode(), limits.PATH: WHOLE_SITE}, cache)
        assert found.messages == ()
    assert len(MISTAKES) >= 60
