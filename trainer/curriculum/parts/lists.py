"""The lists the course draws on: competencies, regulators' topics, attestations."""

import hashlib
import posixpath
from collections.abc import Collection, Iterator

from trainer.authoring.fitting import fit, fit_file, fit_front
from trainer.authoring.frontmatter import line_of, load, split_head
from trainer.authoring.markdown import block
from trainer.authoring.messages import Message
from trainer.authoring.release import Files
from trainer.authoring.wording import did_you_mean, named_like
from trainer.curriculum.parts.heads import AttestationHead, CompetencyEntry, CrosswalkFile
from trainer.curriculum.values import Attestation, Competency, Course, Crosswalk, RegulatorTopic
from trainer.law.values import Law

COMPETENCIES = "competencies.yaml"
Found = list[Message]


def read_competencies(path: str, text: str, found: Found) -> dict[str, Competency]:
    """Read `competencies.yaml`; mistakes are added to `found`."""
    document = load(path, text)
    found += document.messages
    kept: dict[str, Competency] = {}
    for code, value in _entries(path, document.value, found):
        fitted = fit(CompetencyEntry, value, path=path, lines=document.lines, under=(code,))
        found += fitted.messages
        if (entry := fitted.head) is not None:
            kept[code] = Competency(code=code, title=entry.title, behaviour=entry.behaviour, played=tuple(entry.played))
    return kept


def check_played(files: Files, course: Course, cases: Collection[str]) -> Iterator[Message]:
    """Yield the competencies that name a case there is none of."""
    lines = load(COMPETENCIES, files.get(COMPETENCIES, b"").decode(errors="replace")).lines
    for competency in course.competencies.values():
        for slug in competency.played:
            if slug not in cases:
                line = line_of(lines, competency.code, "played")
                yield Message(COMPETENCIES, line, f"There is no case “{slug}”.{did_you_mean(slug, cases)}")


def read_crosswalk(path: str, text: str, law: Law, found: Found) -> Crosswalk | None:
    """Read one file of `crosswalks/`; mistakes are added to `found`."""
    fitted, _ = fit_file(CrosswalkFile, text, path)
    found += fitted.messages
    if (entry := fitted.head) is None:
        return None
    for n, answer in enumerate(entry.law):
        if law.legible and answer not in law.cells:
            words = f"There is no answer “{answer}” in law.yaml.{did_you_mean(answer, law.cells)}"
            found.append(Message(path, fitted.line("law", str(n)), words))
    if (asked := sum(topic.hours for topic in entry.topics.values())) > entry.total_hours:
        words = f"The topics add up to {asked:g} hours, more than the {entry.total_hours:g} of “total_hours”."
        found.append(Message(path, fitted.line("total_hours"), words))
    slug = posixpath.basename(path).removesuffix(".yaml")
    topics = {
        name: RegulatorTopic(id=f"{slug}/{name}", title=topic.title, hours=topic.hours, confidence=topic.confidence)
        for name, topic in entry.topics.items()
    }
    return Crosswalk(
        slug=slug,
        regulator=entry.regulator,
        rule=entry.rule,
        read_on=entry.read_on,
        total_hours=entry.total_hours,
        note=entry.note,
        topics=topics,
        practicum_hours=entry.practicum_hours,
        law=tuple(entry.law),
    )


def read_attestation(path: str, text: str, found: Found) -> Attestation | None:
    """Read one file of `attestations/`; mistakes are added to `found`."""
    front = split_head(path, text)
    fitted = fit_front(AttestationHead, front, path)
    found += fitted.messages
    if (head := fitted.head) is None:
        return None
    name = posixpath.basename(path).removesuffix(".md")
    if head.attestation != name:
        found.append(Message(path, front.line("attestation"), named_like("attestation", name, what="file")))
    if not front.body.strip():
        found.append(Message(path, front.body_line, "Write the text that people sign below the front matter."))
    return Attestation(
        slug=head.attestation,
        title=head.title,
        version=head.version,
        html=block(front.body),
        hash=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def _entries(path: str, value: object, found: Found) -> list[tuple[str, object]]:
    if isinstance(value, dict):
        return list(value.items())
    if not any(message.path == path for message in found):
        found.append(Message(path, 1, "Write one entry for each key, as in `C3: {title: …, behaviour: …}`."))
    return []
