"""The list of sources is brought into its full form by what its texts say, and by nothing else."""

import yaml

from trainer.references.completing import completed

LIST = """\
# What is what.
S1: {short: "Yerubandi 2024", kind: primary, url: "https://doi.org/10.1001/x", text: "Yerubandi, Villa Zapata et al. (2024). Acute Effects: A Systematic Review. JAMA Network Open 7(4):e245960.", checked: "abstract"}

# Rules
S2: {short: "OPS", kind: rule, text: "Oregon Psilocybin Services. Facilitator License. Web page, 2025 copy."}
S3: {short: "A site", kind: secondary, text: "somewhere.org. On things."}
S4:
  short: "Mine"
  kind: primary
  title: "As I wrote it"
  text: "Nutt (2020). As I wrote it. Lancet."
  states: ["1"]
"""  # noqa: E501


def test_what_the_text_of_a_paper_says_stands_under_keys() -> None:
    paper = yaml.safe_load(completed(LIST, {}))["S1"]
    assert paper["authors"] == ["Yerubandi", "Villa Zapata", "et al."]
    assert (paper["year"], paper["title"]) == (2024, "Acute Effects: A Systematic Review")
    assert (paper["container"], paper["volume"], paper["issue"]) == ("JAMA Network Open", "7", "4")
    assert (paper["pages"], paper["doi"], paper["type"]) == ("e245960", "10.1001/x", "review")


def test_what_cannot_be_read_off_stays_absent() -> None:
    whole = yaml.safe_load(completed(LIST, {}))
    assert whole["S2"]["organisation"] == "Oregon Psilocybin Services"
    assert not {"authors", "container", "doi"} & set(whole["S2"])
    assert set(whole["S3"]) == {"short", "kind", "type", "text"}


def test_comments_and_what_an_author_wrote_stay_and_figures_are_added_once() -> None:
    whole = completed(LIST, {"S4": ["1", "2.5"]})
    assert whole.startswith("# What is what.\nS1:\n")
    assert "\n\n# Rules\nS2:\n" in whole
    assert yaml.safe_load(whole)["S4"]["title"] == "As I wrote it"
    assert yaml.safe_load(whole)["S4"]["states"] == ["1", "2.5"]
    assert completed(whole, {"S4": ["2.5"]}) == whole
