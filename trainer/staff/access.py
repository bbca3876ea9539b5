"""What a programme is called, for the pages of rooms that know it by its slug."""

from flask import Flask

from trainer.staff import services
from trainer.web import reading


def programme_title(programme: str) -> str:
    """Return the title of a programme in the newest release, or its slug where there is none."""
    with reading() as session:
        return services.title_of(session, programme=programme)


def tell_templates(app: Flask) -> None:
    """Let every page ask."""
    app.context_processor(lambda: {"programme_title": programme_title})
