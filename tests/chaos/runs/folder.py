"""The folder of a run: what it was begun with, how far it is, and what the audit reads."""

import json
import secrets
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.runs.plan import Sizes
from tests.servers.valkey import free_port


class OtherRun(Exception):
    """The folder holds a run of other sizes; the message says what to do."""


@dataclass
class Progress:
    """What must be the same when a stopped run goes on, and how far it is."""

    seed: int
    sizes: dict[str, int]
    password: str = field(default_factory=lambda: secrets.token_hex(16))
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(50))
    decision: str = field(default_factory=lambda: secrets.token_urlsafe(50))
    http_port: int = field(default_factory=free_port)
    mail_port: int = field(default_factory=free_port)
    # The keys of the agent and of the reviewers, once the world is made.
    keys: dict[str, Any] = field(default_factory=dict)
    # So many faults have struck, and so many actions were handed to the agents.
    struck: int = 0
    proposed: int = 0
    seconds: float = 0.0


class Folder:
    """One run's folder."""

    def __init__(self, path: Path, seed: int, sizes: Sizes) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o755)  # as root, PostgreSQL runs as somebody else and must pass through
        self._lock = threading.Lock()
        self.is_new = not self._file.exists()
        self.run = Progress(seed, asdict(sizes)) if self.is_new else Progress(**json.loads(self._file.read_text()))
        if (self.run.seed, self.run.sizes) != (seed, asdict(sizes)):
            raise OtherRun(f"{path} holds a run with other options. Finish that one, or remove the folder.")
        self.save()
        for log in path.glob("*.jsonl"):
            # A line that was torn when the run was stopped must not swallow the next one.
            with log.open("ab+") as file:
                file.seek(max(file.tell() - 1, 0))
                file.write(b"" if file.read(1) in b"\n" else b"\n")

    def save(self) -> None:
        """Write the state down."""
        with self._lock:
            new = self._file.with_suffix(".new")
            new.write_text(json.dumps(asdict(self.run)))
            new.replace(self._file)

    def append(self, name: str, line: dict[str, Any]) -> None:
        """Add a line to one of the run's logs; it is there once this returns."""
        with self._lock, (self.path / f"{name}.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")

    def lines(self, name: str) -> list[dict[str, Any]]:
        """The lines of one of the run's logs; one that was torn when the run was stopped is left out."""
        path = self.path / f"{name}.jsonl"
        found = []
        for line in path.read_text().splitlines() if path.exists() else ():
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return found

    @property
    def _file(self) -> Path:
        return self.path / "run.json"
