"""What pages of several rooms are told: the name of a programme known by its slug, a link to be shown once."""

from flask import Flask, flash, get_flashed_messages

from trainer.staff.queries import title_in_newest_release
from trainer.web import reading, settings
from trainer.web.addresses_above import PageAbove, address_above


def programme_title(programme: str) -> str:
    """Return the title of a programme in the newest release, or its slug where there is none."""
    with reading() as session:
        return title_in_newest_release(session, programme=programme)


def tell_link(token: str, name: str) -> None:
    """Keep an invitation link for the next page, which shows it once; the database has only its hash."""
    flash(name, "invited")
    flash(settings().base_url + address_above(PageAbove.JOINING, token=token), "link")


def told_link(kind: str) -> str:
    """Return what was kept for this page under a kind, or ""."""
    return next((str(message) for message in get_flashed_messages(category_filter=[kind])), "")


def tell_programme_titles(app: Flask) -> None:
    """Let every page ask."""
    app.context_processor(lambda: {"programme_title": programme_title})
