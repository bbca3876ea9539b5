"""What the worker does for raters."""

from trainer.clock import utc_now
from trainer.installation import Installation
from trainer.written.raters.services import tell_raters


def write_to_raters(installation: Installation) -> None:
    """Write to raters for whom something waits."""
    with installation.database.transaction() as session:
        tell_raters(session, now=utc_now())
