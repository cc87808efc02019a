"""The site of a run: PostgreSQL, Valkey, the other side and the product's processes, and the faults that hit them."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from tests.chaos.runs import lan
from tests.chaos.runs.effects import MailServer, OtherSide
from tests.chaos.runs.folder import Folder
from tests.chaos.runs.plan import Fault
from tests.chaos.runs.processes import ROOT, Host
from tests.management.running import OURS
from tests.servers.postgres import Postgres
from tests.servers.process import ServerFailed
from tests.servers.valkey import Valkey, free_port

LEASE_SECONDS = 3
# A pause lasts longer than a lease, and a database or a broker is away for about this long.
PAUSE_SECONDS, AWAY_SECONDS, CUT_SECONDS = (4.0, 6.0), (0.5, 4.0), (5.0, 20.0)


class Site:
    """Everything that a run starts."""

    def __init__(self, folder: Folder, hosts: int) -> None:
        self.folder = folder
        state = folder.run
        self.lan = lan.Lan(folder, hosts) if hosts > 1 else None
        if self.lan:
            # The other side listens in this network.
            self.lan.start()
        address = lan.GATE if self.lan else "127.0.0.1"
        self.postgres = Postgres(folder.path / "pg", durable=True, password=state.password)
        self.valkey = Valkey(folder.path / "valkey", password=state.password, address=address)
        self.other = OtherSide(folder, address, is_secure=bool(self.lan))
        self.mail = MailServer(folder, address)
        self.hosts = [self._host(number, address) for number in range(1, hosts + 1)]
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._watch = threading.Thread(target=self._supervise, daemon=True)

    def start(self) -> None:
        """Start everything; a new run gets its database and its world first."""
        for server in (self.postgres, self.valkey, self.other, self.mail):
            server.start()
        if not self.folder.run.keys:
            self._prepare()
        if self.lan:
            self.lan.pool(self.postgres)
        self._watch.start()

    def stop(self) -> None:
        """Stop everything."""
        self._ending.set()
        if self._watch.is_alive():
            self._watch.join()
        for host in self.hosts:
            host.stop()
        if self.lan:
            self.lan.stop()
        for server in (self.other, self.mail, self.valkey, self.postgres):
            server.stop()

    def heal(self) -> None:
        """End every fault that lasts."""
        with self._lock:
            for host in self.hosts:
                host.wake()
        if self.lan:
            self.lan.mend()

    def strike(self, fault: Fault) -> bool:
        """Let one fault happen; false when there was nothing to hit."""
        host = self.hosts[max(fault.host - 1, 0)]
        if fault.victim == "host" and self.lan:
            self.lan.crash(host.number)
        elif fault.kind == "kill":
            return host.hit(fault.victim, signal.SIGKILL, fault.draw)
        elif fault.kind == "pause":
            with self._lock:
                return host.hit(fault.victim, signal.SIGSTOP, fault.draw, _seconds(PAUSE_SECONDS, fault))
        elif fault.kind == "cut" and self.lan:
            self.lan.cut(host.number, _seconds(CUT_SECONDS, fault))
        elif fault.kind == "flush":
            self.valkey.client().flushall()
        elif fault.kind == "kill valkey":
            self._away(self.valkey.kill, self.valkey.start, fault)
        else:
            stop = self.postgres.stop if fault.kind == "stop database" else self.postgres.kill
            self._away(stop, self.postgres.start, fault)
        return True

    def _away(self, stop: Callable[[], None], start: Callable[[], None], fault: Fault) -> None:
        stop()
        time.sleep(_seconds(AWAY_SECONDS, fault))
        start()

    def manage(self, *arguments: str) -> str:
        """Run one manage.py command as the owner of the tables, and return what it prints."""
        whole = self.hosts[0].environment | {
            "DATABASE_URL": self.postgres.app_url, "DATABASE_OWNER_URL": self.postgres.url
        }  # fmt: skip
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=whole, text=True, stdout=subprocess.PIPE, check=True).stdout

    def _prepare(self) -> None:
        made = self.manage(
            "shell", "--verbosity", "0", "--command",
            f"from tests.chaos.runs import scene; scene.prepare({self._other_url()!r})",
        )  # fmt: skip
        self.folder.run.keys = json.loads(made.splitlines()[-1])
        self.folder.save()

    def _supervise(self) -> None:
        while not self._ending.wait(0.3):
            for host in self.hosts:
                self._tend(host)

    def _tend(self, host: Host) -> None:
        # What does not come up now is tried again in a moment.
        with self._lock, contextlib.suppress(ServerFailed):
            if self.lan is None or self.lan.tend(host):
                host.tend()

    def _other_url(self) -> str:
        scheme, name = ("https", lan.NAME) if self.lan else ("http", "127.0.0.1")
        return f"{scheme}://{name}:{self.other.port}"

    def _host(self, number: int, address: str) -> Host:
        home = self.folder.path / f"home-{number}"
        host = Host(number, home, port=free_port())
        state = self.folder.run
        host.environment = {name: value for name, value in os.environ.items() if not name.startswith(OURS)} | {
            "HITL_MODE": "production", "HITL_HOME": str(home), "HITL_BEHIND_PROXY": "true", "HITL_HOSTS": "*",
            "HITL_SECRET_KEY": state.secret, "HITL_DECISION_KEYS": state.decision, "HITL_URL": "https://127.0.0.1",
            "HITL_WEB_THREADS": "8", "HITL_RATE_PER_MINUTE": "0", "HITL_LEASE_SECONDS": str(LEASE_SECONDS),
            "HITL_MAIL_FROM": "hitl@example.org", "EMAIL_URL": f"smtp://{address}:{state.mail_port}",
            "DATABASE_URL": self.postgres.app_url, "REDIS_URL": self.valkey.url,
            "HITL_OUTBOUND_LOOPBACK": f"127.0.0.1:{state.http_port}", "DJANGO_SETTINGS_MODULE": "hitl_project.settings",
        }  # fmt: skip
        if self.lan:
            self.lan.join(host, self.valkey)
        return host


def _seconds(least_and_most: tuple[float, float], fault: Fault) -> float:
    least, most = least_and_most
    return least + (most - least) * fault.draw
