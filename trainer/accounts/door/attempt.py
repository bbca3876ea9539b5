"""One try of a password: whose account it is for, where it comes from, and at which pace such tries may come.

Nobody is ever locked out. A browser in which the person signed in before has a pace of its own, which no stranger can
slow. Any other is slowed together with its network, for this one account: so a stranger slows nobody but the
strangers beside them. When many passwords were wrong lately, for the account, from the network or in the whole
installation, strangers get fewer tries before they wait; the waits stay short enough for a person. An address without
an account is treated alike, so that nothing tells whether there is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from trainer.networks import WIDE, network_of
from trainer.try_limits import Brake, TryPace, tried_hash

_SECOND, _MINUTE, _HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

_KNOWN = TryPace(free=5, first=30 * _SECOND, growth=2, longest=15 * _MINUTE)
"""For a browser that signed in here before, and for somebody signed in."""
STRANGER = TryPace(free=5, first=30 * _SECOND, growth=2, longest=_HOUR)
"""For one network and one account."""
_NEIGHBOURS = TryPace(free=20, first=30 * _SECOND, growth=2, longest=_HOUR)
"""For all networks of a neighbourhood and one account: who has one address often has a thousand."""
STRANGER_IN_A_STORM = TryPace(free=1, first=_MINUTE, growth=4, longest=_HOUR)
NEIGHBOURS_IN_A_STORM = TryPace(free=4, first=_MINUTE, growth=4, longest=_HOUR)

STORM_LASTS = _HOUR


@dataclass(frozen=True)
class Gauge:
    """A count of wrong passwords by strangers; from `limit` an hour on, it storms."""

    key: str
    about: str
    limit: int


@dataclass(frozen=True)
class Attempt:
    """A try of a password.

    Attributes:
        account: the address, as it is kept.
        address: the network address it comes from.
        device: what is known of the browser, when the person signed in on it before; "" otherwise.
    """

    account: str
    address: str
    device: str = ""

    @property
    def about(self) -> str:
        """Return the hash under which everything about the account is counted."""
        return tried_about(self.account)

    @property
    def gauges(self) -> Sequence[Gauge]:
        """Return the counts that make a storm: of the account, of the network, and of everything."""
        return (
            Gauge(tried_hash("wrong for", self.about), self.about, limit=20),
            Gauge(tried_hash("wrong from", network_of(self.address)), "", limit=60),
            Gauge(tried_hash("wrong"), "", limit=300),
        )

    def brakes(self, *, storm: bool) -> Sequence[Brake]:
        """Return what slows this try."""
        if self.device:
            return (Brake(tried_hash("known", self.device, self.about), self.about, _KNOWN),)
        near, far = (STRANGER_IN_A_STORM, NEIGHBOURS_IN_A_STORM) if storm else (STRANGER, _NEIGHBOURS)
        return (
            Brake(tried_hash("stranger", network_of(self.address), self.about), self.about, near),
            Brake(tried_hash("strangers", network_of(self.address, WIDE), self.about), self.about, far),
        )


def tried_about(account: str) -> str:
    """Return the hash under which everything about an account is counted."""
    return tried_hash("account", account)
