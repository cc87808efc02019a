"""All outbound HTTP: only to allowed hosts at public addresses, at most ten seconds and one mebibyte, never to HITL.

An operator can name hosts with their ports that may have a private address, and a file of certificate authorities for
them. No other host gets these exceptions, and loopback and link-local addresses stay closed.

The name is resolved once, and the call goes to the checked address, so that DNS rebinding has no effect. Redirects are
not followed, and proxies from the environment are not used.
"""

import contextlib
import http.client
import ipaddress
import os
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

from certifi import where
from django.conf import settings
from django.http.request import validate_host

from approvals import conf

SECONDS = 10.0
MAX_BYTES = 1024 * 1024
# On closing, what is not delivered yet is thrown away; or the system goes on delivering it, for minutes if need be.
_DISCARD, _DELIVER = struct.pack("ii", 1, 0), struct.pack("ii", 0, 0)
# Ranges with an embedded IPv4 address, or without public services.
_HIDING = (
    *map(
        ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "::ffff:0:0:0/96")
    ),
    *map(ipaddress.ip_network, ("fec0::/10", "5f00::/16", "3fff::/20", "100:0:0:1::/64")),
    *map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24")),
)
# Addresses of networks that belong to an organization; a named host may have one.
_PRIVATE = tuple(
    map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"))
)
# Names that HITL may serve, and that say nothing of where it is.
_EVERYWHERE = frozenset({"*", "localhost", "127.0.0.1", "[::1]"})
_WEB_PORTS = (80, 443)
# In this range, but the address of a cloud's metadata service.
_METADATA = ipaddress.ip_address("fd00:ec2::254")


class NotSent(Exception):
    """Nothing left this machine; the message says why."""


class Forbidden(NotSent):
    """The URL is not allowed; the message says why."""


class NoAnswer(Exception):
    """The request may have arrived, but no complete response came back."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A response; ``is_cut`` means that the body was longer or slower than allowed."""

    status: int
    content_type: str
    body: bytes
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Request:
    """A request to send."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = b""


def fault_of(url: str) -> str:
    """Return why a URL is not allowed, or an empty text; checked on saving and before each call."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return f"{url!r} is not a valid URL. Enter it as https://host/path."
    if parts.username is not None or parts.fragment or not parts.hostname or not url.isascii() or " " in url:
        return f"{url!r} is not a plain URL. Enter it as https://host/path, without credentials or fragment."
    if _is_own(parts):
        return f"{parts.hostname} is this installation of HITL. Enter the address of another system."
    if _is_loopback_exception(parts):
        return ""
    if parts.scheme != "https":
        return f"{url!r} does not use HTTPS. Use an https URL."
    is_named = {parts.hostname, f"{parts.hostname}:{port}"} & set(settings.HITL_OUTBOUND_HOSTS)
    if not is_named and not is_private_host(parts):
        return f"{parts.hostname} is not an allowed host. Add it to HITL_OUTBOUND_HOSTS."
    return ""


def _is_own(parts: SplitResult) -> bool:
    """Whether it leads back to HITL: to the address in links, or to a name that HITL serves on a usual port."""
    own = urlsplit(conf.site_url())
    if (parts.hostname, _port(parts)) == (own.hostname, _port(own)):
        return True
    served = [name for name in settings.ALLOWED_HOSTS if name not in _EVERYWHERE]
    return _port(parts) in _WEB_PORTS and validate_host(parts.hostname or "", served)


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def longest() -> float:
    """Return the longest time limit of a target in seconds; a call must end long before its worker's lease."""
    return max(SECONDS, conf.lease_seconds() / 3)


def time_limit(target: dict[str, Any]) -> float:
    """Return the time limit of a target in seconds."""
    return min(float(target.get("timeout", SECONDS)), longest())


def time_faults(target: dict[str, Any]) -> Iterator[str]:
    """Yield why the time limit of a target is not valid, as sentences."""
    seconds = target.get("timeout", SECONDS)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 1 <= seconds <= longest():
        yield f"timeout must be a number of seconds from 1 to {longest():g}."


def call(request: Request, seconds: float | None = None) -> Reply:
    """Send one request and return its response with any status, at most ten seconds later or after ``seconds``.

    :raises Forbidden: the URL is not allowed.
    :raises NotSent: nothing was sent.
    :raises NoAnswer: it was sent, at least in part, and no response came in time.
    """
    until = time.monotonic() + (seconds or SECONDS)
    if fault := fault_of(request.url):
        raise Forbidden(fault)
    parts = urlsplit(request.url)
    connection = _Pinned(parts, _address(parts), until)
    watch = threading.Timer(max(until - time.monotonic(), 0.01), connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.connect()
        return _exchange(connection, request, parts)
    finally:
        watch.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to the checked address, even if the name resolves differently now."""

    def __init__(self, parts: SplitResult, address: str, until: float) -> None:
        self.is_secure = parts.scheme == "https"
        # A private authority must not vouch for public hosts.
        self.authorities = str(settings.HITL_OUTBOUND_CA) if is_private_host(parts) else ""
        self.default_port = 443 if self.is_secure else 80
        super().__init__(parts.hostname or "", parts.port or self.default_port)
        self.address = address
        self.until = until

    def connect(self) -> None:
        try:
            self._open()
        except OSError as error:
            raise NotSent(f"No connection to {self.host}: {error}.") from error

    def _open(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), timeout=self._left())
        # Who stopped waiting, or was killed, must not be heard later: by then others may have asked and sent again.
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _DISCARD)
        if not self.is_secure:
            return
        # The handshake starts only after the watch can reach the socket.
        secure = _context(self.authorities).wrap_socket(
            self.sock, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock = secure
        self._left()
        secure.do_handshake()

    def _left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("it took too long")
        return left

    def cut(self) -> None:
        """End the call at its deadline: a peer that sends a byte per second never times out."""
        try:
            # Not the TLS socket's own method: it drops the session while another thread reads.
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
        except (OSError, TypeError):
            # The socket is not open yet, or is closed already.
            return


def _exchange(connection: _Pinned, request: Request, parts: SplitResult) -> Reply:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(request.method, path, body=request.body or None, headers=request.headers)
    except (OSError, http.client.HTTPException) as error:
        if isinstance(error, http.client.InvalidURL):
            raise Forbidden(f"The URL cannot be sent: {error}.") from error
        raise NoAnswer(f"No response from {parts.hostname}: {error!r}.") from error
    except ValueError as error:
        # A header is refused before anything is sent.
        raise Forbidden(f"The request cannot be composed: {error}.") from error
    sock = connection.sock
    try:
        response = connection.getresponse()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswer(f"No response from {parts.hostname}: {error!r}.") from error
    # It was heard, so its end may be an ordinary one; it may be over already.
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _DELIVER)
    body, is_cut = _read(response)
    return Reply(response.status, response.headers.get_content_type(), body, is_cut)


def _read(response: http.client.HTTPResponse) -> tuple[bytes, bool]:
    body = b""
    try:
        while len(body) <= MAX_BYTES:
            piece = response.read1(65536)
            if not piece:
                return body, bool(response.length)
            body += piece
    except (OSError, http.client.HTTPException):
        # The status is known; only the rest of the body is lost.
        return body, True
    return body[:MAX_BYTES], True


def _address(parts: SplitResult) -> str:
    host, port = parts.hostname or "", _port(parts)
    try:
        found = [item[4][0] for item in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise NotSent(f"{host} does not resolve: {error}.") from error
    is_allowed = _is_public
    if _is_loopback_exception(parts):
        is_allowed = _is_loopback
    elif is_private_host(parts):
        is_allowed = _is_public_or_private
    for address in found:
        if not is_allowed(str(address)):
            raise Forbidden(f"{host} resolves to {address}, which is not allowed.")
    return str(found[0])


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if any(ip in network for network in _HIDING) or (isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_link_local)


def _is_public_or_private(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    return _is_public(address) or (ip != _METADATA and any(ip in network for network in _PRIVATE))


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def _is_loopback_exception(parts: SplitResult) -> bool:
    return f"{parts.hostname}:{_port(parts)}" in settings.HITL_OUTBOUND_LOOPBACK and parts.scheme in {"http", "https"}


def is_private_host(parts: SplitResult) -> bool:
    """Return whether the operator named this host and port as one that may have a private address."""
    return f"{parts.hostname}:{parts.port or 443}" in settings.HITL_OUTBOUND_PRIVATE and parts.scheme == "https"


@cache
def _context(authorities: str) -> ssl.SSLContext:
    """Return a context that trusts the usual authorities, and those in this file if there is one."""
    context = ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE") or where())
    if authorities:
        context.load_verify_locations(cafile=authorities)
    return context
