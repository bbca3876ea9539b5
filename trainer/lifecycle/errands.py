"""What the worker does for certificates that end."""

import logging

from trainer.clock import utc_now
from trainer.errors import TrainerError
from trainer.installation import Installation
from trainer.lifecycle.decisions.services import make_final
from trainer.lifecycle.queries import endings_due
from trainer.lifecycle.telling.services import remind
from trainer.registry.log.queries import log_key

log = logging.getLogger(__name__)


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
