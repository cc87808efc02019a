"""The environment that the tests' settings read: which servers, which vendor, which home folder."""

import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.postgres import Postgres
from tests.servers.valkey import Valkey

FOLDER = "HITL_TEST_FOLDER"
VENDOR = "HITL_TEST_VENDOR"
VENDORS = ("postgresql", "sqlite")


@dataclass
class Environment:
    """The servers of one test run and the folder that everything of the run lives in."""

    vendor: str
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="hitl-")))
    started: list[Postgres | Valkey] = field(default_factory=list)

    def start(self) -> None:
        """Start what is needed and tell the settings of this process and of its workers about it."""
        self.folder.chmod(0o755)
        os.environ.pop("DATABASE_OWNER_URL", None)
        os.environ.update(
            {
                FOLDER: str(self.folder),
                VENDOR: self.vendor,
                "HITL_MODE": "test",
                "HITL_HOME": str(self.folder / "home"),
                # Valkey first: it is up in a moment, and from then on its leash removes the folder after a kill.
                "REDIS_URL": self._redis_url(),
                "DATABASE_URL": self._database_url(),
            }
        )

    def stop(self) -> None:
        """Stop what was started and remove the folder."""
        for server in self.started:
            server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _database_url(self) -> str:
        if self.vendor == "sqlite":
            return f"sqlite:///{self.folder / 'hitl.sqlite3'}"
        given = os.environ.get("TEST_DATABASE_URL")
        if given:
            return given
        server = Postgres(self.folder / "pg", remove=self.folder)
        self.started.append(server)
        server.start()
        return server.url

    def _redis_url(self) -> str:
        given = os.environ.get("TEST_REDIS_URL")
        if given:
            return given
        server = Valkey(self.folder / "valkey", remove=self.folder)
        self.started.append(server)
        server.start()
        return server.url


def enter_worker(worker: str) -> None:
    """Give one parallel worker its own home folder and its own numbered database in Valkey."""
    number = int(worker.removeprefix("gw")) + 1
    home = Path(os.environ[FOLDER]) / worker
    # Without parents: a worker whose run was interrupted before it began must not make the run's folder again.
    home.mkdir(mode=0o700)
    os.environ["HITL_HOME"] = str(home)
    os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{number}"
