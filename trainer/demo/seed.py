"""The demonstration: one cohort with fictional people at different stages."""

import json
import os
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from trainer.accounts import services as accounts
from trainer.accounts.models import Person
from trainer.accounts.passwords import hashed
from trainer.accounts.queries import anybody, person_by_email
from trainer.accounts.services import open_invitation
from trainer.accounts.words import Role
from trainer.certificates.queries import certificate_by_id, certificate_of
from trainer.certificates.words import ConsentLevel
from trainer.clock import utc_now
from trainer.cohorts import services as cohorts
from trainer.curriculum.reviews import ReviewedText, Reviewer
from trainer.curriculum.services import sign_content
from trainer.curriculum.words import FICTIONAL_REVIEWER, ReviewKind
from trainer.db import Session
from trainer.demo.own_words import FICTIONAL_ANSWERS
from trainer.demo.players import Crowd, let_play
from trainer.demo.walk import Walk
from trainer.enrolment.models import Cohort, Enrolment
from trainer.enrolment.queries import newest_release
from trainer.enrolment.services import enrol
from trainer.errors import Refused, TrainerError
from trainer.installation import Installation
from trainer.issuing.services import issue_conferral
from trainer.issuing.tools import tools_of
from trainer.lifecycle.acts import Act, Sent
from trainer.lifecycle.decisions.services import make_final
from trainer.lifecycle.holder.services import choose_before
from trainer.lifecycle.services import decide
from trainer.publishing.folder import publish_folder
from trainer.registry.log.queries import log_key
from trainer.registry.status import Reason
from trainer.requirements.catalogue import Catalogue
from trainer.requirements.rules import RequirementKind
from trainer.written.raters.services import rate_answer

PROGRAMME = "foundations"
_STATEMENT = (
    "Demonstration only: signed by a fictional person, so that a whole path can be seen. Not a clinical review."
)
DEMO_STAFF = {
    "dana@demo.example": ("Dana Example", Role.DIRECTOR),
    "sol@demo.example": ("Sol Example", Role.SUPERVISOR),
    "ada@demo.example": ("Ada Example", Role.ADMINISTRATOR),
}
DEMO_TRAINEES = {
    "noor@demo.example": ("Noor Placeholder", "has just begun"),
    "omar@demo.example": ("Omar Sample", "is half way"),
    "uma@demo.example": ("Uma Fixture", "sat the examination; a moment of it waits for an examiner"),
    "mara@demo.example": ("Mara Muster", "has met everything and waits for the director"),
    "ilse@demo.example": ("Ilse Exemplar", "holds a valid certificate"),
    "tomas@demo.example": ("Tomas Specimen", "had a certificate that was revoked"),
}
CROWD = Crowd(people=40, seed=1, slugs=("booster", "hold-me", "keys", "memory", "tablet", "water"))


@dataclass(frozen=True)
class DemoKey:
    """What opens the demonstration; kept in the instance folder, readable by the operator only."""

    password: str
    invitation: str


def seed_demo(installation: Installation, *, passed: Callable[[Sequence[Walk]], Iterable[Walk]] = iter) -> None:
    """Fill an empty installation with the demonstration; a second time changes nothing.

    Args:
        passed: hands the people through, one after the other, and may say how far it is.

    Raises:
        Refused: the content folder has mistakes.
    """
    path = key_file(installation)
    if path.exists():
        return
    with installation.database.reading() as session:
        if anybody(session):
            return  # somebody works here: this is no place for fictional people
    now = utc_now() - timedelta(days=30)
    password = secrets.token_urlsafe(9)
    password_hash = hashed(password)
    catalogue = publish_folder(installation, now=now)
    with installation.database.transaction() as session:
        cohort, invitation = _found(session, catalogue, password_hash, now)
    link = f"{installation.settings.base_url}/invitations/{invitation}"
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(DemoKey(password, link)), file)  # now: whatever happens below, somebody can sign in
    people = [
        _enrolled(installation, cohort, email, name, password_hash, now) for email, (name, _) in DEMO_TRAINEES.items()
    ]
    for walk in passed(people):
        _go(installation, walk)
        _write(installation, walk)
    _populate(installation, now=now)


def _populate(installation: Installation, *, now: datetime) -> None:
    """Let a crowd play some cases in a cohort of its own, so that there are figures to look at."""
    with installation.database.transaction() as session:
        cohort = cohorts.create_cohort(
            session,
            programme=PROGRAMME,
            name="A fictional crowd",
            release_hash=newest_release(session).hash,
            starts_on=now.date(),
            by=None,
            now=now,
        )
    let_play(installation, cohort, CROWD, now=now)


def sign_cases_as_demo(session: Session, *, catalogue: Catalogue, reviewer: Person, now: datetime) -> None:
    """Sign every case as a plainly fictional reviewer, so that a whole path can be seen."""
    for slug, case in catalogue.cases.items():
        sign_content(
            session,
            text=ReviewedText(kind=ReviewKind.CASE, id=slug, hash=case.hash),
            reviewer=Reviewer(person_id=reviewer.id, name=reviewer.name, role=FICTIONAL_REVIEWER),
            statement=_STATEMENT,
            now=now,
        )


def _found(session: Session, catalogue: Catalogue, password_hash: str, now: datetime) -> tuple[Cohort, str]:
    staff = {}
    for email, (name, role) in DEMO_STAFF.items():
        person = accounts.create_person(session, email=email, name=name, password_hash=password_hash, now=now)
        accounts.grant(session, person=person, programme=PROGRAMME, role=role, now=now)
        staff[role] = person
    sign_cases_as_demo(session, catalogue=catalogue, reviewer=staff[Role.SUPERVISOR], now=now)
    cohort = cohorts.create_cohort(
        session,
        programme=PROGRAMME,
        name="Demonstration cohort",
        release_hash=catalogue.release.hash,
        starts_on=now.date(),
        by=staff[Role.DIRECTOR].id,
        now=now,
    )
    _, token = cohorts.invite_to(
        session,
        cohort=cohort,
        name="Kim Newcomer",
        email="kim@demo.example",
        by=staff[Role.DIRECTOR].id,
        now=utc_now(),
    )
    return cohort, token


def _enrolled(
    installation: Installation, cohort: Cohort, email: str, name: str, password_hash: str, now: datetime
) -> Walk:
    with installation.database.transaction() as session:
        person = accounts.create_person(session, email=email, name=name, password_hash=password_hash, now=now)
        accounts.grant(session, person=person, programme=PROGRAMME, role=Role.TRAINEE, now=now)
        enrolment = enrol(session, person_id=person.id, cohort=cohort, now=now)
    return Walk(installation, person, enrolment, now + timedelta(days=1))


def _go(installation: Installation, walk: Walk) -> None:
    leaves = walk.leaves()
    match walk.person.email.split("@")[0]:
        case "noor":
            walk.read(leaves[0].slug, lessons=2)
        case "omar":
            for leaf in leaves[:4]:
                walk.do(leaf)
            walk.answer("ethics")
            walk.slips = 5
            walk.answer("boundaries")
        case "uma":
            for leaf in leaves:
                if leaf.kind is RequirementKind.EXAM:
                    walk.sit(leaf.slug, errs=True)
                else:
                    walk.do(leaf)
        case name:
            walk.slips = 1
            for leaf in leaves:
                walk.do(leaf)
            if name == "ilse":
                with installation.database.transaction() as session:
                    choose_before(session, person=walk.person, level=ConsentLevel.SHOWN, now=walk.now)
            if name in ("ilse", "tomas"):
                public_id = conferred(installation, walk.enrolment, now=walk.now + timedelta(days=1))
                if name == "ilse":
                    _show_as_specimen(installation, public_id)
            if name == "tomas":
                _revoke(installation, walk.enrolment, now=walk.now + timedelta(days=9))


def _write(installation: Installation, walk: Walk) -> None:
    """Let somebody answer a task in their own words, and let the staff rate it as far as it is rated."""
    if (own := FICTIONAL_ANSWERS.get(walk.person.email.split("@")[0])) is None:
        return
    answer_id = walk.write(own.task, own.text)
    for rating in own.ratings if answer_id else ():
        walk.now += timedelta(hours=5)
        with installation.database.transaction() as session:
            rater = person_by_email(session, rating.by)
            assert rater
            rate_answer(
                session,
                answer_id=answer_id,
                programmes=frozenset({PROGRAMME}),
                by=rater.id,
                steps=rating.steps,
                comment=rating.comment,
                now=walk.now,
            )


def _show_as_specimen(installation: Installation, public_id: str) -> None:
    """Let the front page lead to this certificate: its holder is invented, and has agreed that her name is shown."""
    with installation.database.reading() as session:
        certificate = certificate_by_id(session, public_id=public_id)
    if certificate is not None:
        (installation.settings.instance / "specimen").write_text(f"{certificate.number}\n")


def conferred(installation: Installation, enrolment: Enrolment, *, now: datetime) -> str:
    """Confer as the demonstration's director; return the certificate's public id."""
    with installation.database.transaction() as session:
        director = person_by_email(session, "dana@demo.example")
        if director is None:
            raise Refused("The demonstration's director is not here. Seed an empty installation.")
        conferral = cohorts.confer_on_enrolment(
            session, enrolment=enrolment, director=director, settings=installation.settings, now=now
        )
    tools = tools_of(installation, now=now)
    with installation.database.transaction() as session:
        return issue_conferral(session, conferral_id=conferral.id, tools=tools, now=now).public_id


def _revoke(installation: Installation, enrolment: Enrolment, *, now: datetime) -> None:
    with installation.database.transaction() as session:
        certificate = certificate_of(session, enrolment_id=enrolment.id)
        director = person_by_email(session, "dana@demo.example")
        if certificate is None or director is None:
            return
        key = log_key(session, instance=installation.settings.instance, base_url=installation.settings.base_url)
        recall_within = timedelta(hours=installation.settings.recall_hours)
        decide(
            session,
            public_id=certificate.public_id,
            person=director,
            sent=Sent(act=Act.REVOKE, reason=Reason.CONDUCT, private_reason="Invented for the demonstration."),
            recall_within=recall_within,
            log=key,
            now=now,
        )
        make_final(session, public_id=certificate.public_id, log=key, now=now + recall_within)


def key_of(installation: Installation) -> DemoKey | None:
    """Return what opens the demonstration, None where there is no demonstration."""
    path = key_file(installation)
    return DemoKey(**json.loads(path.read_text())) if path.exists() else None


def key_file(installation: Installation) -> Path:
    """Return where that is kept."""
    return installation.settings.instance / "demo.json"


def invitation_is_open(installation: Installation, invitation: str) -> bool:
    """Say whether an invitation can still be used; `invitation` is its address."""
    with installation.database.reading() as session:
        try:
            open_invitation(session, token=invitation.rpartition("/")[2], now=utc_now())
        except TrainerError:
            return False
    return True
