"""Write down who looked at what belongs to somebody else."""

from trainer.accounts.access import me
from trainer.audit.queries import looked_lately
from trainer.audit.services import note
from trainer.audit.words import NotedLook
from trainer.clock import utc_now
from trainer.web import reading, transaction


def looked(what: NotedLook, *, programme: str, subject: str, detail: str = "") -> None:
    """Write down that I have looked at this; looking again within an hour is the same look.

    Args:
        detail: what tells it from others of the same name.
    """
    now = utc_now()
    about = {"actor_id": me().id, "programme": programme, "act": what.value, "subject": subject, "detail": detail}
    with reading() as session:
        if looked_lately(session, **about, now=now):
            return
    with transaction() as session:
        note(session, **about, now=now)
