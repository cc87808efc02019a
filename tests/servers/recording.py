"""A real HTTP server that records what reached it and counts effects by idempotency key."""

import json
import sys
import threading
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY_HEADERS = ("Idempotency-Key", "webhook-id")


class Answer(Enum):
    """What the server does with one request: (whether the effect happens, the status; None closes unanswered)."""

    OK = (True, 200)
    REFUSED = (False, 422)
    BUSY = (False, 503)
    FAILED = (False, 500)
    FAILED_AFTER_EFFECT = (True, 500)
    CLOSED = (False, None)
    CLOSED_AFTER_EFFECT = (True, None)
    REDIRECTED = (False, 302)
    SILENT = (False, 0)
    SILENT_AFTER_EFFECT = (True, 0)


@dataclass(frozen=True)
class Recorded:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    key: str

    def json(self) -> object:
        """The body, read as JSON."""
        return json.loads(self.body)


@dataclass
class RecordingServer:
    """Counts effects per key; answers as scripted, then OK.

    With `dedupes` a key that already had its effect gets OK again and no second effect, as a well-made service does.
    `GET /effects/<key>` answers 200 or 404, for connectors that may ask; a path in `served` is answered with its bytes.
    `at` is the address and port; port 0 takes a free one.
    """

    dedupes: bool = False
    at: tuple[str, int] = ("127.0.0.1", 0)
    requests: list[Recorded] = field(default_factory=list)
    effects: Counter[str] = field(default_factory=Counter)
    served: dict[str, bytes] = field(default_factory=dict)
    _script: deque[Answer] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _released: threading.Event = field(default_factory=threading.Event)
    _arrived: threading.Condition = field(default_factory=threading.Condition)
    _held: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._held.set()
        self._http = _Quiet(self.at, _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def start(self) -> None:
        """Listen."""
        self._thread.start()

    def stop(self) -> None:
        """Let every waiting request go and stop listening."""
        self._released.set()
        self._held.set()
        self._http.shutdown()
        self._http.server_close()

    @property
    def port(self) -> int:
        """The loopback port."""
        return int(self._http.server_address[1])

    @property
    def url(self) -> str:
        """The address, without a path."""
        return f"http://127.0.0.1:{self.port}"

    def script(self, *answers: Answer) -> None:
        """Answer the next requests so, in this order; after them, OK."""
        with self._lock:
            self._script.extend(answers)

    def hold(self) -> None:
        """Keep answers back (effects still happen) until `release`."""
        self._held.clear()

    def release(self) -> None:
        """Send the answers that were held back."""
        self._held.set()

    def wait_for(self, count: int, seconds: float = 10.0) -> bool:
        """Wait until `count` requests arrived; false when they did not in that time."""
        with self._arrived:
            return self._arrived.wait_for(lambda: len(self.requests) >= count, seconds)

    def receive(self, request: Recorded) -> int | None:
        """Record one request, let its effect happen if it does, and say the status (None closes unanswered)."""
        if request.method == "GET" and request.path.startswith("/effects/"):
            return 200 if self.effects[request.path.removeprefix("/effects/")] else 404
        with self._lock:
            has_effect: bool
            status: int
            has_effect, status = (self._script.popleft() if self._script else Answer.OK).value
            if has_effect and not (self.dedupes and self.effects[request.key]):
                self.effects[request.key] += 1
        with self._arrived:
            self.requests.append(request)
            self._arrived.notify_all()
        self._held.wait()
        if status == 0:
            self._released.wait(120)
            return None
        return status


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Report what is wrong here; a caller that is gone is not."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def _handler(server: RecordingServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            key = next((self.headers[name] for name in KEY_HEADERS if name in self.headers), "")
            request = Recorded(self.command, self.path, dict(self.headers), body, key)
            status = server.receive(request)
            if status is None:
                self.close_connection = True
                return
            self.reply(status, server.served.get(self.path) or json.dumps({"key": key, "status": status}).encode())

        def reply(self, status: int, content: bytes) -> None:
            self.send_response(status)
            if status == Answer.REDIRECTED.value[1]:
                self.send_header("Location", f"{server.url}/redirected")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

        def log_message(self, format: str, *args: object) -> None:
            """Keep the tests' output quiet; what arrived is in `requests`."""

    return Handler
