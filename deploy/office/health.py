"""What is wrong with an office, in sentences: processes, the database, the address, backups and disk space."""

import http.client
import json
import shutil
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deploy.office import backups, releases, settings, units
from deploy.office.machine import ACCOUNT, Failed, Layout, run
from deploy.office.settings import Office

WEB_PORT = 8000
# A night that was missed, and the hour after it.
TOO_OLD = timedelta(hours=27)
LEAST_FREE = 0.1
ENDS_SOON = timedelta(days=3)
CERTIFICATES = "var/lib/hitl-front/caddy/pki/authorities/local/root.crt"


def get(path: str, port: int = WEB_PORT, host: str = "localhost") -> tuple[int, str]:
    """Ask the web process of this machine, as the front server does; status 0 means that it did not answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": "https"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def eventually(asked: Callable[[], bool], seconds: float) -> bool:
    """Whether the answer becomes yes within this time."""
    until = time.monotonic() + seconds
    while not asked():
        if time.monotonic() > until:
            return False
        time.sleep(1)
    return True


def of_the_system() -> list[str]:
    """What HITL says about itself."""
    status, text = get("/healthz")
    if not status:
        return ["The web process does not answer. Look at its log: journalctl -u hitl-web"]
    try:
        found: list[str] = json.loads(text)["faults"]
    except (ValueError, KeyError):
        return [f"The web process answers with status {status}. Look at its log: journalctl -u hitl-web"]
    return found


def of_the_address(layout: Layout, found: Office, port: int = 443) -> str:
    """What keeps a browser from opening the address, or nothing; asked from this machine."""
    context = ssl.create_default_context()
    try:
        if found.is_internal:
            context.load_verify_locations(layout.root / CERTIFICATES)
        with (
            socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
            context.wrap_socket(plain, server_hostname=found.host) as secure,
        ):
            certificate = secure.getpeercert() or {}
    except OSError as error:
        return f"{found.url} has no valid certificate, or does not answer: {error}. See: journalctl -u hitl-front"
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    if not found.is_internal and ends - datetime.now(UTC) < ENDS_SOON:
        return f"The certificate of {found.url} ends on {ends:%Y-%m-%d}. See: journalctl -u hitl-front"
    return ""


def of_the_backups(found: Office, now: datetime) -> str:
    """What is wrong with the backups, or nothing."""
    verified = [backup for backup in backups.known(Path(found.backups)) if backup.is_verified]
    if not verified:
        return "There is no backup that was tried. Run: hitl-office backup"
    if now - verified[-1].made_at > TOO_OLD:
        return (
            f"The last backup that was tried is from {verified[-1].made_at:%Y-%m-%d %H:%M} UTC. Run: hitl-office backup"
        )
    return ""


def of_the_disks(*folders: Path) -> Iterator[str]:
    """Yield which disk is nearly full."""
    for folder in folders:
        if folder.exists():
            space = shutil.disk_usage(folder)
            if space.free < space.total * LEAST_FREE:
                yield f"The disk of {folder} has {space.free // 2**20} MiB left. Make room on it."


def faults(layout: Layout, found: Office) -> list[str]:
    """Everything that is wrong, the most urgent first."""
    data = layout.root / "var/lib/postgresql"
    everything = [
        *(f"{name} does not run. Look at its log: journalctl -u {name}" for name in units.inactive()),
        *of_the_system(),
        of_the_address(layout, found),
        of_the_backups(found, datetime.now(UTC)),
        *of_the_disks(data if data.exists() else layout.home, Path(found.backups)),
    ]
    return list(dict.fromkeys(fault for fault in everything if fault))


def demand(layout: Layout, seconds: float, but: str = "") -> None:
    """Wait until HITL works, with a clock that began after this call and a worker; a fault with `but` in it is fine.

    :raises Failed: it does not within this time.
    """
    began, missing = time.monotonic(), ["Nothing was seen of it."]

    def works() -> bool:
        found = [fault for fault in of_the_system() if not but or but not in fault]
        missing[:] = found or [fault for fault in (_of_the_clock(began), _of_the_worker(layout)) if fault][:1]
        return not missing

    if not eventually(works, seconds):
        raise Failed("HITL did not become healthy: " + " ".join(missing))


def _of_the_clock(began: float) -> str:
    """What is wrong with the clock: what was seen of it before stays in the database."""
    try:
        age = json.loads(get("/healthz")[1])["heartbeats"]["clock"]
    except (ValueError, KeyError):
        age = None
    if age is None or age > time.monotonic() - began:
        return "The clock was not seen. Look at its log: journalctl -u hitl-clock"
    return ""


def _of_the_worker(layout: Layout) -> str:
    """What is wrong with the worker: one without work leaves nothing in the database, so it is asked."""
    release = releases.in_use(layout)
    ping = (release.folder / ".venv/bin/celery", "-A", "hitl_project", "inspect", "ping", "--timeout", "5")
    try:
        run(*ping, user=ACCOUNT, environment=settings.variables(layout), folder=release.folder)
    except Failed:
        return "The worker does not answer. Look at its log: journalctl -u hitl-worker"
    return ""
