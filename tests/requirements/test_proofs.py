"""The proof tree to its last word: what is done, what is next, and what is kept with a conferral."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from trainer.requirements.rules import (
    Evidence,
    Group,
    LeafRecord,
    Proof,
    RequirementKind,
    RequirementLeaf,
    proof_as_json,
    prove_requirement,
)

NOW = datetime(2026, 1, 2, tzinfo=UTC)
EARLIER = NOW - timedelta(days=3)
ETHICS = RequirementLeaf(kind=RequirementKind.MODULE, slug="ethics", title="Ethics")
QUIZ = RequirementLeaf(kind=RequirementKind.QUIZ, slug="ethics", title="The quiz")
TABLET = RequirementLeaf(kind=RequirementKind.CASE, slug="tablet", title="The tablet", variants=2)
CODE = RequirementLeaf(kind=RequirementKind.ATTESTATION, slug="code", title="The code")
READING = Group(title="Reading", needed=2, parts=(ETHICS, QUIZ))
PRACTICE = Group(title="Practice", needed=1, parts=(TABLET, CODE))
WHOLE = Group(title="The programme", needed=2, parts=(READING, PRACTICE))


def done(whole: int = 1, at: datetime | None = NOW) -> LeafRecord:
    return LeafRecord(done=whole, whole=whole, evidence="On record.", step="Nothing.", at=at, not_before=NOW)


def test_a_leaf_that_is_met_says_when_and_asks_for_nothing_more() -> None:
    assert prove_requirement(TABLET, {(RequirementKind.CASE, "tablet"): done(2)}) == Proof(
        title="The tablet",
        met=True,
        done=2,
        whole=2,
        evidence="On record.",
        step="",
        at=NOW,
        not_before=None,
        blocked="",
        kind=RequirementKind.CASE,
        slug="tablet",
        parts=(),
    )


def test_a_leaf_that_is_open_says_what_is_next_and_from_when() -> None:
    standing = LeafRecord(done=1, whole=2, evidence="Half.", step="Again.", at=EARLIER, not_before=NOW, tries_left=2)
    assert prove_requirement(TABLET, {(RequirementKind.CASE, "tablet"): standing}) == Proof(
        title="The tablet",
        met=False,
        done=1,
        whole=2,
        evidence="Half.",
        step="Again.",
        at=EARLIER,
        not_before=NOW,
        kind=RequirementKind.CASE,
        slug="tablet",
        tries_left=2,
    )


def test_a_leaf_that_waits_for_somebody_says_since_when() -> None:
    standing = LeafRecord(done=0, whole=1, evidence="", blocked="A rater reads it.", since=EARLIER)
    assert prove_requirement(TABLET, {(RequirementKind.CASE, "tablet"): standing}).since == EARLIER


def test_a_leaf_of_which_nothing_is_known_is_to_be_begun() -> None:
    assert prove_requirement(TABLET, {}) == Proof(
        title="The tablet",
        met=False,
        done=0,
        whole=2,
        evidence="Nothing is on record yet.",
        step="Begin.",
        kind=RequirementKind.CASE,
        slug="tablet",
    )
    assert prove_requirement(CODE, {}).whole == 1


@pytest.mark.parametrize(
    ("standing", "met"),
    [
        (LeafRecord(done=1, whole=2, evidence=""), False),
        (LeafRecord(done=2, whole=2, evidence=""), True),
        (LeafRecord(done=3, whole=2, evidence=""), True),
        (LeafRecord(done=2, whole=2, evidence="", blocked="Waits."), False),
        (LeafRecord(done=0, whole=0, evidence=""), False),
        (LeafRecord(done=1, whole=1, evidence=""), True),
    ],
)
def test_a_leaf_is_met_when_all_of_something_is_done_and_nobody_else_must_act(standing: LeafRecord, met: bool) -> None:
    proof = prove_requirement(TABLET, {(RequirementKind.CASE, "tablet"): standing})
    assert proof.met is met
    assert proof.blocked == standing.blocked


def test_a_standing_and_a_proof_say_nothing_that_was_not_given() -> None:
    assert Proof("All", False, 0, 1) == (
        "All",
        False,
        0,
        1,
        "",
        "",
        None,
        None,
        "",
        0,
        False,
        False,
        False,
        None,
        "",
        (),
        "",
        (),
        None,
        0,
    )
    assert LeafRecord(done=0, whole=1, evidence="") == (0, 1, "", "", None, None, "", False, False, False, "", None, 0)


@pytest.mark.parametrize(
    ("evidence", "met", "count", "step"),
    [
        ({}, False, 0, "2 of 2 still to do."),
        ({(RequirementKind.MODULE, "ethics"): done()}, False, 1, "1 of 2 still to do."),
        ({(RequirementKind.MODULE, "ethics"): done(), (RequirementKind.QUIZ, "ethics"): done()}, True, 2, ""),
    ],
)
def test_a_group_of_all_says_how_many_are_still_to_do(evidence: Evidence, met: bool, count: int, step: str) -> None:
    proof = prove_requirement(READING, evidence)
    assert (proof.title, proof.met, proof.done, proof.whole, proof.step) == ("Reading", met, count, 2, step)
    assert (proof.kind, proof.slug, proof.evidence) == (None, "", "")


def test_a_group_of_some_says_how_many_more() -> None:
    some = Group(title="Some", needed=2, parts=(ETHICS, TABLET, CODE))
    assert prove_requirement(some, {}).step == "2 more of these 3, whichever you choose."
    assert (
        prove_requirement(some, {(RequirementKind.ATTESTATION, "code"): done()}).step
        == "1 more of these 3, whichever you choose."
    )
    both = {(RequirementKind.ATTESTATION, "code"): done(), (RequirementKind.MODULE, "ethics"): done()}
    assert (prove_requirement(some, both).met, prove_requirement(some, both).step) == (True, "")


def test_a_tree_counts_its_leaves_and_ends_with_the_last_of_them() -> None:
    evidence = {
        (RequirementKind.MODULE, "ethics"): done(5, at=EARLIER),
        (RequirementKind.QUIZ, "ethics"): done(at=NOW),
        (RequirementKind.ATTESTATION, "code"): done(at=None),
    }
    proof = prove_requirement(WHOLE, evidence)
    assert (proof.met, proof.done, proof.whole, proof.at) == (True, 3, 4, NOW)
    assert [part.at for part in proof.parts] == [NOW, None]
    assert [leaf.title for leaf in proof.leaves()] == ["Ethics", "The quiz", "The tablet", "The code"]
    assert prove_requirement(WHOLE, {}).at is None


def test_the_next_thing_is_the_first_that_is_open_and_waits_for_nobody_else() -> None:
    waits = LeafRecord(done=0, whole=1, evidence="", blocked="Waits.")
    assert prove_requirement(WHOLE, {}).next_leaf().title == "Ethics"
    assert prove_requirement(WHOLE, {(RequirementKind.MODULE, "ethics"): done()}).next_leaf().title == "The quiz"
    assert prove_requirement(WHOLE, {(RequirementKind.MODULE, "ethics"): waits}).next_leaf().title == "The quiz"
    both = {(RequirementKind.MODULE, "ethics"): waits, (RequirementKind.QUIZ, "ethics"): waits}
    assert prove_requirement(WHOLE, both).next_leaf().title == "The tablet"
    assert prove_requirement(WHOLE, {**both, (RequirementKind.CASE, "tablet"): done(2)}).next_leaf() is None
    assert prove_requirement(READING, both).next_leaf() is None


def test_what_waits_for_an_hour_is_not_the_next_thing_while_something_else_can_be_done() -> None:
    later = LeafRecord(done=0, whole=1, evidence="", step="Again.", not_before=NOW)
    sooner = later._replace(not_before=EARLIER)
    assert prove_requirement(WHOLE, {(RequirementKind.MODULE, "ethics"): later}).next_leaf().title == "The quiz"
    assert (
        prove_requirement(
            READING, {(RequirementKind.MODULE, "ethics"): later, (RequirementKind.QUIZ, "ethics"): sooner}
        )
        .next_leaf()
        .title
        == "The quiz"
    )
    assert (
        prove_requirement(READING, {(RequirementKind.MODULE, "ethics"): later, (RequirementKind.QUIZ, "ethics"): later})
        .next_leaf()
        .title
        == "Ethics"
    )


def test_what_may_not_begin_yet_says_so_and_is_not_the_next_thing() -> None:
    exam = RequirementLeaf(
        kind=RequirementKind.EXAM,
        slug="judgement",
        title="Exam",
        after=((RequirementKind.QUIZ, "ethics"), (RequirementKind.CASE, "tablet")),
    )
    whole = Group(title="All", needed=3, parts=(exam, QUIZ, CODE))
    quiz = {(RequirementKind.QUIZ, "ethics"): done()}
    assert [leaf.first for leaf in prove_requirement(whole, {}).leaves()] == [2, 0, 0]
    assert [leaf.first for leaf in prove_requirement(whole, quiz).leaves()] == [1, 0, 0]
    assert prove_requirement(exam, {}).after == (RequirementKind.QUIZ, RequirementKind.CASE)
    assert prove_requirement(exam, quiz).after == (RequirementKind.CASE,)
    assert prove_requirement(exam, {(RequirementKind.EXAM, "judgement"): done()}).after == ()
    twice = replace(exam, after=(*exam.after, (RequirementKind.QUIZ, "law")))
    assert prove_requirement(twice, {}).after == (RequirementKind.QUIZ, RequirementKind.CASE)
    assert prove_requirement(whole, quiz).next_leaf().title == "The code"
    assert prove_requirement(whole, {**quiz, (RequirementKind.CASE, "tablet"): done()}).next_leaf().title == "Exam"
    waits = LeafRecord(done=1, whole=1, evidence="", blocked="Waits.")
    assert prove_requirement(exam, {**quiz, (RequirementKind.CASE, "tablet"): waits}).first == 1
    assert prove_requirement(exam, {(RequirementKind.EXAM, "judgement"): done()}).first == 0


def test_where_everything_waits_for_others_what_is_missing_is_still_named() -> None:
    waits = LeafRecord(done=0, whole=1, evidence="", blocked="Waits.")
    proof = prove_requirement(
        READING, {(RequirementKind.MODULE, "ethics"): done(), (RequirementKind.QUIZ, "ethics"): waits}
    )
    assert proof.next_leaf() is None
    assert [leaf.title for leaf in proof.missing()] == ["The quiz"]


def test_what_a_met_group_holds_open_is_not_the_next_thing() -> None:
    practised = {(RequirementKind.ATTESTATION, "code"): done()}
    order = Group(title="Order", needed=2, parts=(PRACTICE, READING))
    assert prove_requirement(order, practised).next_leaf().title == "Ethics"


@pytest.mark.parametrize(
    ("standing", "begun"),
    [
        (LeafRecord(done=0, whole=1, evidence=""), False),
        (LeafRecord(done=1, whole=2, evidence=""), True),
        (LeafRecord(done=0, whole=1, evidence="", blocked="Waits."), True),
        (LeafRecord(done=0, whole=1, evidence="", not_before=NOW), True),
    ],
)
def test_a_leaf_has_begun_when_something_was_done_or_waits(standing: LeafRecord, begun: bool) -> None:
    assert prove_requirement(TABLET, {(RequirementKind.CASE, "tablet"): standing}).begun is begun


def test_a_proof_is_kept_in_these_values() -> None:
    evidence = {
        (RequirementKind.MODULE, "ethics"): done(5),
        (RequirementKind.QUIZ, "ethics"): LeafRecord(done=0, whole=1, evidence="No."),
    }
    assert proof_as_json(prove_requirement(READING, evidence)) == {
        "title": "Reading",
        "met": False,
        "done": 1,
        "whole": 2,
        "evidence": "",
        "at": "2026-01-02T00:00:00+00:00",
        "parts": [
            {
                "title": "Ethics",
                "met": True,
                "done": 5,
                "whole": 5,
                "evidence": "On record.",
                "kind": "module",
                "slug": "ethics",
                "at": "2026-01-02T00:00:00+00:00",
            },
            {
                "title": "The quiz",
                "met": False,
                "done": 0,
                "whole": 1,
                "evidence": "No.",
                "kind": "quiz",
                "slug": "ethics",
            },
        ],
    }


def test_the_kinds_of_leaves_are_these() -> None:
    assert [str(kind) for kind in RequirementKind] == ["module", "quiz", "case", "exam", "attestation", "written"]
