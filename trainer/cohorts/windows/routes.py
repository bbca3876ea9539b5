"""Windows for sittings: set on a page of the cohort, changed and withdrawn on a page of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, only, programmes_where
from trainer.accounts.words import Role
from trainer.certificates.facts.zone import zone_named
from trainer.clock import utc_now
from trainer.cohorts.queries import cohort_for
from trainer.cohorts.windows.forms import TimesForm, WindowChangeForm, WindowForm, WindowWithdrawalForm
from trainer.cohorts.windows.pages import WindowPage, WindowsPage
from trainer.enrolment.models import Cohort
from trainer.errors import Missing, Refused, Stale
from trainer.requirements.queries import programme_of
from trainer.requirements.rules import RequirementKind, leaves
from trainer.web import Session, reading, transaction
from trainer.web.pages import ask, asked_again, show
from trainer.windows import services
from trainer.windows.models import SittingWindow
from trainer.windows.opening import Window, exam_windows
from trainer.windows.queries import decisions_about_windows, windows_of
from trainer.windows.wish import WindowWish

bp = Blueprint("windows", __name__)


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What a page about the windows of a cohort begins with."""

    cohort: Cohort
    zone: ZoneInfo
    titles: Mapping[str, str]  # of the examinations that the programme asks for


@bp.route("/desk/cohorts/<cohort_id>/windows", methods=["GET", "POST"])
@only(Role.DIRECTOR)
@asked_again(Stale)
def windows(cohort_id: str, changed: str = "") -> ResponseReturnValue:
    """Show the windows of a cohort; set one more."""
    page = _windows_page(cohort_id, changed)
    form = page.form
    if changed or not form.validate_on_submit():
        return ask(page)
    opens, closes = form.times()
    exam = form.exam.data
    wish = WindowWish(window=None, exam=exam, title=page.titles[exam], opens=opens, closes=closes, reason="")
    if not _decided(cohort_id, wish, form):
        return show(page, 422)
    flash("The window has been set. Trainees see it on their path and on the page of the examination.")
    return redirect(url_for(".windows", cohort_id=cohort_id), code=303)


def _windows_page(cohort_id: str, changed: str) -> WindowsPage:
    with reading() as session:
        known = _known(session, cohort_id)
        decisions = decisions_about_windows(session, cohort_id=cohort_id)
        form = WindowForm().counted_in(known.zone).offer(dict(known.titles))
        return WindowsPage(
            cohort=known.cohort,
            exams=exam_windows(windows_of(session, cohort_id=cohort_id), known.titles, now=utc_now()),
            titles=known.titles,
            decisions=decisions,
            form=form.shows(len(decisions), anew=bool(changed)),
            changed=changed,
        )


@bp.route("/desk/cohorts/<cohort_id>/windows/<number>", methods=["GET", "POST"])
@only(Role.DIRECTOR)
@asked_again(Stale)
def window(cohort_id: str, number: str, changed: str = "") -> ResponseReturnValue:
    """Ask for other times and why; then change the window."""
    page, kept = _window_page(cohort_id, number, changed)
    form = page.form
    if changed or not form.validate_on_submit():
        return ask(page)
    opens, closes = form.times(_as_set(kept))
    wish = WindowWish(
        window=kept.window_number,
        exam=kept.exam,
        title=page.title,
        opens=opens,
        closes=closes,
        reason=form.reason.data,
    )
    if not _decided(cohort_id, wish, form):
        return show(page, 422)
    flash("The window has been changed. What has begun in it goes on.")
    return redirect(url_for(".windows", cohort_id=cohort_id), code=303)


@bp.post("/desk/cohorts/<cohort_id>/windows/<number>/withdrawal")
@only(Role.DIRECTOR)
@asked_again(Refused)
def withdraw(cohort_id: str, number: str, changed: str = "") -> ResponseReturnValue:
    """Withdraw a window, with a reason; a second click finds it withdrawn."""
    page, kept = _window_page(cohort_id, number, changed)
    form = page.withdrawal_form
    if changed or not form.validate_on_submit():
        return ask(page)
    wish = WindowWish(
        window=kept.window_number,
        exam=kept.exam,
        title=page.title,
        opens=kept.opens_at,
        closes=kept.closes_at,
        withdrawn=True,
        reason=form.why.data,
    )
    _decide(cohort_id, wish, form.mark)
    flash("The window has been withdrawn. What has begun in it goes on.")
    return redirect(url_for(".windows", cohort_id=cohort_id), code=303)


def _window_page(cohort_id: str, number: str, changed: str) -> tuple[WindowPage, SittingWindow]:
    """Return the page about a window, with the newest decision about it."""
    with reading() as session:
        known = _known(session, cohort_id)
        decisions = decisions_about_windows(session, cohort_id=cohort_id)
        kept = next((decision for decision, _ in decisions if str(decision.window_number) == number), None)
        if kept is None:
            raise Missing("There is no such window for sittings in this cohort.")
        beside = windows_of(session, cohort_id=cohort_id).get(kept.exam, ())
    form = WindowChangeForm().counted_in(known.zone).shows_window(_as_set(kept))
    page = WindowPage(
        cohort=known.cohort,
        title=known.titles.get(kept.exam, kept.exam),
        number=kept.window_number,
        window=None if kept.withdrawn else _as_set(kept),
        last=len(beside) == 1,
        form=form.shows(len(decisions), anew=bool(changed)),
        withdrawal_form=WindowWithdrawalForm().shows(len(decisions), anew=bool(changed)),
        changed=changed,
    )
    return page, kept


def _known(session: Session, cohort_id: str) -> _Known:
    cohort = cohort_for(session, cohort_id=cohort_id, programmes=programmes_where(Role.DIRECTOR))
    programme = programme_of(session, cohort)
    asked = [leaf for leaf in leaves(programme.needs) if leaf.kind is RequirementKind.EXAM]
    return _Known(cohort=cohort, zone=zone_named(programme.time_zone), titles={leaf.slug: leaf.title for leaf in asked})


def _as_set(kept: SittingWindow) -> Window:
    return Window(number=kept.window_number, opens=kept.opens_at, closes=kept.closes_at)


def _decided(cohort_id: str, wish: WindowWish, form: TimesForm) -> bool:
    """Decide, or say beside the times why not; that something else was decided since is not for the times to say."""
    try:
        _decide(cohort_id, wish, form.mark)
    except Stale:
        raise
    except Refused as refusal:
        form.opens.errors = [str(refusal)]
        return False
    return True


def _decide(cohort_id: str, wish: WindowWish, seen: str) -> None:
    with transaction() as session:
        cohort = cohort_for(session, cohort_id=cohort_id, programmes=programmes_where(Role.DIRECTOR))
        services.decide_window(session, cohort=cohort, wish=wish, seen=seen, by=me().id, now=utc_now())
