"""Is it up? For load balancers and for people who wonder."""

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from trainer.web import reading

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> Response:
    """Answer 200 when the database answers."""
    with reading() as session:
        session.execute(text("SELECT 1"))
    return jsonify(status="ok")


healthz.guard = "public"  # type: ignore[attr-defined]  # `accounts`, which has @public, stands above this room
