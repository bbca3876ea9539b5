"""Programme files: `programmes/<slug>.yaml` says what a credential needs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trainer.authoring.keyed import KeyedFile
from trainer.authoring.messages import Message
from trainer.authoring.release import Files
from trainer.authoring.shapes import LONGEST
from trainer.authoring.suggestions import did_you_mean
from trainer.clock import known_zones
from trainer.moments import names_a_place
from trainer.requirements.rules import Group, Kind, Leaf, Requirement

Titles = Mapping[tuple[Kind, str], str]
"""The title of everything a programme can ask for."""

Variants = Mapping[str, int]
"""How many variants each case has."""

Most = Mapping[tuple[Kind, str], int]
"""The minutes that reading all of a quiz, a case or an examination once would take: no programme may declare more."""

Where = tuple[str, ...]
"""The way to a value: keys and places in lists."""

OPTIONAL = {
    Kind.CASE: frozenset({"variants", "minutes"}),
    Kind.QUIZ: frozenset({"after", "minutes"}),
    Kind.EXAM: frozenset({"after", "minutes"}),
}
"""What may stand beside a requirement."""

KEYS = ("programme", "title", "credential", "version", "validity_months", "summary", "needs")
OPTIONAL_KEYS = ("time_zone",)


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


class _Reader(KeyedFile):
    def __init__(self, path: str, titles: Titles, variants: Variants, most: Most) -> None:
        super().__init__(path)
        self.titles = titles
        self.variants = variants
        self.most = most
        self.above: list[tuple[Kind, str]] = []

    def read(self, source: bytes) -> Programme | None:
        values = self.values(source, KEYS, optional=OPTIONAL_KEYS)
        return None if values is None else self._programme(values)

    def _programme(self, values: dict[str, Any]) -> Programme | None:
        words = {key: self.words(values, key) for key in ("programme", "title", "credential", "version", "summary")}
        months = values["validity_months"]
        whole = isinstance(months, int) and not isinstance(months, bool)
        if not whole or not 1 <= months <= 120:
            self.say("“validity_months” must be a whole number from 1 to 120.", "validity_months")
        slug = self.path.removeprefix("programmes/").removesuffix(".yaml")
        if words["programme"] != slug:
            self.say(f"“programme” must be “{slug}”, like the name of the file.", "programme")
        needs = self._requirement(values["needs"], ("needs",), "Everything")
        self._refuse_twice(needs)
        if not whole or not isinstance(needs, Group):
            return None
        return Programme(
            slug=slug,
            title=words["title"],
            credential=words["credential"],
            version=words["version"],
            validity_months=months,
            summary=words["summary"],
            needs=needs,
            time_zone=self._time_zone(values),
        )

    def _time_zone(self, values: dict[str, Any]) -> str:
        """Return the zone, UTC if it is missing; a wrong one is told but never makes the programme unreadable."""
        name = values.get("time_zone", "UTC")
        known = isinstance(name, str) and name in known_zones()
        if not known or not (name == "UTC" or names_a_place(name)):
            places = sorted(filter(names_a_place, known_zones()))
            words = f"There is no time zone “{name}”; write the IANA name of a place, such as Europe/Zurich."
            self.say(words + did_you_mean(str(name), places), "time_zone")
        return name if known else "UTC"

    def _refuse_twice(self, needs: Requirement | None) -> None:
        seen: set[tuple[Kind, str]] = set()
        for leaf in _leaves(needs):
            if (leaf.kind, leaf.slug) in seen:
                self.say(f"{leaf.kind.value} {leaf.slug!r} is asked for twice; keep one of the two lines.")
            seen.add((leaf.kind, leaf.slug))

    def _requirement(self, values: object, where: Where, title: str) -> Requirement | None:
        if not isinstance(values, dict):
            self.say("A requirement is a key such as “module: ethics” or “all:” with a list below it.", *where)
            return None
        kinds = [key for key in values if key in {"all", "any", "of", *Kind}]
        if len(kinds) != 1:
            self.say(
                "Each requirement names exactly one of: module, quiz, case, exam, attestation, all, any, of.", *where
            )
            return None
        kind = kinds[0]
        if kind in ("all", "any", "of"):
            return self._group(kind, values, where, title)
        return self._leaf(Kind(kind), values, where)

    def _group(self, kind: str, named: dict[str, Any], where: Where, title: str) -> Group | None:
        extra = named.keys() - {kind, "title", "at_least"}
        if extra:
            self.say(f"There is no key “{min(extra)}” in a group; it has “title” and a list.", *where)
        items = named[kind]
        if not isinstance(items, list) or not items:
            self.say(f"“{kind}” needs a list of requirements below it.", *where, kind)
            return None
        read = [self._requirement(item, (*where, kind, str(n)), title) for n, item in enumerate(items)]
        needed = {"all": len(items), "any": 1}.get(kind, named.get("at_least"))
        if not isinstance(needed, int) or isinstance(needed, bool) or not 1 <= needed <= len(items):
            self.say(f"“of” needs “at_least:” with a number from 1 to {len(items)}.", *where)
            return None
        parts = tuple(part for part in read if part is not None)
        return (
            Group(title=str(named.get("title", title)), needed=needed, parts=parts) if len(parts) == len(read) else None
        )

    def _leaf(self, kind: Kind, named: dict[str, Any], where: Where) -> Leaf | None:
        slug = str(named[kind.value])
        allowed = {kind.value} | OPTIONAL.get(kind, frozenset())
        for key in sorted(named.keys() - allowed):
            self.say(f"There is no key “{key}” beside “{kind.value}”.", *where, key)
        variants = named.get("variants", 1)
        if not isinstance(variants, int) or isinstance(variants, bool) or variants < 1:
            self.say("“variants” must be a whole number, 1 or more.", *where, "variants")
            return None
        minutes = named.get("minutes", 0)
        if not isinstance(minutes, int) or isinstance(minutes, bool) or not 0 <= minutes <= LONGEST:
            self.say(f"“minutes” must be a whole number from 0 to {LONGEST}.", *where, "minutes")
            return None
        if minutes > (most := self.most.get((kind, slug), minutes)):
            self.say(
                f"Reading all of {kind.value} “{slug}” takes {most} minutes; do not declare more.", *where, "minutes"
            )
        known = [name for other, name in self.titles if other is kind]
        if slug not in known:
            self.say(f"There is no {kind.value} “{slug}”.{did_you_mean(slug, known)}", *where)
        if kind is Kind.CASE and variants > (most := self.variants.get(slug, variants)):
            words = f"The case “{slug}” has {most} variants, so nobody could pass it in {variants}."
            self.say(words, *where, "variants")
        after = self._after(named.get("after", []), where)
        self.above.append((kind, slug))
        title = self.titles.get((kind, slug), slug)
        return Leaf(kind=kind, slug=slug, title=title, variants=variants, after=after, minutes=minutes)

    def _after(self, named: object, where: Where) -> tuple[tuple[Kind, str], ...]:
        """Read what must be met first. It stands further up, so nothing can wait for itself."""
        if not isinstance(named, list):
            self.say("“after” is a list such as [module: ethics, quiz: ethics].", *where, "after")
            return ()
        found: list[tuple[Kind, str]] = []
        for one in named:
            kind, slug = next(iter(one.items()), ("", "")) if isinstance(one, dict) and len(one) == 1 else ("", "")
            if kind not in set(Kind):
                self.say("Each line below “after” names one requirement, such as “module: ethics”.", *where, "after")
            elif (Kind(kind), str(slug)) not in self.above:
                words = f"“after” names {kind} “{slug}”, which does not stand further up in this programme."
                known = [name for other, name in self.above if other == kind]
                self.say(words + did_you_mean(str(slug), known), *where, "after")
            else:
                found.append((Kind(kind), str(slug)))
        return tuple(found)


def _leaves(requirement: Requirement | None) -> Iterable[Leaf]:
    if isinstance(requirement, Leaf):
        yield requirement
    elif requirement is not None:
        for part in requirement.parts:
            yield from _leaves(part)
