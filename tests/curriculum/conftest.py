"""A course of one module and two lessons, without a mistake, and ways to spoil it."""

from collections.abc import Callable, Mapping

import pytest

from trainer.authoring.release import Files

REFERENCES = """\
S1: {short: "Nayak 2021", kind: primary, url: "https://doi.org/10.1055/a-1524-2794", text: "Nayak and others."}
S2: {short: "Rule 5120", kind: regulator, text: "A rule."}
"""
GLOSSARY = """\
## Suggestibility {#suggestibility}
Readiness to take in another person's words [@S1].

## Stop signal {#stop-signal}
A sign agreed beforehand.
"""
COMPETENCIES = """\
C3:
  title: Consent
  behaviour: Obtains consent.
"""
CROSSWALK = """\
regulator: A board
rule: A rule
read_on: "In 2025"
total_hours: 10
note: Not a licence.
topics:
  ethics: {title: "Ethics", hours: 2.5, confidence: verified}
"""
ATTESTATION = """\
---
attestation: code
title: Code of ethics
version: "1.0"
---
I will put safety first.
"""
MODULE = """\
---
module: ethics
title: Ethics
minutes: 30
objectives:
  list-elements: List the elements.
  stop: Stop when asked.
competencies: [C3]
topics: [oregon/ethics]
sources: [S1, S2]
readiness: solid
reviewed: []
---
What this module is for.
"""
FIRST = """\
---
lesson: why
title: Why consent is different
minutes: 20
objectives: [list-elements]
readiness: solid
---
People become [[more open|suggestibility]] [@S1; @S2], and stay so [@S1].

## What follows

Read [the next page](02-how.md) and [this part](#what-follows).

::: law Oregon, as read in 2025
The rule says so [@S2].
:::

::: figure ladder.svg
alt: Three steps, from low
  to high.
caption: Consent goes up in *steps*.
:::

::: check withdrawn
May a client change their mind?

- [ ] No, they signed.
  > A signature can be withdrawn.
- [x] Yes, at any time.
  > Consent goes on [@S1].
:::
"""
SECOND = """\
---
lesson: how
title: How to ask
minutes: 10
objectives: [stop]
readiness: pending review
---
The table shows two ways to agree on a [[stop signal]].

| Way | Sign |
|:--|--:|
| Hand | up |
"""
LADDER = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 360">
  <defs><marker id="tip" refX="1"><path d="M0 0"/></marker></defs>
  <path class="line" d="M0 0H9" marker-end="url(#tip)"/>
  <text class="label" x="1" y="2" font-size="18">Step</text>
</svg>
"""
COURSE = {
    "references.yaml": REFERENCES,
    "glossary.md": GLOSSARY,
    "competencies.yaml": COMPETENCIES,
    "crosswalks/oregon.yaml": CROSSWALK,
    "attestations/code.md": ATTESTATION,
    "modules/01-ethics/module.md": MODULE,
    "modules/01-ethics/01-why.md": FIRST,
    "modules/01-ethics/02-how.md": SECOND,
    "modules/01-ethics/ladder.svg": LADDER,
}
Spoil = Callable[..., Files]


@pytest.fixture
def files() -> Files:
    """The course as files."""
    return {path: text.encode() for path, text in COURSE.items()}


@pytest.fixture
def spoil() -> Spoil:
    """Return the course with one text in one file replaced by another; `""` removes a whole file."""

    def spoiled(path: str, old: str = "", new: str = "") -> Mapping[str, bytes]:
        texts = dict(COURSE)
        if not old:
            texts.pop(path)
        else:
            assert old in texts[path], f"{old!r} is not in {path}"
            texts[path] = texts[path].replace(old, new, 1)
        return {name: text.encode() for name, text in texts.items()}

    return spoiled
