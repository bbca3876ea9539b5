"""Regulators' lists, by lesson and minute: as page, table and paper."""

from functools import lru_cache

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, signed_in
from trainer.analytics.tables import table_as_csv
from trainer.authoring.release import Release
from trainer.clock import utc_now
from trainer.crosswalks.outline import Outline, outlines
from trainer.crosswalks.pages import OutlinePage, OutlinesPage
from trainer.crosswalks.paper import outline_paper
from trainer.crosswalks.tables import outline_table
from trainer.curriculum.course import PACE
from trainer.enrolment.queries import release_in_view
from trainer.errors import Missing
from trainer.requirements.catalogue import catalogue_of
from trainer.web import reading, settings
from trainer.web.pages import show

bp = Blueprint("crosswalks", __name__, url_prefix="/crosswalks")


def _release() -> Release:
    with reading() as session:
        return release_in_view(session, person_id=me().id)


def _outline(release: Release, programme: str, slug: str) -> Outline:
    for found in _all(release):
        if (found.programme.slug, found.crosswalk.slug) == (programme, slug):
            return found
    raise Missing("There is no such list, or no such programme.")


@lru_cache(maxsize=8)
def _all(release: Release) -> tuple[Outline, ...]:
    catalogue = catalogue_of(release)
    return tuple(outlines(catalogue.course, catalogue.programmes, release=release.hash))


@bp.get("/")
@signed_in
def lists() -> ResponseReturnValue:
    """Show every list."""
    return show(OutlinesPage(outlines=_all(_release())))


@bp.get("/<programme>/<slug>")
@signed_in
def by_lesson(programme: str, slug: str) -> ResponseReturnValue:
    """Show one list by subject, lesson and minute."""
    return show(OutlinePage(outline=_outline(_release(), programme, slug), pace=PACE))


@bp.get("/<programme>/<slug>.csv")
@signed_in
def table(programme: str, slug: str) -> ResponseReturnValue:
    """Hand out the same as a table."""
    found = outline_table(_outline(_release(), programme, slug))
    return _handed_out(table_as_csv(found), "text/csv; charset=utf-8", f"{found.name}.csv")


@bp.get("/<programme>/<slug>.pdf")
@signed_in
def paper(programme: str, slug: str) -> ResponseReturnValue:
    """Hand out the same on paper."""
    address = url_for(".by_lesson", programme=programme, slug=slug, _external=True)
    pdf = _paper(_release(), programme, slug, address)
    return _handed_out(pdf, "application/pdf", f"{programme}-{slug}.pdf")


@lru_cache(maxsize=8)
def _paper(release: Release, programme: str, slug: str, address: str) -> bytes:
    """Set the paper once: it takes a second, and shows the day on which it was made."""
    found = _outline(release, programme, slug)
    return outline_paper(found, issuer=settings().issuer, address=address, at=utc_now())


def _handed_out(content: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=kind, headers=headers)
