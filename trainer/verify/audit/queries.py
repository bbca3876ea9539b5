"""The audit of everything: the log, its cosignatures, the registry, every paper and every alarm."""

from collections.abc import Callable

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from trainer.certificates.audit.queries import audit_certificates
from trainer.registry.audit.queries import audit_cosignatures, audit_log, audit_registry, count_for_audit
from trainer.registry.cosigning.errands import witnesses_of
from trainer.registry.keys import verifier_in
from trainer.settings import Settings
from trainer.verify.entered.queries import audit_alarms

Tell = Callable[[str, int, int], object]
"""Is told what is being done, and how many steps of how many are."""


def misfits(session: Session, *, settings: Settings, tell: Tell = lambda what, done, of: None) -> list[str]:
    """Recompute the log, compare it with everything, and return a sentence for each thing that does not fit."""
    wrong: list[str] = []
    witnesses = [named.witness for named in witnesses_of(settings)]
    done, of = 0, 2 * count_for_audit(session)

    def step(what: str, steps: int) -> None:
        nonlocal done
        done += steps
        tell(what, done, of)

    try:
        verifier = verifier_in(settings.instance)
        wrong.extend(audit_log(session, verifier=verifier, step=lambda: step("Recomputing the log", 2)))
        wrong.extend(audit_cosignatures(session, witnesses=witnesses))
        wrong.extend(audit_registry(session, step=lambda: step("Comparing certificates", 1)))
        wrong.extend(audit_certificates(session, step=lambda: step("Comparing certificates", 1)))
        wrong.extend(list(audit_alarms(session, otherwise_whole=not wrong)))
    except (DBAPIError, TypeError, ValueError) as error:  # a value that no program of ours has written
        wrong.append(f"The audit had to stop, since something stored cannot be read: {str(error)[:200]!r}")
    return wrong
