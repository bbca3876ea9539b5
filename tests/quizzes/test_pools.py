"""What practice asks never counts, and what may come again is not told: for every bank."""

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.quizzes.conftest import a_bank, an_item
from tests.quizzes.test_form import SEEDS, banks
from trainer.items.values import Item, Level
from trainer.quizzes.form import draw_practice, draw_quiz
from trainer.quizzes.pools import ItemsMet, countable, counted_pool, fill, held_back, practice_pool, wanted
from trainer.quizzes.values import Bank


def ids(items) -> set[str]:
    return {item.id for item in items}


def asked(form) -> set[str]:
    return {question.item_id for question in form}


def tries_of(bank: Bank, seed: str):
    """Let somebody use up every try; give for each what is asked, and what has been told before it."""
    met, told = ItemsMet(), set()
    for number in range(bank.attempts):
        left = bank.attempts - number
        form = asked(draw_quiz(bank, seed=f"{seed} {number}", met=met, left=left))
        yield form, frozenset(told)
        met = ItemsMet(in_tries=tuple(dict.fromkeys((*met.in_tries, *sorted(form)))))
        told |= form - ids(held_back(bank, signed=frozenset(), met=met, left=left - 1))


@given(banks(), SEEDS, SEEDS)
def test_practice_and_counted_forms_never_share_a_question(bank: Bank, seed: str, other: str) -> None:
    assert not asked(draw_practice(bank, seed=seed)) & asked(draw_quiz(bank, seed=other))


@given(banks(), SEEDS)
def test_a_signature_moves_no_question_out_of_practice(bank: Bank, seed: str) -> None:
    every = frozenset(item.hash for item in bank.items)
    assert not ids(practice_pool(bank)) & asked(draw_quiz(bank, seed=seed, signed=every))


@given(banks())
def test_every_question_is_in_one_of_the_two_pools(bank: Bank) -> None:
    counted, practice = counted_pool(bank), practice_pool(bank)
    assert len(counted) + len(practice) == len(bank.items)
    assert ids(counted) | ids(practice) == ids(bank.items)


@given(banks())
def test_practice_gets_what_all_tries_can_do_without_and_no_more(bank: Bank) -> None:
    solid = Counter(item.level for item in bank.counted())
    pool = Counter(item.level for item in counted_pool(bank))
    assert all(pool[level] == min(solid[level], count) for level, count in wanted(bank, forms=bank.attempts).items())


@given(banks())
def test_critical_questions_are_counted_as_far_as_forms_aim_at_them(bank: Bank) -> None:
    everywhere = sum(item.critical for item in bank.counted())
    there = sum(item.critical for item in counted_pool(bank))
    bounded = {level: count * bank.attempts for level, count in bank.blueprint.items()}
    room = sum(min(bounded[level], sum(i.critical for i in bank.counted() if i.level is level)) for level in Level)
    if bank.critical is not None:
        assert there >= min(room, bank.critical * bank.attempts)
    else:
        assert there == 0 or everywhere


def test_without_an_aim_critical_questions_are_split_in_their_share() -> None:
    items = tuple(an_item(f"i{n}", critical=n < 10) for n in range(40))
    bank = a_bank(items, {Level.KNOW: 4}, attempts=2)  # 8 of 40 count
    assert sum(item.critical for item in counted_pool(bank)) == 2
    assert sum(item.critical for item in practice_pool(bank)) == 8


@given(banks(), st.randoms(use_true_random=False))
def test_the_split_does_not_depend_on_the_order_or_the_words_of_a_bank(bank: Bank, random) -> None:
    shuffled = list(bank.items)
    random.shuffle(shuffled)
    mended = tuple(replace(item, hash="f" * 64, line=99) for item in shuffled)
    assert ids(counted_pool(replace(bank, items=mended))) == ids(counted_pool(bank))


@given(banks(), st.sampled_from(Level))
def test_a_question_more_moves_none_from_practice_into_what_counts(bank: Bank, level: Level) -> None:
    bank = replace(bank, critical=None, items=tuple(replace(item, critical=False) for item in bank.items))
    more = replace(bank, items=(*bank.items, an_item("new", level=level)))
    solid = ids(bank.counted())
    assert ids(counted_pool(more)) & solid - {"new"} <= ids(counted_pool(bank))


def test_as_many_critical_questions_count_as_all_forms_aim_at() -> None:
    items = tuple(an_item(f"i{n}", critical=n < 5) for n in range(20))
    bank = a_bank(items, {Level.KNOW: 4}, attempts=2, critical=2)
    assert sum(item.critical for item in counted_pool(bank)) == 4


def test_a_bank_of_which_nothing_was_reviewed_counts_what_one_form_needs() -> None:
    bank = a_bank(tuple(an_item(f"p{n}", pending=True) for n in range(5)), {Level.KNOW: 2})
    assert len(counted_pool(bank)) == 2
    assert countable(bank, frozenset()) == ()


def test_a_question_that_waits_for_its_signature_cannot_be_asked_before() -> None:
    pending = an_item("p", pending=True)
    bank = a_bank((an_item("a"), pending), {Level.KNOW: 2})
    assert ids(countable(bank, frozenset())) == {"a"}
    assert ids(countable(bank, frozenset({pending.hash}))) == {"a", "p"}


def test_critical_questions_are_kept_for_a_later_try_that_has_no_others() -> None:
    items = (an_item("fresh"), an_item("plain"), an_item("grave", critical=True))
    met = ItemsMet(in_tries=("gone", "plain", "grave"))
    for critical, held in ((1, {"grave"}), (0, {"plain"}), (None, {"plain"})):
        bank = a_bank(items, {Level.KNOW: 2}, critical=critical)
        assert ids(held_back(bank, signed=frozenset(), met=met, left=1)) == held


def test_without_an_aim_questions_are_taken_as_they_come() -> None:
    plain, grave = an_item("plain"), an_item("grave", critical=True)
    for critical, first in ((None, plain), (0, plain), (1, grave)):
        chosen: list[Item] = []
        fill(chosen, Counter({Level.KNOW: 1}), [plain, grave], critical=critical)
        assert chosen == [first]


def test_what_an_author_keeps_for_practice_never_counts() -> None:
    items = (an_item("a"), an_item("b"), an_item("c", practice_only=True))
    bank = a_bank(items, {Level.KNOW: 2})
    assert ids(practice_pool(bank)) == {"c"}
    assert {frozenset(asked(draw_quiz(bank, seed=str(n)))) for n in range(20)} == {frozenset("ab")}


def test_a_pending_question_waits_for_its_signature_only_where_no_form_can_do_without_it() -> None:
    spare = a_bank((an_item("a"), an_item("p", pending=True)), {Level.KNOW: 1})
    short = a_bank((an_item("a"), an_item("p", pending=True)), {Level.KNOW: 2})
    assert (ids(practice_pool(spare)), ids(practice_pool(short))) == ({"p"}, set())


@given(banks(), SEEDS, st.integers(1, 4))
@settings(max_examples=60)
def test_nothing_that_was_told_is_asked_again(bank: Bank, seed: str, attempts: int) -> None:
    for form, told in tries_of(replace(bank, attempts=attempts), seed):
        assert not form & told


@given(banks(), SEEDS)
def test_where_there_are_enough_no_question_comes_twice_and_everything_is_told(bank: Bank, seed: str) -> None:
    bank = replace(bank, attempts=2, critical=None)
    more = [an_item(f"more {level} {n}", level=level) for level in Level for n in range(2 * bank.blueprint[level])]
    bank = replace(bank, items=(*bank.items, *more))
    (first, _), (second, told) = tries_of(bank, seed)
    assert not first & second
    assert told == first


def test_what_was_met_in_practice_before_comes_after_what_was_not() -> None:
    bank = a_bank(tuple(an_item(f"i{n}") for n in range(9)), {Level.KNOW: 3}, attempts=3)
    met = ItemsMet(elsewhere=frozenset(f"i{n}" for n in range(5)))
    for seed in range(50):
        assert not asked(draw_quiz(bank, seed=str(seed), met=met, left=3)) & met.elsewhere
    everything = ItemsMet(elsewhere=frozenset(ids(bank.items)))
    assert len(draw_quiz(bank, seed="s", met=everything, left=3)) == 3
