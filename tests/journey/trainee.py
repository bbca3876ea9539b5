"""What a trainee does in a browser, knowing only what the page shows and what the teacher whispers."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.journey.conftest import Site
from tests.journey.teacher import Teacher, words
from tests.stage.clicks import follow, press, walk_the_debrief
from trainer.authoring.markdown import plain_line
from trainer.items.formats import FORMATS
from trainer.items.values import ItemKind

NEXT_STEP = re.compile(
    "^((Read|Continue at|Play) “.*”|Answer the quiz|To the debrief|Open the examination"
    "|Continue this (case|quiz|examination)|Read and sign)$"
)
"""What the button of the next step is called, by what it leads to."""
READ = re.compile("^I have read this: ")
"""What the button at the end of a lesson is called; it leads on to the next one, or back to the module."""
SAVED = "Saved"
STEM = """stem => {
  const copy = stem.cloneNode(true);
  copy.querySelectorAll("select").forEach((list) => list.remove());
  return copy.textContent;
}"""
"""The words of a question without the lists in its gaps."""


@dataclass(frozen=True)
class Trainee:
    """Somebody who follows the path.

    Attributes:
        script: whether the browser runs scripts.
    """

    page: Page
    site: Site
    teacher: Teacher
    script: bool = True

    def press(self, name: str | re.Pattern[str]) -> None:
        """Press the button of that name."""
        press(self.page, name)

    def follow(self, name: str) -> None:
        """Follow the first link of that name on the page itself."""
        follow(self.page, name)

    def go_on(self, name: str) -> str:
        """Do the next thing the path asks for, in the name `name`; return which kind it was."""
        follow(self.page, NEXT_STEP)
        kind = self.page.url.removeprefix(self.site.address).split("/")[1]
        match kind:
            case "learn":
                self.read()
            case "quizzes":
                self.press("Begin")
                self.answer()
                self.send()
            case "cases":
                self.press("Begin this case")
                self.play()
                self.look_back()
            case "practicum":
                self.promise(name)
        if kind != "practicum":
            self.page.goto("/")
        return kind

    def read(self) -> None:
        """Read the open module from where it stopped, or from the open lesson, to its end."""
        page = self.page
        if page.get_by_role("complementary", name="About this module").count():
            follow(page, re.compile("^(Read|Continue at) “"))
        while page.get_by_role("button", name=READ).count():
            self.press(READ)
        expect(page.get_by_role("complementary", name="About this module")).to_contain_text(re.compile(r"(\d+) of \1"))

    def answer(self) -> None:
        """Answer every question of the open attempt rightly; with scripts, wait until each is said to be saved."""
        for section in self.page.locator("section.question").all():
            stem = section.locator(".stem").evaluate(STEM)
            item = self.teacher.item(stem, section.text_content() or "")
            fields = section.locator("select").all()
            if item.kind is ItemKind.ORDERING:
                lines = [words(option.text_html) for option in item.options]
                for label, field in zip(section.locator("li label > span").all_text_contents(), fields, strict=True):
                    field.select_option(str(lines.index(" ".join(label.split())) + 1))
            elif item.rows:
                for row, field in zip(item.rows, fields, strict=True):
                    field.select_option(label=plain_line(item.options[row.key].text))
            elif section.locator("input[type=text]").count():
                (typed,) = FORMATS[item.kind].key(item)
                section.locator("input[type=text]").fill(typed)
                section.locator("input[type=text]").blur()
            else:
                self._tick(section, frozenset(words(option.text_html) for option in item.options if option.right))
            if self.script:
                expect(section.locator(".saved")).to_have_text(SAVED)

    def _tick(self, section: Locator, right: frozenset[str]) -> None:
        choices = section.locator("label.choice")
        for place, text in enumerate(choices.all_text_contents()):
            if " ".join(text.split()) in right:
                choices.nth(place).click()

    def send(self) -> None:
        """Check and send the open attempt, which must be passed."""
        self.press("Save and check")
        expect(self.page.get_by_text("Every question has an answer, and all of them are saved.")).to_be_visible()
        self.press("Send my answers")
        expect(self.page.locator("main header")).to_contain_text("Passed")

    def play(self) -> None:
        """Play the open run to its end as its expert would."""
        run_id = urlsplit(self.page.url).path.split("/")[-1]
        while self.page.get_by_role("button", name="Do this").count():
            wanted = self.teacher.expert(self.site.instance, run_id)
            choices = self.page.locator("label.choice")
            shown = [" ".join(text.split()) for text in choices.all_text_contents()]
            choices.nth(shown.index(wanted)).click()
            self.press("Do this")

    def look_back(self) -> None:
        """Say how it was and go through the debrief, which must be a good one."""
        self.page.locator("textarea").fill("It was a long day, and I stayed beside her.")
        self.press("To the debrief")
        walk_the_debrief(self.page)
        expect(self.page.locator("main .verdict")).to_contain_text("Passed")

    def promise(self, name: str) -> None:
        """Sign the open text."""
        self.page.get_by_role("checkbox").check()
        self.page.get_by_role("textbox").fill(name)
        self.press("Sign this text")
