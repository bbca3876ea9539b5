"""Letters of two scripts in one word are pointed out to whoever decides."""

import pytest

from trainer.certificates.facts.lookalikes import remarks


@pytest.mark.parametrize(
    ("name", "word", "strange"),
    [
        ("Іlse Exemplar", "Іlse", "Cyrillic (І)"),
        ("Ilse Exemplаr", "Exemplаr", "Cyrillic (а)"),
        ("Αnna Li", "Αnna", "Greek (Α)"),
    ],
)
def test_a_word_of_two_scripts_is_named_with_the_letters(name: str, word: str, strange: str) -> None:
    (remark,) = remarks(name)
    assert f"“{word}”" in remark
    assert strange in remark


@pytest.mark.parametrize(
    "name",
    [
        "Ilse Exemplar",
        "Adébáyọ̀ Ọlọ́run",
        "Sarah (سارة) Ben-David דוד",
        "たかはし アンナ",
        "李Anna",
        "김李",
        "Анна Müller",
        "علی\u200cرضا",
    ],
)
def test_names_as_people_write_them_bring_no_remark(name: str) -> None:
    assert remarks(name) == ()
