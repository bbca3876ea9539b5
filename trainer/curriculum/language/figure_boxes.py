"""Figure boxes: the picture, what it shows in words, its sources, and its table twin."""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from trainer.authoring.wording import did_you_mean
from trainer.charts.drawing import draw_chart
from trainer.charts.reading import read_data_chart
from trainer.charts.values import DataChart
from trainer.curriculum.language import figures
from trainer.curriculum.language.dialect import LESSONS, ShownFigure, slug_of
from trainer.curriculum.language.inspection import inspect
from trainer.curriculum.language.lesson_draft import LessonDraft

_KEYS = ("alt", "caption", "sources")
_KEY = re.compile(r"^([A-Za-z]+):(?:\s|$)")
_DASHES = re.compile(r"^\|[\s:|-]*-[\s:|-]*$")
DRAWN, FROM_DATA = ".svg", ".yaml"
OWN_SCHEME = "none"
"""What an author writes for the sources of a scheme that rests on none."""


@dataclass
class _Box:
    """What stands inside a box; `lines` are those of its keys, `table` the rows of the twin from `table_line` on."""

    fields: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    table: list[str] = field(default_factory=list)
    table_line: int = 0

    @property
    def own(self) -> bool:
        """Say whether the author says that the figure is a scheme of the course, and rests on no source."""
        return self.fields.get("sources") == OWN_SCHEME

    @property
    def sources(self) -> tuple[str, ...]:
        if self.own:
            return ()
        words = (
            word.strip().strip("[]").removeprefix("@") for word in re.split("[,;]", self.fields.get("sources", ""))
        )
        return tuple(word for word in words if word)


def read_figure(draft: LessonDraft, name: str, rows: Sequence[str], line: int) -> list[Token]:
    """Read the rows inside `::: figure name`; return one token that is ready to be rendered, or none."""
    box = _read_rows(draft, rows, line + 1)
    for key, wish in (
        ("alt", "what the picture shows, for someone who cannot see it"),
        ("caption", "what to notice"),
    ):
        if not box.fields.get(key):
            draft.say(line, f"Add a line `{key}: …` that says {wish}.")
    _inspect_box(draft, box, line)
    path = posixpath.join(posixpath.dirname(draft.path), name)
    text = draft.material.texts.get(path)
    if not name.endswith((DRAWN, FROM_DATA)) or "/" in name or text is None:
        draft.say(line, f"There is no figure “{name}” beside this file.{did_you_mean(name, _beside(draft))}")
        return []
    ident = "figure-" + slug_of(name.rpartition(".")[0])
    if draft.figures.count(path) > 1:
        draft.say(line, f"This page shows “{name}” more than once. Show it once, and speak of it where else it helps.")
    picture, chart = (_drawn if name.endswith(DRAWN) else _from_data)(draft, path, text, ident)
    if chart and box.table:
        draft.say(box.table_line, "Remove this table: the one of a figure from data is made of its rows.")
    token = Token("figure", "", 0, map=None)
    token.meta = {
        "figure": ShownFigure(
            name=ident,
            picture=picture,
            chart=chart,
            alt=box.fields.get("alt", ""),
            caption=box.fields.get("caption", ""),
            own=box.own,
            sources=tuple(key for key in box.sources if key in draft.material.references),
            table="\n".join(box.table),
        )
    }
    return [token]


def _drawn(draft: LessonDraft, path: str, text: str, ident: str) -> tuple[figures.CheckedPicture | None, None]:
    """Check what was drawn by hand."""
    picture = figures.redraw(path, text, name=ident)
    draft.messages += picture.messages
    return picture, None


def _from_data(
    draft: LessonDraft, path: str, text: str, _: str
) -> tuple[figures.CheckedPicture | None, DataChart | None]:
    """Read a figure's data and draw them; its sources count as cited."""
    reading = read_data_chart(path, text, draft.material.references)
    draft.messages += reading.messages
    for key, at in reading.cited.items():
        draft.cited.setdefault(key, at)
    if reading.chart is None:
        return None, None
    view_box, inside = draw_chart(reading.chart)
    return figures.CheckedPicture(view_box, inside, ()), reading.chart


def _beside(draft: LessonDraft) -> list[str]:
    folder = posixpath.dirname(draft.path)
    paths = [path for path in draft.material.texts if posixpath.dirname(path) == folder]
    return [posixpath.basename(path) for path in paths if path.endswith((DRAWN, FROM_DATA))]


def _read_rows(draft: LessonDraft, rows: Sequence[str], line: int) -> _Box:
    """Read the keys and the table; a row without a key goes on with the one above."""
    box, key = _Box(), ""
    for at, whole in enumerate(rows, start=line):
        row = whole.strip()
        found = _KEY.match(row)
        if row.startswith("|"):
            box.table_line = box.table_line or at
            box.table.append(row)
        elif found and found[1] in _KEYS:
            key = found[1]
            if key in box.fields:
                draft.say(at, f"The line `{key}:` stands here twice. Keep one of them.")
            box.fields[key] = row.partition(":")[2].strip()
            box.lines[key] = at
        elif found and (hint := did_you_mean(found[1], _KEYS)):
            draft.say(at, f"A figure has no line `{found[1]}:`.{hint}")
        elif key and row:
            box.fields[key] = f"{box.fields[key]} {row}"
    return box


def _inspect_box(draft: LessonDraft, box: _Box, line: int) -> None:
    """Note what is wrong with the caption, the sources and the table; a figure's words are not counted."""
    words = draft.words
    inspect(draft, LESSONS.parseInline(box.fields.get("caption", "")), box.lines.get("caption", line))
    at = box.lines.get("sources", line)
    if "sources" in box.fields and not box.sources and not box.own:
        draft.say(
            at, "Name the sources of this figure, as in `sources: S61, S62`; a scheme of ours has `sources: none`."
        )
    for n, key in enumerate(box.sources):
        draft.cited.setdefault(key, at)
        if key not in draft.material.references:
            draft.say(
                at, f"The source “{key}” is not in references.yaml.{did_you_mean(key, draft.material.references)}"
            )
        if key in box.sources[:n]:
            draft.say(at, f"“{key}” stands twice under sources. Keep one.")
    if box.table:
        if len(box.table) < 3 or not _DASHES.match(box.table[1]):
            draft.say(
                box.table_line,
                "Write the table as a row of heads, a row of dashes such as `| --- | --- |`, and a row for each line.",
            )
        tokens = LESSONS.parse("\n".join(box.table))
        inspect(draft, [token for token in tokens if token.type != "table_open"], box.table_line)
    draft.words = words
