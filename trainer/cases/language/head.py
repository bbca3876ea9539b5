"""The front matter of a case: read by its shape, and compared with the file's place and with itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trainer.authoring.fitting import FitResult, fit_front
from trainer.authoring.frontmatter import FrontMatter
from trainer.authoring.messages import Message
from trainer.authoring.wording import did_you_mean, named_like
from trainer.cases.language.head_shape import CaseHead, RestingVitals, VariantEntry
from trainer.cases.script.values import VITALS, CaseCompetency, CasePreface, Number, Variant


@dataclass(frozen=True)
class ReadHead:
    """What became of the front matter.

    Attributes:
        head: what could be understood of it; the rest stands at its defaults.
        unread: the keys that could not be understood, or are needed and missing: a release is not read without them.
        messages: every mistake in it, for an author.
    """

    head: CasePreface
    unread: frozenset[str]
    messages: tuple[Message, ...]


def read_head(path: str, front: FrontMatter) -> ReadHead:
    """Read the keys of a case; never raises."""
    fitted = fit_front(CaseHead, front, path)
    read = fitted.head or CaseHead()
    unread = fitted.unread if fitted.head else frozenset(CaseHead.model_fields)
    found = [
        *fitted.messages,
        *(Message(path, front.line(*keys), text) for keys, text in _disagreements(read, unread, path)),
    ]
    return ReadHead(_head(read, fitted), unread, tuple(found))


def _head(read: CaseHead, fitted: FitResult[CaseHead]) -> CasePreface:
    line = fitted.line
    return CasePreface(
        slug=read.case,
        title=read.title,
        version=read.version,
        language=read.language,
        phase=read.phase,
        status=read.status,
        examined_only=read.use == "examination",
        note=read.note,
        summary=read.summary,
        subtitle=read.subtitle,
        profile=read.profile,
        vitals=_given(read.vitals),
        competencies=tuple(
            CaseCompetency(name, mark, line("competencies", name)) for name, mark in read.competencies.items()
        ),
        numbers=tuple(Number(name, *span, line("numbers", name)) for name, span in read.numbers.items()),
        facts=tuple(dict.fromkeys(read.facts)),
        variants=tuple(_variant(name, entry, line("variants", name)) for name, entry in read.variants.items()),
        start=read.start.removeprefix("#"),
        person=read.person,
        agreed=tuple(dict.fromkeys(read.agreed)),
    )


def _variant(name: str, entry: VariantEntry, line: int) -> Variant:
    return Variant(name, line, tuple(entry.facts), _given(entry), entry.effect)


def _given(values: RestingVitals | VariantEntry) -> Mapping[str, int]:
    """Return the vital signs that are given."""
    return {name: getattr(values, name) for name in VITALS if name in values.model_fields_set}


def _disagreements(read: CaseHead, unread: frozenset[str], path: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the keys and the sentence where the head does not fit its place, or itself."""
    *_, folder, file = ["", "", *path.split("/")]
    if folder and read.case and read.case != folder:
        yield ("case",), named_like("case", folder, what="folder")
    if folder and read.language != file.removesuffix(".md"):
        yield ("language",), named_like("language", file.removesuffix(".md"), what="file")
    for name in sorted({fact for fact in read.facts if read.facts.count(fact) > 1}):
        yield ("facts",), f"The fact “{name}” stands here twice. Keep one of them."
    for name in read.facts:
        if name in read.numbers:
            yield ("facts",), f"“{name}” is a number already. Give the fact another name."
    for name, entry in read.variants.items():
        for fact in entry.facts:
            if fact not in read.facts and "facts" not in unread:
                yield ("variants", name), f"“{fact}” is not among the facts.{did_you_mean(fact, read.facts)}"
