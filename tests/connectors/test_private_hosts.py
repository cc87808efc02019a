"""Hosts with private addresses, and certificates of a private authority: only those that an operator named."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from pytest_django import Settings

from approvals.connectors import outbound
from approvals.connectors.base import CallResult, CallStatus, Order
from approvals.connectors.http import HttpConnector

HTTP = HttpConnector()
CERTIFICATES = Path(__file__).parents[1] / "servers" / "certificates"
AUTHORITY = str(CERTIFICATES / "authority.pem")
PRIVATE = ("10.0.0.1", "172.16.3.4", "192.168.1.1", "100.64.0.1", "fc00::1", "fd12::1")
NEVER = (
    *("127.0.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "ff02::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "192.0.0.8", "fd00:ec2::254"),
)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep the tests' output quiet."""


@pytest.fixture
def port(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Generator[int]:
    """A TLS server with a certificate of the private authority, at an address that counts as private here."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "erp.internal.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    number = int(server.server_address[1])
    monkeypatch.setattr(outbound, "_PRIVATE", (ipaddress.ip_network("127.0.0.0/8"),))
    resolve_to(monkeypatch, "127.0.0.1", number)
    settings.HITL_OUTBOUND_PRIVATE = [f"erp.internal:{number}", f"other.internal:{number}"]
    settings.HITL_OUTBOUND_CA = AUTHORITY
    yield number
    server.shutdown()
    server.server_close()


def resolve_to(monkeypatch: pytest.MonkeyPatch, address: str, port: int = 443) -> None:
    def found(*args: Any, **named: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(outbound.socket, "getaddrinfo", found)


def send(url: str) -> CallResult:
    return HTTP.send(Order("k" * 64, "a-1", "invoice.post", "bot", 1, "{}", {"url": url}))


def connect_to(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that a connection is tried to; none is made."""
    tried: list[str] = []

    def refuse(at: tuple[str, int], timeout: float) -> None:
        tried.append(at[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(outbound.socket, "create_connection", refuse)
    return tried


class TestAPrivateAuthority:
    def test_vouches_for_a_named_host(self, port: int) -> None:
        assert send(f"https://erp.internal:{port}/").answer is CallStatus.DONE

    def test_is_needed(self, port: int, settings: Settings) -> None:
        settings.HITL_OUTBOUND_CA = ""
        outcome = send(f"https://erp.internal:{port}/")
        assert outcome.answer is CallStatus.NOT_DONE and "CERTIFICATE_VERIFY_FAILED" in outcome.error

    def test_vouches_for_no_other_name(self, port: int) -> None:
        outcome = send(f"https://other.internal:{port}/")
        assert outcome.answer is CallStatus.NOT_DONE and "Hostname mismatch" in outcome.error

    def test_vouches_for_no_public_host(self, port: int, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.HITL_OUTBOUND_PRIVATE = []
        settings.HITL_OUTBOUND_HOSTS = ["erp.internal"]
        monkeypatch.setattr(outbound, "_is_public", lambda address: True)
        outcome = send(f"https://erp.internal:{port}/")
        assert outcome.answer is CallStatus.NOT_DONE and "CERTIFICATE_VERIFY_FAILED" in outcome.error

    def test_that_cannot_be_read_stops_the_request(self, port: int, settings: Settings, tmp_path: Path) -> None:
        settings.HITL_OUTBOUND_CA = str(tmp_path / "none.pem")
        assert send(f"https://erp.internal:{port}/").answer is CallStatus.NOT_DONE
        assert "approvals.W008" in {fault.id for fault in run_checks()}


class TestAPrivateHost:
    @pytest.mark.parametrize("address", PRIVATE)
    def test_is_called_where_it_was_named(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str
    ) -> None:
        settings.HITL_OUTBOUND_PRIVATE = ["erp.internal:8443"]
        resolve_to(monkeypatch, address)
        tried = connect_to(monkeypatch)
        assert send("https://erp.internal:8443/").answer is CallStatus.NOT_DONE
        assert tried == [address]

    @pytest.mark.parametrize(
        "url",
        ["https://erp.internal/", "https://erp.internal:443/", "http://erp.internal:8443/", "https://internal:8443/"],
    )
    def test_is_none_at_another_port_name_or_scheme(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch, url: str
    ) -> None:
        settings.HITL_OUTBOUND_PRIVATE = ["erp.internal:8443"]
        resolve_to(monkeypatch, "10.0.0.1")
        tried = connect_to(monkeypatch)
        assert HTTP.check_target({"url": url})
        assert send(url).answer is CallStatus.REFUSED and tried == []

    @pytest.mark.parametrize("address", NEVER)
    def test_is_never_at_an_address_of_this_machine_or_its_provider(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str
    ) -> None:
        settings.HITL_OUTBOUND_PRIVATE = ["erp.internal:443"]
        resolve_to(monkeypatch, address)
        tried = connect_to(monkeypatch)
        assert send("https://erp.internal/").answer is CallStatus.REFUSED and tried == []

    def test_makes_no_other_host_private(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.HITL_OUTBOUND_PRIVATE = ["erp.internal:443"]
        settings.HITL_OUTBOUND_HOSTS = ["public.example"]
        resolve_to(monkeypatch, "10.0.0.1")
        assert send("https://public.example/").answer is CallStatus.REFUSED

    def test_without_a_port_is_named_by_the_check(self, settings: Settings) -> None:
        settings.HITL_OUTBOUND_PRIVATE = ["erp.internal", "erp.internal:443"]
        assert [fault.id for fault in run_checks() if fault.id == "approvals.W007"] == ["approvals.W007"]
