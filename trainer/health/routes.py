"""The address that load balancers and monitors ask."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from trainer.accounts.access import public
from trainer.clock import utc_now
from trainer.errors import Broken, Busy
from trainer.health.queries import pulse
from trainer.registry.log.queries import log_size
from trainer.web import reading

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Answer 200 while pages can be answered, and 503 while the database is away.

    What else ails is said in sentences and does not take the site away from its visitors; a monitor that wants to hear
    of it by the status code asks `/healthz?strict=1`.
    """
    try:
        with reading() as session:
            told, size = pulse(session, now=utc_now()), log_size(session)
    except (Busy, Broken) as error:
        return jsonify(status="down", database="away", problems=[str(error)]), 503
    ails = bool(told.problems)
    body = jsonify(
        status="ailing" if ails else "ok",
        database="ok",
        worker={"seconds": None if told.age is None else round(told.age.total_seconds(), 1), "silent": told.is_silent},
        mail={"waiting": told.letters},
        log={"size": size},
        problems=list(told.problems),
    )
    return body, 503 if ails and request.args.get("strict") == "1" else 200
