"""The whole house on one screen."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from trainer.accounts import access
from trainer.accounts import routes as accounts
from trainer.analytics import routes as analytics
from trainer.api import routes as api
from trainer.bulk import routes as bulk
from trainer.cases import routes as cases
from trainer.cases.afterwards import routes as debriefs
from trainer.cases.pacing import routes as pacing
from trainer.cases.walk import routes as walk
from trainer.certificates import routes as certificates
from trainer.certificates.paper.acceptance import check_issuer
from trainer.cohorts import routes as cohorts
from trainer.cohorts.chances import routes as chances
from trainer.cohorts.decisions import routes as decisions
from trainer.cohorts.windows import routes as windows
from trainer.competencies import routes as competencies
from trainer.crosswalks import routes as crosswalks
from trainer.curriculum import routes as curriculum
from trainer.curriculum.access import (
    ask_before_beginning,
    ask_what_is_asked_for,
    ask_what_is_beside,
)
from trainer.db import Database
from trainer.erasure import routes as erasure
from trainer.errors import Broken, Refused
from trainer.examinations import routes as examinations
from trainer.examinations.desk import access as examiners_waiting
from trainer.examinations.desk import routes as examiners
from trainer.find import routes as find
from trainer.front import routes as front
from trainer.guide import access as tour
from trainer.guide import routes as guide
from trainer.health import routes as health
from trainer.lifecycle import routes as lifecycle
from trainer.lifecycle.queries import award_of
from trainer.practicum import routes as practicum
from trainer.quizzes import routes as quizzes
from trainer.receipts import routes as receipts
from trainer.registry import routes as registry
from trainer.requirements import routes as requirements
from trainer.requirements.access import ask_what_was_conferred, show_strangers
from trainer.school import access as dress
from trainer.school import routes as school
from trainer.settings import ROOT, Settings
from trainer.signoff import routes as signoff
from trainer.staff import access as programme_titles
from trainer.staff import routes as staff
from trainer.staff.correcting import routes as correcting
from trainer.staff.invitations import routes as invitations
from trainer.styleguide import routes as styleguide
from trainer.trail import routes as trail
from trainer.upkeep import routes as upkeep
from trainer.verify import routes as verify
from trainer.watches import routes as watches
from trainer.web import assets, compression, errors, forms, headers, limits, templates
from trainer.web.addresses_above import PageAbove, fill_addresses
from trainer.web.cookies import cookie_name
from trainer.written import access as written_tasks
from trainer.written import routes as written
from trainer.written.raters import routes as raters

_ROOMS = (
    health,
    accounts,
    trail,
    registry,
    watches,
    receipts,
    curriculum,
    quizzes,
    cases,
    pacing,
    debriefs,
    walk,
    practicum,
    written,
    raters,
    examinations,
    examiners,
    requirements,
    competencies,
    signoff,
    certificates,
    lifecycle,
    erasure,
    staff,
    invitations,
    correcting,
    verify,
    front,
    cohorts,
    chances,
    decisions,
    windows,
    analytics,
    upkeep,
    crosswalks,
    bulk,
    api,
    styleguide,
    school,
    guide,
    find,
)

ADDRESSES = {
    PageAbove.HOME: "requirements.home",
    PageAbove.PATH: "requirements.path",
    PageAbove.DESK: "cohorts.desk",
    PageAbove.COHORT: "cohorts.cohort",
    PageAbove.JOINING: "cohorts.join",
    PageAbove.AFTER_EXAMINED_CASE: "examinations.after",
}
"""Where rooms lead to above themselves."""


def create_app(settings: Settings) -> Flask:
    """Build the application. It reads nothing but `settings` and starts nothing.

    Raises:
        Broken: the issuer's name cannot stand on a certificate.
    """
    _check_issuer(settings)
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME=cookie_name("trainer", secure=settings.secure_cookies),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        MAX_CONTENT_LENGTH=settings.upload_limit + 64 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        WTF_CSRF_SSL_STRICT=False,  # see trainer.web.forms
        WTF_CSRF_TIME_LIMIT=None,  # a page left open overnight must still save its answers
    )
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.extensions["trainer.settings"] = settings
    app.extensions["trainer.database"] = Database(settings.database_url)
    errors.init_app(app)  # first of all: what cannot be a form of ours is refused before anybody parses it
    forms.csrf.init_app(app)
    for part in (assets, templates, headers, limits, access, compression):
        part.init_app(app)
    for room in _ROOMS:
        app.register_blueprint(room.bp)
    fill_addresses(app, ADDRESSES)
    dress.dress_pages(app)
    _hand_down(app)
    return app


def _hand_down(app: Flask) -> None:
    """Hand each room what it needs from rooms above itself."""
    examiners_waiting.tell_examiners_waiting(app)
    written_tasks.tell_written_tasks(app)
    programme_titles.tell_programme_titles(app)
    tour.tell_tour(app)
    ask_before_beginning(app, requirements.outstanding_before)
    ask_what_is_asked_for(app, requirements.asked_for)
    ask_what_is_beside(app, requirements.what_is_beside)
    ask_what_was_conferred(app, award_of)
    show_strangers(app, front.front_page)


def _check_issuer(settings: Settings) -> None:
    try:
        check_issuer(settings.issuer)
    except Refused as refusal:
        raise Broken(f"TRAINER_ISSUER is {settings.issuer!r}. {refusal}") from refusal
