"""POST a signed message to an address that a stranger gave us, without being led anywhere else.

The name is looked up once, every address it has is checked, and the connection goes to the address that was checked:
a name that changes its meaning in between (DNS rebinding) gains nothing. A redirect is not followed.
"""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from trainer.notices.network_addresses import is_loopback, is_loopback_host, is_open
from trainer.notices.outcome import Undelivered

ANSWER_SECONDS = 5
"""How long one delivery may take, from the first connection to the last byte of the answer."""
_LONGEST_ANSWER = 4096
"""Bytes of an answer's body that are read at most; none of them is kept."""
SIGNATURE = "X-Trainer-Signature"

_Sign = Callable[[bytes], str]
"""Returns the detached JWS of a body: `header..signature` (RFC 7515, appendix F)."""


@dataclass(frozen=True, kw_only=True)
class Webhooks:
    """What delivers webhooks.

    Attributes:
        sign: signs the body.
        local: this installation itself answers on loopback only, so that its webhooks may stay on this machine.
        trusted: whose TLS certificates are believed; None: what the system believes.
    """

    sign: _Sign
    local: bool = False
    trusted: ssl.SSLContext | None = None

    def post(self, *, url: str, body: bytes, reference: str) -> str:
        """Deliver one message and return what was answered.

        Args:
            reference: stands in the header `X-Trainer-Notice`, the same whenever this message is sent again.

        Raises:
            Undelivered: the address is none of the open internet, or the message was not taken.
        """
        target = read_target(url, local=self.local)
        address = self._checked_address(target)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Trainer",
            "X-Trainer-Notice": reference,
            SIGNATURE: self.sign(body),
        }
        connection = self._connection(target, address)
        deadline = Timer(ANSWER_SECONDS, connection.give_up)
        deadline.start()
        try:
            connection.request("POST", _path_of(target), body=body, headers=headers)
            answer = connection.getresponse()
            answer.read(_LONGEST_ANSWER)
        except (OSError, HTTPException, ValueError) as error:
            raise Undelivered(f"the address could not be reached ({type(error).__name__})") from error
        finally:
            deadline.cancel()
            connection.close()
        if not 200 <= answer.status < 300:
            raise Undelivered(f"the address answered {answer.status}")
        return f"answered {answer.status}"

    def _checked_address(self, target: SplitResult) -> str:
        host = target.hostname or ""
        try:
            found = socket.getaddrinfo(host, _port_of(target), type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Undelivered("the name of the address is not known") from error
        addresses = [str(info[4][0]) for info in found]
        fits = is_loopback if self.local and is_loopback_host(host) else is_open
        if not addresses or not all(fits(address) for address in addresses):
            raise Undelivered("the address leads into a private network, where we send nothing")
        return addresses[0]

    def _connection(self, target: SplitResult, address: str) -> "_Plain":
        host, port = target.hostname or "", _port_of(target)
        if target.scheme == "http":
            return _Plain(host, port, address)
        return _Secured(host, port, address, self.trusted or ssl.create_default_context())


def read_target(url: str, *, local: bool = False) -> SplitResult:
    """Return the parts of a webhook's address.

    Raises:
        Undelivered: it is not an https address, or names a user; http may be used on this machine alone.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Undelivered("this is not the address of a webhook") from error
    plain = parts.scheme == "http" and local and is_loopback_host(host or "")
    if parts.scheme != "https" and not plain:
        raise Undelivered("the address of a webhook begins with https://")
    if not host or port == 0 or "@" in parts.netloc or not url.isprintable() or not url.isascii() or " " in url:
        raise Undelivered("this is not the address of a webhook")
    return parts


def _port_of(target: SplitResult) -> int:
    return target.port or (443 if target.scheme == "https" else 80)


def _path_of(target: SplitResult) -> str:
    return (target.path or "/") + (f"?{target.query}" if target.query else "")


class _Plain(HTTPConnection):
    """A connection to an address that was looked up before."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=ANSWER_SECONDS)
        self._address = address
        self._given_up = False

    def connect(self) -> None:
        """Connect to the checked address, whatever the name means by now."""
        self.sock = socket.create_connection((self._address, self.port), timeout=ANSWER_SECONDS)
        self._still()

    def give_up(self) -> None:
        """End the connection from another thread, however slowly the other side answers."""
        self._given_up = True
        if self.sock is not None:
            with suppress(OSError):  # it may have ended by itself
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # past TLS, which would wait for an answer

    def _still(self) -> None:
        if self._given_up:
            raise TimeoutError


class _Secured(_Plain):
    """The same over TLS; the certificate must be that of the name."""

    def __init__(self, host: str, port: int, address: str, trusted: ssl.SSLContext) -> None:
        super().__init__(host, port, address)
        self._trusted = trusted

    def connect(self) -> None:
        """Connect, and make sure of whom we speak to before anything is said."""
        super().connect()
        secured = self._trusted.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock = secured  # from now on it can be given up, in the midst of a slow handshake too
        self._still()
        secured.do_handshake()
