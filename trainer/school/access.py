"""Let every page wear the dress of the school."""

from typing import cast

from flask import Flask, current_app

from trainer.school.reading import School, school_in
from trainer.web import settings


def school() -> School:
    """Return the school of this installation."""
    return cast(School, current_app.extensions["trainer.school"])


def dress_pages(app: Flask) -> None:
    """Read the dress once, and let templates name it.

    Raises:
        Broken: something in its file cannot be used.
    """
    with app.app_context():
        app.extensions["trainer.school"] = school_in(settings().school)
    app.jinja_env.globals.update(school=app.extensions["trainer.school"])
