"""Sources leave as BibTeX and as CSL-JSON, and nothing in them is read as a command or a second entry."""

import json

from trainer.references.bibtex import bibtex
from trainer.references.csl import csl_item, csl_json
from trainer.references.names import author_named
from trainer.references.reading import read_references

PAPER = r"""
S1:
  short: Vizeli 2017
  kind: primary
  type: trial
  authors: [Vizeli, Villa Zapata, ter Meulen, W. Richards, "Phelps, J.", "et al."]
  year: 2017
  title: "Safety & 100% of {MDMA}_1 for $5 #2 ~ a^b \\input"
  container: Journal A & B
  volume: 31
  issue: 5
  pages: 576–588
  doi: 10.1177/a_b
  url: https://doi.org/10.1177/a_b
  text: "Vizeli, Villa Zapata, ter Meulen, W. Richards, Phelps, J. et al. (2017). \
    Safety & 100% of {MDMA}_1 for $5 #2 ~ a^b \\input. Journal A & B 31(5):576–588."
  retracted: {on: 2024-08-10, note: "Why.", source: "A list."}
S2:
  short: OAR 1
  kind: rule
  type: rule
  organisation: Oregon Psilocybin Services
  text: Oregon Psilocybin Services. A rule, as read.
"""
SOURCES = list(read_references("references.yaml", PAPER, []).values())


def test_a_paper_leaves_as_bibtex_with_every_sign_of_tex_made_harmless() -> None:
    entry = bibtex(SOURCES).split("\n@")[0]
    assert entry.startswith("@article{S1,\n")
    assert "author = {Vizeli and {Villa Zapata} and ter Meulen and Richards, W. and Phelps, J. and others}," in entry
    begin, end = r"Safety \& 100\% of ", r"\_1 for \$5 \#2 \textasciitilde{} a\textasciicircum{}b \textbackslash{}input"
    title = begin + r"\textbraceleft{}MDMA\textbraceright{}" + end
    assert f"title = {{{{{title}}}}}," in entry
    assert "pages = {576--588}," in entry
    assert r"journal = {Journal A \& B}," in entry
    assert "note = {Retracted, 2024-08-10: Why.}," in entry


def test_a_rule_leaves_as_bibtex_with_the_body_that_made_it_and_its_words() -> None:
    entry = bibtex(SOURCES).split("\n@")[1]
    assert entry.startswith("misc{S2,\n")
    assert "author = {{Oregon Psilocybin Services}}," in entry
    assert "note = {Oregon Psilocybin Services. A rule, as read.}," in entry
    assert "year" not in entry


def test_braces_are_even_whatever_an_author_wrote() -> None:
    odd = PAPER.replace("{MDMA}", "}MDMA}}, year={1}")
    text = bibtex(read_references("references.yaml", odd, []).values())
    assert text.count("{") == text.count("}")
    assert r"\{" not in text  # BibTeX counts it as a brace all the same
    assert r"\}" not in text


def test_a_paper_leaves_as_an_item_of_csl() -> None:
    item = csl_item(SOURCES[0])
    assert item["type"] == "article-journal"
    assert item["author"][:2] == [{"family": "Vizeli"}, {"family": "Villa Zapata"}]
    assert item["author"][-1] == {"literal": "et al."}
    assert item["issued"] == {"date-parts": [[2017]]}
    assert (item["volume"], item["issue"], item["page"]) == ("31", "5", "576-588")
    assert (item["DOI"], item["status"]) == ("10.1177/a_b", "retracted")


def test_what_is_not_known_is_left_out_and_everything_is_one_list() -> None:
    rule = json.loads(csl_json(SOURCES))[1]
    assert rule["type"] == "regulation"
    assert rule["author"] == [{"literal": "Oregon Psilocybin Services"}]
    assert not {"issued", "page", "DOI", "container-title"} & set(rule)


def test_a_name_is_taken_apart_as_it_is_printed() -> None:
    assert (author_named("E. Erowid").family, author_named("E. Erowid").given) == ("Erowid", "E.")
    assert (author_named("Phelps, J.").family, author_named("Phelps, J.").given) == ("Phelps", "J.")
    assert author_named("Ot'alora G.").family == "Ot'alora"
    assert author_named("Carhart-Harris").given == ""
