"""In a real Chromium: “Saved” is said only when it is true, no page has a barrier, and all of it works by keyboard."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import PASSWORD
from tests.stage.inspector import WIDE, Inspector
from tests.written.conftest import FIRST, SECOND, marks
from trainer.accounts.models import Person
from trainer.accounts.words import Role
from trainer.written.answers import code_of

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
def window(chromium, address: str) -> Iterator[Callable[..., BrowserContext]]:
    """Somebody's browser, signed in."""
    opened: list[BrowserContext] = []

    def sign_in(person: Person, **wishes: object) -> BrowserContext:
        context = chromium.new_context(base_url=address, viewport=WIDE, reduced_motion="reduce", **wishes)
        opened.append(context)
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("input[name=email]", person.email)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        page.close()
        return context

    yield sign_in
    for context in opened:
        context.close()


def opened(window: BrowserContext, path: str) -> Page:
    page = window.new_page()
    page.goto(path)
    return page


def test_what_is_typed_without_a_network_is_kept_and_saved_later(window, mara, task_path) -> None:
    context = window(mara)
    page = opened(context, task_path)
    status, box = page.locator("[data-status]"), page.get_by_label("Your answer")
    box.press_sequentially("Odile, no.")
    expect(page.locator("[data-words]")).to_have_text("2")
    expect(status).to_have_text("Saved")
    context.set_offline(True)
    box.press_sequentially(" We will not meet.")
    expect(status).to_contain_text("Not saved yet")
    page.close()
    context.set_offline(False)
    page = opened(context, task_path)  # the page that closes may still have heard that there is a network again
    expect(page.locator("[data-status]")).to_have_text(re.compile("Saved|What you saved"))
    expect(page.get_by_label("Your answer")).to_have_value("Odile, no. We will not meet.")


def test_of_two_pages_the_person_says_which_words_are_theirs(window, mara, task_path, inspector) -> None:
    context = window(mara)
    first, second = opened(context, task_path), opened(context, task_path)
    first.get_by_label("Your answer").fill("Said there.")
    expect(first.locator("[data-status]")).to_have_text("Saved")
    second.get_by_label("Your answer").fill("Said here.")
    expect(second.locator("[data-there]")).to_have_text("Said there.")
    inspector.look(second, "two pages")
    second.get_by_role("button", name="Save the ones from here").press("Enter")
    expect(second.locator("[data-status]")).to_have_text("Saved")
    first.reload()
    expect(first.get_by_label("Your answer")).to_have_value("Said here.")
    assert not inspector.wrong, "\n".join(inspector.wrong)


def test_no_page_of_a_written_task_has_a_barrier(
    window, mara, sol, dana, person, as_, task_path, sent, inspector: Inspector, shot
) -> None:
    trainee = opened(window(mara), task_path)
    inspector.look(trainee, "task")
    shot(trainee, "task")
    trainee.get_by_label("Your answer").fill("No, Odile.")
    trainee.get_by_role("button", name="Send this answer").press("Enter")
    expect(trainee.locator("#problems")).to_contain_text("from 50 to 130 are asked for")
    inspector.look(trainee, "too short")
    shot(trainee, "too-short")
    answer = sent()
    trainee.goto(task_path)
    inspector.look(trainee, "waits")
    rater = opened(window(sol), "/ratings/")
    inspector.look(rater, "queue")
    shot(rater, "queue")
    rater.get_by_role("link", name=f"Answer {code_of(answer.id)}").press("Enter")
    inspector.look(rater, "rating")
    rater.get_by_role("button", name="Keep this rating").press("Enter")
    inspector.look(rater, "rating, nothing chosen")
    shot(rater, "rating")
    for group in rater.locator("fieldset.criterion").all():
        group.get_by_role("radio").first.check()
    rater.get_by_label("Your comment").fill("Say the no first, and say it once.")
    rater.get_by_role("button", name="Keep this rating").press("Enter")
    expect(rater.locator("[role=status]")).to_contain_text("is kept")
    as_(dana).send(f"/ratings/{answer.id}", marks(1, 2, 1, 2, 0))
    as_(person("Tess Lind", Role.SUPERVISOR)).send(f"/ratings/{answer.id}", marks(1, 1, 1, 2, 0))
    trainee.goto(task_path)
    inspector.look(trainee, "not yet")
    shot(trainee, "not-yet")
    module = opened(trainee.context, task_path.replace("/written/", "/learn/").replace("/coffee", "/boundaries/"))
    inspector.look(module, "module")
    shot(module, "module")
    director = opened(window(dana), "/ratings/agreement")
    director.locator("details").first.evaluate("one => one.open = true")
    inspector.look(director, "agreement")
    shot(director, "agreement")
    assert not inspector.wrong, "\n".join(inspector.wrong)


def test_without_javascript_an_answer_is_saved_sent_and_rated(window, mara, sol, task_path) -> None:
    page = opened(window(mara, java_script_enabled=False), task_path)
    page.get_by_label("Your answer").fill(SECOND)
    page.get_by_role("button", name="Save for later").click()
    expect(page.locator(".done")).to_contain_text("saved")
    page.get_by_label("Your answer").fill(FIRST)
    page.get_by_role("button", name="Send this answer").click()
    expect(page.locator("main")).to_contain_text("Waits for a rater")
    rater = opened(window(sol, java_script_enabled=False), "/ratings/")
    rater.locator("main ul a").click()
    for group in rater.locator("fieldset.criterion").all():
        group.get_by_role("radio").last.check()
    rater.get_by_label("Your comment").fill("Clear and kind.")
    rater.get_by_role("button", name="Keep this rating").click()
    expect(rater.locator(".done")).to_contain_text("is kept")
