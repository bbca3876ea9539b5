"""The one rule about who gives and ends roles, over everything that anybody can hold."""

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.accounts.powers import (
    GIVEN_BY,
    STAFF,
    Official,
    objection_to_ending,
    objection_to_giving,
    roles_given_by,
    stands_aside_from,
)
from trainer.accounts.words import Role

ALL_HOLDINGS = [frozenset(some) for size in range(5) for some in combinations(Role, size)]
THE_SITE = Official(person_id=None)
DIRECTOR = Official("dana", frozenset({Role.DIRECTOR}))
ADMINISTRATOR = Official("ada", frozenset({Role.ADMINISTRATOR}))


def reached_from(roles: frozenset[Role]) -> frozenset[Role]:
    """Return every role that somebody can bring about through others who owe theirs to them alone."""
    reached = roles
    while (more := reached | roles_given_by(Official("any", reached))) != reached:
        reached = more
    return reached


def test_an_administrator_makes_no_director_and_no_supervisor_however_many_accounts_they_have() -> None:
    assert reached_from(frozenset({Role.ADMINISTRATOR})) == {Role.ADMINISTRATOR, Role.TRAINEE}


def test_directors_and_administrators_give_what_is_theirs_and_trainees_and_supervisors_give_nobody_anything() -> None:
    assert {role: roles_given_by(Official("dana", frozenset({role}))) for role in Role} == {
        Role.TRAINEE: set(),
        Role.SUPERVISOR: set(),
        Role.DIRECTOR: {Role.TRAINEE, Role.SUPERVISOR, Role.DIRECTOR},
        Role.ADMINISTRATOR: {Role.TRAINEE, Role.ADMINISTRATOR},
    }


@pytest.mark.parametrize("role", sorted(STAFF))
def test_whoever_has_an_office_may_study_and_study_again(role: Role) -> None:
    for holding in ({role}, {role, Role.TRAINEE}):
        assert objection_to_giving(DIRECTOR, Role.TRAINEE, to="sol", holding=holding) is None


def test_nobody_gives_themselves_a_role_whatever_they_hold() -> None:
    for holding, role in product(ALL_HOLDINGS, Role):
        assert objection_to_giving(Official("dana", holding), role, to="dana", holding=holding)


def test_whatever_is_given_nobody_comes_to_hold_two_offices() -> None:
    officials = [THE_SITE, *(Official("dana", roles) for roles in ALL_HOLDINGS)]
    holdings = [one for one in ALL_HOLDINGS if len(one & STAFF) <= 1]
    for official, holding, role in product(officials, holdings, Role):
        if objection_to_giving(official, role, to="sol", holding=holding) is None:
            assert len((holding | {role}) & STAFF) <= 1
            assert role not in holding or role is Role.TRAINEE


def test_the_command_line_gives_the_first_of_each_office_and_puts_nobody_into_a_cohort() -> None:
    given = {role for role in Role if objection_to_giving(THE_SITE, role, to=None, holding=()) is None}
    assert given == STAFF


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("giver", Role)
def test_who_gives_a_role_ends_it_for_others(role: Role, giver: Role) -> None:
    official = Official("dana", frozenset({giver}))
    may_give = objection_to_giving(official, role, to="sol", holding=()) is None
    assert may_give is (giver in GIVEN_BY[role])
    assert (objection_to_ending(official, role, of="sol", left=1) is None) is may_give


@pytest.mark.parametrize("role", Role)
def test_an_office_can_be_laid_down_by_whoever_has_it(role: Role) -> None:
    own = objection_to_ending(Official("sol", frozenset({role})), role, of="sol", left=1)
    assert (own is None) is (role in STAFF)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("left", [0, 1, 2])
def test_only_the_command_line_leaves_a_programme_without_director_or_administrator(role: Role, left: int) -> None:
    giver = next(iter(GIVEN_BY[role]))
    objection = objection_to_ending(Official("dana", frozenset({giver})), role, of="sol", left=left)
    assert (objection is not None) is (left == 0 and role in (Role.DIRECTOR, Role.ADMINISTRATOR))
    assert objection_to_ending(THE_SITE, role, of="sol", left=left) is None


def test_everybody_stands_aside_from_themselves_and_along_the_appointments_up_and_down() -> None:
    appointments = [(None, "dana"), ("dana", "sol"), ("sol", "kim"), ("dana", "ada"), ("nils", "zora")]
    assert stands_aside_from("dana", appointments) == {"dana", "sol", "kim", "ada"}
    assert stands_aside_from("sol", appointments) == {"dana", "sol", "kim"}
    assert stands_aside_from("kim", appointments) == {"dana", "sol", "kim"}
    assert stands_aside_from("omar", appointments) == {"omar"}


PEOPLE = st.sampled_from("abcdef")


@given(st.lists(st.tuples(st.one_of(st.none(), PEOPLE), PEOPLE)), PEOPLE)
def test_nobody_decides_about_themselves_by_the_hand_of_accounts_that_they_brought_in(
    appointments: list[tuple[str | None, str]], person: str
) -> None:
    brought_in, before = {person}, set()
    while brought_in != before:
        before = set(brought_in)
        brought_in |= {receiver for giver, receiver in appointments if giver in before}
    assert all(person in stands_aside_from(one, appointments) for one in brought_in)


@given(st.lists(st.tuples(st.one_of(st.none(), PEOPLE), PEOPLE)), PEOPLE, PEOPLE)
def test_of_two_either_both_stand_aside_or_neither(
    appointments: list[tuple[str | None, str]], one: str, other: str
) -> None:
    assert (one in stands_aside_from(other, appointments)) is (other in stands_aside_from(one, appointments))


@pytest.mark.parametrize(
    ("official", "role", "holding", "said"),
    [
        (
            ADMINISTRATOR,
            Role.DIRECTOR,
            (),
            "You cannot make anybody a director. That is for a director of the programme",
        ),
        (
            THE_SITE,
            Role.TRAINEE,
            (),
            "You cannot make anybody a trainee. That is for a director or an administrator of",
        ),
        (DIRECTOR, Role.ADMINISTRATOR, (), "You cannot make anybody an administrator. That is for an administrator of"),
        (DIRECTOR, Role.SUPERVISOR, {Role.SUPERVISOR}, "This person is a supervisor of the programme already."),
        (
            DIRECTOR,
            Role.SUPERVISOR,
            {Role.ADMINISTRATOR, Role.TRAINEE, Role.DIRECTOR},
            "This person is a director and an administrator of the programme, and nobody is a supervisor beside that. "
            "End the other role first.",
        ),
    ],
)
def test_whoever_may_not_give_a_role_is_told_why(official: Official, role: Role, holding: set[Role], said: str) -> None:
    assert (objection_to_giving(official, role, to="sol", holding=holding) or "").startswith(said)


def test_a_refusal_names_who_can() -> None:
    assert objection_to_giving(ADMINISTRATOR, Role.SUPERVISOR, to=None, holding=()) == (
        "You cannot make anybody a supervisor. That is for a director of the programme, or for whoever runs this site."
    )
    assert objection_to_giving(DIRECTOR, Role.SUPERVISOR, to="dana", holding=()) == (
        "Nobody gives themselves a role. Somebody else who may give it must."
    )
    assert objection_to_ending(ADMINISTRATOR, Role.SUPERVISOR, of="sol", left=1) == (
        "You cannot end the role of a supervisor. That is for a director of the programme, or for whoever runs this "
        "site."
    )
    assert objection_to_ending(ADMINISTRATOR, Role.ADMINISTRATOR, of="ada", left=0) == (
        "This is the last administrator of the programme, which is never left without one. Give the role to somebody "
        "else first; only whoever runs this site can end the last one."
    )
