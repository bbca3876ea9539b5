"""Who asks, as far as a network address tells."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

NARROW, WIDE = (32, 64), (24, 48)
"""How many bits of an address name one subscriber, and one provider's neighbourhood: IPv4, IPv6.

Whoever has one IPv6 address has the 2^64 beside it (RFC 6177, RFC 7084), and often a /48.
"""


def network_of(address: str | None, bits: tuple[int, int] = NARROW) -> str:
    """Return the network an address belongs to; an IPv4 address dressed as IPv6 is an IPv4 address.

    What is no address at all is a network of its own, so that it is limited like any other.
    """
    try:
        found: IPv4Address | IPv6Address = ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    return str(ip_network((found, bits[found.version == 6]), strict=False))
