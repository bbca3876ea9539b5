"""Which network addresses our own machine may be sent to by a stranger: only those of the open internet.

Whoever names a webhook could otherwise let us knock at doors inside our own network.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_NAT64 = ip_network("64:ff9b::/96")  # RFC 6052
_UNICAST = ip_network("2000::/3")  # all that IANA has given out of IPv6 for the open internet
_SPECIAL = (  # what `is_global` takes for open in the Python versions that we run on (IANA special-purpose registries)
    ip_network("192.0.0.0/24"),
    ip_network("192.88.99.0/24"),
    ip_network("3fff::/20"),
)


def is_open(address: str) -> bool:
    """Say whether an IP address belongs to the open internet, also when an IPv4 address hides in it."""
    seen = ip_address(address.split("%", 1)[0])
    return all(map(_is_public, _within(seen)))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if address.version == 6 and address not in _UNICAST:
        return False
    return not any(address in network for network in _SPECIAL)


def is_loopback(address: str) -> bool:
    """Say whether an IP address is this machine."""
    return all(inner.is_loopback for inner in _within(ip_address(address.split("%", 1)[0])))


def is_loopback_host(host: str) -> bool:
    """Say whether a host's name, or its IP address, can only be this machine."""
    try:
        return is_loopback(host)
    except ValueError:
        return host == "localhost"


def _within(address: IPv4Address | IPv6Address) -> tuple[IPv4Address | IPv6Address, ...]:
    """Return the address, or where an IPv4 address is written into it, that one; of Teredo both that it names."""
    if isinstance(address, IPv4Address):
        return (address,)
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address.sixtofour:
        return (address.sixtofour,)
    if address.teredo:
        return address.teredo
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFF_FFFF),)
    return (address,)
