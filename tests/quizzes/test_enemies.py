"""Clones and enemies never stand in one form, in none of the tries of one person."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.quizzes.conftest import a_bank, an_item
from trainer.errors import Broken
from trainer.items.families import kept_apart
from trainer.items.formats.format import Disclosure
from trainer.items.values import Item, Level
from trainer.quizzes import form as drawing
from trainer.quizzes.disclosure import telling
from trainer.quizzes.form import draw_practice, draw_quiz, leaves_enough
from trainer.quizzes.pools import ItemsMet, counted_pool, fill, practice_pool
from trainer.quizzes.values import Bank

NOTHING: frozenset[str] = frozenset()
ASKED_ONCE = {"ethics": {Level.KNOW: 1}}


def with_families(pairs: int, *, tries: int) -> tuple[Item, ...]:
    """Return a pool that is just as large as all tries need, with so many pairs of clones in it."""
    items = [an_item(f"i{n}", critical=n % 4 == 0) for n in range(4 * tries)]
    clones = [replace(item, family=f"rule{n // 2}") for n, item in enumerate(items[: 2 * pairs])]
    return (*clones, *items[2 * pairs :])


@settings(max_examples=60)
@given(st.integers(0, 6), st.text("abc", min_size=1, max_size=4), st.sampled_from([None, 1]))
def test_clones_never_meet_in_any_of_the_tries_of_one_person(pairs: int, seed: str, critical: int | None) -> None:
    bank = a_bank(with_families(pairs, tries=3), {Level.KNOW: 4}, critical=critical)
    apart, met = kept_apart(bank.items), ItemsMet()
    for left in (3, 2, 1):
        form = [question.item_id for question in draw_quiz(bank, seed=f"{seed}{left}", met=met, left=left)]
        assert len(set(form)) == 4
        assert not [item_id for item_id in form if set(apart.get(item_id, ())) & set(form)]
        assert not set(form) & set(met.in_tries)
        met = ItemsMet(in_tries=(*met.in_tries, *form))


def test_each_clone_is_asked_about_as_often_as_any_other_question() -> None:
    bank = a_bank(with_families(4, tries=3), {Level.KNOW: 4})
    seen = Counter(question.item_id for n in range(600) for question in draw_quiz(bank, seed=str(n), left=3))
    assert all(150 < seen[item.id] < 250 for item in bank.items), seen


def test_an_enmity_named_on_one_side_holds_on_both_and_in_practice() -> None:
    items = tuple(an_item(f"i{n}", practice_only=True) for n in range(4))
    hostile = (replace(items[0], enemies=("i1",)), *items[1:])
    assert kept_apart(hostile)["i1"] == {"i0"}
    bank = a_bank(hostile, {Level.KNOW: 4})
    forms = [{question.item_id for question in draw_practice(bank, seed=str(n))} for n in range(40)]
    assert not [form for form in forms if {"i0", "i1"} <= form]
    assert {len(form) for form in forms} == {3}


@pytest.mark.parametrize(("first", "enough"), [("ab", False), ("ac", True)])
def test_a_form_is_taken_only_if_the_later_tries_can_be_drawn(first: str, enough: bool) -> None:
    peaceful = [an_item(name) for name in "ab"]
    hostile = [replace(an_item(name), family="rule") for name in "cd"]
    bank = a_bank((*peaceful, *hostile), {Level.KNOW: 2}, attempts=2)
    chosen = [bank.item(name) for name in first]
    assert leaves_enough(bank, chosen, signed=NOTHING, met=ItemsMet(), left=2, random=Random(1)) is enough


def test_practice_shows_no_clone_of_what_counts() -> None:
    items = tuple(an_item(f"i{n}") for n in range(4))
    clone = replace(an_item("clone", practice_only=True), family="rule")
    bank = a_bank((replace(items[0], family="rule"), *items[1:], clone), {Level.KNOW: 4}, attempts=1)
    assert practice_pool(bank) == ()
    assert practice_pool(replace(bank, items=(*items, clone))) == (clone,)


def test_of_an_examination_nothing_is_told_and_nothing_practised() -> None:
    bank = a_bank((replace(an_item("i"), topic="ethics"),), {Level.KNOW: 1}, topics=ASKED_ONCE)
    form = draw_quiz(bank, seed="s")
    told_after = telling(form, bank, counted=True, passed=True, over=True, spent=False, held=NOTHING)
    assert told_after.of("i") is Disclosure.NOTHING
    assert practice_pool(bank) == ()


def test_who_retired_asks_nobody_any_more() -> None:
    items = (*(an_item(f"i{n}") for n in range(4)), replace(an_item("old"), retired="2026-12-01 rule changed"))
    bank = a_bank(items, {Level.KNOW: 4})
    assert "old" not in {question.item_id for n in range(20) for question in draw_quiz(bank, seed=str(n))}
    assert "old" not in {question.item_id for question in draw_practice(bank, seed="s")}


def test_of_an_examination_all_that_may_count_is_drawn_from() -> None:
    solid = tuple(replace(an_item(f"i{n}"), topic="ethics") for n in range(9))
    others = (
        replace(an_item("pending", pending=True), topic="ethics"),
        replace(an_item("practice", practice_only=True), topic="ethics"),
        replace(an_item("old"), topic="ethics", retired="2026-12-01 rule changed"),
    )
    bank = a_bank((*solid, *others), {Level.KNOW: 1}, attempts=1, topics=ASKED_ONCE)
    assert counted_pool(bank) == solid
    assert practice_pool(bank) == ()


def of_one_rule(*names: str, rule: str = "rule") -> tuple[Item, ...]:
    return tuple(replace(an_item(name), family=rule) for name in names)


def test_as_many_of_a_family_count_as_there_are_tries_to_keep_them_apart_in() -> None:
    clones, peaceful = of_one_rule(*"abcd"), tuple(an_item(f"i{n}") for n in range(4))
    banks = [a_bank((*clones, *peaceful), {Level.KNOW: 2}, attempts=2, slug=f"b{n}") for n in range(20)]
    pools = [counted_pool(bank) for bank in banks]
    assert {len(pool) for pool in pools} == {4}
    assert max(sum(item.family == "rule" for item in pool) for pool in pools) == 2
    alone = a_bank(clones, {Level.KNOW: 2}, attempts=2)
    assert len(counted_pool(alone)) == 4  # where there are no others, the rest of the family fills what is left


def test_clones_are_ranked_together() -> None:
    items = tuple(item for rule in "vwxyz" for item in of_one_rule(f"{rule}1", f"{rule}2", rule=rule))
    for n in range(20):
        pool = counted_pool(a_bank(items, {Level.KNOW: 1}, attempts=2, slug=f"b{n}"))
        assert len(pool) == 2
        assert len({item.family for item in pool}) == 1


def test_enemies_are_not_chosen_side_by_side_unless_so_many_may_be() -> None:
    items = of_one_rule(*"abc")
    for beside, names in ((None, ["a"]), (0, ["a"]), (1, ["a", "b"]), (2, ["a", "b", "c"])):
        chosen: list[Item] = []
        how = {} if beside is None else {"beside": beside}
        fill(chosen, Counter({Level.KNOW: 3}), items, apart=kept_apart(items), **how)
        assert [item.id for item in chosen] == names


@pytest.mark.parametrize(("answers", "asked"), [([True], 1), ([False, False, True], 3), ([False] * 99, 40)])
def test_forms_are_drawn_until_one_leaves_enough_and_no_longer(monkeypatch, answers: list[bool], asked: int) -> None:
    seen: list[set[str]] = []

    def leaves(_bank, chosen, **_how) -> bool:
        seen.append({item.id for item in chosen})
        return answers[len(seen) - 1]

    monkeypatch.setattr(drawing, "leaves_enough", leaves)
    bank = a_bank(tuple(an_item(f"i{n}") for n in range(20)), {Level.KNOW: 5})
    form = drawing.draw_quiz(bank, seed="s", left=2)
    assert len(seen) == asked
    assert {question.item_id for question in form} == seen[-1]


def test_one_bad_form_far_ahead_is_seen() -> None:
    """Six items for three forms of two: whoever takes two peaceful ones leaves too many clones to the others."""

    def enough(clones: str, *first: str, left: int) -> bool:
        peaceful = tuple(an_item(f"i{n}") for n in range(6 - len(clones)))
        bank = a_bank((*of_one_rule(*clones), *peaceful), {Level.KNOW: 2}, attempts=3)
        chosen = [bank.item(name) for name in first]
        return leaves_enough(bank, chosen, signed=NOTHING, met=ItemsMet(), left=left, random=Random(1))

    assert enough("cdef", "i0", "i1", left=1), "no later try"
    assert not enough("cdef", "i0", "i1", left=3)
    assert not enough("cde", "i0", "i1", left=3), "the next try can be drawn, and the one after it cannot"
    assert enough("cde", "i0", "c", left=3)
    whole = a_bank((*of_one_rule("c", "d"), *(an_item(f"i{n}") for n in range(4))), {Level.KNOW: 2}, attempts=3)
    spared = [whole.item("c"), whole.item("i0")]
    assert leaves_enough(whole, spared, signed=NOTHING, met=ItemsMet(), left=3, random=Random(1))


def test_a_try_more_than_planned_is_drawn_like_any_other() -> None:
    bank = a_bank((*of_one_rule("c", "d"), an_item("a")), {Level.KNOW: 2}, attempts=1)
    for seed in range(20):
        assert {question.item_id for question in draw_quiz(bank, seed=str(seed), left=0)} in ({"a", "c"}, {"a", "d"})


@pytest.mark.parametrize("seed", range(12))
def test_critical_questions_are_spread_over_the_tries_though_some_are_clones(seed: int) -> None:
    clones = [replace(item, critical=True) for item in of_one_rule("c", "d", "e")]
    items = (*clones, *(an_item(f"i{n}") for n in range(6)), *(an_item(f"k{n}", critical=True) for n in range(3)))
    bank, met = a_bank(items, {Level.KNOW: 4}, attempts=3, critical=2), ItemsMet()
    for left in (3, 2, 1):
        form = [question.item_id for question in draw_quiz(bank, seed=f"{seed} {left}", met=met, left=left)]
        assert sum(bank.item(name).critical for name in form) == 2
        assert len(set(form) & set("cde")) == 1
        met = ItemsMet(in_tries=(*met.in_tries, *form))


def all_tries(bank: Bank, seed: str) -> list[set[str]]:
    """Let somebody take all tries; give what each asked."""
    met, forms = ItemsMet(), []
    for left in range(bank.attempts, 0, -1):
        form = drawing.draw_quiz(bank, seed=f"{seed} {left}", met=met, left=left)
        forms.append({question.item_id for question in form})
        met = ItemsMet(in_tries=(*met.in_tries, *sorted(forms[-1])))
    return forms


def takes_the_first(monkeypatch) -> None:
    """Let the first form be taken that is drawn, so that the plan alone must leave enough."""
    monkeypatch.setattr(drawing, "leaves_enough", lambda *_given, **_named: True)


def test_the_plan_alone_keeps_clones_for_each_of_the_tries(monkeypatch) -> None:
    takes_the_first(monkeypatch)
    bank = a_bank((*of_one_rule(*"cde"), *(an_item(f"i{n}") for n in range(3))), {Level.KNOW: 2}, attempts=3)
    for seed in range(20):
        assert [len(form & set("cde")) for form in all_tries(bank, str(seed))] == [1, 1, 1]


def an_examination(items: tuple[Item, ...], *, serve: int, attempts: int, critical: int | None = None) -> Bank:
    """Make a bank whose forms are drawn from more than all tries need."""
    about = tuple(replace(item, topic="ethics") for item in items)
    blueprint = {Level.KNOW: serve}
    return a_bank(about, blueprint, attempts=attempts, critical=critical, topics={"ethics": blueprint})


def failures(bank: Bank) -> int:
    """Count of how many among three hundred people some try cannot be drawn."""
    failed = 0
    for seed in range(300):
        try:
            all_tries(bank, str(seed))
        except Broken:
            failed += 1
    return failed


def test_what_the_plan_leaves_out_fills_its_gaps_in_one_draw(monkeypatch) -> None:
    takes_the_first(monkeypatch)
    monkeypatch.setattr(drawing, "_DRAWS", 1)
    hated = replace(an_item("h"), enemies=("x", "y", "z"))
    assert failures(an_examination((hated, *map(an_item, "xyz"), an_item("i")), serve=2, attempts=1)) == 0
    assert failures(a_bank((*of_one_rule("a", "b"), an_item("c")), {Level.KNOW: 2}, attempts=1)) == 0
    short = a_bank((*of_one_rule("a", "b"), an_item("c")), {Level.KNOW: 2}, attempts=2)
    for seed in range(20):  # and so does what was planned for later, where nothing else does
        assert len(drawing.draw_quiz(short, seed=str(seed), left=2)) == 2


def test_with_critical_questions_in_the_plan_few_need_a_second_draw(monkeypatch) -> None:
    takes_the_first(monkeypatch)
    monkeypatch.setattr(drawing, "_DRAWS", 1)
    hated = replace(an_item("h", critical=True), enemies=("x", "y", "z"))
    items = (hated, *map(an_item, "xyz"), an_item("i0"), an_item("i1"), an_item("k0", critical=True))
    assert failures(an_examination(items, serve=3, attempts=2, critical=1)) <= 25
