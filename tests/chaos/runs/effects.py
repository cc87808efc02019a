"""The other side: an HTTP server that counts effects by key, with a path for each class, and a mail server.

Each effect is written to the run's folder before it is answered, so that a run that goes on knows all of them.
"""

import random
import re
import socketserver
import ssl
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.chaos.runs.folder import Folder
from tests.servers.recording import Answer, Recorded, RecordingServer

CERTIFICATE = Path(__file__).parents[2] / "servers" / "certificates" / "erp.internal.pem"
LOG = "effects"
# What goes wrong at the other side itself, and how often; nothing of it may be taken for "not done" where it was.
FAULTS = ((0.02, Answer.FAILED_AFTER_EFFECT), (0.04, Answer.BUSY), (0.05, Answer.CLOSED_AFTER_EFFECT))
SECONDS = 0.02


class OtherSide(RecordingServer):
    """`POST /<class>` has an effect, by class; `GET /effects/<key>` says whether it had one."""

    def __init__(self, folder: Folder, address: str, *, is_secure: bool) -> None:
        self.folder, self.seed = folder, folder.run.seed
        super().__init__(at=(address, folder.run.http_port))
        if is_secure:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True, do_handshake_on_connect=False)
        for line in folder.lines(LOG):
            self.effects[line["key"]] += line["effect"]

    def receive(self, request: Recorded) -> int | None:
        """Record one request and answer it, at times wrongly."""
        if request.method == "GET":
            return 200 if self.effects[request.path.removeprefix("/effects/")] else 404
        with self._lock:
            answer = self._drawn(request)
            is_again = request.path == "/dedupes" and self.effects[request.key] > 0
            effect = int(answer.value[0] and not is_again)
            self.folder.append(LOG, _line(request.path.strip("/"), request.key, effect, attempt=_attempt(request)))
            self.effects[request.key] += effect
            self.requests.append(request)
        time.sleep(SECONDS)
        return answer.value[1]

    def _drawn(self, request: Recorded) -> Answer:
        draw = random.Random(f"{self.seed} {request.key} {_attempt(request)}").random()
        return next((answer for most, answer in FAULTS if draw < most), Answer.OK)


def _attempt(request: Recorded) -> int:
    return int(request.headers.get("X-HITL-Attempt", 0))


def _line(kind: str, key: str, effect: int, **more: int) -> dict[str, object]:
    return {"class": kind, "key": key, "effect": effect, "at": datetime.now(UTC).isoformat(), **more}


class MailServer:
    """Takes mail by SMTP; one is an effect as soon as its text has arrived."""

    def __init__(self, folder: Folder, address: str) -> None:
        class Handler(_Handler):
            run = folder

        self._server = _Server((address, folder.run.mail_port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)

    def start(self) -> None:
        """Listen."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever sends may be killed or cut off."""


class _Handler(socketserver.StreamRequestHandler):
    run: Folder

    def handle(self) -> None:
        self.say("220 mail")
        while word := self.rfile.readline().strip().upper()[:4]:
            if word == b"DATA":
                self.say("354 go on")
                self.take()
            self.say("221 bye" if word == b"QUIT" else "250 ok")
            if word == b"QUIT":
                return

    def take(self) -> None:
        """Read one mail; those that HITL sends to reviewers are no effects."""
        key = ""
        while (line := self.rfile.readline().rstrip(b"\r\n")) != b".":
            if not line and not self.rfile.peek(1):
                return
            if line.lower().startswith(b"message-id: <"):
                key = line[13:].partition(b"@")[0].decode()
        if re.fullmatch("[0-9a-f]{40}", key):
            self.run.append(LOG, _line("mail", key, 1, attempt=0))

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())
