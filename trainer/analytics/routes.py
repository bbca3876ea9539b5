"""Figures about cases: for the directors of a programme, and for those who write its cases."""

from collections.abc import Mapping

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, only, programmes_where
from trainer.accounts.words import Role
from trainer.analytics import takeaway
from trainer.analytics.forms import RescoreForm
from trainer.analytics.pages import AuthorsPage, CasePage, OverviewPage, RescorePage
from trainer.analytics.rescores import queries
from trainer.analytics.rescores import services as rescores
from trainer.analytics.rescores.queries import By
from trainer.analytics.scope import queries as scopes
from trainer.analytics.scope.queries import Scope
from trainer.analytics.tables import FigureTable, table_as_csv
from trainer.audit.words import NotedLook
from trainer.clock import utc_now
from trainer.enrolment.queries import release_with
from trainer.errors import Missing
from trainer.requirements.catalogue import catalogue_of
from trainer.trail.access import looked
from trainer.web import Session, reading, transaction
from trainer.web.pages import show

bp = Blueprint("analytics", __name__, url_prefix="/analytics")

AUTHORS = (Role.DIRECTOR, Role.ADMINISTRATOR)
"""Who sees what authors need, and the effect of a re-score."""


def _directed(session: Session, key: str) -> Scope:
    return scopes.scope_of(session, key=key, programmes=programmes_where(Role.DIRECTOR))


def _authored(session: Session, key: str) -> Scope:
    mine = programmes_where(Role.DIRECTOR) | programmes_where(Role.ADMINISTRATOR)
    return scopes.scope_of(session, key=key, programmes=mine)


def _title(session: Session, scope: Scope) -> str:
    if scope.cohort is not None:
        return scope.cohort.name
    programme = catalogue_of(release_with(session, scope.release_hash)).programmes.get(scope.programme)
    return programme.title if programme else scope.programme


@bp.get("/<scope>")
@only(Role.DIRECTOR)
def overview(scope: str) -> ResponseReturnValue:
    """Show a cohort or a programme at a glance."""
    with reading() as session:
        found = _directed(session, scope)
        figures = scopes.overview(session, scope=found)
        page = OverviewPage(scope=found, title=_title(session, found), figures=figures)
    return show(page)


@bp.get("/<scope>/tables/<table>.csv")
@only(Role.DIRECTOR)
def overview_table(scope: str, table: str) -> ResponseReturnValue:
    """Hand out a table of the overview."""
    with reading() as session:
        found = _directed(session, scope)
        figures = scopes.overview(session, scope=found)
    return _handed_out(takeaway.of_overview(figures), table, found, "overview")


@bp.get("/<scope>/<slug>")
@only(Role.DIRECTOR)
def case(scope: str, slug: str) -> ResponseReturnValue:
    """Show how people go through a case, where they fall, how they decide."""
    with reading() as session:
        found = _directed(session, scope)
        figures = scopes.figures_of(session, scope=found, slug=slug)
        page = CasePage(scope=found, title=_title(session, found), figures=figures)
    return show(page)


@bp.get("/<scope>/<slug>/tables/<table>.csv")
@only(Role.DIRECTOR)
def case_table(scope: str, slug: str, table: str) -> ResponseReturnValue:
    """Hand out a table of one case."""
    with reading() as session:
        found = _directed(session, scope)
        figures = scopes.figures_of(session, scope=found, slug=slug)
    return _handed_out(takeaway.of_case(figures), table, found, slug)


@bp.get("/<scope>/<slug>/authors")
@only(*AUTHORS)
def authors(scope: str, slug: str) -> ResponseReturnValue:
    """Show what real runs tell those who write the case."""
    with reading() as session:
        found = _authored(session, scope)
        figures = scopes.authors_figures(session, scope=found, slug=slug)
        page = AuthorsPage(scope=found, title=_title(session, found), figures=figures)
    return show(page)


@bp.get("/<scope>/<slug>/authors/<table>.csv")
@only(*AUTHORS)
def authors_table(scope: str, slug: str, table: str) -> ResponseReturnValue:
    """Hand out a table of the authors' page."""
    with reading() as session:
        found = _authored(session, scope)
        figures = scopes.authors_figures(session, scope=found, slug=slug)
    return _handed_out(takeaway.of_authors(figures), table, found, slug)


@bp.get("/<scope>/<slug>/rescore")
@only(*AUTHORS)
def rescore(scope: str, slug: str) -> ResponseReturnValue:
    """Show what the newest text, or the newest rubric, would make of the runs; nothing changes."""
    return _rescore_page(scope, slug, RescoreForm(formdata=None))


@bp.post("/<scope>/<slug>/rescore")
@only(Role.DIRECTOR)
def keep_rescore(scope: str, slug: str) -> ResponseReturnValue:
    """Keep the new scores beside the old ones. A second click finds nothing left to keep."""
    form = RescoreForm()
    if not form.validate_on_submit():
        with reading() as session:
            _directed(session, scope)
        return _rescore_page(scope, slug, form, 422)
    by = _by()
    asked = rescores.Rescoring(slug=slug, by=by, target=form.target.data or "", reason=form.reason.data or "")
    with transaction() as session:
        rescores.apply(session, scope=_directed(session, scope), asked=asked, director=me(), now=utc_now())
    return redirect(url_for(".rescore", scope=scope, slug=slug, by=by.value), code=303)


def _rescore_page(key: str, slug: str, form: RescoreForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        found = _authored(session, key)
        preview = queries.preview(session, scope=found, slug=slug, by=_by())
        form.target.data = preview.target
        page = RescorePage(
            scope=found,
            title=_title(session, found),
            preview=preview,
            decides=found.programme in programmes_where(Role.DIRECTOR),
            form=form,
        )
    return show(page, status)


def _by() -> By:
    return By.RUBRIC if request.args.get("by") == By.RUBRIC else By.TEXT


def _handed_out(tables: Mapping[str, FigureTable], name: str, scope: Scope, about: str) -> Response:
    if name not in tables:
        raise Missing("There is no such table.")
    looked(NotedLook.FIGURES, programme=scope.programme, subject=f"{about}, table {name}")
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(table_as_csv(tables[name]), mimetype="text/csv", headers=headers)
