"""The port of a server: whether it is free, and whether the links we make lead to it."""

import errno
import os
import socket
import time
from urllib.parse import urlsplit

from trainer.errors import Refused
from trainer.notices.network_addresses import is_loopback_host

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


def address_leads_elsewhere(base_url: str, port: int) -> str:
    """Say in words what to do when the links we make lead to another port of this machine, "" when they do not."""
    told = urlsplit(base_url)
    if not is_loopback_host(told.hostname or "") or told.port == port:
        return ""
    return (
        f"But links, letters and certificates name {told.geturl()}. So that they lead here, "
        f"begin anew with TRAINER_BASE_URL=http://127.0.0.1:{port}"
    )
