"""What somebody sends just after their sign-in has ended is not lost, and nothing is done with it by itself."""

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse
from wtforms import PasswordField

from tests.conftest import PASSWORD, Browser
from trainer.accounts.models import Person, SignIn
from trainer.accounts.unsent_words import LONGEST_CARRIED, unsealed
from trainer.clock import utc_now
from trainer.db import Database
from trainer.enrolment.models import Cohort
from trainer.typed_words import SECRETS
from trainer.web.forms import Form

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
REASONS = "I decided this because of what I read & heard.\r\nOn the second line, <b>more</b>.\n" + "Reasons. " * 90


@pytest.fixture
def outlived(as_: Callable, database: Database) -> Callable[[Person], Browser]:
    """A browser whose sign-in was ended from elsewhere, while a page of ours stayed open in it."""

    def browser_of(person: Person) -> Browser:
        browser = as_(person)
        browser.get("/account")
        with database.transaction() as session:
            session.execute(update(SignIn).values(ended_at=utc_now()))
        return browser

    return browser_of


def hidden(page: str, name: str) -> str:
    return page.partition(f'name="{name}" type="hidden" value="')[2].partition('"')[0]


def sign_in_again(browser: Browser, asked: TestResponse, person: Person, password: str = PASSWORD) -> TestResponse:
    form = {"email": person.email, "password": password, "carried": hidden(asked.text, "carried")}
    return browser.send("/sign-in", form)


def test_dana_gets_her_reasons_back_and_sends_them_again(
    outlived, database: Database, dana: Person, cohort: Cohort
) -> None:
    browser = outlived(dana)
    form = {"programme": "foundations", "name": "Autumn of reasons", "starts_on": "2027-01-01", "note": REASONS}
    asked = browser.send("/desk/cohorts/new", form, headers={"Referer": "http://localhost/desk/cohorts/new?a=1"})
    assert asked.status_code == 401
    assert "What you sent has not been saved, and it is not lost." in asked.text
    assert "Reasons." not in asked.text, "who else sits at this browser cannot read it"
    back = sign_in_again(browser, asked, dana)
    assert "so nothing was done with it" in back.text
    assert "&lt;b&gt;more&lt;/b&gt;" in back.text
    assert 'href="/desk/cohorts/new?a=1"' in back.text

    def made() -> int | None:
        with database.reading() as session:
            return session.scalar(select(func.count()).where(Cohort.name == "Autumn of reasons"))

    assert made() == 0
    assert browser.send("/desk/cohorts/new", form).status_code == 303
    assert made() == 1


def test_a_wrong_password_in_between_loses_nothing(outlived, mara: Person) -> None:
    browser = outlived(mara)
    asked = browser.send("/account", {"note": REASONS})
    again = sign_in_again(browser, asked, mara, "not it at all")
    assert again.status_code == 422
    assert "so nothing was done with it" in sign_in_again(browser, again, mara).text


def test_every_form_of_the_house_is_carried(app, outlived, mara: Person) -> None:
    browser = outlived(mara)
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods and getattr(app.view_functions[rule.endpoint], "guard", "public") != "public":
            path = app.url_map.bind("localhost").build(rule.endpoint, dict.fromkeys(rule.arguments, "x" * 26), "POST")
            answer = browser.send(path, {"words": "kept"})
            assert answer.status_code == 401, path
            token = hidden(answer.text, "carried")
            found = unsealed(token, secret=app.config["SECRET_KEY"], person_id=mara.id)
            assert found is not None
            assert (found.path, [one.text for one in found.fields]) == (path, ["kept"])


def test_whoever_else_signs_in_there_gets_nothing_of_it(outlived, mara: Person, omar: Person) -> None:
    browser = outlived(mara)
    asked = browser.send("/account", {"note": REASONS})
    answer = sign_in_again(browser, asked, omar)
    assert "Reasons." not in answer.text
    assert "it has been thrown away" in answer.text, "and is told so"
    assert "omar@example.org" in browser.get("/account").text


def test_a_stranger_is_just_asked_to_sign_in(stranger) -> None:
    """So nobody can make us keep or carry anything, and no other site can put words into somebody's mouth."""
    answer = stranger.send("/account", {"note": REASONS})
    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_our_own_scripts_are_answered_as_before(outlived, mara: Person) -> None:
    browser = outlived(mara)
    for headers in ({"Accept": "application/json"}, {"Sec-Fetch-Dest": "empty", "Accept": "*/*"}):
        assert browser.send("/account", {"q1": "2"}, headers=headers).location == "/sign-in"


def test_passwords_are_never_carried(outlived, app, mara: Person) -> None:
    browser = outlived(mara)
    asked = browser.send("/account", {"current": PASSWORD, "password": "four quiet green herons", "note": "x"})
    found = unsealed(hidden(asked.text, "carried"), secret=app.config["SECRET_KEY"], person_id=mara.id)
    assert found is not None
    assert [one.name for one in found.fields] == ["note"]


def forms(kind: type[Form]) -> Iterator[type[Form]]:
    for below in kind.__subclasses__():
        yield below
        yield from forms(below)


def test_no_secret_field_of_any_form_was_forgotten(app) -> None:
    with app.test_request_context():
        secret = {
            name
            for kind in forms(Form)
            for name in dir(kind)
            if getattr(getattr(kind, name), "field_class", None) is PasswordField
        }
    assert secret == SECRETS - {"csrf_token"}


def test_what_is_too_long_is_not_carried_and_the_person_is_told(outlived, mara: Person) -> None:
    browser = outlived(mara)
    asked = browser.send("/account", {"note": "x" * (LONGEST_CARRIED + 1)})
    assert len(asked.data) < 10_000
    assert "It was too long to be kept." in sign_in_again(browser, asked, mara).text


def test_a_file_has_to_be_chosen_again(outlived, mara: Person) -> None:
    browser = outlived(mara)
    asked = browser.send("/account", {"note": "x", "file": (BytesIO(b"paper"), "paper.pdf")})
    back = sign_in_again(browser, asked, mara).text
    assert "A file that you chose could not be kept." in back
    assert "Send it now" not in back


def test_a_form_open_in_another_tab_is_still_good_after_signing_in_again(outlived, mara: Person) -> None:
    browser = outlived(mara)
    with browser.session_transaction() as cookie:
        before = cookie["csrf_token"]
    assert browser.send("/sign-in", {"email": mara.email, "password": PASSWORD}).status_code == 303
    with browser.session_transaction() as cookie:
        assert cookie["csrf_token"] == before


def signed_out_in_another_tab(browser: Browser, path: str, form: dict[str, str]) -> TestResponse:
    """Open a form, sign out in another tab, and send the form as it stood."""
    page = browser.get("/account").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    browser.send("/sign-out")
    browser.get("/sign-in")
    return browser.post(path, data={**form, "csrf_token": token})


def test_who_signed_out_in_another_tab_gets_their_words_back(as_, dana: Person, cohort: Cohort) -> None:
    browser, form = (
        as_(dana),
        {"programme": "foundations", "name": "Autumn", "starts_on": "2027-01-01", "note": REASONS},
    )
    asked = signed_out_in_another_tab(browser, "/desk/cohorts/new", form)
    assert asked.status_code == 401
    assert "it is not lost" in asked.text
    assert "so nothing was done with it" in sign_in_again(browser, asked, dana).text


def test_who_comes_back_finds_the_forms_of_other_tabs_still_good(as_, mara: Person) -> None:
    browser = as_(mara)
    browser.get("/account")
    with browser.session_transaction() as cookie:
        before = cookie["csrf_token"]
    browser.send("/sign-out")
    browser.send("/sign-in", {"email": mara.email, "password": PASSWORD})
    with browser.session_transaction() as cookie:
        assert cookie["csrf_token"] == before


def test_a_form_of_whoever_left_is_not_sent_by_whoever_came(as_, mara: Person, omar: Person) -> None:
    browser = as_(mara)
    page = browser.get("/account").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    browser.send("/sign-out")
    browser.send("/sign-in", {"email": omar.email, "password": PASSWORD})
    answer = browser.post("/account", data={"note": REASONS, "csrf_token": token})
    assert answer.status_code == 409
    assert "Somebody else has signed in on this browser" in answer.text
    assert "Reasons." not in answer.text


@pytest.mark.parametrize("token", ["", "nonsense"])
def test_a_form_without_a_token_of_ours_is_carried_for_nobody(as_, mara: Person, token: str) -> None:
    browser = as_(mara)
    browser.get("/account")
    browser.send("/sign-out")
    answer = browser.post("/account", data={"note": REASONS, "csrf_token": token})
    assert answer.status_code == 400
    assert "carried" not in answer.text


def test_another_site_cannot_have_a_form_carried(as_, mara: Person) -> None:
    browser = as_(mara)
    page = browser.get("/account").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    browser.send("/sign-out")
    sent = {"note": REASONS, "csrf_token": token}
    assert browser.post("/account", data=sent, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400


def test_what_is_given_back_is_named_as_the_form_named_it(outlived, mara: Person) -> None:
    browser = outlived(mara)
    asked = browser.send(f"/desk/people/{'x' * 26}/time", {"factor": "150", "reason": "Reads slowly, with care."})
    back = sign_in_again(browser, asked, mara).text.partition("<main")[2].partition("</main>")[0]
    assert "Time limits in case simulations: Half as long again (150 %)" in back
    assert ">Reason</label>" in back
    assert "Factor" not in back


def test_what_has_no_name_for_people_is_counted_and_goes_along(outlived, mara: Person) -> None:
    browser = outlived(mara)
    asked = browser.send(f"/desk/cohorts/{'x' * 26}/conferrals", {"enrolment": ["01ABC", "01DEF"]})
    back = sign_in_again(browser, asked, mara).text
    assert "goes along as it was (2)" in back
    assert back.count('type="hidden" name="enrolment"') == 2
    assert "Enrolment" not in back
