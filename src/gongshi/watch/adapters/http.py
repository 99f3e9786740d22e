"""The network, politely and within limits (handbook R1, R4, R6, R10, R11), over urllib3.

Who asks is named; validators are sent; Retry-After is understood in both forms; the body is counted after decompression
and against one clock for the whole transfer; redirects are few and never leave https; and the address that was really
connected to is judged, at every hop, so that no source can make the desk read its own network.
"""

from __future__ import annotations

import socket
import time
from datetime import UTC
from email.utils import parsedate_to_datetime
from ipaddress import IPv6Address, IPv6Network, ip_address
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from gongshi.watch.ports import Fetched, FetchError, Validators

BYTES_MAX = 15 * 2**20
SECONDS_MAX = 30
REDIRECTS_MAX = 5
_CHUNK_BYTES = 65_536
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NAT64 = IPv6Network("64:ff9b::/96")


class AddressRefusedError(Exception):
    """The address connected to is not a public one."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class HttpFetcher:
    """One client for all sources. `allow_private` is for a server on one's own machine, and named so that it stands out."""

    def __init__(
        self,
        agent: str,
        *,
        bytes_max: int = BYTES_MAX,
        seconds_max: float = SECONDS_MAX,
        allow_private: bool = False,
    ) -> None:
        self._headers = {"User-Agent": agent, "Accept-Encoding": "gzip, deflate"}
        self._bytes_max = bytes_max
        self._seconds_max = seconds_max
        self._pools = urllib3.PoolManager(retries=False)
        if not allow_private:
            self._pools.pool_classes_by_scheme = {"http": _GuardedPool, "https": _GuardedTlsPool}

    def fetch(self, url: str, known: Validators) -> Fetched:
        """Give the page behind an address after at most five redirects; FetchError with the reason in one word."""
        deadline = time.monotonic() + self._seconds_max
        for _ in range(REDIRECTS_MAX + 1):
            try:
                response = self._ask(url, known, deadline)
                try:
                    if response.status not in _REDIRECTS:
                        return self._read(url, response, known, deadline)
                    url = _follow(url, response.headers.get("Location", ""))
                finally:
                    # The rest of a body that nobody wants is not worth reading: the connection goes.
                    response.close()
            except AddressRefusedError:
                raise FetchError("private_address", url) from None
            except urllib3.exceptions.DecodeError as error:
                raise FetchError("damaged", url) from error
            except (urllib3.exceptions.HTTPError, ValueError) as error:
                raise FetchError("unreachable", url) from error
        raise FetchError("too_many_redirects", url)

    def _ask(self, url: str, known: Validators, deadline: float) -> urllib3.BaseHTTPResponse:
        asked = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        headers = self._headers | {name: value for name, value in asked.items() if value}
        timeout = urllib3.Timeout(total=max(0.01, deadline - time.monotonic()))
        return self._pools.request("GET", url, headers=headers, timeout=timeout, redirect=False, preload_content=False)

    def _read(self, url: str, response: urllib3.BaseHTTPResponse, known: Validators, deadline: float) -> Fetched:
        given = Validators(response.headers.get("ETag", ""), response.headers.get("Last-Modified", ""))
        if response.status == 304:
            # A 304 may renew one validator and keep silent on the other (RFC 9111, 4.3.4).
            renewed = Validators(given.etag or known.etag, given.last_modified or known.last_modified)
            return Fetched(url, None, renewed)
        if response.status != 200:
            reasons = {404: "not_found", 410: "gone", 429: "too_many_requests", 503: "unavailable"}
            retry_after_s = get_retry_after_s(response.headers.get("Retry-After", ""), time.time())
            raise FetchError(reasons.get(response.status, "refused"), url, response.status, retry_after_s)
        return Fetched(url, self._read_body(url, response, deadline), given)

    def _read_body(self, url: str, response: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
        body = bytearray()
        for chunk in response.stream(_CHUNK_BYTES, decode_content=True):
            body += chunk
            if len(body) > self._bytes_max:
                raise FetchError("too_large", url, response.status)
            if time.monotonic() > deadline:
                raise FetchError("too_slow", url, response.status)
        return bytes(body)


def _follow(url: str, location: str) -> str:
    target = urljoin(url, location)
    scheme = urlsplit(target).scheme
    if not location or scheme not in {"http", "https"} or (scheme == "http" and url.startswith("https:")):
        raise FetchError("redirect_refused", url)
    return target


def get_retry_after_s(value: str, now_s: float) -> int | None:
    """Read Retry-After, which comes as seconds or as an HTTP date; None when it is neither."""
    if value.strip().isdigit():
        return int(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0, round(aware.timestamp() - now_s))


def is_public(address: str) -> bool:
    """Ask whether an address is a public one, after unwrapping the IPv6 forms that carry an IPv4 address."""
    given = ip_address(address.partition("%")[0])
    if isinstance(given, IPv6Address):
        carried = given.ipv4_mapped or given.sixtofour or (given.teredo[1] if given.teredo else None)
        if given in _NAT64:
            carried = ip_address(int(given) & 0xFFFFFFFF)  # type: ignore[assignment]
        given = carried or given
    return given.is_global and not given.is_multicast


def _guard(connected: socket.socket) -> socket.socket:
    address = connected.getpeername()[0]
    if not is_public(address):
        connected.close()
        raise AddressRefusedError(address)
    return connected


class _GuardedConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _guard(super()._new_conn())


class _GuardedTlsConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _guard(super()._new_conn())


class _GuardedPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _GuardedConnection


class _GuardedTlsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _GuardedTlsConnection
