"""Keep the demo alive: its agents keep proposing over REST, like any agents."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import uuid4

from approvals.demo.paper import File
from approvals.demo.scenarios import READER, Wish, pick

MIN_SECONDS, MAX_SECONDS = 2.0, 7.0
# An unattended demo must not collect too many pending actions.
MAX_WAITING = 40
SLOW_SECONDS = 90.0

Say = Callable[[str], None]


@dataclass
class Feeder:
    """Proposes with each agent's own key to the running demo."""

    url: str
    keys: Mapping[str, str]
    say: Say
    random: Random = field(default_factory=Random)

    def run(self) -> None:
        """Propose until the process ends; failed requests are retried later."""
        while True:
            try:
                self.propose(pick(self.random, datetime.now(UTC)))
                is_crowded = self.waiting() >= MAX_WAITING
            except urllib.error.HTTPError as error:
                self.say(f"refused ({error.code}): {error.read(2000).decode(errors='replace')}")
                is_crowded = True
            except OSError as error:
                self.say(f"{self.url} does not respond: {error}")
                is_crowded = False
            time.sleep(SLOW_SECONDS if is_crowded else self.random.uniform(MIN_SECONDS, MAX_SECONDS))

    def propose(self, wish: Wish) -> dict[str, Any]:
        """Propose one wish with its own idempotency key."""
        key = self.keys[wish.agent]
        return self._call("actions/", key, wish.attached({file.name: self._upload(key, file) for file in wish.files}))

    def waiting(self) -> int:
        """Return how many of the reader's invoices are pending, counted up to one page."""
        return len(self._call("actions/?state=pending", self.keys[READER])["results"])

    def _upload(self, key: str, file: File) -> str:
        """Upload a file and return its ID."""
        boundary = uuid4().hex
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n\r\n'
        data = head.encode() + file.content + f"\r\n--{boundary}--\r\n".encode()
        kind = f"multipart/form-data; boundary={boundary}"
        return str(self._sent("attachments/", {"Authorization": f"Bearer {key}", "Content-Type": kind}, data)["id"])

    def _call(self, path: str, key: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        if body is not None:
            headers["Idempotency-Key"] = f"feed-{uuid4()}"
        return self._sent(path, headers, None if body is None else json.dumps(body).encode())

    def _sent(self, path: str, headers: dict[str, str], data: bytes | None) -> dict[str, Any]:
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as response:
            found: dict[str, Any] = json.load(response)
        return found
