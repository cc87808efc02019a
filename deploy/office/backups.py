"""Backups: a dump of the database, the folder HITL_HOME, and a manifest of what must come out of them again."""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from deploy.office.database import NAME, Fingerprints, Server
from deploy.office.machine import Failed, Layout, private_folder, run, settle

DUMP, HOME, MANIFEST = "hitl.dump", "hitl-home.tar", "manifest.json"
# They say what was sent since: an older one in their place would hide it.
NEVER = ("--exclude=./last-known", "--exclude=./last-known.before")
CHECKED = "hitl_checked"
MARGIN = 1.2
# A disk that is not mounted leaves an empty folder, and a backup there would fill the wrong disk.
MARK = ".hitl-backups"


@dataclass(frozen=True)
class Backup:
    """One backup: a folder, named by its moment."""

    folder: Path

    @property
    def name(self) -> str:
        """Its moment."""
        return self.folder.name

    @property
    def manifest(self) -> dict[str, Any]:
        """What it says of itself."""
        found: dict[str, Any] = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
        return found

    @property
    def made_at(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.manifest["made_at"])

    @property
    def is_verified(self) -> bool:
        """Whether it was restored beside, and equal."""
        return bool(self.manifest.get("verified_at"))

    def keep(self, **more: object) -> None:
        """Add to its manifest."""
        settle(self.folder / MANIFEST, json.dumps(self.manifest | more, indent=1) + "\n", 0o600)


def prepare(folder: Path) -> None:
    """Make a folder that takes backups."""
    private_folder(folder)
    (folder / MARK).touch(0o600)


def known(folder: Path) -> list[Backup]:
    """The backups in a folder, the oldest first; those that were interrupted do not count."""
    return [Backup(path.parent) for path in sorted(folder.glob(f"2*/{MANIFEST}"))]


def named(folder: Path, name: str) -> Backup:
    """The backup of this name or path; `latest` is the newest that was verified.

    :raises Failed: there is none.
    """
    found = [backup for backup in known(folder) if backup.is_verified]
    if name == "latest" and found:
        return found[-1]
    for path in (folder / name, Path(name)):
        if (path / MANIFEST).exists():
            return Backup(path)
    raise Failed(f"There is no backup {name} in {folder}. Run: hitl-office backups")


def take(layout: Layout, server: Server, folder: Path, *, release: str, reason: str) -> Backup:
    """Back the database up, then the folder HITL_HOME; nothing has to stop for it.

    :raises Failed: the disk is not there or too full, or the database cannot be read.
    """
    if not (folder / MARK).exists():
        raise Failed(f"{folder} is not the folder that the installer prepared. Mount its disk.")
    _demand_space(server, folder)
    moment = datetime.now(UTC)
    name = f"{moment:%Y-%m-%dT%H%M%SZ}"
    partial = folder / f"partial-{name}"
    private_folder(partial)
    try:
        tables = server.dump(partial / DUMP)
        _pack(layout.home, partial / HOME)
        about = {"made_at": moment.isoformat(), "reason": reason, "release": release, "postgresql": server.version()}
        sums = {each: _sum(partial / each) for each in (DUMP, HOME)}
        settle(partial / MANIFEST, json.dumps(about | {"files": sums, "tables": tables}, indent=1) + "\n", 0o600)
        partial.rename(folder / name)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return Backup(folder / name)


def _demand_space(server: Server, folder: Path) -> None:
    # A dump is smaller than its database; the copy that is tried beside is as large.
    needed, free = int(server.size() * MARGIN), shutil.disk_usage(folder).free
    if free < needed:
        raise Failed(f"The disk of {folder} has {free // 2**20} MiB left; a backup needs {needed // 2**20}. Make room.")


def _pack(home: Path, path: Path) -> None:
    # Status 1 says that a file grew while it was read: that is what a journal does.
    run(
        "tar",
        "--create",
        f"--file={path}",
        "--warning=no-file-changed",
        *NEVER,
        f"--directory={home}",
        ".",
        fine=(0, 1),
    )
    path.chmod(0o600)


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def demand_whole(backup: Backup) -> None:
    """Compare the files with their sums.

    :raises Failed: one is not as it was written.
    """
    for name, expected in backup.manifest["files"].items():
        path = backup.folder / name
        if not path.exists() or _sum(path) != expected:
            raise Failed(f"{path} is damaged. Use another backup, and check the disk that it is on.")


def load(server: Server, backup: Backup, database: str) -> None:
    """Put a backup into a new database, and compare each table with what was backed up.

    :raises Failed: the files are damaged, or a table differs.
    """
    demand_whole(backup)
    server.drop(database)
    server.load(backup.folder / DUMP, database)
    expected: Fingerprints = backup.manifest["tables"]
    # How rows are summed can differ between versions; how many there are cannot.
    parts = slice(None) if backup.manifest["postgresql"] == server.version() else slice(1)
    found = server.fingerprints(database)
    differing = [
        table for table in sorted({*expected, *found}) if expected.get(table, [])[parts] != found.get(table, [])[parts]
    ]
    if differing:
        raise Failed(f"The backup {backup.name} does not contain what was backed up: {', '.join(differing)}.")


def verify(server: Server, backup: Backup, check: Callable[[str], object]) -> None:
    """Restore a backup into a database beside, compare, let `check` look at it, and remove that database."""
    try:
        load(server, backup, CHECKED)
        check(CHECKED)
    finally:
        server.drop(CHECKED)
    backup.keep(verified_at=datetime.now(UTC).isoformat())


def prune(folder: Path, keep_days: int, now: datetime) -> list[str]:
    """Remove backups older than this; the newest that was verified stays, however old. Return what was removed."""
    found = known(folder)
    newest = next((backup for backup in reversed(found) if backup.is_verified), None)
    old = [backup for backup in found if now - backup.made_at > timedelta(days=keep_days) and backup != newest]
    for backup in old:
        shutil.rmtree(backup.folder)
    for partial in folder.glob("partial-*"):
        shutil.rmtree(partial)
    return [backup.name for backup in old]


def put_back(layout: Layout, server: Server, backup: Backup, *, aside: str) -> None:
    """Put a backup in the place of the database and of what is in HITL_HOME; `last-known` stays as it is.

    The database that was there is called `aside` from then on. Nothing may use it during this.
    """
    fresh = f"{NAME}_restored"
    if not server.has_database(fresh):
        raise Failed(f"The database {fresh} is missing. Load the backup first.")
    server.drop(aside)
    server.rename(NAME, aside)
    try:
        server.rename(fresh, NAME)
    except BaseException:
        server.rename(aside, NAME)
        raise
    run("tar", "--extract", f"--file={backup.folder / HOME}", f"--directory={layout.home}")
