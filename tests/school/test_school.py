"""Another school wears its own name, colours and words, and none in which nobody can read."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.app import create_app
from trainer.errors import Broken
from trainer.notices.mail import mail_server_of
from trainer.school.contrast import contrast, mixed
from trainer.school.palette import Scheme, clashes, palette
from trainer.school.reading import TOKENS, house_colours, read_school

MEADOW = """
name = "Meadow House"
contact = "office@meadow.example"
foot = "Meadow House trains in small groups."
letters = "Meadow House, training office"
logo = "meadow.svg"
[light]
accent = "#5b3a78"
deep = "#2e2140"
lamp = "#e9b872"
[dark]
accent = "#c9aee6"
deep = "#33264a"
lamp = "#d3a25e"
"""
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 8L4 0l4 8z"/></svg>'
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
TOKENS_TEXT = TOKENS.read_text()
WHITE = {"accent": "#ffffff", "deep": "#ffffff"}


@pytest.fixture
def meadow(tmp_path: Path) -> Path:
    """The file of a school."""
    (tmp_path / "meadow.svg").write_text(LOGO)
    (tmp_path / "not.png").write_text("not a picture")
    (tmp_path / "linked.svg").symlink_to(tmp_path / "meadow.svg")
    path = tmp_path / "school.toml"
    path.write_text(MEADOW)
    return path


def refused(path: Path) -> str:
    with pytest.raises(Broken) as told:
        read_school(path, TOKENS_TEXT)
    return str(told.value)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#ffffff", "#ffffff", 1), ("#777777", "#ffffff", 4.48), ("#767676", "#ffffff", 4.54)],
)
def test_contrast_is_as_the_guidelines_compute_it(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


@given(COLOURS, COLOURS)
def test_contrast_is_the_same_from_both_sides_and_least_with_itself(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one) >= 1
    assert contrast(one, one) == 1
    assert (mixed(one, other, 1), mixed(one, other, 0)) == (one, other)


def test_the_house_can_be_read_in_its_own_colours() -> None:
    for scheme, colours in house_colours(TOKENS_TEXT).items():
        assert list(clashes(scheme, palette({}, colours))) == []


def test_every_pair_that_is_read_together_is_looked_at() -> None:
    house = house_colours(TOKENS_TEXT)["light"]
    found = {(clash.over, clash.under): clash.least for clash in clashes("light", palette(WHITE, house))}
    assert found == {
        ("accent", "paper"): 4.5,
        ("accent", "raised"): 4.5,
        ("accent", "sunken"): 4.5,
        ("accent", "accent-wash"): 4.5,
        ("deep-ink", "deep"): 4.5,
        ("deep-soft", "deep"): 4.5,
        ("deep-soft", "deep-fill"): 4.5,
        ("focus-deep", "deep"): 3,
    }


@given(COLOURS, st.sampled_from(["light", "dark"]))
def test_no_school_gets_a_colour_that_cannot_be_read(colour: str, scheme: Scheme) -> None:
    """What is read on a button follows from the rest: of black and white one stands out from any accent that passes."""
    house = house_colours(TOKENS_TEXT)[scheme]
    dressed = palette({"accent": colour}, house)
    if not list(clashes(scheme, dressed)):
        assert contrast(colour, house["paper"]) >= 4.5
        assert contrast(dressed["accent-ink"], colour) >= 4.5


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_page_and_letter_wears_it(app, meadow: Path, settings) -> None:
    from dataclasses import replace

    dressed = replace(settings, school=meadow, smtp_url="smtp://127.0.0.1:2525")
    visitor = create_app(dressed).test_client()
    page = visitor.get("/verify").text
    assert "· Meadow House</title>" in page
    assert "Meadow House trains in small groups." in page
    assert "--accent: light-dark(#5b3a78, #c9aee6);" in visitor.get("/school.css").text
    assert visitor.get("/school-logo").data.decode() == LOGO
    server = mail_server_of(dressed)
    assert (server.from_name, server.closing) == ("Meadow House", "Meadow House, training office")
    plain = app.test_client()
    assert "· Trainer</title>" in plain.get("/verify").text
    assert plain.get("/school-logo").status_code == 404


def test_a_letter_closes_with_the_words_of_the_school() -> None:
    from trainer.clock import utc_now
    from trainer.notices.mail import Letter

    letter = Letter(to="mara@example.org", subject="A place", body="Welcome.", reference="a1", at=utc_now())
    message = letter.message("office@meadow.example", from_name="Meadow House", closing="Meadow House, office")
    assert message["From"] == "Meadow House <office@meadow.example>"
    assert message.get_content().replace("\r\n", "\n") == "Welcome.\n\n-- \nMeadow House, office\n"


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ('name = "Meadow House"', "", "has no name"),
        ('name = "Meadow House"', f'name = "{"M" * 41}"', "one line of 1 to 40 characters"),
        ('name = "Meadow House"', 'name = "Meadow\\nHouse"', "one line of 1 to 40 characters"),
        ("[light]", 'motto = "x"\n[light]', "nothing is called “motto”"),
        ('accent = "#5b3a78"', 'accent = "purple"', "must be written like"),
        ('accent = "#5b3a78"', 'accent = "#b8a8c8"', "has a contrast of"),
        ('deep = "#2e2140"', 'deep = "#9070c0"', "deep: deep-soft on deep-fill has a contrast of 2.2 to 1"),
        ('accent = "#c9aee6"', 'accent = "#5b3a78"', "Choose a lighter colour"),
        ('lamp = "#d3a25e"', "", "lamp must stand in both"),
        ('lamp = "#d3a25e"', 'lamp = "#d3a25e"\ngood = "#00ff00"', "has no colour “good”"),
        ("meadow.svg", "../meadow.svg", "beside this one"),
        ("meadow.svg", "other.svg", "other.svg cannot be used"),
        ("meadow.svg", "linked.svg", "it is no file of its own"),
        ("meadow.svg", "not.png", "holds no PNG picture"),
        ("meadow.svg", "a" * 300 + ".svg", "cannot be used"),
        ("[light]", f"foot = {'[' * 5000}\n[light]", "cannot be read"),
        ("meadow.svg", "meadow.html", "must name an .svg or .png"),
        ("[dark]", "[dark", "cannot be read"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_place(meadow: Path, was: str, now: str, said: str) -> None:
    meadow.write_text(MEADOW.replace(was, now, 1))
    assert said in refused(meadow)


def test_a_large_logo_and_a_file_that_is_not_there_are_refused_and_all_mistakes_are_told_at_once(meadow: Path) -> None:
    (meadow.parent / "meadow.svg").write_text("x" * 50_001)
    meadow.write_text(MEADOW.replace('accent = "#5b3a78"', 'accent = "red"'))
    told = refused(meadow)
    assert "more than 50 kB" in told
    assert "must be written like" in told
    assert "cannot be read" in refused(meadow.parent / "absent.toml")
    os.mkfifo(meadow.parent / "pipe.toml")
    assert "it is no file of its own" in refused(meadow.parent / "pipe.toml")


def test_a_faint_colour_is_told_once_by_the_pair_that_is_worst(meadow: Path) -> None:
    meadow.write_text(MEADOW.replace('accent = "#5b3a78"', 'accent = "#b8a8c8"').replace("#2e2140", "#9070c0"))
    told = refused(meadow).splitlines()
    assert [line.split(":")[1] for line in told] == [" [light] accent", " [light] deep"]
