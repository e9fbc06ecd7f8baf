"""Where a request comes from: what is counted when somebody guesses."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def network_of(request: HttpRequest) -> str | None:
    """The network address that asks: the proxy's word for it where there is one, else our own.

    A proxy adds whom it hears to the end of X-Forwarded-For; what stands before that anybody may
    have written. Of an IPv6 address its network counts, since one house has all of it. None where
    it cannot be read.
    """
    said = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        said = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or said
    try:
        address = ip_address(said)
    except ValueError:
        return None
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((address, 64), strict=False).network_address)
