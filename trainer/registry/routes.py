"""The registry for everybody: checkpoint and tiles of the log (C2SP tlog-tiles), our keys, the status lists."""

import json

from flask import Blueprint, Response, abort

from trainer.accounts.access import public
from trainer.registry.did import did_document, did_of
from trainer.registry.log import queries as log
from trainer.registry.published import queries as published
from trainer.registry.statuslists import FRESH_SECONDS, StatusPurpose
from trainer.registry.tiles import read_level, read_place
from trainer.web import reading, settings

bp = Blueprint("registry", __name__)

FRESH = "public, max-age=5"
FOR_MINUTES = f"public, max-age={FRESH_SECONDS}"
FOR_EVER = "public, max-age=31536000, immutable"


@bp.get("/checkpoint")
@public
def checkpoint() -> Response:
    """Hand out the newest signed checkpoint, with the cosignatures there are."""
    with reading() as session:
        newest = log.newest_checkpoint(session)
        if newest is None:
            abort(404)
        note = log.cosigned_note(session, newest)
    return _answer(note.encode(), "text/plain; charset=utf-8", FRESH)


@bp.get("/tile/entries/<path:where>")
@public
def entries(where: str) -> Response:
    """Hand out the entries under one tile."""
    if (found := read_place(where)) is None:
        abort(404)
    index, width = found
    with reading() as session:
        content = log.entry_bundle(session, index=index, width=width)
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
        content = log.tile(session, level=height, index=index, width=width)
    return _answer(content, "application/octet-stream", FOR_EVER)


@bp.get("/.well-known/did.json")
@bp.get("/did.json")  # where it is looked for when the public address has a path
@public
def did() -> Response:
    """Hand out the document that lists our keys, under the name that stands in every credential."""
    with reading() as session:
        keys = published.published_keys(session)
    if not keys:
        abort(404)
    document = did_document(did_of(settings().base_url), keys)
    return _for_any_site(json.dumps(document, indent=2).encode(), "application/did+json", FOR_MINUTES)


@bp.get("/status/<purpose>")
@public
def status_list(purpose: str) -> Response:
    """Hand out the newest status list of that purpose, as a signed credential."""
    if purpose not in set(StatusPurpose):
        abort(404)
    with reading() as session:
        newest = published.newest_list(session, purpose=StatusPurpose(purpose))
    if newest is None:
        abort(404)
    return _for_any_site(newest.jwt.encode(), "application/vc+jwt", FOR_MINUTES)


def _for_any_site(content: bytes, kind: str, keep: str) -> Response:
    """Answer so that a page of another site may read it: wallets and checkers run in browsers."""
    answer = _answer(content, kind, keep)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _answer(content: bytes, kind: str, keep: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Cache-Control"] = keep
    return answer
