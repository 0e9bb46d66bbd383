"""Which addresses may be told: whoever types one must not reach what only our own machines reach."""

from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

TRANSLATED = ip_network("64:ff9b::/96")
"""IPv6 that a gateway turns into the IPv4 address in its last four bytes."""


def is_public(address: str) -> bool:
    """Whether the address belongs to the open internet, also when it is wrapped in another."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found in TRANSLATED:
            return is_public(str(ip_address(found.packed[-4:])))
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast


def fault_of(url: str, *, private: bool) -> str | None:
    """What is wrong with an address that somebody typed; None when it can be used."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return "This is no address."
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        return "The address begins with https://."
    if not host or parts.username is not None or parts.fragment or not url.isascii() or not url.isprintable():
        return "Type host and path, without a name, a password or a #part."
    try:
        return None if private or is_public(host) else f"{host} is not on the open internet."
    except ValueError:
        return None  # a name: where it leads is looked up each time something is sent


def shortened(url: str) -> str:
    """Scheme and host alone, for an address whose path is a secret."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/…"
