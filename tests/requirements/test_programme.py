"""Programme files: what an author can get wrong, and on which line they are told."""

import pytest

from trainer.requirements.programme import parse_programmes, published_programmes
from trainer.requirements.rules import RequirementKind, leaves

TITLES = {
    (RequirementKind.MODULE, "ethics"): "Ethics",
    (RequirementKind.QUIZ, "ethics"): "Ethics quiz",
    (RequirementKind.CASE, "tablet"): "The tablet",
}
SOUND = """\
programme: basics
title: Basics
credential: Certificate of Completion
version: "1.0"
validity_months: 24
summary: All of it.
needs:
  all:
    - module: ethics
    - title: Judgement
      any:
        - quiz: ethics
        - case: tablet
          variants: 2
"""


def told(text: str) -> list[str]:
    _, messages = parse_programmes({"programmes/basics.yaml": text.encode()}, TITLES)
    return [str(message) for message in messages]


def test_a_sound_programme_is_read() -> None:
    found, messages = parse_programmes({"programmes/basics.yaml": SOUND.encode()}, TITLES)
    assert messages == ()
    needs = found["basics"].needs
    assert [part.title for part in needs.parts] == ["Ethics", "Judgement"]
    assert needs.needed == 2


def test_a_misspelt_module_is_named_with_its_line_and_a_suggestion() -> None:
    assert told(SOUND.replace("module: ethics", "module: ethiks")) == [
        "programmes/basics.yaml:9: There is no module “ethiks”. Did you mean “ethics”?"
    ]


def test_a_misspelt_key_is_named_with_its_line() -> None:
    assert "programmes/basics.yaml:2: The key “titel” is not known here. Did you mean “title”?" in told(
        SOUND.replace("title: Basics", "titel: Basics")
    )


def test_validity_must_be_months() -> None:
    assert told(SOUND.replace("24", "two years"))[0].startswith("programmes/basics.yaml:5:")


def test_a_version_without_quotes_is_explained() -> None:
    assert "Put it in quotation marks." in told(SOUND.replace('"1.0"', "1.0"))[0]


def test_asking_twice_is_refused() -> None:
    assert "asked for twice" in told(SOUND.replace("quiz: ethics", "module: ethics"))[0]


def test_broken_yaml_has_a_line() -> None:
    assert told(SOUND.replace("needs:", "needs: [")) != []


def test_of_needs_a_number() -> None:
    assert "at_least" in told(SOUND.replace("any:", "of:"))[0]


def test_a_number_beside_a_group_that_needs_none_is_told() -> None:
    (message,) = told(SOUND.replace("      any:", "      at_least: 2\n      any:"))
    assert message == "programmes/basics.yaml:11: The key “at_least” is not known here. The keys are any, title."


def test_no_group_asks_for_more_than_it_has_or_for_nothing() -> None:
    of = SOUND.replace("any:", "of:").replace("- title: Judgement", "- title: Judgement\n      at_least: 3")
    assert told(of) == ["programmes/basics.yaml:11: “at_least” should be a whole number from 1 to 2."]
    for wrong in ("0", "true", "two"):
        assert "how many of the list are needed" in told(of.replace("at_least: 3", f"at_least: {wrong}"))[0]
    assert told(of.replace("at_least: 3", "at_least: 2")) == []


def test_the_file_name_is_the_programme() -> None:
    assert "like the name of the file" in told(SOUND.replace("programme: basics", "programme: other"))[0]


AFTER = SOUND.replace("        - quiz: ethics\n", "        - quiz: ethics\n          after: [module: ethics]\n")


def test_what_comes_first_is_read_and_old_programmes_ask_for_nothing() -> None:
    read = [parse_programmes({"programmes/basics.yaml": text.encode()}, TITLES)[0]["basics"] for text in (AFTER, SOUND)]
    assert [one.needs.parts[1].parts[0].after for one in read] == [((RequirementKind.MODULE, "ethics"),), ()]


def test_what_comes_first_stands_further_up() -> None:
    for wrong in ("case: tablet", "quiz: ethics"):  # below, and itself
        (message,) = told(AFTER.replace("[module: ethics]", f"[{wrong}]"))
        assert message.startswith("programmes/basics.yaml:13: “after” names ")
        assert "does not stand further up" in message
    (message,) = told(AFTER.replace("[module: ethics]", "[module: ethiks]"))
    assert message.endswith("Did you mean “ethics”?")


def test_what_comes_first_is_a_list_of_requirements() -> None:
    assert "“after” should be a list such as" in told(AFTER.replace("[module: ethics]", "ethics"))[0]
    for wrong in ("[ethics]", "[5]", "[{}]", "[{module: ethics, quiz: ethics}]", "[modul: ethics]"):
        assert "names one requirement, such as" in told(AFTER.replace("[module: ethics]", wrong))[0]


def test_a_case_and_a_module_wait_for_nothing() -> None:
    (message,) = told(SOUND.replace("          variants: 2\n", "          after: [module: ethics]\n"))
    assert message == (
        "programmes/basics.yaml:14: The key “after” is not known here. The keys are case, minutes, variants, debrief."
    )


def test_a_case_counts_after_its_debrief_only_where_the_programme_says_so() -> None:
    for line, asked in (("", False), ("          debrief: no\n", False), ("          debrief: yes\n", True)):
        found, messages = parse_programmes({"programmes/basics.yaml": (SOUND + line).encode()}, TITLES)
        assert messages == ()
        assert found["basics"].needs.parts[1].parts[1].debrief is asked
    assert told(SOUND + "          debrief: soon\n") == [
        "programmes/basics.yaml:15: “debrief” should be one of yes, no."
    ]


def test_the_shipped_programme_asks_for_the_debrief_of_every_case(catalogue) -> None:
    asked = leaves(catalogue.programmes["foundations"].needs)
    assert {leaf.debrief for leaf in asked if leaf.kind is RequirementKind.CASE} == {True}


def test_a_programme_declares_the_minutes_of_a_case_up_to_what_reading_all_of_it_takes() -> None:
    text = SOUND + "          minutes: 25\n"
    files, most = {"programmes/basics.yaml": text.encode()}, {(RequirementKind.CASE, "tablet"): 24}
    assert parse_programmes(files, TITLES, most={(RequirementKind.CASE, "tablet"): 25})[1] == ()
    _, [told] = parse_programmes(files, TITLES, most=most)
    assert (told.line, "takes 24 minutes" in told.text) == (15, True)
    found, messages = parse_programmes(files, TITLES)
    assert messages == (), "what is published keeps what it declares"
    assert found["basics"].needs.parts[1].parts[1].minutes == 25


def test_a_written_task_has_minutes_and_comes_after_what_is_named() -> None:
    text = SOUND + "    - written: coffee\n      minutes: 15\n      after: [module: ethics]\n"
    titles, coffee = {**TITLES, (RequirementKind.WRITTEN, "coffee"): "A coffee"}, (RequirementKind.WRITTEN, "coffee")
    found, messages = parse_programmes({"programmes/basics.yaml": text.encode()}, titles, most={coffee: 15})
    assert messages == ()
    leaf = found["basics"].needs.parts[2]
    assert (leaf.minutes, leaf.after) == (15, ((RequirementKind.MODULE, "ethics"),))
    _, [told] = parse_programmes({"programmes/basics.yaml": text.encode()}, titles, most={coffee: 14})
    assert (told.line, "writing the longest answer, at 10 words a minute, takes 14" in told.text) == (16, True)


def test_a_programme_has_a_time_zone_and_its_days_are_utc_without_one() -> None:
    sound, _ = parse_programmes({"programmes/basics.yaml": SOUND.encode()}, TITLES)
    zoned = SOUND.replace("needs:", "time_zone: America/Los_Angeles\nneeds:", 1)
    there, messages = parse_programmes({"programmes/basics.yaml": zoned.encode()}, TITLES)
    assert (sound["basics"].time_zone, there["basics"].time_zone, messages) == ("UTC", "America/Los_Angeles", ())


@pytest.mark.parametrize("name", ["America/Los_Angles", "../etc/passwd", "[1, 2]", "-8", "''", "Etc/GMT+8", "EST"])
def test_a_wrong_time_zone_is_told_with_its_line_but_a_published_programme_stays_readable(name: str) -> None:
    wrong = {"programmes/basics.yaml": SOUND.replace("needs:", f"time_zone: {name}\nneeds:", 1).encode()}
    found, (message,) = published_programmes(wrong, TITLES, {}), parse_programmes(wrong, TITLES)[1]
    assert str(message).startswith("programmes/basics.yaml:7: “time_zone” should be the IANA name of a place")
    assert found["basics"].time_zone == (name if name in ("Etc/GMT+8", "EST") else "UTC")
