"""What the worker does for those who watch a certificate."""

from trainer.clock import utc_now
from trainer.installation import Installation
from trainer.watches.services import tell_watchers


def tell_watching(installation: Installation) -> None:
    """Write to everybody who watches a certificate whose status has changed."""
    settings = installation.settings
    with installation.database.transaction() as session:
        tell_watchers(session, base_url=settings.base_url, secret=settings.secret_key, now=utc_now())
