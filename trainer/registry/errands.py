"""What the worker does for the log: its newest checkpoint is shown to the witnesses."""

import logging

from trainer.clock import utc_now
from trainer.errors import Broken
from trainer.installation import Installation
from trainer.registry.cosigning.errands import cosign_newest

log = logging.getLogger(__name__)


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
