"""One person goes the whole way, in a real browser: from an invitation to a certificate a stranger can check."""

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import cv2
import pytest
from playwright.sync_api import Page, expect

from trainer.cases.catalogue import cases_of
from trainer.cases.engine import expert_choice, options, replay
from trainer.curriculum.course import parse
from trainer.curriculum.release import read_folder, release_of
from trainer.quizzes.bank import parse_banks
from trainer.quizzes.items import Item
from trainer.settings import ROOT

pytestmark = pytest.mark.browser


def words(html: str) -> str:
    """Return the visible words of a piece of HTML, as the browser would show them."""
    return " ".join(re.sub(r"<[^>]+>", "", html).replace("&quot;", '"').replace("&amp;", "&").split())


@pytest.fixture(scope="module")
def items() -> Mapping[str, Item]:
    """Every question by its words: the teacher's copy, which no browser ever sees."""
    files = read_folder(ROOT / "content")
    course, _ = parse(files)
    banks, _ = parse_banks(files, course)
    return {words(str(item.stem_html)): item for bank in banks.values() for item in bank.items}


@pytest.fixture(scope="module")
def cases():
    return cases_of(release_of(read_folder(ROOT / "content")))


def sign_in(page: Page, site, email: str) -> None:
    password = json.loads((site.instance / "demo.json").read_text())["password"]
    page.goto(f"{site.address}/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def study(page: Page) -> None:
    """Read every lesson of the module that is open."""
    page.get_by_role("main").get_by_role("link", name=re.compile("^(Begin|Continue)")).first.click()
    while page.get_by_role("button", name="I have read this").count():
        page.get_by_role("button", name="I have read this").click()


def answer(page: Page, items: Mapping[str, Item]) -> None:
    """Answer every question rightly, and wait until the page says that it is saved."""
    for section in page.locator("section.question").all():
        item = items[words(section.locator(".stem").inner_html())]
        right = {words(str(option.text_html)) for option in item.options if option.right}
        for choice in section.locator("label.choice").all():
            if words(choice.inner_html()) in right:
                choice.click()
                expect(section.locator(".saved")).to_contain_text(re.compile(r"Saved \d\d:\d\d:\d\d UTC"))


def play(page: Page, case) -> None:
    """Play a case as its expert would, knowing only what the page shows."""
    for variant in case.variants:
        inputs: tuple[str, ...] = ()
        while page.get_by_role("button", name="Do this").count():
            state = replay(case, variant, 0, inputs).state
            choice = expert_choice(case, state)
            shown = {words(label.inner_html()) for label in page.locator("label.choice").all()}
            wanted = words_of(case, choice) if choice else None
            if wanted not in shown:
                break  # this is another variant than the one we thought
            page.locator("label.choice").filter(has_text=re.compile(re.escape(wanted))).first.click()
            page.get_by_role("button", name="Do this").click()
            inputs += (choice,)
        else:
            return
        assert inputs == () or options(case, replay(case, variant, 0, inputs).state)


def words_of(case, choice: str) -> str:
    from trainer.curriculum.markdown import inline

    return words(str(inline(case.choices[choice].text)))
