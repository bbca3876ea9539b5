"""The addresses to which the code of a room sends people further up the house: it knows what, and not which room.

A room imports only from below, and its code names no endpoint of a room above; the application fills this table.
Templates, which import nothing, link by `url_for`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask import Flask, current_app, url_for


class PageAbove(StrEnum):
    """What a room may lead to above itself."""

    HOME = "home"  # of whoever is signed in
    PATH = "path"  # one trainee's way through a programme: `enrolment_id`
    DESK = "desk"  # of those who follow cohorts
    COHORT = "cohort"  # `cohort_id`
    JOINING = "joining"  # where an invitation is taken up: `token`
    AFTER_EXAMINED_CASE = "after examined case"  # `run_id`


def fill_addresses(app: Flask, endpoints: Mapping[PageAbove, str]) -> None:
    """Say which endpoint each of them is."""
    app.extensions["trainer.addresses"] = endpoints


def address_above(what: PageAbove, **values: Any) -> str:
    """Return the address, with values as `flask.url_for` takes them."""
    return url_for(current_app.extensions["trainer.addresses"][what], **values)
