"""A machine of the trial's own: Debian in a folder, with its own systemd, started as a container."""

import contextlib
import json
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.management.running import ROOT

HOST = "books.lan"
ENVIRONMENT = {
    "HOME": "/root",
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
    **{name: value for name, value in os.environ.items() if name.startswith("PIP_") and name != "PIP_FIND_LINKS"},
}
# What this machine needs to reach package registries, the other one needs, too.
SHARED = ("/etc/resolv.conf", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt")


@dataclass
class Machine:
    """The folder, and the process that holds the container."""

    folder: Path
    suite: str = "bookworm"
    holder: "subprocess.Popen[bytes] | None" = None

    def make(self) -> None:
        """Install Debian, unless the folder holds it already."""
        if not (self.folder / "etc/debian_version").exists():
            subprocess.run(
                ["debootstrap", "--include=ca-certificates,systemd,dbus,iproute2", self.suite, str(self.folder)],
                check=True,
            )  # fmt: skip
        for path in SHARED:
            if Path(path).exists():
                shutil.copyfile(path, self.folder / path.lstrip("/"))
        # Nobody minds if this machine loses its disk.
        (self.folder / "etc/dpkg/dpkg.cfg.d/fast").write_text("force-unsafe-io\n")

    def start(self) -> None:
        """Start systemd in it, in the network of this machine."""
        options = ("--register=no", "--keep-unit", "--boot", "--resolv-conf=off", "--console=passive")
        self.holder = subprocess.Popen(
            ["systemd-nspawn", "-D", str(self.folder), *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        until = time.monotonic() + 120
        # A busy machine takes a moment before the container has a first process at all.
        while not self._first() or self._state() not in {"running", "degraded"}:
            assert time.monotonic() < until, "The machine does not start."
            time.sleep(2)

    def stop(self) -> None:
        """Shut it down; its files stay."""
        if self.holder and self._first():
            self.run("systemctl", "poweroff", check=False)
            self.holder.wait(60)

    def run(self, *command: str, check: bool = True, **more: str) -> str:
        """Run a command in it as root, and return what it printed."""
        first = self._first()
        assert first, "The machine does not run."
        done = subprocess.run(
            ["nsenter", "-t", str(first), "-a", *command],
            env=ENVIRONMENT | more, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert not check or done.returncode == 0, f"{command} ended with {done.returncode}.\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def fails(self, *command: str) -> str:
        """Run a command that must fail, and return what it printed."""
        said = self.run("sh", "-c", '"$@" && echo IT SUCCEEDED', "sh", *command, check=False)
        assert "IT SUCCEEDED" not in said, said
        return said

    def copy_tree(self, name: str, tree: Path = ROOT) -> Path:
        """Copy the files that git knows into the machine, and return where they are on this one."""
        to = self.folder / "opt" / name
        shutil.rmtree(to, ignore_errors=True)
        for path in subprocess.check_output(["git", "ls-files"], cwd=tree, text=True).splitlines():
            (to / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(tree / path, to / path)
        subprocess.run(["chmod", "-R", "a+rX", str(to)], check=True)
        return to

    def call(self, method: str, path: str, key: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """Call REST at the public address, by the certificate that the machine made."""
        authority = self.run("cat", "/var/lib/hitl-front/caddy/pki/authorities/local/root.crt")
        (self.folder / "opt/authority.pem").write_text(authority)
        given = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"} | headers
        options = [word for name, value in given.items() for word in ("--header", f"{name.replace('_', '-')}: {value}")]
        if body is not None:
            options += ["--data", json.dumps(body)]
        done = subprocess.run(
            ["curl", "--silent", "--show-error", "--cacert", str(self.folder / "opt/authority.pem"),
             "--resolve", f"{HOST}:443:127.0.0.1", "--request", method, "--write-out", "\n%{http_code}", *options,
             f"https://{HOST}/{path}"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        text, _, status = done.stdout.rpartition("\n")
        assert done.returncode == 0, done.stderr
        return int(status), json.loads(text) if text.startswith(("{", "[")) else text

    def _state(self) -> str:
        """How far systemd has come."""
        return self.run("systemctl", "is-system-running", check=False).strip()

    def _first(self) -> int:
        """The first process in the container, or 0; never one outside, which would power this machine off."""
        if not self.holder or self.holder.poll() is not None:
            return 0
        for first in Path(f"/proc/{self.holder.pid}/task/{self.holder.pid}/children").read_text().split():
            with contextlib.suppress(FileNotFoundError):
                if Path(f"/proc/{first}/ns/pid").readlink() != Path("/proc/self/ns/pid").readlink():
                    return int(first)
        return 0
