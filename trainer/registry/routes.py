"""The log for everybody: the checkpoint and the tiles (C2SP tlog-tiles)."""

from flask import Blueprint, Response, abort

from trainer.accounts.access import public
from trainer.registry import queries
from trainer.registry.tiles import read_level, read_place
from trainer.web import reading

bp = Blueprint("registry", __name__)

FRESH = "public, max-age=5"
FOR_EVER = "public, max-age=31536000, immutable"


@bp.get("/checkpoint")
@public
def checkpoint() -> Response:
    """Hand out the newest signed checkpoint, with the cosignatures there are."""
    with reading() as session:
        newest = queries.newest_checkpoint(session)
        if newest is None:
            abort(404)
        note = queries.cosigned_note(session, newest)
    return _answer(note.encode(), "text/plain; charset=utf-8", FRESH)


@bp.get("/tile/entries/<path:where>")
@public
def entries(where: str) -> Response:
    """Hand out the entries under one tile."""
    if (found := read_place(where)) is None:
        abort(404)
    index, width = found
    with reading() as session:
        content = queries.entry_bundle(session, index=index, width=width)
    return _answer(content, "application/octet-stream", FOR_EVER)


@bp.get("/tile/<level>/<path:where>")
@public
def tile(level: str, where: str) -> Response:
    """Hand out the hashes of one tile, whole or as far as it goes."""
    height, found = read_level(level), read_place(where)
    if height is None or found is None:
        abort(404)
    index, width = found
    with reading() as session:
        content = queries.tile(session, level=height, index=index, width=width)
    return _answer(content, "application/octet-stream", FOR_EVER)


def _answer(content: bytes, kind: str, keep: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Cache-Control"] = keep
    return answer
