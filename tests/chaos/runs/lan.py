"""Several hosts on one machine: each in namespaces of its own, with PgBouncer between them and the database.

A host has its own network, process numbers and list of names, so that no process of one can prove one of another gone.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.runs.folder import Folder
from tests.chaos.runs.pgbouncer import PgBouncer
from tests.chaos.runs.processes import Host
from tests.servers.postgres import Postgres
from tests.servers.process import Process
from tests.servers.valkey import Valkey

BRIDGE = "hitlchaos"
NET = "10.213.77"
GATE = f"{NET}.1"
# What the certificate of the other side is for.
NAME = "erp.internal"
AUTHORITY = Path(__file__).parents[2] / "servers" / "certificates" / "authority.pem"
NAMES = Path("/etc/netns")
# Makes the clock of the last host wrong.
CLOCK_OFF = Path(__file__).with_name("clock_off.c")
REBOOT_SECONDS = 3.0
PATH = "/usr/local/sbin:/usr/sbin:/sbin"


class NotPermitted(Exception):
    """Hosts cannot be made here; the message says what is missing."""


class Lan:
    """The network between the hosts, and what can happen to it."""

    def __init__(self, folder: Folder, hosts: int) -> None:
        self.folder, self.count = folder, hosts
        self.pgbouncer = PgBouncer(folder.path / "pgbouncer", GATE, folder.run.password)
        self._library = folder.path / "clock_off.so"
        self._first: dict[int, Process] = {}
        self._cut: dict[int, float] = {}
        self._down: dict[int, float] = {}

    def start(self) -> None:
        """Make the network.

        :raises NotPermitted: it cannot be made here.
        """
        _demand()
        self.stop()
        command = ["cc", "-O2", "-shared", "-fPIC", "-o", str(self._library), str(CLOCK_OFF), "-ldl"]
        subprocess.run(command, check=True)
        try:
            _ip("link", "add", BRIDGE, "type", "bridge")
            _ip("addr", "add", f"{GATE}/24", "dev", BRIDGE)
            _ip("link", "set", BRIDGE, "up")
            for number in range(1, self.count + 1):
                self._make(number)
        except subprocess.CalledProcessError as error:
            self.stop()
            raise NotPermitted(f"Network namespaces cannot be made here: {error.stderr.strip()}.") from error

    def stop(self) -> None:
        """Take the network away."""
        for process in self._first.values():
            process.signal(signal.SIGKILL)
            process.stop()
        self._first.clear()
        self.pgbouncer.stop()
        for number in range(1, self.count + 1):
            _ip("netns", "del", _name(number), check=False)
            shutil.rmtree(NAMES / _name(number), ignore_errors=True)
        _ip("link", "del", BRIDGE, check=False)

    def pool(self, postgres: Postgres) -> None:
        """Start PgBouncer before the database."""
        self.pgbouncer.start(postgres)

    def join(self, host: Host, valkey: Valkey) -> None:
        """Say what is different for the processes of a host: the last one has a wrong clock, too."""
        state = self.folder.run
        host.address, host.port = f"{NET}.{10 + host.number}", 8000
        more = {
            "DATABASE_URL": self.pgbouncer.url, "REDIS_URL": valkey.url, "HITL_OUTBOUND_LOOPBACK": "",
            "HITL_OUTBOUND_PRIVATE": f"{NAME}:{state.http_port}", "HITL_OUTBOUND_CA": str(AUTHORITY),
            "HITL_PREPARED_STATEMENTS": "yes" if self.pgbouncer.keeps_plans else "no",
        }  # fmt: skip
        if host.number == self.count:
            more["LD_PRELOAD"] = str(self._library)
        host.environment |= more

    def tend(self, host: Host) -> bool:
        """Mend what was cut for long enough and boot what was down; false while the host is down."""
        now = time.monotonic()
        if self._cut.get(host.number, now + 1) < now:
            self._mend(host.number)
        if self._down.get(host.number, 0.0) > now:
            return False
        self._boot(host)
        return True

    def cut(self, number: int, seconds: float) -> None:
        """Take a host's cable out for a while."""
        _ip("link", "set", _cable(number), "down")
        self._cut[number] = time.monotonic() + seconds

    def crash(self, number: int) -> None:
        """Cut a host's power: every process of it is gone at once, and what it had sent and not delivered, too."""
        self._down[number] = time.monotonic() + REBOOT_SECONDS
        if number in self._first:
            self._first[number].kill()

    def mend(self) -> None:
        """Put all cables back."""
        for number in list(self._cut):
            self._mend(number)

    def _mend(self, number: int) -> None:
        self._cut.pop(number, None)
        _ip("link", "set", _cable(number), "up")

    def _boot(self, host: Host) -> None:
        """Start the first process of a host, in whose namespaces all others are."""
        if host.number in self._first and not self._first[host.number].has_ended:
            return
        command = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--", *_init()]
        log = self.folder.path / f"host-{host.number}.log"
        first = Process(["ip", "netns", "exec", _name(host.number), *command], log=log)
        first.start(lambda: bool(_child_of(first.pid)))
        self._first[host.number] = first
        host.prefix = ["nsenter", "--target", str(_child_of(first.pid)), "--net", "--pid", "--mount", "--"]

    def _make(self, number: int) -> None:
        name = _name(number)
        _ip("netns", "add", name)
        _ip("link", "add", _cable(number), "type", "veth", "peer", "name", "eth0", "netns", name)
        _ip("link", "set", _cable(number), "master", BRIDGE, "up")
        for command in ("addr", "add", f"{NET}.{10 + number}/24", "dev", "eth0"), ("link", "set", "eth0", "up"), (
            "link", "set", "lo", "up"
        ):  # fmt: skip
            _ip("-n", name, *command)
        (NAMES / name).mkdir(parents=True, exist_ok=True)
        (NAMES / name / "hosts").write_text(f"127.0.0.1 localhost\n{GATE} {NAME}\n")


def _init() -> Sequence[str]:
    """A first process that waits for its children, as an init does; bash does while it waits itself."""
    return "bash", "-c", "trap : TERM INT; while :; do sleep 1; done"


def _name(number: int) -> str:
    return f"{BRIDGE}{number}"


def _cable(number: int) -> str:
    return f"{BRIDGE[:8]}v{number}"


def _ip(*arguments: str, check: bool = True) -> None:
    environment = os.environ | {"PATH": f"{os.environ['PATH']}:{PATH}"}
    subprocess.run(["ip", *arguments], check=check, capture_output=True, text=True, env=environment)


def _child_of(pid: int) -> int:
    """The first child of a process; 0 while there is none."""
    with contextlib.suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
    return 0


def _demand() -> None:
    if os.geteuid():
        raise NotPermitted("Several hosts need root, for network namespaces. Run the command as root.")
    needed = {"ip": "iproute2", "nsenter": "util-linux", "pgbouncer": "pgbouncer", "cc": "gcc libc6-dev"}
    for program, package in needed.items():
        if not shutil.which(program, path=f"{os.environ['PATH']}:{PATH}"):
            raise NotPermitted(f"{program} is missing. On Debian or Ubuntu, run: apt-get install {package}")
