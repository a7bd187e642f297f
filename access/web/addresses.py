"""By what name a visitor's address is counted."""

from ipaddress import IPv6Address, ip_address, ip_network

# One household or office has a whole network of IPv6 addresses.
IPV6_PREFIX = 64


def counted_as(host: str) -> str:
    """Return under which name an address is counted: its own, for IPv6 its network's."""
    if ":" not in host:
        return host
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((address, IPV6_PREFIX), strict=False))
