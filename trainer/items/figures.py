"""The figure of an item: drawn from data or by hand, with its table twin; the data of a story name no source."""

import hashlib
from dataclasses import dataclass

from markupsafe import Markup

from trainer.authoring.messages import Message
from trainer.charts.drawing import draw_chart
from trainer.charts.reading import read_data_chart
from trainer.charts.tables import chart_table
from trainer.curriculum.language.figures import CheckedPicture, figure, redraw
from trainer.curriculum.values import Course


@dataclass(frozen=True, kw_only=True)
class ItemFigure:
    """A figure ready to be shown, and what is wrong with its file; `wish` is what the item itself lacks."""

    html: Markup
    messages: tuple[Message, ...] = ()
    wish: str = ""


def item_figure(path: str, text: str, *, item_id: str, alt: str, course: Course) -> ItemFigure:
    """Draw the figure of an item; never raises.

    Args:
        path: the file of the figure, for the messages.
        text: its YAML or SVG.
        alt: what it shows in words; a figure from data says it by its title and its table.
    """
    name = f"figure-{hashlib.sha256(item_id.encode()).hexdigest()[:8]}"  # the name of an item may tell its answer
    if path.endswith(".svg"):
        picture = redraw(path, text, name=name)
        wish = "" if alt else "Add a line “- alt: …” that says what the figure shows, for someone who cannot see it."
        html = figure(picture, name=name, alt=alt, caption=Markup(), sources=Markup(), twin=Markup())
        return ItemFigure(html=html, messages=picture.messages, wish=wish)
    reading = read_data_chart(path, text, course.references, fictional=True)
    if reading.chart is None:
        return ItemFigure(html=Markup(), messages=reading.messages)
    view_box, inside = draw_chart(reading.chart)
    short = {key: Markup("{}").format(source.short) for key, source in course.references.items()}
    html = figure(
        CheckedPicture(view_box, inside, ()),
        name=name,
        alt=alt or reading.chart.title,
        caption=Markup(),  # the drawing has its title
        sources=Markup(),
        twin=chart_table(reading.chart, lambda key: short.get(key, Markup())),
    )
    return ItemFigure(html=html, messages=reading.messages)
