"""Issue one certificate, as the worker does."""

from datetime import datetime

from trainer.certificates.models import Certificate
from trainer.db import Database
from trainer.issuing.services import issue_conferral
from trainer.issuing.tools import IssuingTools


def issue_now(database: Database, conferral_id: str, tools: IssuingTools, now: datetime) -> Certificate:
    """Issue the certificate of a decision in a transaction of its own."""
    with database.transaction() as session:
        return issue_conferral(session, conferral_id=conferral_id, tools=tools, now=now)
