"""In every shipped quiz, practice asks nothing that counts, and nothing that was told is asked again."""

import pytest

from tests.quizzes.test_pools import asked, ids, tries_of
from trainer.quizzes.form import draw_practice, draw_quiz
from trainer.quizzes.pools import counted_pool, practice_pool
from trainer.settings import ROOT

SHIPPED = tuple(sorted(path.parent.name[3:] for path in (ROOT / "content" / "modules").glob("*/bank.md")))


@pytest.mark.parametrize("slug", SHIPPED)
def test_no_shipped_quiz_asks_for_practice_what_it_counts(slug: str, catalogue) -> None:
    bank = catalogue.banks[slug]
    practised = {one for seed in range(1000) for one in asked(draw_practice(bank, seed=str(seed)))}
    counted = {one for seed in range(300) for one in asked(draw_quiz(bank, seed=str(seed)))}
    assert practised == ids(practice_pool(bank))
    assert counted == ids(counted_pool(bank))
    assert not practised & counted


@pytest.mark.parametrize("slug", SHIPPED)
def test_in_no_shipped_quiz_a_try_asks_what_an_earlier_one_has_told(slug: str, catalogue) -> None:
    bank = catalogue.banks[slug]
    for seed in range(40):
        for form, told in tries_of(bank, str(seed)):
            assert not form & told
            assert len(form) == bank.serve
