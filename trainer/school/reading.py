"""Read the file of a school: every mistake by its place, all at once."""

import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trainer.errors import Broken
from trainer.school.palette import OWN_COLOURS, SCHEMES, Clash, Scheme, clashes, palette
from trainer.settings import ROOT

SCHOOL_TEXTS = {"name": 40, "contact": 200, "foot": 300, "letters": 300}
"""The texts of a school, and how many characters each may have."""
SCHOOL_FILE_BYTES, LOGO_BYTES = 20_000, 50_000
LOGOS = {".svg": ("image/svg+xml", b"<svg"), ".png": ("image/png", b"\x89PNG\r\n\x1a\n")}
"""By the end of the name: the media type, and what stands within the first kilobyte of such a file."""
TOKENS = ROOT / "trainer" / "web" / "static" / "css" / "tokens.css"
_TOKEN = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)|--([a-z-]+): (#[0-9a-f]{6});")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_PAGE = re.compile(r"https?://[^\s\\<>\"]+")
_MAIL = re.compile(r"[^\s@<>()\[\],;:\\\"?&%#]+@[^\s@<>()\[\],;:\\\"?&%#/]+")


@dataclass(frozen=True, kw_only=True)
class School:
    """The dress of a school.

    Attributes:
        name: stands in the header and in the title of every page.
        contact: whom strangers can ask: an address, a telephone number; or "".
        foot: a sentence at the foot of every page, or "".
        letters: a sentence at the foot of every letter, or "".
        colours: the colours that differ from the house's, by scheme and name.
        logo: the picture in the header with its media type, or None for the house's mark.
    """

    name: str = "Trainer"
    contact: str = ""
    foot: str = ""
    letters: str = ""
    colours: Mapping[Scheme, Mapping[str, str]] = field(default_factory=dict)
    logo: tuple[bytes, str] | None = field(default=None, repr=False)

    @property
    def contact_address(self) -> str:
        """Return where a click on the contact leads; "" where it is a telephone number or other words."""
        if _PAGE.fullmatch(self.contact):
            return self.contact
        return f"mailto:{self.contact}" if _MAIL.fullmatch(self.contact) else ""

    @property
    def sheet(self) -> str:
        """Return the style sheet that sets the colours anew; "" where all are the house's."""
        light, dark = (self.colours.get(scheme, {}) for scheme in SCHEMES)
        rules = "".join(f" --{name}: light-dark({light[name]}, {dark[name]});" for name in light)
        return f":root {{{rules} }}\n" if rules else ""


def house_colours(tokens: str) -> dict[Scheme, dict[str, str]]:
    """Return the colours that stand in `tokens.css`, by scheme and name."""
    found: dict[Scheme, dict[str, str]] = {"light": {}, "dark": {}}
    for name, light, dark, same, both in _TOKEN.findall(tokens):
        found["light"][name or same] = light or both
        found["dark"][name or same] = dark or both
    return found


def school_in(path: Path | None) -> School:
    """Return the dress in a file, or the house's own where there is none; raises what `read_school` raises."""
    return read_school(path, TOKENS.read_text(encoding="utf-8")) if path else School()


def read_school(path: Path, tokens: str) -> School:
    """Return the dress that a file describes.

    Args:
        path: a TOML file; a logo is named in it by its place beside it.
        tokens: the house's sheet of tokens.

    Raises:
        Broken: the file cannot be read, or something in it cannot be used; each with its place and what to do.
    """
    try:
        given = tomllib.loads(_content_of(path, SCHOOL_FILE_BYTES).decode())
    except (OSError, ValueError, RecursionError) as error:
        raise Broken(f"{path} (TRAINER_SCHOOL) cannot be read: {error}.") from error
    house = house_colours(tokens)
    mistakes = [*_strange(given), *_wrong_texts(given), *_wrong_colours(given), *_wrong_logo(given, path.parent)]
    if not mistakes:
        mistakes = [_said(clash) for scheme in SCHEMES for clash in _worst_of(given, house, scheme)]
    if mistakes:
        raise Broken("\n".join(f"{path.name}: {mistake}" for mistake in mistakes))
    texts = {name: given[name].strip() for name in SCHOOL_TEXTS if name in given}
    return School(**texts, colours=_changed(given, house), logo=_logo(given, path.parent))


def _strange(given: Mapping[str, Any]) -> Iterator[str]:
    known = {*SCHOOL_TEXTS, *SCHEMES, "logo"}
    for name in given.keys() - known:
        yield f"nothing is called “{name}”. A school has {', '.join(sorted(known))}."


def _wrong_texts(given: Mapping[str, Any]) -> Iterator[str]:
    if "name" not in given:
        yield 'the school has no name. Write name = "…".'
    for name, longest in SCHOOL_TEXTS.items():
        value = given.get(name, "-")
        if not isinstance(value, str) or not value.strip() or len(value) > longest or not value.isprintable():
            yield f"{name} must be one line of 1 to {longest} characters."


def _wrong_colours(given: Mapping[str, Any]) -> Iterator[str]:
    for scheme in SCHEMES:
        colours = given.get(scheme, {})
        if not isinstance(colours, dict):
            yield f"[{scheme}] must be a table of colours."
            continue
        for name, colour in colours.items():
            if name not in OWN_COLOURS:
                yield f"[{scheme}] has no colour “{name}”. A school chooses {', '.join(OWN_COLOURS)}."
            elif not isinstance(colour, str) or not _COLOUR.fullmatch(colour.lower()):
                yield f"[{scheme}] {name} must be written like “#1d5c57”."
    if isinstance(given.get("light", {}), dict) and isinstance(given.get("dark", {}), dict):
        for name in given.get("light", {}).keys() ^ given.get("dark", {}).keys():
            yield f"{name} must stand in both [light] and [dark]: a page is shown in either."


def _wrong_logo(given: Mapping[str, Any], folder: Path) -> Iterator[str]:
    logo = given.get("logo")
    if logo is None:
        return
    if not isinstance(logo, str) or "/" in logo or "\\" in logo or Path(logo).suffix not in LOGOS:
        yield "logo must name an .svg or .png file beside this one."
    else:
        try:
            content = _content_of(folder / logo, LOGO_BYTES)
        except (OSError, ValueError) as error:
            yield f"{logo} cannot be used: {error}."
        else:
            if LOGOS[Path(logo).suffix][1] not in content[:1024]:
                yield f"{logo} holds no {Path(logo).suffix[1:].upper()} picture."


def _own(given: Mapping[str, Any], scheme: Scheme) -> dict[str, str]:
    return {name: colour.lower() for name, colour in given.get(scheme, {}).items()}


def _worst_of(given: Mapping[str, Any], house: Mapping[Scheme, Mapping[str, str]], scheme: Scheme) -> Iterator[Clash]:
    """Yield for each colour of the school the pair that is furthest from what it must be."""
    found = list(clashes(scheme, palette(_own(given, scheme), house[scheme])))
    for own in OWN_COLOURS:
        if about := [clash for clash in found if _own_colour_of(clash) == own]:
            yield min(about, key=lambda clash: clash.ratio / clash.least)


def _own_colour_of(clash: Clash) -> str:
    return next(name for name in OWN_COLOURS if name in (clash.over.split("-")[0], clash.under.split("-")[0]))


def _changed(given: Mapping[str, Any], house: Mapping[Scheme, Mapping[str, str]]) -> dict[Scheme, dict[str, str]]:
    whole = {scheme: palette(_own(given, scheme), house[scheme]) for scheme in SCHEMES}
    names = {name for scheme in SCHEMES for name, colour in whole[scheme].items() if colour != house[scheme].get(name)}
    return {scheme: {name: whole[scheme][name] for name in sorted(names)} for scheme in SCHEMES}


def _said(clash: Clash) -> str:
    own = _own_colour_of(clash)
    towards = "lighter" if (own, clash.scheme) == ("accent", "dark") else "darker"
    return (
        f"[{clash.scheme}] {own}: {clash.over} on {clash.under} has a contrast of {clash.ratio:.1f} to 1 "
        f"and needs {clash.least:g}. Choose a {towards} colour."
    )


def _logo(given: Mapping[str, Any], folder: Path) -> tuple[bytes, str] | None:
    if "logo" not in given:
        return None
    path = folder / given["logo"]
    return _content_of(path, LOGO_BYTES), LOGOS[path.suffix][0]


def _content_of(path: Path, most: int) -> bytes:
    """Return what is in a file; not in one that a link leads to, for a logo is handed out to everybody.

    Raises:
        OSError: it is not there, or cannot be read.
        ValueError: it is no file of its own, or has more than `most` bytes.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        raise ValueError("it is no file of its own")
    content = path.read_bytes()
    if len(content) > most:
        raise ValueError(f"it has more than {most // 1000} kB")
    return content
