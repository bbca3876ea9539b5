"""Figures: SVG drawn by hand, checked against a list of what may stand in it, and written out anew.

Only what is on the lists below reaches a page, so that a picture can carry no script, no style and no
link. A file names its own colours beside its classes, so that it can be read alone; on a page the classes paint, and
follow light, dark and print. Ids get the figure's name as a prefix, since several figures may
stand on one page.
"""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from markupsafe import Markup, escape

from trainer.authoring.messages import Message
from trainer.authoring.wording import did_you_mean

SPACE = "http://www.w3.org/2000/svg"
SMALLEST = 15
"""The least font size in any release, in units of a view box 720 wide. What ships has 20, which a phone shows well."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ELEMENTS = _words(
    """
    svg g path rect circle ellipse line polyline polygon text tspan title desc defs marker clipPath
    """
)
ATTRIBUTES = _words(
    """
    class id d x y x1 y1 x2 y2 cx cy r rx ry dx dy width height points transform viewBox text-anchor
    dominant-baseline font-size font-weight font-style letter-spacing stroke-width stroke-dasharray
    stroke-linecap stroke-linejoin stroke-opacity fill-opacity opacity fill stroke fill-rule clip-rule
    clip-path marker-start marker-mid marker-end markerWidth markerHeight markerUnits refX refY orient
    preserveAspectRatio version role aria-hidden pathLength textLength lengthAdjust rotate
    """
)
CLASSES = _words(
    """
    ink soft line fill-paper fill-accent fill-calm fill-warn fill-stop fill-good stroke-accent
    stroke-line stroke-warn stroke-stop label label-small label-strong label-on-accent
    """
)
_OURS = frozenset({"role", "aria-labelledby", "aria-label", "aria-describedby", "focusable", "id", "font-family"})
"""Attributes of the root that the page sets itself; an author's are passed over."""
PAINTS = frozenset({"none", "currentColor", "transparent"})
_COLOUR = re.compile(r"^#[0-9a-f]{6}$", re.IGNORECASE)
_LOCAL = re.compile(r"^url\(#([A-Za-z][\w.-]*)\)$")
_POINTS_INSIDE = frozenset({"clip-path", "marker-start", "marker-mid", "marker-end"})
_ID = re.compile(r"^[A-Za-z][\w.-]*$")
_VIEW_BOX = re.compile(r"^\s*-?[\d.]+(?:[\s,]+-?[\d.]+){3}\s*$")


def paints(classes: str) -> frozenset[str]:
    """Return which of `fill` and `stroke` the classes of an element set."""
    words = classes.split()
    return frozenset(
        ["fill"] * any(word.startswith(("fill-", "label")) or word in ("ink", "soft") for word in words)
        + ["stroke"] * any(word.startswith("stroke-") or word == "line" for word in words)
    )


@dataclass(frozen=True)
class CheckedPicture:
    """A checked picture: the attributes of its root, and what stands inside, safe to show."""

    view_box: str
    inside: Markup
    messages: tuple[Message, ...]


def redraw(path: str, text: str, *, name: str) -> CheckedPicture:
    """Check one SVG file and write it out anew; never raises.

    Args:
        path: the file, for the messages.
        text: the SVG.
        name: a prefix for the ids inside, unique on the page.
    """
    pen = _Pen(path, name)
    try:
        pen.parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        pen.messages.append(Message(path, error.lineno, f"This is not well-formed SVG: {_reason(error)}."))
    except _Stop:
        pass
    if not pen.messages and not pen.view_box:
        pen.messages.append(Message(path, 1, 'Give the svg element a viewBox, such as viewBox="0 0 720 360".'))
    inside = "" if pen.messages else "".join(pen.parts)  # nothing of a doubtful picture is shown
    return CheckedPicture(pen.view_box, Markup(inside), tuple(pen.messages))


def figure(
    picture: CheckedPicture | None, *, name: str, alt: str, caption: Markup, sources: Markup, twin: Markup
) -> Markup:
    """Lay out a checked picture with its text alternative, its caption, its sources and its table twin."""
    drawn = _DRAWN.format(name, SPACE, picture.view_box, alt, picture.inside) if picture else Markup()
    below = Markup('<p class="figure-sources">{}</p>\n').format(sources) if sources else Markup()
    below += _TWIN.format(twin) if twin else Markup()
    told = Markup("<figcaption>{}</figcaption>\n").format(caption) if caption else Markup()
    return Markup('<figure class="figure" id="{}">\n{}{}{}</figure>\n').format(name, drawn, told, below)


_DRAWN = Markup(
    '<svg xmlns="{1}" viewBox="{2}" role="img" aria-labelledby="{0}-alt"><title id="{0}-alt">{3}</title>{4}</svg>\n'
)
_TWIN = Markup('<details class="twin">\n<summary>The same as a table</summary>\n{}</details>\n')


def _reason(error: expat.ExpatError) -> str:
    return expat.ErrorString(error.code)


class _Stop(Exception):
    """The file is hostile or no SVG: read no further."""


@dataclass
class _Pen:
    """Reads events and writes down what is allowed."""

    path: str
    name: str
    parts: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    view_box: str = ""
    open: list[str] = field(default_factory=list)
    hidden: int = 0

    def __post_init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _say(self, text: str) -> None:
        self.messages.append(Message(self.path, self.parser.CurrentLineNumber, text))

    def _doctype(self, *_: object) -> None:
        self._say("Remove the DOCTYPE: a figure declares nothing.")
        raise _Stop

    def _start(self, full: str, attributes: dict[str, str]) -> None:
        space, _, tag = full.rpartition(" ")
        if not self.open and (tag != "svg" or space != SPACE):
            self._say(f'Begin the figure with <svg xmlns="{SPACE}" viewBox="…">.')
            raise _Stop
        root = not self.open
        self.open.append(tag)
        if self.hidden or (tag == "title" and len(self.open) == 2):
            self.hidden += 1  # the title comes from the lesson's `alt`
            return
        if space != SPACE or tag not in ELEMENTS:
            self._say(f"The element <{tag}> may not stand in a figure.{did_you_mean(tag, ELEMENTS)}")
            self.hidden += 1
            return
        if root:
            attributes = {key: value for key, value in attributes.items() if key not in _OURS}
        painted = paints(attributes.get("class", ""))
        kept = [
            self._attribute(key, value, root)
            for key, value in attributes.items()
            if not (key in painted and _COLOUR.match(value))  # the class paints on a page
        ]
        if not root:
            self.parts.append(f"<{tag}{''.join(kept)}>")

    def _end(self, full: str) -> None:
        tag = self.open.pop()
        if self.hidden:
            self.hidden -= 1
        elif self.open:
            self.parts.append(f"</{tag}>")

    def _characters(self, text: str) -> None:
        if not self.hidden and self.open[-1:] != ["svg"]:
            self.parts.append(str(escape(text)))

    def _attribute(self, key: str, value: str, root: bool) -> str:
        problem = self._problem(key, value, root)
        if problem:
            self._say(problem)
            return ""
        if root:
            self.view_box = value if key == "viewBox" else self.view_box
        if key == "id":
            value = f"{self.name}-{value}"
        if key in _POINTS_INSIDE and (local := _LOCAL.match(value)):
            value = f"url(#{self.name}-{local[1]})"
        return f' {key}="{escape(value)}"'

    def _problem(self, key: str, value: str, root: bool) -> str:
        """Say what is wrong with an attribute, or nothing."""
        if root and key in ("width", "height"):
            return f"Remove {key} from the svg element: the page decides how wide a figure is."
        if key not in ATTRIBUTES:
            name = key.rpartition(" ")[2]
            return _FORBIDDEN.get(name, f"The attribute {name} may not stand in a figure.")
        if key == "class":
            return next((_class_problem(word) for word in value.split() if word not in CLASSES), "")
        if key in ("fill", "stroke") and value not in PAINTS:
            return f'Remove {key}="{value[:40]}": colours come from classes, or currentColor, or none.'
        if key in _POINTS_INSIDE and value != "none" and not _LOCAL.match(value):
            return f"{key} may only point inside the figure, as in url(#arrow)."
        if key == "id" and not _ID.match(value):
            return "An id is one word that begins with a letter."
        if key == "viewBox" and root and not _VIEW_BOX.match(value):
            return "The viewBox is four numbers, as in 0 0 720 360."
        if key == "font-size" and _number(value) < SMALLEST:
            return f"Make font-size a plain number of {SMALLEST} or more, so that a phone can show it."
        return ""


_FORBIDDEN = {
    "style": "Remove the style attribute: use the classes for figures.",
    "href": "Remove the link: a figure points nowhere.",
}


def _class_problem(word: str) -> str:
    return f"The class “{word}” is not one for figures.{did_you_mean(word, CLASSES)}"


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return 0
