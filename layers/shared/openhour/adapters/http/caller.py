"""Where a call comes from: the address by which callers are counted."""

import hmac
from ipaddress import IPv6Address, ip_address, ip_network

from openhour.adapters.http.messages import HttpRequest

_HOUSEHOLD_BITS = 64
"""IPv6 gives every household at least such a network (RFC 6177), and every device in it addresses without end."""


def caller_address(request: HttpRequest, origin_secret: str) -> str:
    """The caller's IPv4 address or IPv6 network, as text; behind CloudFront the viewer's.

    `x-openhour-viewer` is anybody's to send. It counts only together with the secret that the distribution adds to what
    it passes on, for the distribution overwrites it; `origin_secret` is empty where there is no distribution.
    """
    shown = request.headers.get("x-openhour-origin", "")
    if origin_secret and hmac.compare_digest(shown.encode(), origin_secret.encode()):
        return _household(request.headers.get("x-openhour-viewer") or request.source_ip)
    return _household(request.source_ip)


def _household(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:  # no gateway sends that; whatever it is, it counts as itself
        return text
    if not isinstance(address, IPv6Address):
        return str(address)
    mapped = address.ipv4_mapped
    return str(mapped or ip_network((int(address), _HOUSEHOLD_BITS), strict=False))
