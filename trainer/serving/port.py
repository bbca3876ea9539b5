"""The port of a server, before anything is begun."""

import errno
import os
import socket
import time

from trainer.errors import Refused

PATIENCE = 5.0
"""For a server before us that is just ending, in seconds."""


def check_free(host: str, port: int) -> None:
    """Look whether we can listen there, before anything is begun or said; one who is ending gets `PATIENCE` seconds.

    Raises:
        Refused: we cannot.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_server((host, port)).close()
        except OSError as error:
            if time.monotonic() > until or error.errno != errno.EADDRINUSE:
                raise Refused(
                    f"Nobody can listen on port {port} of {host} ({os.strerror(error.errno or 0)}). "
                    "End what uses it, perhaps another Trainer, or choose another with --port."
                ) from error
            time.sleep(0.1)
