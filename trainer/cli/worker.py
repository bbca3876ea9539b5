"""The worker: it alone holds the issuer's key, and does what a page must not wait for.

Nothing is queued anywhere but in the database itself: a decision without a certificate waits to be issued, a notice
without a delivery waits to be sent. So nothing is lost when the worker is killed, and two workers do no harm.
"""

import hashlib
import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

import click
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import DatabaseError, OperationalError

from trainer import logs
from trainer.certificates.documents.queries import ordered
from trainer.certificates.models import Certificate, Conferral
from trainer.certificates.paper.places import PaperSize
from trainer.certificates.queries import waiting
from trainer.certificates.signing.authority import Authority, authority_in, is_established
from trainer.certificates.signing.key_rotation import always_stamps
from trainer.certificates.signing.keys import public_timestampers
from trainer.certificates.tasks import Ordered, Task, Waiting
from trainer.cli.misset import check_settings, misset
from trainer.clock import utc_now
from trainer.db import cause_of
from trainer.errors import Broken, TrainerError
from trainer.health.services import beat
from trainer.installation import Installation, opened
from trainer.issuing.services import issue, make_document, note_problem
from trainer.issuing.tools import IssuingTools
from trainer.lifecycle.queries import endings_due
from trainer.lifecycle.services import begin_replacing, make_final, reason_of, remind, superseded, tell_issued
from trainer.notices.addresses import is_loopback_host
from trainer.notices.mail import mail_server_of
from trainer.notices.services import deliver_due, due, what_waits
from trainer.notices.webhook import Webhooks
from trainer.registry import jose
from trainer.registry.cosigning import cosign_newest
from trainer.registry.did import did_of
from trainer.registry.log.services import log_key
from trainer.registry.notes import Signer
from trainer.registry.published.services import due_lists, ensure_key_published, publish_status_lists
from trainer.registry.services import anything_entered
from trainer.settings import Settings
from trainer.verify.attachments import texts_in
from trainer.verify.offline import verify_offline
from trainer.verify.sandbox import Attached
from trainer.verify.trust import PinnedKey, Trust, kid_in
from trainer.watches.services import tell_watchers

IDLE_SECONDS = 1.0
REST_SECONDS = 10.0  # after an errand that could not be done for a reason that is known
A_ROUND = 40  # certificates, before anything else has its turn again
BREATH_SECONDS = 0.02  # between two certificates, so that on SQLite an answer of somebody else is saved meanwhile

log = logging.getLogger(__name__)


def means_of(installation: Installation, *, now: datetime) -> IssuingTools:
    """Return what issuing needs.

    Raises:
        Broken: a key is gone or cannot be used, although certificates were signed with it.
    """
    settings = installation.settings
    with installation.database.reading() as session:
        if not is_established(settings.instance) and anything_entered(session):
            raise Broken(
                f"The signing keys are missing from {settings.instance}, although certificates have been issued. "
                "Restore the authority folder from a backup; nothing was issued."
            )
        key = log_key(session, instance=settings.instance, base_url=settings.base_url)
    authority = authority_in(settings.instance, issuer=settings.issuer, now=now)
    return IssuingTools(
        authority=authority,
        log=key,
        base_url=settings.base_url,
        size=PaperSize(settings.paper_size),
        check=partial(check_as_verifier, trust=_own_trust(settings, authority, key)),
    )


def means_to_sign(installation: Installation, *, now: datetime) -> IssuingTools:
    """Return what issuing needs, once the timestamp authority has answered.

    It is asked here because no transaction is open yet: whoever waits for a dead one within it keeps everybody else
    from writing.

    Raises:
        Broken: a key is gone or cannot be used, or the timestamp authority cannot be relied on.
    """
    means = means_of(installation, now=now)
    if means.authority.timestamps is not None:
        means.authority.timestamps.stamp(secrets.token_bytes(hashlib.sha256().digest_size))
    return means


def _own_trust(settings: Settings, authority: Authority, key: Signer) -> Trust:
    signer = PinnedKey(
        kid=kid_in(authority.signer),
        certificate=authority.signer,
        stamps=always_stamps(settings.instance, authority.signer),
    )
    return Trust(
        base_url=settings.base_url,
        did=did_of(settings.base_url),
        issuer=settings.issuer,
        root=authority.root,
        keys={signer.kid: signer},
        log=key.verifier,
        timestampers=public_timestampers(),
        made_at=utc_now(),
    )


def check_as_verifier(paper: bytes, *, trust: Trust) -> None:
    """Let a finished paper pass if a verifier who has nothing but our keys finds it genuine.

    Raises:
        Broken: a verifier would not.
    """
    verdict = verify_offline(paper, trust, utc_now(), read=lambda content: Attached(**texts_in(content)))
    wrong = [check for check in verdict.checks if not check.holds]
    if not verdict.facts or wrong:
        reason = wrong[0].evidence if wrong else verdict.sentence
        raise Broken(f"The finished certificate did not pass our own verification ({reason}), so nothing was issued.")


def issue_one(installation: Installation, *, conferral_id: str, means: IssuingTools, now: datetime) -> Certificate:
    """Issue one certificate in one transaction; repeating it finds the first."""
    with installation.database.transaction() as session:
        conferral = session.get_one(Conferral, conferral_id)
        if conferral.supersedes is not None:
            begin_replacing(session, old_public_id=conferral.supersedes, new_public_id=conferral.public_id, now=now)
        certificate, fresh = issue(session, conferral_id=conferral_id, means=means, now=now)
        if fresh:
            if conferral.supersedes is None:
                tell_issued(session, certificate=certificate, now=now)
            else:
                superseded(
                    session,
                    old_public_id=conferral.supersedes,
                    new_public_id=certificate.public_id,
                    decided_by=conferral.decided_by,
                    reason=reason_of(conferral),
                    log=means.log,
                    now=now,
                )
    return certificate


@dataclass
class Tally:
    """What one round has done."""

    issued: int = 0
    failed: int = 0


def issue_waiting(
    installation: Installation, *, step: Callable[[], None] = lambda: None, most: int | None = None
) -> Tally:
    """Issue whatever may be tried now, or the first `most` of it; what fails is written down and tried again later."""
    with installation.database.reading() as session:
        queue = [one for one in waiting(session) if not one.rests(utc_now())][:most]
    return _go_through(installation, [(one, partial(_issue, installation, one)) for one in queue], step)


def make_documents(installation: Installation) -> Tally:
    """Make the documents that holders have asked for; what fails is written down and tried again later."""
    with installation.database.reading() as session:
        queue = [one for one in ordered(session) if not one.rests(utc_now())]
    return _go_through(installation, [(one, partial(_make, installation, one)) for one in queue])


def _issue(installation: Installation, one: Waiting, means: IssuingTools) -> None:
    issue_one(installation, conferral_id=one.conferral_id, means=means, now=utc_now())


def _make(installation: Installation, one: Ordered, means: IssuingTools) -> None:
    with installation.database.transaction() as session:
        make_document(session, order_id=one.order_id, means=means, now=utc_now())


def _go_through(
    installation: Installation,
    queue: Sequence[tuple[Task, Callable[[IssuingTools], None]]],
    step: Callable[[], None] = lambda: None,
) -> Tally:
    tally = Tally()
    means: IssuingTools | None = None
    for place, (one, do) in enumerate(queue):
        try:
            means = means or means_to_sign(installation, now=utc_now())
        except TrainerError as error:  # then none of the others can be signed either
            for left, _ in queue[place:]:
                _fail(installation, left, str(error))
            tally.failed += len(queue) - place
            break
        if _works(installation, one, partial(do, means)):
            tally.issued += 1
        else:
            tally.failed += 1
            means = None  # it may be outdated: a key was replaced, say
        step()
        time.sleep(BREATH_SECONDS)
    return tally


def _works(installation: Installation, one: Task, do: Callable[[], None]) -> bool:
    """Do it, or write down why it cannot be done."""
    try:
        do()
        return True
    except TrainerError as error:
        _fail(installation, one, str(error))
    except OperationalError as error:
        _fail(
            installation,
            one,
            f"The database could not keep it ({error.orig}). See to that; it is tried again by itself.",
        )
    except Exception:
        log.exception("What follows from conferral %s could not be made", one.conferral_id)
        _fail(installation, one, "Something on our side failed while signing; the worker's log says what.")
    return False


def _fail(installation: Installation, one: Task, sentence: str) -> None:
    log.error("Not issued: %s", sentence)
    try:
        with installation.database.transaction() as session:
            note_problem(session, conferral_id=one.conferral_id, sentence=sentence, now=utc_now())
    except Exception:  # on a full disk not even this can be written; the decision still waits
        log.exception("The problem could not be written down")


def publish_lists(installation: Installation) -> None:
    """Publish the status lists anew when a status has changed or the lists grow old."""
    now = utc_now()
    with installation.database.reading() as session:
        if not anything_entered(session) or not due_lists(session, now=now):
            return
    means = means_of(installation, now=now)
    did = did_of(means.base_url)
    with installation.database.transaction() as session:
        ensure_key_published(session, certificate=means.authority.signer, log=means.log, now=now)
        publish_status_lists(
            session,
            sign_jwt=lambda document: jose.signed(document, key=means.authority.key, did=did),
            did=did,
            base_url=means.base_url,
            log=means.log,
            now=now,
        )


def ask_witnesses(installation: Installation) -> None:
    """Have the newest checkpoint cosigned; a witness that cannot or will not is named and holds nobody up."""
    for answer in cosign_newest(installation.database, installation.settings, now=utc_now()):
        if answer.problem:
            log.warning("Witness %s: %s", answer.witness, answer.problem)


def check_newest(installation: Installation) -> None:
    """Let the worker begin unless a witness has seen more of the log than there is.

    Whatever were added to such a log would contradict what was signed before, and nobody could trust it again.

    Raises:
        Broken: a witness has; the sentence says how much.
    """
    for answer in cosign_newest(installation.database, installation.settings, now=utc_now(), everybody=True):
        if answer.ahead:
            raise Broken(answer.problem)
        if answer.problem:
            log.warning("Witness %s: %s", answer.witness, answer.problem)


def tell_watching(installation: Installation) -> None:
    """Write to everybody who watches a certificate whose status has changed."""
    with installation.database.transaction() as session:
        tell_watchers(
            session, base_url=installation.settings.base_url, secret=installation.settings.secret_key, now=utc_now()
        )


def write_reminders(installation: Installation) -> None:
    """Write to holders whose certificate is about to end."""
    with installation.database.transaction() as session:
        remind(session, now=utc_now())


def make_endings_final(installation: Installation) -> None:
    """Enter every revocation and surrender that can no longer be recalled, each in a transaction of its own."""
    now = utc_now()
    with installation.database.reading() as session:
        due = endings_due(session, now=now)
    settings = installation.settings
    for public_id in due:
        try:
            with installation.database.transaction() as session:
                key = log_key(session, instance=settings.instance, base_url=settings.base_url)
                make_final(session, public_id=public_id, log=key, now=now)
        except TrainerError as error:  # the others become final all the same
            log.error("The ending of certificate %s could not be entered: %s", public_id, error)


def deliver(installation: Installation) -> None:
    """Send the letters and webhooks that are due."""
    now = utc_now()
    with installation.database.reading() as session:
        if not due(session, now=now):
            return
    means = means_of(installation, now=now)
    did = did_of(means.base_url)
    host = urlsplit(means.base_url).hostname or ""
    webhooks = Webhooks(
        sign=lambda body: jose.detached(body, key=means.authority.key, did=did), local=is_loopback_host(host)
    )
    deliver_due(installation.database, mail=mail_server_of(installation.settings), webhooks=webhooks, now=now)


def say_that_it_works(installation: Installation) -> None:
    """Write down that this worker goes round, and what waits."""
    with installation.database.transaction() as session:
        name = f"{socket.gethostname()}:{os.getpid()}"
        beat(session, worker=name, has_mail=bool(installation.settings.smtp_url), now=utc_now())


Errands = tuple[tuple[Callable[[Installation], object], float], ...]

INSIDE: Errands = (
    (say_that_it_works, 15),
    (partial(issue_waiting, most=A_ROUND), 0),
    (make_documents, 0),
    (make_endings_final, 5),
    (publish_lists, 5),
    (tell_watching, 5),
    (write_reminders, 3600),
)
"""What needs nobody else, each with how many seconds it rests in between."""
OUTSIDE: Errands = ((deliver, 2), (ask_witnesses, 15))
"""What waits for others; it has a thread of its own, so that a slow mail server delays no certificate."""


def work_until(
    installation: Installation, errands: Errands, stopped: threading.Event, beside: int | None = None
) -> None:
    """Go round until told to stop, or until the process that it was started beside has ended."""
    rests_until = dict.fromkeys((errand for errand, _ in errands), 0.0)
    while not stopped.is_set() and beside in (None, os.getppid()):
        for errand, seconds in errands:
            if time.monotonic() < rests_until[errand]:
                continue
            rest = seconds
            try:
                errand(installation)
            except TrainerError as error:  # it says itself what is wrong; its place in our code says nothing
                log.error("The worker cannot go on with a part of its work: %s", error)
                rest = max(seconds, REST_SECONDS)
            except DatabaseError as error:
                if type(error) not in (OperationalError, DatabaseError):
                    log.exception("An errand of the worker failed; it is tried again in the next round")
                else:
                    log.error("The database cannot be used (%s); the worker tries again", cause_of(error))
                rest = max(seconds, REST_SECONDS)
            except Exception:
                log.exception("An errand of the worker failed; it is tried again in the next round")
            rests_until[errand] = time.monotonic() + rest
        stopped.wait(IDLE_SECONDS)


@click.command()
@click.option("--once", is_flag=True, help="Enter what became final, issue what waits, with a progress bar, and end.")
@click.option("--beside", type=int, help="End when this process, which started the worker, has ended.")
def worker(once: bool, beside: int | None) -> None:
    """Sign certificates, send notices, keep status lists and witnesses up to date."""
    work(once=once, beside=beside)


def work(*, once: bool = False, beside: int | None = None) -> None:
    """Be the worker: once through what waits, or until told to end or the process `beside` has ended.

    Raises:
        Broken: a witness has seen more of the log than there is, or, once, a setting cannot
            work or not all could be issued.
    """
    from trainer.certificates.paper.layout_engine import check_libraries  # noqa: PLC0415 – loads the layout engine

    logs.begin("worker")
    check_libraries()
    with opened() as installation:
        check_newest(installation)
        if once:
            check_settings(installation.settings)
            _work_once(installation)
            return
        for sentence in misset(installation.settings):  # what else it can do, it does
            log.error("%s", sentence)
        with installation.database.reading() as session:
            if waits := what_waits(session, has_mail=bool(installation.settings.smtp_url)):
                log.warning("%s", waits)
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        outside = threading.Thread(target=work_until, args=(installation, OUTSIDE, stopped, beside))
        outside.start()
        work_until(installation, INSIDE, stopped, beside)
        outside.join()


def _work_once(installation: Installation) -> None:
    make_endings_final(installation)
    with installation.database.reading() as session:
        count = len(waiting(session))
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    begun = time.monotonic()
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("Issuing certificates", total=count)
        tally = issue_waiting(installation, step=lambda: progress.advance(bar))
    seconds = time.monotonic() - begun
    console.print(
        f"{tally.issued} issued, {tally.failed} failed, in {seconds:.1f} s "
        f"({tally.issued / seconds if seconds else 0:.1f} a second)."
    )
    with installation.database.reading() as session:
        if waits := what_waits(session, has_mail=bool(installation.settings.smtp_url)):
            console.print(waits)
    if tally.failed:
        raise Broken("Some certificates could not be issued; the desk and `trainer worker` say why.")
