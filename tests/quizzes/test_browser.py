"""The script of an attempt in a real Chromium: it says “Saved” only when it is true."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import PASSWORD
from tests.quizzes.conftest import WITH_PRACTICE, Quiz
from trainer.quizzes.models import QuizAttempt

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
SAVED = "Saved"


@pytest.fixture
def window(chromium, address: str, mara) -> Iterator[BrowserContext]:
    """Mara's browser, signed in."""
    context = chromium.new_context(base_url=address)
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("input[name=email]", mara.email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.close()
    yield context
    context.close()


def begin(window: BrowserContext, quiz: Quiz) -> Page:
    page = window.new_page()
    page.goto(quiz.address)
    page.click("text=Begin")
    page.wait_for_url("**/attempts/*")
    return page


def choose(page: Page, number: int, place: int) -> None:
    page.locator(f"input[name=q{number}]").nth(place).check()


def test_each_answer_is_saved_as_it_is_given(window: BrowserContext, quiz: Quiz) -> None:
    page = begin(window, quiz)
    choose(page, 2, 1)
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    expect(page.locator("[data-saved-for='2']")).to_have_text(SAVED)
    expect(page.locator("[data-count]")).to_have_text("1")
    page.reload()
    expect(page.locator("input[name=q2]").nth(1)).to_be_checked()


def test_an_answer_given_offline_is_kept_and_saved_later(window: BrowserContext, quiz: Quiz) -> None:
    page = begin(window, quiz)
    window.set_offline(True)
    choose(page, 1, 2)
    expect(page.locator("[data-status]")).to_contain_text("Not saved yet")
    assert quiz.rows(page.url) == []
    window.set_offline(False)
    expect(page.locator("[data-saved-for='1']")).to_have_text(SAVED, timeout=10_000)
    assert len(quiz.rows(page.url)) == 1


def test_an_answer_given_offline_survives_closing_the_page(window: BrowserContext, quiz: Quiz) -> None:
    page = begin(window, quiz)
    attempt = page.url
    window.set_offline(True)
    choose(page, 1, 2)
    expect(page.locator("[data-status]")).to_contain_text("Not saved yet")
    page.close()
    window.set_offline(False)
    page = window.new_page()
    page.goto(attempt)
    expect(page.locator("[data-saved-for='1']")).to_have_text(SAVED)
    expect(page.locator("input[name=q1]").nth(2)).to_be_checked()


def test_a_second_tab_does_not_undo_the_first(window: BrowserContext, quiz: Quiz) -> None:
    first = begin(window, quiz)
    second = window.new_page()
    second.goto(first.url)
    choose(first, 1, 3)
    expect(first.locator("[data-saved-for='1']")).to_have_text(SAVED)
    choose(second, 2, 1)
    expect(second.locator("[data-saved-for='2']")).to_have_text(SAVED)
    second.click("text=Save and check")
    second.wait_for_url("**/check")
    first.reload()
    expect(first.locator("input[name=q1]").nth(3)).to_be_checked()
    expect(first.locator("input[name=q2]").nth(1)).to_be_checked()


@pytest.fixture
def two_devices(window: BrowserContext, chromium, address: str, quiz: Quiz) -> Iterator[tuple[Page, Page]]:
    """Mara chose the first option on a laptop without a network, then the third on her phone; the laptop wakes up."""
    laptop = begin(window, quiz)
    window.set_offline(True)
    choose(laptop, 1, 0)
    expect(laptop.locator("[data-status]")).to_contain_text("Not saved yet")
    other = chromium.new_context(base_url=address, storage_state={"cookies": window.cookies(), "origins": []})
    phone = other.new_page()
    phone.goto(laptop.url)
    choose(phone, 1, 2)
    expect(phone.locator("[data-saved-for='1']")).to_have_text(SAVED)
    window.set_offline(False)
    expect(laptop.locator("[data-two-for='1']")).to_be_visible(timeout=10_000)
    yield laptop, phone
    other.close()


def test_what_waited_on_one_device_is_shown_beside_what_another_saved(two_devices, quiz: Quiz) -> None:
    laptop, phone = two_devices
    box = laptop.locator("[data-two-for='1']")
    words = [laptop.locator("label.choice", has=laptop.locator("input[name=q1]")).nth(at).inner_text() for at in (2, 0)]
    expect(box.locator("li")).to_have_text(words)
    expect(laptop.locator("input[name=q1]").nth(2)).to_be_checked()
    laptop.reload()
    expect(box).to_be_visible()  # until she has said which it is, neither is forgotten
    box.get_by_role("button", name="Keep the saved one").click()
    expect(box).to_be_hidden()
    laptop.reload()
    expect(box).to_be_hidden()
    assert len(quiz.rows(phone.url)) == 1


def test_nobody_goes_on_to_sending_past_a_question_with_two_answers(two_devices) -> None:
    laptop, _phone = two_devices
    choose(laptop, 2, 1)
    expect(laptop.locator("[data-saved-for='2']")).to_have_text(SAVED)
    expect(laptop.locator("[data-status]")).to_contain_text("Answered on two pages")
    laptop.click("text=Save and check")
    expect(laptop.get_by_role("button", name="Keep the saved one")).to_be_focused()
    laptop.get_by_role("button", name="Keep the saved one").click()
    laptop.click("text=Save and check")
    laptop.wait_for_url("**/check")


def test_without_a_network_the_page_stays_and_says_that_nothing_is_saved_yet(
    window: BrowserContext, quiz: Quiz
) -> None:
    page = begin(window, quiz)
    window.set_offline(True)
    choose(page, 1, 0)
    choose(page, 2, 0)
    page.click("text=Save and check")
    for place in ("[data-status]", "[data-saved-for='1']", "[data-saved-for='2']"):
        expect(page.locator(place)).to_contain_text("Not saved yet")
        expect(page.locator(place)).to_have_class(re.compile(r"\bunsaved\b"))
    expect(page.locator("[data-cut-off]")).to_contain_text("this button does nothing yet")
    window.set_offline(False)
    expect(page.locator("[data-saved-for='2']")).to_have_text(SAVED, timeout=10_000)
    expect(page.locator("[data-saved-for='2']")).not_to_have_class(re.compile(r"\bunsaved\b"))
    expect(page.locator("[data-cut-off]")).to_be_hidden()
    page.click("text=Save and check")
    page.wait_for_url("**/check")


def test_somebody_with_two_answers_says_which_one_is_theirs(two_devices, quiz: Quiz) -> None:
    laptop, phone = two_devices
    laptop.get_by_role("button", name="Save the one from here").click()
    expect(laptop.locator("[data-saved-for='1']")).to_have_text(SAVED)
    expect(laptop.locator("[data-two-for='1']")).to_be_hidden()
    phone.reload()
    expect(phone.locator("input[name=q1]").nth(0)).to_be_checked()
    assert len(quiz.rows(phone.url)) == 2


def test_after_sleep_the_countdown_follows_the_server_and_ends_with_what_was_saved(
    window: BrowserContext, quiz_for: Callable[..., Quiz], mara, tampering
) -> None:
    page = begin(window, quiz_for(mara, WITH_PRACTICE.replace("minutes: none", "minutes: 30")))
    choose(page, 1, 2)
    expect(page.locator("[data-saved-for='1']")).to_have_text(SAVED)
    expect(page.locator("[data-seconds]")).to_have_text(re.compile("^(30:00|29:5.)$"))
    expect(page.locator("[data-said]")).to_be_empty()
    page.evaluate("const still = performance.now(); performance.now = () => still")  # as while the device sleeps
    with tampering() as session:
        attempt = session.get_one(QuizAttempt, page.url.rsplit("/", 1)[1])
        attempt.closes_at = datetime.now(UTC) + timedelta(seconds=4)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("[data-said]")).to_have_text("At most 1 minute left. What is saved when it ends counts.")
    expect(page.locator("[data-said]")).to_have_text("The time has ended. What was saved counts.", timeout=10_000)
    expect(page.locator("input[name=q1]").nth(0)).to_be_disabled()
    page.wait_for_url("**/result")
    expect(page.locator("h1")).to_contain_text("of 6 points")


def test_after_sending_in_another_tab_the_page_says_so(window: BrowserContext, quiz: Quiz) -> None:
    first = begin(window, quiz)
    second = window.new_page()
    second.goto(f"{first.url}/check")
    second.click("text=Send my answers")
    second.wait_for_url("**/result")
    choose(first, 1, 0)
    expect(first.locator("[data-status]")).to_contain_text("This try has been sent")


def test_without_a_script_everything_can_be_done(chromium, window: BrowserContext, quiz: Quiz, address: str) -> None:
    plain = chromium.new_context(base_url=address, java_script_enabled=False, storage_state=window.storage_state())
    page = begin(plain, quiz)
    for number in range(1, 7):
        choose(page, number, 0)
    page.click("text=Save and check")
    expect(page.locator("main")).to_contain_text("Every question has an answer, and all of them are saved.")
    page.click("text=Send my answers")
    expect(page.locator("h1")).to_contain_text("of 6 points")
    plain.close()
