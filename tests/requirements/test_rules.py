"""The one function that decides whether somebody may be certified."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from trainer.requirements.rules import (
    Group,
    LeafRecord,
    Requirement,
    RequirementKind,
    RequirementLeaf,
    proof_as_json,
    prove_requirement,
)
from trainer.requirements.rules import leaves as leaves_of

ETHICS = RequirementLeaf(kind=RequirementKind.MODULE, slug="ethics", title="Ethics")
QUIZ = RequirementLeaf(kind=RequirementKind.QUIZ, slug="ethics", title="Ethics quiz")
CASE = RequirementLeaf(kind=RequirementKind.CASE, slug="tablet", title="The tablet", variants=2)
ALL = Group(title="Everything", needed=3, parts=(ETHICS, QUIZ, CASE))
ANY = Group(title="Either", needed=1, parts=(ETHICS, QUIZ))


def test_authors_read_of_each_kind_by_its_name_and_of_a_written_task_in_two_words() -> None:
    assert [kind.called for kind in (RequirementKind.EXAM, RequirementKind.WRITTEN)] == ["exam", "written task"]


def done(whole: int = 1) -> LeafRecord:
    return LeafRecord(done=whole, whole=whole, evidence="On record.", at=datetime(2026, 1, 2, tzinfo=UTC))


EVERYTHING = {
    (RequirementKind.MODULE, "ethics"): done(5),
    (RequirementKind.QUIZ, "ethics"): done(),
    (RequirementKind.CASE, "tablet"): done(2),
}


def test_nothing_on_record_proves_nothing() -> None:
    proof = prove_requirement(ALL, {})
    assert not proof.met
    assert (proof.done, proof.whole) == (0, 3)
    assert all(leaf.step for leaf in proof.leaves())


def test_everything_on_record_is_met() -> None:
    assert prove_requirement(ALL, EVERYTHING).met


def test_one_missing_lesson_stops_all_of_it() -> None:
    almost = EVERYTHING | {
        (RequirementKind.MODULE, "ethics"): LeafRecord(
            done=4, whole=5, evidence="4 of 5 lessons read.", step="Read on."
        )
    }
    proof = prove_requirement(ALL, almost)
    assert not proof.met
    assert proof.parts[0].step == "Read on."


def test_whoever_has_done_it_is_not_stuck_at_it() -> None:
    assert not prove_requirement(QUIZ, {(RequirementKind.QUIZ, "ethics"): done()._replace(stuck=True)}).stuck
    assert prove_requirement(
        QUIZ, {(RequirementKind.QUIZ, "ethics"): LeafRecord(done=0, whole=1, evidence="", stuck=True)}
    ).stuck


def test_a_requirement_declares_no_work_unless_it_says_so() -> None:
    assert ETHICS.minutes == 0


def test_any_is_content_with_one() -> None:
    assert prove_requirement(ANY, {(RequirementKind.QUIZ, "ethics"): done()}).met


def test_what_waits_for_somebody_else_is_not_met_and_is_not_the_next_step() -> None:
    waiting = {
        (RequirementKind.MODULE, "ethics"): LeafRecord(done=1, whole=1, evidence="", blocked="Waits for a reviewer.")
    }
    proof = prove_requirement(ALL, waiting)
    assert not proof.parts[0].met
    assert proof.next_leaf() == proof.parts[1]


def test_an_empty_module_is_never_met() -> None:
    assert not prove_requirement(
        ETHICS, {(RequirementKind.MODULE, "ethics"): LeafRecord(done=0, whole=0, evidence="")}
    ).met


def test_a_finished_path_has_no_next_step() -> None:
    assert prove_requirement(ALL, EVERYTHING).next_leaf() is None


def test_the_kept_proof_names_every_leaf() -> None:
    kept = proof_as_json(prove_requirement(ALL, EVERYTHING))
    assert [part["slug"] for part in kept["parts"]] == ["ethics", "ethics", "tablet"]  # type: ignore[attr-defined]


leaves = st.builds(
    lambda kind, slug: RequirementLeaf(kind=kind, slug=slug, title=slug),
    st.sampled_from(list(RequirementKind)),
    st.sampled_from(["a", "b", "c", "d"]),
)
trees: st.SearchStrategy[Requirement] = st.recursive(
    leaves,
    lambda inner: st.lists(inner, min_size=1, max_size=4).flatmap(
        lambda parts: st.integers(1, len(parts)).map(
            lambda needed: Group(title="group", needed=needed, parts=tuple(parts))
        )
    ),
    max_leaves=12,
)
records = st.dictionaries(
    st.tuples(st.sampled_from(list(RequirementKind)), st.sampled_from(["a", "b", "c", "d"])),
    st.builds(
        lambda done, whole, blocked: LeafRecord(done=done, whole=whole, evidence="", blocked=blocked),
        st.integers(0, 3),
        st.integers(0, 3),
        st.sampled_from(["", "Waits."]),
    ),
)


@given(
    tree=trees,
    record=records,
    key=st.tuples(st.sampled_from(list(RequirementKind)), st.sampled_from(["a", "b", "c", "d"])),
)
def test_doing_one_thing_more_never_takes_anything_away(tree, record, key) -> None:
    before = prove_requirement(tree, record)
    after = prove_requirement(tree, {**record, key: done()})
    assert after.met >= before.met


@given(tree=trees, record=records)
def test_a_tree_is_met_exactly_when_its_rule_says_so(tree, record) -> None:
    def by_hand(node: Requirement) -> bool:
        if isinstance(node, RequirementLeaf):
            standing = record.get((node.kind, node.slug))
            return standing is not None and not standing.blocked and standing.done >= standing.whole > 0
        return sum(map(by_hand, node.parts)) >= node.needed

    assert prove_requirement(tree, record).met == by_hand(tree)


@given(tree=trees, record=records)
def test_an_open_tree_always_says_what_is_missing(tree, record) -> None:
    proof = prove_requirement(tree, record)
    for leaf in proof.leaves():
        assert leaf.met or leaf.step or leaf.blocked or (leaf.kind, leaf.slug) in record


def test_the_leaves_of_a_requirement_are_all_that_it_asks_for_in_order() -> None:
    assert list(leaves_of(QUIZ)) == [QUIZ]
    assert list(leaves_of(Group(title="Both", needed=2, parts=(CASE, ANY)))) == [CASE, ETHICS, QUIZ]
