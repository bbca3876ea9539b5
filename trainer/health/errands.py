"""The worker says that it is there."""

import os
import socket

from trainer.clock import utc_now
from trainer.health.services import beat
from trainer.installation import Installation


def say_that_it_works(installation: Installation) -> None:
    """Write down that this worker goes round, and what waits."""
    with installation.database.transaction() as session:
        name = f"{socket.gethostname()}:{os.getpid()}"
        beat(session, worker=name, has_mail=bool(installation.settings.smtp_url), now=utc_now())
