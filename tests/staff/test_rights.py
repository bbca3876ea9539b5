"""Every cell of docs/rights.md, tried by the person of its column."""

import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from tests.conftest import Browser
from tests.staff.conftest import HERE, World
from trainer.accounts.models import Person
from trainer.accounts.words import Role
from trainer.cases.play.score import RUBRIC
from trainer.cli import COMMANDS
from trainer.db import new_id
from trainer.settings import ROOT

WHY = {"reason": "For a test of rights."}
Act = Callable[[World, Browser, Person | None], TestResponse]


def table(heading: str) -> list[tuple[str, str, str]]:
    """Return the cells under a heading of the page: row, column, what it says."""
    part = (ROOT / "docs/rights.md").read_text().split(heading, 1)[1].split("\n## ", 1)[0]
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\|.*\|$", part, re.M)]
    names, rows = lines[0][1:], [line for line in lines[2:] if any(line[1:])]
    return [(row[0], name, said) for row in rows for name, said in zip(names, row[1:], strict=True)]


RIGHTS, ABOUT_WHOM = table("# Who may do what"), table("## About whom")


def look(address: Callable[[World], str]) -> tuple[Act, int]:
    return lambda world, browser, _: browser.get(address(world)), 200


def find(address: str, put: Callable[[World], str]) -> tuple[Act, int]:
    """Look for what was put there on a page that shows everybody their own programme's things."""

    def act(world: World, browser: Browser, _: Person | None) -> TestResponse:
        what = put(world)
        answer = browser.get(address)
        return answer if answer.status_code != 200 or what in answer.text else TestResponse([], "404", [], {})

    return act, 200


def send(address: Callable[[World], str], form: Callable[[], dict[str, str]] = lambda: WHY) -> tuple[Act, int]:
    return lambda world, browser, _: browser.send(address(world), form()), 303


def decide(kind: str) -> tuple[Act, int]:
    """Send a decision about a certificate with nothing filled in: whoever may is asked for the rest."""

    def act(world: World, browser: Browser, about: Person | None) -> TestResponse:
        certificate = world.certificate(world.enrolment(about) if about else None)
        return browser.send(f"/certificates/{certificate}/{kind}", {})

    return act, 422


def confer(world: World, browser: Browser, about: Person | None) -> TestResponse:
    """Ask to confer what is not earned yet: whoever may decide is told what is missing."""
    answer = browser.send(f"/desk/people/{world.enrolment(about).id}", {"sure": "y"})
    return answer if "requirement" in answer.text else TestResponse([], "403", [], {})


def place(world: World, browser: Browser, about: Person | None) -> TestResponse:
    return browser.decide(f"/desk/people/{world.enrolment(about).id}/place", {"ended": "y", **WHY})


def take_decision_back(world: World, browser: Browser, about: Person | None) -> TestResponse:
    """Take back what was issued already: whoever may decide is told so."""
    enrolment = world.enrolment(about)
    decision = world.decision(world.certificate(enrolment))
    answer = browser.send(f"/desk/people/{enrolment.id}/decisions/{decision}/withdrawal", {"sure": "y", **WHY})
    return answer if "issued meanwhile" in answer.text else TestResponse([], "403", [], {})


def confer_again(world: World, browser: Browser, about: Person | None) -> TestResponse:
    """Confer again what nobody has conferred yet: whoever may decide is told so."""
    form = {"sure": "y", "follows": "nothing", **WHY}
    answer = browser.send(f"/desk/people/{world.enrolment(about).id}/again", form)
    return answer if "decide again" in answer.text else TestResponse([], "403", [], {})


def limits(world: World, browser: Browser, about: Person | None) -> TestResponse:
    form = {"factor": "150", "seen": "0", **WHY}
    return browser.send(f"/desk/people/{world.enrolment(about).id}/time", form)


def identity(what: str) -> tuple[Act, int]:
    """Correct somebody's name or address with nothing filled in: whoever may is asked for the rest."""

    def act(world: World, browser: Browser, about: Person | None) -> TestResponse:
        return browser.send(f"/desk/identity/{world.enrolment(about).person_id}/{what}", {})

    return act, 422


def chance(world: World, browser: Browser, about: Person | None) -> TestResponse:
    """Waive a module, which a second director would have to agree to."""
    form = {"what": "waiver", "seen": "0", **WHY}
    return browser.send(f"/desk/people/{world.enrolment(about).id}/chances/module/ethics", form)


def flag(world: World, browser: Browser, about: Person | None) -> TestResponse:
    raised = world.sitting(world.enrolment(about), flagged=True)
    return browser.send(f"/examinations/flags/{raised}", {"verdict": "cleared", **WHY})


def grey(world: World, browser: Browser, about: Person | None) -> TestResponse:
    return browser.send(f"/examinations/grey/{world.sitting(world.enrolment(about))}", {"verdict": "passed", **WHY})


def rate(world: World, browser: Browser, about: Person | None) -> TestResponse:
    steps = {f"step{place}": "2" for place in range(5)}
    address = f"/ratings/{world.answer(world.enrolment(about))}"
    return browser.send(address, {**steps, "comment": "Clear, warm and short."})


def own(world: World, browser: Browser, _: Person | None) -> TestResponse:
    """Lay down the office of a person who is like the one in this browser, as that person."""
    [name] = [name for name, one in world.browsers.items() if one is browser]
    if name not in ("supervisor", "director", "administrator"):
        return browser.send("/desk/roles/1/end", WHY)
    another = world.person(Role(name))
    return world.browser(another).send(f"/desk/roles/{world.role_of(another)}/end", WHY)


def somebody() -> dict[str, str]:
    return {"name": "Noor Lind", "email": f"{new_id()}@example.org"}


def give(role: Role) -> tuple[Act, int]:
    return send(lambda _: f"/desk/staff/{HERE}", lambda: {**somebody(), "role": role.value})


def end(role: Role) -> tuple[Act, int]:
    return send(lambda world: f"/desk/roles/{world.role_of(world.person(role))}/end")


def new_link(role: Role) -> tuple[Act, int]:
    return send(lambda world: f"/desk/invitations/{world.invitation(role)}/link")


def take_back(role: Role) -> tuple[Act, int]:
    return send(lambda world: f"/desk/invitations/{world.invitation(role)}/withdrawal")


def account(what: str, role: Role) -> tuple[Act, int]:
    def act(world: World, browser: Browser, _: Person | None) -> TestResponse:
        whose = f"/people/{world.person(role).id}"
        return browser.send(f"{whose}/{what}", {"seen": browser.shown(f"{whose}/account"), **WHY})

    return act, 303


def change_cohort(world: World, browser: Browser, _: Person | None) -> TestResponse:
    form = {"name": new_id(), "starts_on": "2026-10-01", **WHY}
    return browser.decide(f"/desk/cohorts/{world.cohort.id}/change", form)


def erasure_of(role: Role) -> tuple[Act, int]:
    return look(lambda world: f"/people/{world.person(role).id}/erasure")


ACTS: dict[str, tuple[Act, int]] = {
    "the desk": find("/desk/", lambda world: world.cohort.id),
    "a cohort": look(lambda world: f"/desk/cohorts/{world.cohort.id}"),
    "a trainee's record": look(lambda world: f"/desk/people/{world.enrolment().id}"),
    "who acts for the programme": look(lambda _: f"/desk/staff/{HERE}"),
    "what was done in the programme": look(lambda _: f"/desk/audit/{HERE}"),
    "what was done to the installation": look(lambda _: "/desk/audit/"),
    "the paper of somebody else's certificate": look(lambda world: f"/certificates/{world.certificate()}.pdf"),
    "decisions about a certificate": look(lambda world: f"/certificates/{world.certificate()}/status"),
    "figures of a cohort": look(lambda world: f"/analytics/{world.cohort.id}"),
    "what waits for examiners": find("/examinations/", lambda world: world.sitting()),
    "what waits for raters": find("/ratings/", lambda world: world.answer()),
    "how far raters agree": find("/ratings/agreement", lambda world: world.answer(twice=True) and "A coffee, just"),
    "notes that trainees share": find("/cases/notes", lambda world: world.note()),
    "the role of a trainee": send(lambda world: f"/desk/cohorts/{world.cohort.id}", somebody),
    "the role of a supervisor": give(Role.SUPERVISOR),
    "the role of a director": give(Role.DIRECTOR),
    "the role of an administrator": give(Role.ADMINISTRATOR),
    "a new link to a trainee who was invited": new_link(Role.TRAINEE),
    "a new link to a director who was invited": new_link(Role.DIRECTOR),
    "nobody the invitation of a trainee after all": take_back(Role.TRAINEE),
    "nobody the invitation of a director after all": take_back(Role.DIRECTOR),
    "a trainee's role": end(Role.TRAINEE),
    "a supervisor's role": end(Role.SUPERVISOR),
    "another director's role": end(Role.DIRECTOR),
    "another administrator's role": end(Role.ADMINISTRATOR),
    "their own office": (own, 303),
    "a trainee's account": account("closing", Role.TRAINEE),
    "that a trainee's account is closed": account("opening", Role.TRAINEE),
    "a director's account": account("closing", Role.DIRECTOR),
    "what leads to a trainee, at their request": erasure_of(Role.TRAINEE),
    "what leads to a supervisor, while they are one": erasure_of(Role.SUPERVISOR),
    "that a cohort begins": send(
        lambda _: "/desk/cohorts/new", lambda: {"programme": HERE, "name": new_id(), "starts_on": "2026-10-01"}
    ),
    "what a cohort is called, and that it is archived": (change_cohort, 303),
    "that a place in a cohort ends": (place, 303),
    "to confer": (confer, 409),
    "to take back a decision never issued": (take_decision_back, 409),
    "to confer again": (confer_again, 409),
    "to suspend": decide("suspension"),
    "to lift a suspension": decide("lifting"),
    "to revoke": decide("revocation"),
    "to recall a revocation or a surrender": decide("recall"),
    "to renew": decide("renewal"),
    "to correct a name": decide("correction"),
    "to correct a name before there is a certificate": identity("name"),
    "to give a link to another address": identity("address"),
    "how long time limits are": (limits, 303),
    "how somebody goes on who is stuck": (chance, 303),
    "a flag": (flag, 303),
    "a sitting in the grey zone": (grey, 303),
    "what a written answer is worth": (rate, 303),
    "to score runs again": send(
        lambda world: f"/analytics/{world.cohort.id}/tablet/rescore?by=rubric",
        lambda: {"target": f"own {RUBRIC}", "sure": "y", **WHY},
    ),
}
EXAMINED = ("a flag", "a sitting in the grey zone", "what a written answer is worth")
TURNED_AWAY = {403, 404, 409, 422}


def is_allowed(answer: TestResponse, allowed: int) -> bool:
    """Say whether somebody was let through; anybody else must have been turned away in so many words."""
    to_sign_in = answer.status_code == 401 or (answer.status_code == 303 and answer.location.startswith("/sign-in"))
    if answer.status_code == allowed and not to_sign_in:
        return True
    assert to_sign_in or answer.status_code in TURNED_AWAY, answer.status_code
    return False


def test_the_table_says_something_about_every_act() -> None:
    assert {row for row, _, _ in RIGHTS} == ACTS.keys()
    assert len({(row, column) for row, column, _ in RIGHTS}) == len(RIGHTS) == 10 * len(ACTS)


@pytest.mark.parametrize(("row", "column", "said"), [cell for cell in RIGHTS if cell[1] != "command line"])
def test_the_site_does_what_the_table_says(world: World, row: str, column: str, said: str) -> None:
    assert said in ("yes", "–")
    act, allowed = ACTS[row]
    assert is_allowed(act(world, world.browsers[column], None), allowed) is (said == "yes")


def test_the_command_line_has_the_commands_that_the_table_names() -> None:
    named = {said for _, column, said in RIGHTS if column == "command line"} - {"–"}
    assert {said.strip("`").removeprefix("trainer ") for said in named} <= COMMANDS.keys()


@pytest.mark.parametrize(("row", "column", "said"), ABOUT_WHOM)
def test_nobody_decides_about_those_from_whom_they_stand_aside(world: World, row: str, column: str, said: str) -> None:
    act, allowed = ACTS[row]
    role = Role.SUPERVISOR if row in EXAMINED else Role.DIRECTOR
    match column:
        case "themselves":
            decider = about = world.person(Role.TRAINEE, role)
        case "whom they gave an office":
            decider, about = world.person(role), world.person(Role.TRAINEE)
            world.office(about, Role.SUPERVISOR, by=decider.id)
        case "who gave them theirs":
            about = world.person(Role.TRAINEE)
            decider = world.person(role, by=about.id)
        case "through others":
            about = world.person(Role.TRAINEE)
            between = world.person(Role.DIRECTOR, by=about.id)
            decider = world.person(role, by=between.id)
        case _:
            decider, about = world.person(role), world.person(Role.TRAINEE)
    assert is_allowed(act(world, world.browser(decider), about), allowed) is (said == "yes")
