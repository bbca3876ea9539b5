"""What can be found: places with a title, each on a page of the site."""

from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from enum import StrEnum

from trainer.accounts.words import Role


class PlaceKind(StrEnum):
    """What a place is, in the word that stands beside it."""

    PAGE = "Page"
    MODULE = "Module"
    LESSON = "Lesson"
    QUIZ = "Quiz"
    CASE = "Case"
    EXAM = "Examination"
    ATTESTATION = "Text to sign"
    WRITTEN = "Written task"
    WORD = "Word"
    NOTE = "My note"
    PERSON = "Person"
    CERTIFICATE = "Certificate"


@dataclass(frozen=True)
class Findable:
    """Something to go to.

    Attributes:
        endpoint: the page, with its `values`; `anchor` is where on it.
        about: a line beside the title; it is searched as well, and counts for less.
        values: what the address holds beside the enrolment.
        also: other names for the same; all of one counts as much as the title.
    """

    kind: PlaceKind
    title: str
    endpoint: str
    about: str = ""
    values: tuple[tuple[str, str], ...] = ()
    anchor: str = ""
    also: tuple[str, ...] = ()
    enrolled: bool = field(default=False)  # the address names the enrolment of whoever asks


def site_page(title: str, endpoint: str, about: str = "", *, anchor: str = "", enrolled: bool = False) -> Findable:
    """Return a page of the menu or of the foot, or a part of one."""
    return Findable(PlaceKind.PAGE, title, endpoint, about, anchor=anchor, enrolled=enrolled)


def certificate_check(number: str) -> Findable:
    """Return the way to the counter, with this number in its field."""
    return Findable(PlaceKind.PAGE, "Check this certificate", "verify.counter", number, (("number", number),))


_EVERYBODY = (
    site_page("Verify a certificate", "verify.counter", "Check a number, an address or a file"),
    site_page("Check a whole list of certificates", "bulk.table", "Verify many at once, from a table"),
    site_page("Check a receipt", "receipts.receipt", "What we answered about a certificate on a day"),
    site_page("Check in your browser alone", "verify.offline", "Verify offline, without a network"),
    site_page("For software: the API", "api.guide", "Verify certificates by machine"),
    site_page("Competencies", "competencies.all_of_them", "What a graduate can be seen to do"),
    site_page("Help", "guide.answers", "How saving works, what a wait means, whom to ask, keys"),
)
_STRANGERS = (
    site_page("Sign in", "accounts.sign_in", "By invitation"),
    site_page("Start", "requirements.home", "What is offered, and for whom"),
    site_page("How to join", "requirements.home", "Whom to contact; invitations come from a director", anchor="join"),
    site_page("Whom to ask", "guide.answers", "Contact; if a link has run out or a password is lost", anchor="whom"),
    site_page("What it costs", "guide.answers", "Fee, price, cost", anchor="cost"),
    site_page("What is kept about you", "guide.answers", "Privacy, with and without an account", anchor="privacy"),
    site_page(
        "Who answers for it", "requirements.home", "Issuer, director, who has reviewed the texts", anchor="answers"
    ),
    site_page("A lesson to try", "front.lesson", "Without an account"),
    site_page("A question to try", "front.question", "Without an account"),
    site_page("A case to try", "front.case", "Without an account"),
)
_SIGNED_IN = (
    site_page("My account", "accounts.account", "Password, devices, sign out elsewhere"),
    site_page("The law, by place and date", "upkeep.law", "Rules of states and countries"),
    site_page("Regulators’ lists", "crosswalks.lists", "Hours and topics, by lesson and minute"),
)
_TRAINEES = (
    site_page("My path", "requirements.paths", "My next step, and what the certificate needs"),
    site_page("My certificates", "certificates.mine", "Download, share, add to a profile"),
)
_ENROLLED = (
    site_page(
        "What the certificate needs", "requirements.everything", "Every requirement, and how it stands", enrolled=True
    ),
    site_page("My results", "requirements.results", "Quizzes, cases and examinations that I did", enrolled=True),
    site_page("Modules and lessons", "curriculum.course", "The course", enrolled=True),
    site_page("Glossary", "curriculum.glossary", "Words of the course", enrolled=True),
    site_page("Sources of the course", "curriculum.references", "References, literature", enrolled=True),
    site_page("My notes", "debrief.own_notes", "What I wrote after cases", enrolled=True),
)
_DESK = (
    site_page("Desk", "cohorts.desk", "Who waits for a decision; cohorts and people"),
    site_page("New cohort", "cohorts.new_cohort", "Begin a cohort on the newest release"),
)
_EXAMINERS = (
    site_page("Examinations", "examiners.queue", "Sittings and moments that wait for an examiner"),
    site_page("Answers to rate", "raters.queue", "Written answers that wait for a rating"),
)


def pages_for(roles: Set[Role], *, signed_in: bool) -> Iterator[Findable]:
    """Yield the pages that somebody with these roles may open, those of their work first."""
    if Role.TRAINEE in roles:
        yield from _TRAINEES
    if roles & {Role.DIRECTOR, Role.ADMINISTRATOR}:
        yield from _DESK
    if roles & {Role.DIRECTOR, Role.SUPERVISOR}:
        yield from _EXAMINERS
        yield site_page("Notes that were shared", "debrief.shared_notes", "What trainees wrote after cases")
    if roles & {Role.DIRECTOR, Role.SUPERVISOR, Role.ADMINISTRATOR}:
        yield site_page("Texts to review", "signoff.texts", "What changed since a reviewer signed")
    if signed_in:
        yield from _SIGNED_IN
    else:
        yield from _STRANGERS
    yield from _EVERYBODY


def pages_of_enrolment() -> Iterator[Findable]:
    """Yield the pages that belong to a place in a cohort."""
    yield from _ENROLLED
