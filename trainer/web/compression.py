"""Answers go over the wire compressed (RFC 9110, 8.4.1; RFC 1952), sheets and scripts are compressed once.

A page that repeats what somebody else could make a visitor ask for, beside a secret, tells by its compressed length
how much both have in common (BREACH, 2013). Cookies are `SameSite=Lax`, so nobody else's page can ask for ours
unseen, again and again in a visitor's name, and the token in a form is signed anew each second. That the length is
longer by a number of bytes drawn at random makes whoever watches need more looks, no more than that (“Heal the
Breach”, IEEE document 9754554; Django's `GZipMiddleware` does the same). JSON goes as it is: programs ask for it, and
it is short.
"""

import secrets
import zlib
from functools import lru_cache

from flask import Flask, Response, request

WORTHWHILE = 1024
"""In bytes: what is shorter fits into one packet anyway."""
QUICK, CLOSE = 1, 9
"""How hard to try: for what is made for one visitor, and for what is kept."""
_LONGEST_PADDING = 100
_TEXTS = frozenset({"text/html", "text/css", "text/javascript", "text/plain", "text/csv", "image/svg+xml"})
_LETTERS = b"abcdefghijklmnopqrstuvwxyz"


def gzipped(content: bytes, *, level: int, padding: int = 0) -> bytes:
    """Return the content as a gzip member whose header bears a name of that many random letters."""
    packed = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    name = bytes(secrets.choice(_LETTERS) for _ in range(padding))
    head = b"\x1f\x8b\x08\x08" + bytes(4) + b"\x00\xff" + name + b"\x00"  # 08: a name follows; ff: from no system
    tail = zlib.crc32(content).to_bytes(4, "little") + (len(content) % 2**32).to_bytes(4, "little")
    return head + packed.compress(content) + packed.flush() + tail


@lru_cache(maxsize=128)
def kept_gzipped(content: bytes) -> bytes:
    """Return what never changes, compressed as closely as can be."""
    return gzipped(content, level=CLOSE)


def init_app(app: Flask) -> None:
    """Compress what is long enough, for whoever can read it."""

    @app.after_request
    def compress(response: Response) -> Response:
        if response.mimetype in _TEXTS:
            response.vary.add("Accept-Encoding")
            if _may_be_compressed(response):
                content = response.get_data()
                if len(content) >= WORTHWHILE:
                    padding = secrets.randbelow(_LONGEST_PADDING + 1)
                    response.set_data(gzipped(content, level=QUICK, padding=padding))
                    response.headers["Content-Encoding"] = "gzip"
        return response


def _may_be_compressed(response: Response) -> bool:
    whole = response.status_code != 206 and not response.is_streamed and not response.direct_passthrough
    as_it_is = "Content-Encoding" not in response.headers and response.get_etag() == (None, None)
    return whole and as_it_is and request.accept_encodings.quality("gzip") > 0
