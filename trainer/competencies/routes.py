"""What a graduate can be seen to do: for people, and for other systems as CASE 1.1. Open to all."""

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from trainer.accounts.access import public
from trainer.competencies.case_exchange import (
    CASE_PREFIX,
    FRAMEWORK,
    CaseFramework,
    cf_documents,
    cf_objects,
    identifier_of,
)
from trainer.competencies.outline import competency_outlines
from trainer.competencies.pages import CompetenciesPage, CompetencyPage
from trainer.competencies.queries import newest_catalogue
from trainer.curriculum.queries import signed_hashes
from trainer.errors import Missing
from trainer.web import reading, settings
from trainer.web.pages import show

bp = Blueprint("competencies", __name__)


@bp.get("/competencies/")
@public
def all_of_them() -> ResponseReturnValue:
    """Show every competency of the newest release."""
    with reading() as session:
        catalogue, _published = newest_catalogue(session)
        found = competency_outlines(catalogue, signed_hashes(session))
    address = f"{settings().base_url}{CASE_PREFIX}/CFPackages/{identifier_of(FRAMEWORK)}"
    return show(CompetenciesPage(outlines=tuple(found.values()), package=address))


@bp.get("/competencies/<code>")
@public
def one(code: str) -> ResponseReturnValue:
    """Show one competency: where it is taught, asked and played."""
    with reading() as session:
        catalogue, _published = newest_catalogue(session)
        found = competency_outlines(catalogue, signed_hashes(session)).get(code)
    if found is None:
        raise Missing("There is no such competency.")
    address = f"{settings().base_url}{CASE_PREFIX}/CFItems/{identifier_of(code)}"
    return show(CompetencyPage(outline=found, uri=address))


@bp.get(f"{CASE_PREFIX}/CFDocuments")
@public
def case_documents() -> Response:
    """List the frameworks that are here: one."""
    return _as_case(cf_documents(_framework()))


@bp.get(f"{CASE_PREFIX}/<kind>/<identifier>")
@public
def case_object(kind: str, identifier: str) -> Response:
    """Give a package, a document, an item or an association, as CASE 1.1 names them."""
    found = cf_objects(_framework(), kind).get(identifier.lower())
    return _as_case(found) if found else _unknown(identifier)


def _framework() -> CaseFramework:
    with reading() as session:
        catalogue, published = newest_catalogue(session)
    return CaseFramework(
        competencies=tuple(catalogue.course.competencies.values()),
        base_url=settings().base_url,
        creator=settings().issuer,
        changed=published,
        release=catalogue.release.hash,
    )


def _as_case(body: object) -> Response:
    answer = jsonify(body)
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


def _unknown(identifier: str) -> Response:
    """Say in the words of CASE that there is no such object."""
    answer = jsonify(
        imsx_codeMajor="failure",
        imsx_severity="error",
        imsx_description=f"There is no object {identifier} here.",
        imsx_codeMinor={
            "imsx_codeMinorField": [
                {"imsx_codeMinorFieldName": "sourcedId", "imsx_codeMinorFieldValue": "unknownobject"}
            ]
        },
    )
    answer.status_code = 404
    return answer
