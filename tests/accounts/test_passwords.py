"""Passwords are kept well, are one thing on every keyboard, and are not what everybody tries first."""

from random import Random
from string import ascii_letters, digits
from threading import Event, Thread
from unicodedata import normalize

import pytest
from argon2 import PasswordHasher

from trainer.accounts import passwords
from trainer.accounts.passwords import HashingQueue, check_password, composed_password, hashed, weakness
from trainer.errors import Busy

TYPED = "größe lämpe ﬁnken 42"
WORDS = (
    *("lamp", "heron", "velvet", "orchard", "copper", "window", "thunder"),
    *("gravel", "saffron", "pencil", "harbour", "mitten", "quartz", "ribbon"),
)


def is_easy(password: str, **about: object) -> str | None:
    return weakness(password, email="dana@example.org", name="Dana Rivers", **about)


def test_where_there_is_no_account_the_comparison_costs_the_same() -> None:
    assert not check_password("nobody has this password", None).right
    assert not passwords._hasher.check_needs_rehash(passwords._nobody)


def test_a_password_is_kept_as_argon2id_with_its_own_salt() -> None:
    first, second = hashed("one and the same"), hashed("one and the same")
    assert first.startswith("$argon2id$")
    assert first != second
    assert check_password("one and the same", first).right
    assert not check_password("another one", first).right
    assert not check_password("one and the same", None).right
    assert not check_password("nobody has this password", None).right


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_a_password_is_the_same_on_every_keyboard(form: str) -> None:
    assert check_password(normalize(form, TYPED), hashed(TYPED)).right


def test_full_width_letters_and_hard_spaces_are_the_plain_ones() -> None:
    assert composed_password("Ｌａｍｐ heron") == "Lamp heron"


def test_a_password_from_before_still_opens_and_is_then_kept_composed() -> None:
    old = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(TYPED)  # as typed, not composed
    answer = check_password(TYPED, old)
    assert answer.right
    assert answer.renewed
    assert check_password(normalize("NFD", TYPED), answer.renewed) == check_password(TYPED, answer.renewed)
    assert check_password(TYPED, answer.renewed).renewed is None


def test_a_hash_of_yesterdays_strength_is_renewed_only_when_the_password_is_right() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("lamp heron velvet")
    assert check_password("lamp heron velvet", weak).renewed
    assert check_password("lamp heron copper", weak).renewed is None


@pytest.mark.parametrize(
    "easy",
    [
        "short",
        "eleven char",
        "x" * 201,
        "a" * 14,
        "password1234",
        "123456789012",
        "qwertyuiop12",
        "trainertrainer",
        "dana.example1",
        "P@ssw0rd1234",
        "letmein letmein",
        "1q2w3e4r5t6y",
        "dana@example.org",
        "Dana Rivers",
        "dana rivers 1985!",
        "ＰＡＳＳＷＯＲＤ１２３４",
        "abcdefghijklm",
        "psychedelic1",
    ],
)
def test_what_everybody_tries_first_is_refused_in_a_sentence(easy: str) -> None:
    assert (is_easy(easy) or "").endswith(".")


def test_the_programmes_name_is_no_password_in_that_programme() -> None:
    assert is_easy("Guided Orchards 1", about=("Guided Orchards",))
    assert is_easy("Guided Orchards 1") is None


def test_a_few_unrelated_words_are_always_welcome() -> None:
    dice = Random(1)
    tries = [" ".join(dice.sample(WORDS, dice.randint(4, 7))) for _ in range(40)]
    assert [one for one in tries if is_easy(one)] == []


def test_what_a_password_manager_makes_is_always_welcome() -> None:
    dice = Random(2)
    tries = ["".join(dice.choices(ascii_letters + digits + "-_!", k=dice.randint(14, 24))) for _ in range(40)]
    assert [one for one in tries if is_easy(one)] == []


def test_twelve_is_enough_and_eleven_is_not() -> None:
    assert is_easy("xK4-vQ9_mRt2") is None
    assert is_easy("xK4-vQ9_mRt")
    assert is_easy("lamp heron velvet orchard " * 8 + "x" * 8)
    assert is_easy(("lamp heron velvet orchard copper window thunder gravel saffron " * 4)[:200]) is None


def test_whoever_finds_every_place_taken_is_asked_to_come_again() -> None:
    places, entered, leave = HashingQueue(working=1, waiting=0, patience=5), Event(), Event()

    def stay() -> None:
        with places.one():
            entered.set()
            leave.wait(5)

    first = Thread(target=stay)
    first.start()
    entered.wait(5)
    with pytest.raises(Busy, match="in a few seconds"), places.one():
        pass
    leave.set()
    first.join()
    with places.one():
        pass


def test_whoever_waits_too_long_for_a_place_is_asked_to_come_again() -> None:
    places = HashingQueue(working=1, waiting=1, patience=0.05)
    with places.one(), pytest.raises(Busy), places.one():
        pass
