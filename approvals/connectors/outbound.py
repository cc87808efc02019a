"""The only way out by HTTP: to named hosts, at public addresses, for ten seconds and one mebibyte, without detours.

The name is resolved once, every address is checked, and the call goes to the one that was checked: a name that answers
differently the second time leads nowhere else. Redirects are not followed, and proxies from the environment not used.
"""

import http.client
import ipaddress
import os
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from functools import cache
from urllib.parse import SplitResult, urlsplit

from certifi import where
from django.conf import settings

SECONDS = 10.0
MAX_BYTES = 1024 * 1024
# Ranges that carry an IPv4 address inside an IPv6 one, or that no public service lives in.
_HIDING = (
    *map(
        ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "::ffff:0:0:0/96")
    ),
    *map(ipaddress.ip_network, ("fec0::/10", "5f00::/16", "3fff::/20", "100:0:0:1::/64")),
    *map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24")),
)


class NotSent(Exception):
    """Nothing left this machine; the message says why."""


class Forbidden(NotSent):
    """The address is not one that may be called; the message says why."""


class NoAnswer(Exception):
    """The request may have arrived, and no complete answer came back."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status, content type and body; ``is_cut`` when the body was longer or slower than allowed."""

    status: int
    content_type: str
    body: bytes
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be sent."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = b""


def fault_of(url: str) -> str:
    """Why this address may never be called, as a sentence, or nothing; asked when a type is saved and before a call."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return f"{url!r} is not an address; write https://host/path."
    if parts.username is not None or parts.fragment or not parts.hostname or not url.isascii() or " " in url:
        return f"{url!r} is not a plain address; write https://host/path, without a login or a fragment."
    if _is_loopback_exception(parts):
        return ""
    if parts.scheme != "https":
        return f"{url!r} does not use https; only https is called."
    if not {parts.hostname, f"{parts.hostname}:{port}"} & set(settings.HITL_OUTBOUND_HOSTS):
        return f"{parts.hostname} is not among the hosts that may be called; add it to HITL_OUTBOUND_HOSTS."
    return ""


def call(request: Request, seconds: float | None = None) -> Reply:
    """Make one call and return its answer, whatever its status; ``seconds`` allows it less time than usual.

    :raises Forbidden: the address may not be called.
    :raises NotSent: nothing was sent.
    :raises NoAnswer: it was sent, at least in part, and no answer came in time.
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
    """A connection to one checked address, whatever its name resolves to meanwhile."""

    def __init__(self, parts: SplitResult, address: str, until: float) -> None:
        self.is_secure = parts.scheme == "https"
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
        if not self.is_secure:
            return
        # The handshake begins only when the socket lies where the watch finds it.
        secure = _context().wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock = secure
        self._left()
        secure.do_handshake()

    def _left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("it took too long")
        return left

    def cut(self) -> None:
        """End the call at its deadline: a peer that drips a byte a second never times out by itself."""
        try:
            # Not the secure socket's own: that one drops its session under the feet of whoever reads.
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
        except (OSError, TypeError):
            # It was not open yet, or ended by itself a moment ago.
            return


def _exchange(connection: _Pinned, request: Request, parts: SplitResult) -> Reply:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(request.method, path, body=request.body or None, headers=request.headers)
        response = connection.getresponse()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswer(f"No answer from {parts.hostname}: {error!r}.") from error
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
        # The status has come already and says what happened; only the body's rest is lost.
        return body, True
    return body[:MAX_BYTES], True


def _address(parts: SplitResult) -> str:
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = [item[4][0] for item in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise NotSent(f"{host} does not resolve: {error}.") from error
    is_allowed = _is_loopback if _is_loopback_exception(parts) else _is_public
    for address in found:
        if not is_allowed(str(address)):
            raise Forbidden(f"{host} resolves to {address}, which may not be called.")
    return str(found[0])


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if any(ip in network for network in _HIDING) or (isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_link_local)


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def _is_loopback_exception(parts: SplitResult) -> bool:
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"{parts.hostname}:{port}" in settings.HITL_OUTBOUND_LOOPBACK and parts.scheme in {"http", "https"}


@cache
def _context() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE") or where())
