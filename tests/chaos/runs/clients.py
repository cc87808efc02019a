"""Agents that propose and reviewers that decide over REST, and never give up; what they were told is written down."""

import contextlib
import queue
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import requests

from tests.chaos.runs import plan
from tests.chaos.runs.folder import Folder

AGENTS = 4
PROPOSED, DECIDED = "proposed", "decided"
# A client that cannot reach anybody, or is told to come back, waits for this long.
SOON = 0.3
NUMBER = re.compile(r"INV-(\d{6})")


class Clients:
    """All clients of a run, each in a thread."""

    def __init__(self, folder: Folder, urls: Sequence[str]) -> None:
        self.folder, self.urls, self.seed = folder, urls, folder.run.seed
        self.statuses: Counter[str] = Counter()
        self._todo: queue.Queue[int] = queue.Queue()
        self._ending = threading.Event()
        self._threads = [threading.Thread(target=self._propose_all, daemon=True) for _ in range(AGENTS)]
        self._threads += [
            threading.Thread(target=self._review, args=(key,), daemon=True) for key in folder.run.keys["reviewers"]
        ]

    def start(self) -> None:
        """Begin; what a stopped run handed out and nobody confirmed is proposed again."""
        confirmed = {line["number"] for line in self.folder.lines(PROPOSED)}
        for number in sorted(set(range(self.folder.run.proposed)) - confirmed):
            self._todo.put(number)
        for thread in self._threads:
            thread.start()

    def propose(self, upto: int) -> None:
        """Hand out proposals up to this number."""
        for number in range(self.folder.run.proposed, upto):
            self._todo.put(number)
        self.folder.run.proposed = max(upto, self.folder.run.proposed)

    @property
    def waiting(self) -> int:
        """How many proposals nobody has confirmed."""
        return self._todo.unfinished_tasks

    def stop(self) -> None:
        """End."""
        self._ending.set()
        for thread in self._threads:
            thread.join(30)

    def _propose_all(self) -> None:
        key = self.folder.run.keys["agent"]
        while not self._ending.is_set():
            with contextlib.suppress(queue.Empty):
                work = plan.work(self.seed, self._todo.get(timeout=0.2))
                answer = self._until_told(key, work)
                if answer:
                    self.folder.append(PROPOSED, {"number": work.number, "id": answer["id"]})
                self._todo.task_done()

    def _until_told(self, key: str, work: plan.Work) -> dict[str, Any]:
        body = {"action_type": f"chaos.{work.kind}", "payload": work.payload, "confidence": 0.95}
        while not self._ending.is_set():
            answer = self._ask("POST", "actions/", key, json=body, headers={"Idempotency-Key": work.key})
            if answer is not None and answer.ok:
                found: dict[str, Any] = answer.json()
                return found
            self._ending.wait(SOON)
        return {}

    def _review(self, key: str) -> None:
        while not self._ending.is_set():
            answer = self._ask("GET", "queue/?limit=50", key)
            rows = answer.json()["results"] if answer is not None and answer.ok else []
            # Two reviewers who begin with the same action are a race; with all of them, one would be idle.
            random.shuffle(rows)
            for row in self._while_running(rows):
                self._decide(key, row)
            self._ending.wait(SOON)

    def _while_running(self, rows: list[Any]) -> Iterator[Any]:
        for row in rows:
            if self._ending.is_set():
                return
            yield row

    def _decide(self, key: str, row: dict[str, Any]) -> None:
        found = NUMBER.search(row["summary"])
        is_rejected = bool(found) and plan.work(self.seed, int(found[1])).is_rejected if found else False
        verb = "reject" if is_rejected else "approve"
        body = {**row["revision"], "target_digest": row["execution"]["target"]["digest"]}
        body = {"revision": body["number"], "digest": body["digest"], "target_digest": body["target_digest"]}
        answer = self._ask("POST", f"actions/{row['id']}/{verb}/", key, json=body)
        if answer is not None and answer.ok:
            self.folder.append(DECIDED, {"id": row["id"], "verb": verb})

    def _ask(self, method: str, path: str, key: str, **more: Any) -> requests.Response | None:
        headers = {"Authorization": f"Bearer {key}", "X-Forwarded-Proto": "https", **more.pop("headers", {})}
        url = random.choice(self.urls)
        try:
            answer = requests.request(method, f"{url}/api/v1/{path}", headers=headers, timeout=10, **more)
        except requests.RequestException as error:
            self.statuses[type(error).__name__] += 1
            return None
        self.statuses[str(answer.status_code)] += 1
        if answer.status_code >= 400:
            self._note(method, path, answer)
        return answer

    def _note(self, method: str, path: str, answer: requests.Response) -> None:
        line = {"call": f"{method} {path}", "status": answer.status_code, "text": answer.text[:500], "at": time.time()}
        self.folder.append("refusals", line)
