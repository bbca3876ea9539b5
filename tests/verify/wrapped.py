"""Ways to carry a genuine credential and its proof in a file that is not ours, at the edges of what is looked at."""

import zlib

from tests.verify.carrier import Carried
from trainer.verify.handed_in.attachments import LONGEST_TEXT


def stream(text: bytes) -> bytes:
    """A stream of a PDF around a text."""
    return b"stream\n" + text + b"\nendstream\n"


def around(*parts: bytes) -> bytes:
    """A file that begins and ends like a PDF."""
    return b"%PDF-1.7\n" + b"".join(parts) + b"%%EOF\n"


def wrapped(file: Carried) -> dict[str, tuple[bytes, bool]]:
    """Each file, and whether the two texts are found in it."""
    jwt, proof = file.jwt.encode(), file.proof.encode()
    packed, gap = zlib.compress(jwt), b" " * LONGEST_TEXT
    under = {
        "a line of four bytes": "— x AAAA\n",
        "a name with a plus": "— a+b AAAAAAAA\n",
        "a tab in a name": "— a\tb AAAAAAAA\n",
        "a line too long": f"— x {'A' * 65536}\n",
    }
    return {
        "plain": (around(stream(jwt), stream(proof)), True),
        "packed": (around(stream(packed), stream(zlib.compress(proof))), True),
        "packed, without an end": (around(stream(proof), b"stream\n" + packed), True),
        "packed, with more behind it": (around(stream(proof), stream(packed + gap + gap)), True),
        "plain, without an end": (around(stream(proof), b"stream\n" + jwt), False),
        "plain, its end too far": (around(stream(proof), stream(jwt + gap)), False),
        "blanks behind it": (around(stream(jwt + b" \t\f\v"), stream(proof)), True),
        "another blank behind it": (around(stream(jwt + "\u00a0".encode()), stream(proof)), False),
        "a line separator behind it": (around(stream(jwt + "\u2028".encode()), stream(proof)), False),
        "a byte order mark behind it": (around(stream(jwt + "\ufeff".encode()), stream(proof)), False),
        "a byte order mark before it": (around(stream(zlib.compress("\ufeff".encode() + jwt)), stream(proof)), False),
        "a mark before the proof": (around(stream(jwt), stream(zlib.compress("\ufeff".encode() + proof))), False),
        "a blank before it": (around(stream(zlib.compress(b" " + jwt)), stream(proof)), False),
        **{
            f"under the note {name}": (around(stream(jwt), stream(proof + line.encode())), False)
            for name, line in under.items()
        },
        "under the note a stranger's line": (around(stream(jwt), stream(proof + "— x AAAAAAA=\n".encode())), True),
    }
