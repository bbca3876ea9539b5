"""The guide for authors says what the language is: its example plays, and no key of the language is missing."""

import re

from trainer.cases.catalogue import check_cases
from trainer.cases.language.compiler import compile_case
from trainer.cases.language.head_shape import CaseHead
from trainer.cases.language.scene_reader import CHOICE_KEYS, SCENE_KEYS
from trainer.cases.prover.findings import prove_case
from trainer.settings import ROOT

GUIDE = (ROOT / "docs" / "cases.md").read_text()


def test_the_example_in_the_guide_is_a_sound_case() -> None:
    text = re.search(r"```markdown\n(.*?)```", GUIDE, re.DOTALL)[1]
    case, messages = compile_case("cases/window/en.md", text)
    assert case is not None, messages
    assert prove_case(case) == ()
    assert check_cases({"cases/window/en.md": text.encode()}) == ()


def test_the_guide_explains_every_key_of_the_language() -> None:
    explained = set(re.findall(r"`(?:- )?([a-z ]+)(?:: [^`]*)?:?`", GUIDE))
    assert {*CaseHead.model_fields, *SCENE_KEYS, *CHOICE_KEYS} <= explained
