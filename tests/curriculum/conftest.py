"""A course of one module and two lessons, without a mistake, and ways to spoil it."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from trainer.accounts.models import Person
from trainer.authoring.release import Files, release_of
from trainer.curriculum import services
from trainer.db import Database, new_id
from trainer.enrolment import services as giving
from trainer.enrolment.models import Cohort, Enrolment

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
FOLDER = "modules/01-ethics"
WHY, HEAD = f"{FOLDER}/01-why.md", f"{FOLDER}/module.md"
DO, SUM = f"{FOLDER}/exercise.md", f"{FOLDER}/summary.md"
EXERCISE = """\
---
exercise: say-it-aloud
title: Say it aloud
minutes: 40
pace: Two talks of fifteen minutes and ten to write.
objectives: [stop]
readiness: solid
---
With a colleague [@S1].

## What you do
1. Ask.
2. Wait.

## What you keep
A page of notes.

## What a supervisor looks for
- The [[stop signal]] was agreed.
"""
SUMMARY = """\
---
summary: ethics
title: Ethics on one screen
---
People become more open [@S1].

## Read further
- [@S1] for the numbers
  and the charts
- [@S2] the rule itself
- [@S3] what a machine made of it
"""
TWIN = """\
caption: Consent goes up in *steps* [@S1].
sources: S1, S2

| Step | What |
| --- | --- |
| 1 | ask [@S1] |
"""
COVERED = "objectives: [list-elements]\ncovers: {oregon/ethics: 15}\n"
Spoil = Callable[..., Files]
Enrol = Callable[[Person], Enrolment]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


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


@pytest.fixture
def whole() -> dict[str, str]:
    """The course with everything that may stand beside lessons."""
    return {
        **COURSE,
        "references.yaml": COURSE["references.yaml"] + 'S3: {short: "A post", kind: secondary, text: "A post."}\n',
        HEAD: MODULE.replace("[S1, S2]", "[S1, S2, S3]"),
        WHY: FIRST.replace("caption: Consent goes up in *steps*.\n", TWIN).replace(
            "objectives: [list-elements]\n", COVERED
        ),
        DO: EXERCISE,
        SUM: SUMMARY,
    }


@pytest.fixture
def enrol(database: Database, files: Files) -> Enrol:
    """Enrol somebody in a cohort that follows the small course."""

    def enrolled(person: Person, name: str = "Spring") -> Enrolment:
        with database.transaction() as session:
            release = services.publish(session, release=release_of(files), now=NOW, note="first")
            cohort = session.scalar(select(Cohort).where(Cohort.name == name)) or Cohort(
                id=new_id(),
                programme="foundations",
                name=name,
                release_hash=release.hash,
                starts_on=date(2026, 3, 1),
                created_at=NOW,
            )
            session.add(cohort)
            session.flush()
            return giving.enrol(session, person_id=person.id, cohort=cohort, now=NOW)

    return enrolled
