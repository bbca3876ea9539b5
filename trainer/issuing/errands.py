"""What the worker does with the issuer's key: certificates, documents, status lists, signed webhooks."""

import logging
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from trainer.certificates.documents.queries import documents_ordered
from trainer.certificates.queries import waiting
from trainer.certificates.tasks import Task
from trainer.clock import utc_now
from trainer.installation import Installation
from trainer.issuing.queue import Job, Tally, go_through
from trainer.issuing.services import issue_conferral, make_document, note_problem
from trainer.issuing.tools import IssuingTools, tools_of, tools_to_sign
from trainer.notices.errands import deliver_due
from trainer.notices.mail import mail_server_of
from trainer.notices.network_addresses import is_loopback_host
from trainer.notices.queries import due
from trainer.notices.webhook import Webhooks
from trainer.registry import jose
from trainer.registry.did import did_of
from trainer.registry.published.queries import due_lists
from trainer.registry.published.services import ensure_key_published, publish_status_lists
from trainer.registry.queries import anything_entered

log = logging.getLogger(__name__)


def issue_waiting(
    installation: Installation, *, step: Callable[[], object] = lambda: None, most: int | None = None
) -> Tally:
    """Issue whatever may be tried now, or the first `most` of it; what fails is written down and tried again later."""
    with installation.database.reading() as session:
        queue = [decision for decision in waiting(session) if not decision.rests(utc_now())][:most]
    return _go_through(
        installation, [Job(decision, partial(_issue, installation, decision.conferral_id)) for decision in queue], step
    )


def make_documents(installation: Installation) -> Tally:
    """Make the documents that holders have asked for; what fails is written down and tried again later."""
    with installation.database.reading() as session:
        queue = [order for order in documents_ordered(session) if not order.rests(utc_now())]
    return _go_through(installation, [Job(order, partial(_make, installation, order.order_id)) for order in queue])


def _issue(installation: Installation, conferral_id: str, tools: IssuingTools) -> None:
    with installation.database.transaction() as session:
        issue_conferral(session, conferral_id=conferral_id, tools=tools, now=utc_now())


def _make(installation: Installation, order_id: int, tools: IssuingTools) -> None:
    with installation.database.transaction() as session:
        make_document(session, order_id=order_id, tools=tools, now=utc_now())


def _go_through(installation: Installation, jobs: list[Job], step: Callable[[], object] = lambda: None) -> Tally:
    return go_through(
        jobs,
        tools=lambda: tools_to_sign(installation, now=utc_now()),
        fail=partial(_write_down, installation),
        step=step,
    )


def _write_down(installation: Installation, task: Task, sentence: str) -> None:
    log.error("Not issued: %s", sentence)
    try:
        with installation.database.transaction() as session:
            note_problem(session, conferral_id=task.conferral_id, sentence=sentence, now=utc_now())
    except Exception:  # on a full disk not even this can be written; the decision still waits
        log.exception("The problem could not be written down")


def publish_lists(installation: Installation) -> None:
    """Publish the status lists anew when a status has changed or the lists grow old."""
    now = utc_now()
    with installation.database.reading() as session:
        if not anything_entered(session) or not due_lists(session, now=now):
            return
    tools = tools_of(installation, now=now)
    did = did_of(tools.base_url)
    with installation.database.transaction() as session:
        ensure_key_published(session, certificate=tools.authority.signer, log=tools.log, now=now)
        publish_status_lists(
            session,
            sign_jwt=lambda document: jose.signed_text(document, key=tools.authority.key, did=did),
            did=did,
            base_url=tools.base_url,
            log=tools.log,
            now=now,
        )


def deliver(installation: Installation) -> None:
    """Send the letters and webhooks that are due."""
    now = utc_now()
    with installation.database.reading() as session:
        if not due(session, now=now):
            return
    tools = tools_of(installation, now=now)
    did = did_of(tools.base_url)
    host = urlsplit(tools.base_url).hostname or ""
    webhooks = Webhooks(
        sign=lambda body: jose.detached(body, key=tools.authority.key, did=did), local=is_loopback_host(host)
    )
    deliver_due(installation.database, mail=mail_server_of(installation.settings), webhooks=webhooks, now=now)
