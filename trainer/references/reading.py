"""From `references.yaml` to values, with every mistake by its line."""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from trainer.authoring.fitting import fit
from trainer.authoring.frontmatter import load, plain_newlines
from trainer.authoring.messages import Message
from trainer.authoring.release import Release
from trainer.references.entry import NoticeEntry, ReferenceEntry
from trainer.references.names import REST
from trainer.references.reference import NoticeKind, Reference, SourceNotice

REFERENCES = "references.yaml"


def read_references(path: str, text: str, found: list[Message]) -> dict[str, Reference]:
    """Read every source by its key; mistakes are added to `found`. Never raises."""
    document = load(path, text)
    found += document.messages
    if not isinstance(document.value, dict):
        if not document.messages:
            found.append(Message(path, 1, "Write one entry for each key, as in `S61: {short: …, text: …}`."))
        return {}
    kept: dict[str, Reference] = {}
    for key, value in document.value.items():
        fitted = fit(ReferenceEntry, value, path=path, lines=document.lines, under=(key,))
        found += fitted.messages
        if fitted.head is not None:
            kept[key] = _reference(key, fitted.head, document.lines)
            found += [Message(path, fitted.line(key, name), text) for name, text in _at_odds(fitted.head)]
    found += _silent_twins(path, kept.values())
    return kept


@lru_cache(maxsize=8)
def references_of(release: Release) -> Mapping[str, Reference]:
    """Return the sources of a release that can be understood, read once per process."""
    text = plain_newlines(release.files.get(REFERENCES, b"{}").decode(errors="replace"))
    return read_references(REFERENCES, text, [])


def _silent_twins(path: str, sources: Collection[Reference]) -> Iterator[Message]:
    """Yield the sources that do not say that their paper was retracted, while another entry of the same paper does."""
    gone = {source.doi.lower(): source for source in sources if source.doi and source.is_retracted}
    for source in sources:
        if (twin := gone.get(source.doi.lower())) and not source.is_retracted:
            words = f"“{source.key}” has the doi of “{twin.key}”, which was retracted. Cite that and take this out."
            yield Message(path, source.line, words)


def _at_odds(entry: ReferenceEntry) -> Iterator[tuple[str, str]]:
    """Yield the keys that say something else than the text that readers see."""
    printed = " ".join(entry.text.split())
    said = {name: getattr(entry, name) for name in ("title", "container", "volume", "pages", "organisation")}
    for name, value in {**said, "year": entry.year}.items():
        if value and str(value) not in printed:
            yield name, f"“{name}” says “{value}”, and `text` does not. Let both say what the source says."
    for author in entry.authors:
        if author != REST and author not in printed:
            yield "authors", f"“authors” names “{author}”, and `text` does not. Let both say what the source says."


def _reference(key: str, entry: ReferenceEntry, lines: Mapping[str, int]) -> Reference:
    return Reference(
        key=key,
        short=entry.short,
        text=entry.text,
        url=entry.url or "",
        kind=entry.kind,
        line=lines.get(key, 1),
        type=entry.type or "",
        authors=tuple(entry.authors),
        organisation=entry.organisation or "",
        year=entry.year,
        title=entry.title or "",
        container=entry.container or "",
        volume=entry.volume or "",
        issue=entry.issue or "",
        pages=entry.pages or "",
        doi=entry.doi or (entry.url or "").partition("https://doi.org/")[2],
        used_for=entry.used_for or "",
        states=tuple(entry.states),
        notices=tuple(_notices(entry)),
    )


def _notices(entry: ReferenceEntry) -> list[SourceNotice]:
    said: list[tuple[NoticeKind, NoticeEntry | None]] = [
        (NoticeKind.RETRACTED, entry.retracted),
        (NoticeKind.CONCERN, entry.concern),
        (NoticeKind.CORRECTED, entry.corrected),
    ]
    return [SourceNotice(kind=kind, on=one.on or "", note=one.note, source=one.source) for kind, one in said if one]
