"""The http connector against a real server: exact bytes, one key, honest answers, and addresses it never calls."""

import socket
import threading
import time
from collections.abc import Generator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from approvals.connectors import outbound
from approvals.connectors.base import CallResult, CallStatus, Order, Recovery
from approvals.connectors.http import HttpConnector
from tests.servers.recording import Answer as Scripted
from tests.servers.recording import RecordingServer

HTTP = HttpConnector()
BODY = '{"amount":717.97,"issuer":"Pâper Mill"}'


def order(url: str, attempt: int = 1, **target: Any) -> Order:
    return Order("k" * 64, "a-1", "invoice.post", "bot", 2, BODY, {"url": url, **target}, attempt)


def send(server: RecordingServer, *answers: Scripted, **changes: Any) -> CallResult:
    server.script(*answers)
    return HTTP.send(order(f"{server.url}/post", **changes))


class TestSend:
    def test_sends_the_approved_bytes_under_the_key(self, server: RecordingServer) -> None:
        outcome = send(server, headers={"X-Team": "finance"})
        assert (outcome.answer, outcome.result["status"]) == (CallStatus.DONE, 200)
        request = server.requests[0]
        assert (request.method, request.path, request.body) == ("POST", "/post", BODY.encode())
        assert (request.key, request.headers["X-HITL-Revision"], request.headers["X-Team"]) == (
            "k" * 64,
            "2",
            "finance",
        )

    @pytest.mark.parametrize("headers", [{"idempotency-key": "mine"}, {"X": "a\nHost: b"}, ["X"]])
    def test_sends_nothing_under_a_header_of_ours(self, server: RecordingServer, headers: Any) -> None:
        assert send(server, headers=headers).answer is CallStatus.REFUSED
        assert server.requests == []

    @pytest.mark.parametrize("path", ["/a\x7fb", "/a\x01b", "/a\x0bb"])
    def test_is_never_in_doubt_about_a_request_that_cannot_be_composed(
        self, server: RecordingServer, path: str
    ) -> None:
        assert HTTP.send(order(f"{server.url}{path}")).answer is CallStatus.REFUSED
        assert server.requests == []

    @pytest.mark.parametrize(
        ("scripted", "answer"),
        [
            (Scripted.OK, CallStatus.DONE),
            (Scripted.REFUSED, CallStatus.REFUSED),
            (Scripted.FAILED, CallStatus.UNKNOWN),
            (Scripted.BUSY, CallStatus.UNKNOWN),
            (Scripted.REDIRECTED, CallStatus.UNKNOWN),
            (Scripted.CLOSED, CallStatus.UNKNOWN),
            (Scripted.FAILED_AFTER_EFFECT, CallStatus.UNKNOWN),
            (Scripted.CLOSED_AFTER_EFFECT, CallStatus.UNKNOWN),
        ],
    )
    def test_takes_only_a_clear_answer_for_one(
        self, server: RecordingServer, scripted: Scripted, answer: CallStatus
    ) -> None:
        assert send(server, scripted).answer is answer

    def test_says_which_attempt_it_is_and_how_long_it_waits(self, server: RecordingServer) -> None:
        began = datetime.now(UTC)
        send(server, attempt=3, timeout=2)
        headers = server.requests[0].headers
        left = datetime.fromisoformat(headers["X-HITL-Deadline"]) - began
        assert headers["X-HITL-Attempt"] == "3"
        assert timedelta(seconds=1.9) < left < timedelta(seconds=5)

    def test_says_so_by_the_time_of_the_order_and_not_by_the_clock_of_its_host(self, server: RecordingServer) -> None:
        at = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
        HTTP.send(replace(order(f"{server.url}/post", timeout=2), at=at))
        until = datetime.fromisoformat(server.requests[0].headers["X-HITL-Deadline"])
        assert timedelta(seconds=1.9) < until - at < timedelta(seconds=5)

    def test_does_not_wait_longer_than_the_time_of_its_target(self, server: RecordingServer) -> None:
        began = time.monotonic()
        assert send(server, Scripted.SILENT, timeout=1).answer is CallStatus.UNKNOWN
        assert time.monotonic() - began < 4

    def test_follows_no_redirect(self, server: RecordingServer) -> None:
        send(server, Scripted.REDIRECTED)
        assert [request.path for request in server.requests] == ["/post"]

    def test_does_not_wait_longer_than_its_time(self, server: RecordingServer, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(outbound, "SECONDS", 0.5)
        began = time.monotonic()
        assert send(server, Scripted.SILENT).answer is CallStatus.UNKNOWN
        assert time.monotonic() - began < 3

    def test_knows_that_nothing_was_sent_where_nobody_listens(self, settings: Settings) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        settings.HITL_OUTBOUND_LOOPBACK = [f"127.0.0.1:{port}"]
        assert HTTP.send(order(f"http://127.0.0.1:{port}/")).answer is CallStatus.NOT_DONE


class Raw:
    """A server that answers every request with given bytes, slowly if told."""

    def __init__(self, answer: bytes, pause: float = 0) -> None:
        self.answer, self.pause = answer, pause
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        try:
            peer, _ = self.socket.accept()
            peer.recv(65536)
            for place in range(0, len(self.answer), len(self.answer) if not self.pause else 1):
                peer.sendall(self.answer[place : place + (1 if self.pause else len(self.answer))])
                time.sleep(self.pause)
            peer.close()
        except OSError:
            return


@pytest.fixture
def raw(settings: Settings) -> Generator[Any]:
    servers = []

    def start(answer: bytes, pause: float = 0, scheme: str = "http") -> CallResult:
        servers.append(Raw(answer, pause))
        settings.HITL_OUTBOUND_LOOPBACK = [f"127.0.0.1:{servers[-1].port}"]
        return HTTP.send(order(f"{scheme}://127.0.0.1:{servers[-1].port}/"))

    yield start
    for server in servers:
        server.socket.close()


class TestAnOddAnswer:
    def test_that_drips_ends_in_time(self, raw: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(outbound, "SECONDS", 0.5)
        began = time.monotonic()
        outcome = raw(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 500, 0.05)
        assert outcome.answer is CallStatus.UNKNOWN and time.monotonic() - began < 5

    def test_that_is_endless_is_cut_and_still_says_what_happened(self, raw: Any) -> None:
        size = 3 * outbound.MAX_BYTES
        outcome = raw(b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n" % size + b"x" * size)
        assert (outcome.answer, outcome.result["is_cut"]) == (CallStatus.DONE, True)
        assert len(outcome.result["text"]) <= 4_000

    def test_that_drips_before_it_is_secure_ends_in_time(self, raw: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(outbound, "SECONDS", 0.5)
        began = time.monotonic()
        outcome = raw(b"\x16\x03\x03\x40\x00" + b"\x02" * 500, 0.05, "https")
        assert outcome.answer is CallStatus.NOT_DONE and time.monotonic() - began < 5

    def test_that_is_no_http_is_no_answer(self, raw: Any) -> None:
        assert raw(b"SSH-2.0-OpenSSH\r\n").answer is CallStatus.UNKNOWN

    @pytest.mark.parametrize(
        "body", [b'{"a": NaN}', b'{"a": "\\ud800"}', b'{"a": "x\\u0000"}', b"\xff\x00\xfe", b"[" * 4000]
    )
    def test_that_no_database_takes_is_kept_as_text(self, raw: Any, body: bytes) -> None:
        outcome = raw(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        assert outcome.answer is CallStatus.DONE
        assert "\x00" not in outcome.result["text"]

    @pytest.mark.parametrize(
        ("status", "attempt", "answer"),
        [
            (409, 1, CallStatus.REFUSED),
            (409, 2, CallStatus.UNKNOWN),
            (429, 1, CallStatus.NOT_DONE),
            (408, 1, CallStatus.UNKNOWN),
            (404, 1, CallStatus.REFUSED),
            (304, 1, CallStatus.UNKNOWN),
        ],
    )
    def test_is_read_by_its_status(self, settings: Settings, status: int, attempt: int, answer: CallStatus) -> None:
        server = Raw(b"HTTP/1.1 %d Odd\r\nContent-Length: 0\r\n\r\n" % status)
        settings.HITL_OUTBOUND_LOOPBACK = [f"127.0.0.1:{server.port}"]
        assert HTTP.send(order(f"http://127.0.0.1:{server.port}/", attempt)).answer is answer
        server.socket.close()


class TestLookUp:
    def test_asks_by_the_key(self, server: RecordingServer) -> None:
        lookup = f"{server.url}/effects/{{key}}"
        assert HTTP.look_up(order(f"{server.url}/post", lookup=lookup)).answer is CallStatus.NOT_DONE
        send(server)
        assert HTTP.look_up(order(f"{server.url}/post", lookup=lookup)).answer is CallStatus.DONE

    def test_knows_nothing_when_nobody_answers(self, settings: Settings) -> None:
        settings.HITL_OUTBOUND_LOOPBACK = ["127.0.0.1:9"]
        assert HTTP.look_up(order("http://127.0.0.1:9/")).answer is CallStatus.UNKNOWN
        asked = order("http://127.0.0.1:9/", lookup="http://127.0.0.1:9/{key}")
        assert HTTP.look_up(asked).answer is CallStatus.UNKNOWN


class TestRecovery:
    @pytest.mark.parametrize(
        ("target", "recovery"),
        [
            ({}, Recovery.NEITHER),
            ({"dedupes": True}, Recovery.DEDUPES),
            ({"lookup": "https://a.example/{key}"}, Recovery.ASKABLE),
        ],
    )
    def test_is_what_the_target_promises_and_no_more(self, target: dict[str, Any], recovery: Recovery) -> None:
        assert HTTP.recovery(target) is recovery


class TestCheckTarget:
    def test_finds_nothing_wrong_with_a_good_one(self, settings: Settings) -> None:
        settings.HITL_OUTBOUND_HOSTS = ["erp.example.com"]
        settings.HITL_CREDENTIALS = {"ERP": ["erp.example.com:443"]}
        good = {
            "url": "https://erp.example.com/invoices",
            "method": "PUT",
            "headers": {"X-Team": "finance"},
            "credential": "ERP",
            "lookup": "https://erp.example.com/invoices/{key}",
        }
        assert HTTP.check_target(good) == []

    def test_allows_a_longer_time_with_longer_leases(self, settings: Settings) -> None:
        settings.HITL_OUTBOUND_HOSTS = ["erp.example.com"]
        target = {"url": "https://erp.example.com/", "timeout": 60}
        assert HTTP.check_target(target)
        settings.HITL_LEASE_SECONDS = 180
        assert HTTP.check_target(target) == []

    @pytest.mark.parametrize(
        "change",
        [
            {"url": "http://erp.example.com/"},
            {"url": "https://elsewhere.example.com/"},
            {"url": "https://user:pw@erp.example.com/"},
            {"url": "https://erp.example.com/#top"},
            {"url": "https://erp.example.com:99999/"},
            {"url": "file:///etc/passwd"},
            {"url": "https://erp.example.com.evil.example/"},
            {"url": "https://еrp.example.com/"},
            {"url": 7},
            {"method": "GET"},
            {"headers": {"X": 1}},
            {"headers": ["X"]},
            {"headers": {"host": "internal.example"}},
            {"headers": {"CONTENT-LENGTH": "0"}},
            {"headers": {"transfer-encoding": "chunked"}},
            {"headers": {"idempotency-key": "mine"}},
            {"headers": {"X-Hitl-Revision": "9"}},
            {"headers": {"authorization": "Bearer a"}, "credential": "ERP"},
            {"headers": {"X-Team": "a", "x-team": "b"}},
            {"headers": {"X Team": "a"}},
            {"headers": {"": "a"}},
            {"headers": {"X-Team": "a\r\nHost: internal.example"}},
            {"headers": {"X-Team": "a\x00"}},
            {"headers": {"X-Team": "a\n"}},
            {"credential": "DATABASE_URL"},
            {"dedupes": "yes"},
            {"lookup": "https://erp.example.com/"},
            {"lookup": "https://elsewhere.example.com/{key}"},
            {"retries": 3},
            {"timeout": 0.5},
            {"timeout": 11},
            {"timeout": "5"},
            {"headers": {"x-hitl-attempt": "1"}},
        ],
    )
    def test_says_what_is_wrong(self, settings: Settings, change: dict[str, Any]) -> None:
        settings.HITL_OUTBOUND_HOSTS = ["erp.example.com"]
        faults = HTTP.check_target({"url": "https://erp.example.com/"} | change)
        assert faults and all(fault.endswith(".") for fault in faults)


ADDRESSES = [
    "10.0.0.1", "172.16.3.4", "192.168.1.1", "127.0.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fec0::1", "5f00::1", "192.0.0.8", "192.88.99.1",
    "::ffff:0:10.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
    "2002:7f00:1::", "ff02::1",
]  # fmt: skip


class TestAnAddressInside:
    @pytest.mark.parametrize("address", ADDRESSES)
    def test_is_not_called_whatever_names_it(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str
    ) -> None:
        settings.HITL_OUTBOUND_HOSTS = ["erp.example.com"]
        resolve_to(monkeypatch, address)
        outcome = HTTP.send(order("https://erp.example.com/"))
        assert outcome.answer is CallStatus.REFUSED and "is not allowed" in outcome.error

    def test_is_not_called_as_one_of_several(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.HITL_OUTBOUND_HOSTS = ["erp.example.com"]
        resolve_to(monkeypatch, "93.184.216.34", "10.0.0.1")
        assert HTTP.send(order("https://erp.example.com/")).answer is CallStatus.REFUSED

    def test_is_not_called_by_a_name_that_turns_round(
        self, server: RecordingServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Checked at one address, it is called at that address, whatever the name says the next time.
        asked = []

        def once(*args: Any, **named: Any) -> Any:
            asked.append(args)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1" if len(asked) == 1 else "10.0.0.1", 80))]

        monkeypatch.setattr(outbound.socket, "getaddrinfo", once)
        connected = []
        monkeypatch.setattr(outbound.socket, "create_connection", lambda at, timeout: connected.append(at[0]) or fail())
        HTTP.send(order(f"{server.url}/"))
        assert (connected, len(asked)) == (["127.0.0.1"], 1)

    def test_is_called_only_as_a_named_exception(self, live_http_server: RecordingServer) -> None:
        outcome = HTTP.send(order(live_http_server.url))
        assert outcome.answer is CallStatus.REFUSED and live_http_server.requests == []


def fail() -> None:
    raise ConnectionRefusedError


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    found = [(socket.AF_UNSPEC, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(outbound.socket, "getaddrinfo", lambda *args, **named: found)
