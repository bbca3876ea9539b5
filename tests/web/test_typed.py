"""What a person wrote in a form that was refused: their words, and nothing else, are given back."""

from trainer.typed_words import prose


def test_words_are_given_back_and_no_secret_choice_or_mark() -> None:
    sent = [
        ("csrf_token", "a b"),
        ("password", "correct horse battery"),
        ("current", "correct horse"),
        ("seen", "valid, 1, 0, 0"),
        ("verdict", "confirmed"),
        ("reason", " She asked\nfor it. "),
        ("private_reason", " \n "),
        ("carried", "x" * 400),
    ]
    assert prose(sent) == (" She asked\nfor it. ",)
