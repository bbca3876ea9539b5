"""Programme files: `programmes/<slug>.yaml` says what a credential needs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trainer.authoring.fitting import fit, fit_file
from trainer.authoring.frontmatter import Lines, line_of
from trainer.authoring.messages import Message
from trainer.authoring.release import Files
from trainer.authoring.wording import did_you_mean, named_like, should_be
from trainer.requirements.hours import WRITING
from trainer.requirements.programme_file import (
    GROUPS,
    LEAVES,
    CaseShape,
    GatedShape,
    GroupShape,
    LeafShape,
    ProgrammeFile,
    SomeShape,
    TimedShape,
)
from trainer.requirements.rules import Group, Requirement, RequirementKind, RequirementLeaf

Titles = Mapping[tuple[RequirementKind, str], str]
"""The title of everything a programme can ask for."""

Variants = Mapping[str, int]
"""How many variants each case has."""

Most = Mapping[tuple[RequirementKind, str], int]
"""The minutes that a quiz, a case, an examination or a written task takes once at most, at our pace: no programme may
declare more."""

Where = tuple[str, ...]
"""The way to a value: keys and places in lists."""


@dataclass(frozen=True, kw_only=True)
class Programme:
    """What leads to one credential.

    Attributes:
        slug: the programme's word in addresses and roles.
        credential: what stands on the certificate.
        validity_months: how long a certificate is valid; at least 1.
        needs: the requirement tree.
        time_zone: the IANA name of the zone whose days are on its certificates.
    """

    slug: str
    title: str
    credential: str
    version: str
    validity_months: int
    summary: str
    needs: Group
    time_zone: str = "UTC"


def parse_programmes(
    files: Files, titles: Titles, variants: Variants | None = None, most: Most | None = None
) -> tuple[Mapping[str, Programme], tuple[Message, ...]]:
    """Read every programme file of an author; return the sound ones and every mistake.

    Args:
        most: for publishing; what is published keeps the minutes it declares.
    """
    found: dict[str, Programme] = {}
    messages: list[Message] = []
    for programme, wrong in _each(files, titles, variants or {}, most or {}):
        messages += wrong
        if programme and not wrong:
            found[programme.slug] = programme
    if not any(path.startswith("programmes/") for path in files):
        messages.append(Message("programmes", 1, "There is no programme file; add programmes/<name>.yaml."))
    return found, tuple(messages)


def published_programmes(files: Files, titles: Titles, variants: Variants) -> Mapping[str, Programme]:
    """Return every programme of a release that can be understood; what was published is not judged again.

    A requirement whose text cannot be found stays in the tree, where nobody can meet it: left out, somebody would be
    certified without it.
    """
    return {programme.slug: programme for programme, _ in _each(files, titles, variants, {}) if programme}


def _each(
    files: Files, titles: Titles, variants: Variants, most: Most
) -> Iterator[tuple[Programme | None, Sequence[Message]]]:
    for path in sorted(files):
        if path.startswith("programmes/") and path.endswith(".yaml"):
            reader = _Reader(path, titles, variants, most)
            yield reader.read(files[path]), reader.messages


class _Reader:
    """Reads one file and collects what is wrong with it."""

    def __init__(self, path: str, titles: Titles, variants: Variants, most: Most) -> None:
        self.path = path
        self.titles = titles
        self.variants = variants
        self.most = most
        self.lines: Lines = {}
        self.messages: list[Message] = []
        self.above: list[RequirementLeaf] = []

    def say(self, text: str, *where: str) -> None:
        """Note a mistake at the key to which these keys lead."""
        self.messages.append(Message(self.path, line_of(self.lines, *where), text))

    def read(self, source: bytes) -> Programme | None:
        fitted, values = fit_file(ProgrammeFile, source, self.path)
        self.messages += fitted.messages
        self.lines = fitted.lines
        slug = self.path.removeprefix("programmes/").removesuffix(".yaml")
        if isinstance(named := values.get("programme"), str) and named.strip() != slug:
            self.say(named_like("programme", slug, what="file"), "programme")
        needs = self._requirement(values["needs"], ("needs",), "Everything") if "needs" in values else None
        self._refuse_twice(needs)
        if (head := fitted.head) is None or not isinstance(needs, Group):
            return None
        return Programme(
            slug=slug,
            title=head.title,
            credential=head.credential,
            version=head.version,
            validity_months=head.validity_months,
            summary=head.summary,
            needs=needs,
            time_zone=head.time_zone,
        )

    def _refuse_twice(self, needs: Requirement | None) -> None:
        seen: set[tuple[RequirementKind, str]] = set()
        for leaf in _leaves(needs):
            if (leaf.kind, leaf.slug) in seen:
                self.say(f"{leaf.kind.value} {leaf.slug!r} is asked for twice; keep one of the two lines.")
            seen.add((leaf.kind, leaf.slug))

    def _requirement(self, values: object, where: Where, title: str) -> Requirement | None:
        if not isinstance(values, dict):
            self.say("A requirement is a key such as “module: ethics” or “all:” with a list below it.", *where)
            return None
        kinds = [key for key in values if key in {*GROUPS, *LEAVES}]
        if len(kinds) != 1:
            self.say(
                "Each requirement names exactly one of: module, quiz, case, exam, attestation, written, all, any, of.",
                *where,
            )
            return None
        kind = kinds[0]
        return (
            self._group(kind, values, where, title)
            if kind in GROUPS
            else self._leaf(RequirementKind(kind), values, where)
        )

    def _group(self, kind: str, values: dict[str, Any], where: Where, title: str) -> Group | None:
        fitted = fit(GROUPS[kind], values, path=self.path, lines=self.lines, under=where)
        self.messages += fitted.messages
        items = values[kind] if isinstance(values[kind], list) else []
        read = [self._requirement(item, (*where, kind, str(n)), title) for n, item in enumerate(items)]
        if (head := fitted.head) is None or fitted.unread - {"title"}:
            return None
        if (needed := self._needed(kind, head, where)) is None:
            return None
        parts = tuple(part for part in read if part is not None)
        return Group(title=head.title or title, needed=needed, parts=parts) if len(parts) == len(read) else None

    def _needed(self, kind: str, head: GroupShape, where: Where) -> int | None:
        """Return how many parts must be met, or nothing where more are asked for than there are."""
        if not isinstance(head, SomeShape):
            return {"all": len(head.parts), "any": 1}[kind]
        if head.at_least > len(head.parts):
            self.say(should_be("at_least", f"a whole number from 1 to {len(head.parts)}"), *where, "at_least")
            return None
        return head.at_least

    def _leaf(self, kind: RequirementKind, values: dict[str, Any], where: Where) -> RequirementLeaf | None:
        fitted = fit(LEAVES[kind], values, path=self.path, lines=self.lines, under=where)
        self.messages += fitted.messages
        if (head := fitted.head) is None or fitted.unread:
            return None
        leaf = RequirementLeaf(
            kind=kind,
            slug=head.slug,
            title=self.titles.get((kind, head.slug), head.slug),
            variants=head.variants if isinstance(head, CaseShape) else 1,
            debrief=isinstance(head, CaseShape) and head.debrief == "yes",
            minutes=head.minutes if isinstance(head, TimedShape) else 0,
            after=self._after(head, where),
        )
        self._compare(leaf, where)
        self.above.append(leaf)
        return leaf

    def _compare(self, leaf: RequirementLeaf, where: Where) -> None:
        """Compare what is asked for with what there is."""
        kind, slug = leaf.kind, leaf.slug
        if leaf.minutes > (most := self.most.get((kind, slug), leaf.minutes)):
            text = f"{_doing(kind, slug)} takes {most} minutes; do not declare more."
            self.say(text, *where, "minutes")
        known = [name for other, name in self.titles if other is kind]
        if slug not in known:
            self.say(f"There is no {kind.called} “{slug}”.{did_you_mean(slug, known)}", *where)
        if kind is RequirementKind.CASE and leaf.variants > (most := self.variants.get(slug, leaf.variants)):
            text = f"The case “{slug}” has {most} variants, so nobody could pass it in {leaf.variants}."
            self.say(text, *where, "variants")

    def _after(self, head: LeafShape, where: Where) -> tuple[tuple[RequirementKind, str], ...]:
        """Read what must be met first. It stands further up, so nothing can wait for itself."""
        found: list[tuple[RequirementKind, str]] = []
        above = [(leaf.kind, leaf.slug) for leaf in self.above]
        for named in head.after if isinstance(head, GatedShape) else []:
            pairs = list(named.items()) if isinstance(named, dict) else []
            if len(pairs) != 1 or pairs[0][0] not in set(RequirementKind):
                self.say("Each line below “after” names one requirement, such as “module: ethics”.", *where, "after")
                continue
            kind, slug = RequirementKind(pairs[0][0]), str(pairs[0][1])
            if (kind, slug) in above:
                found.append((kind, slug))
                continue
            text = f"“after” names {kind.value} “{slug}”, which does not stand further up in this programme."
            known = [name for other, name in above if other is kind]
            self.say(text + did_you_mean(slug, known), *where, "after")
        return tuple(found)


def _doing(kind: RequirementKind, slug: str) -> str:
    """Name what the most minutes that may be declared consist of, see `trainer.requirements.hours.longest`."""
    if kind is RequirementKind.WRITTEN:
        return f"Reading {kind.called} “{slug}” and writing the longest answer, at {WRITING} words a minute,"
    return f"Reading all of {kind.value} “{slug}”"


def _leaves(requirement: Requirement | None) -> Iterable[RequirementLeaf]:
    if isinstance(requirement, RequirementLeaf):
        yield requirement
    elif requirement is not None:
        for part in requirement.parts:
            yield from _leaves(part)
