"""Releases: a copy of the tree with an environment of its own, so that the one before stays as it was."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from deploy.office import settings
from deploy.office.database import Server
from deploy.office.machine import ACCOUNT, OWNER, Failed, Layout, run, settle

CODE = ("hitl_project", "approvals", "policies", "deploy")
PARTS = (*CODE, "templates", "manage.py", "pyproject.toml", "requirements.lock", "LICENSE", "CHANGELOG.md")
# The front server has a lock of its own: it is no package that HITL imports.
LOCKS = ("requirements.lock", "deploy/office/front.lock")
KEPT = 3


@dataclass(frozen=True)
class Release:
    """One release on this machine; `digest` names what is in its tree."""

    folder: Path

    @property
    def name(self) -> str:
        """The day and hour it was made, and the start of the digest."""
        return self.folder.name

    @property
    def python(self) -> Path:
        """The Python of its environment."""
        return self.folder / ".venv/bin/python"

    @property
    def digest(self) -> str:
        """What is in its tree."""
        return (self.folder / ".digest").read_text(encoding="utf-8").strip()


def files(tree: Path) -> Iterator[Path]:
    """The files of a tree that belong to a release, without what Python compiled."""
    for part in PARTS:
        found = tree / part
        if not found.exists():
            raise Failed(f"{tree} is not a tree of HITL: {part} is missing.")
        paths = sorted(found.rglob("*")) if found.is_dir() else [found]
        yield from (path for path in paths if path.is_file() and "__pycache__" not in path.parts)


def digest(tree: Path) -> str:
    """What is in a tree, as one number: names and contents."""
    total = hashlib.sha256()
    for path in files(tree):
        total.update(f"{path.relative_to(tree).as_posix()}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def current(layout: Layout) -> Release | None:
    """The release in use, if there is one."""
    return Release(layout.code.resolve()) if layout.code.exists() else None


def in_use(layout: Layout) -> Release:
    """The release in use.

    :raises Failed: there is none.
    """
    found = current(layout)
    if found is None:
        raise Failed("HITL is not installed on this machine. Run deploy/office/install.sh first.")
    return found


def make(layout: Layout, tree: Path) -> Release:
    """Copy a tree, install what its locks name, and collect its static files; nothing uses it yet."""
    what = digest(tree)
    found = Release(layout.releases / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{what[:8]}")
    os.umask(0o022)
    try:
        _copy(tree, found.folder)
        run("/usr/bin/python3", "-m", "venv", found.folder / ".venv", environment=_installing())
        for lock in LOCKS:
            install = ("-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", found.folder / lock)
            run(found.python, *install, environment=_installing())
        run(found.python, "-m", "pip", "check", environment=_installing())
        run(found.python, "-m", "compileall", "-q", *(found.folder / part for part in CODE))
        # Each release keeps its own: pages name static files by their digest.
        collecting = settings.variables(layout) | {"HITL_STATIC_ROOT": str(found.folder / "static")}
        manage(found, "collectstatic", "--noinput", "--verbosity", "0", environment=collecting)
        settle(found.folder / ".digest", what + "\n")
    except BaseException:
        shutil.rmtree(found.folder, ignore_errors=True)
        raise
    return found


def _copy(tree: Path, folder: Path) -> None:
    for path in files(tree):
        to = folder / path.relative_to(tree)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)
        to.chmod(0o755 if os.access(path, os.X_OK) else 0o644)


def _installing() -> dict[str, str]:
    # What the operator configured for pip counts: an office can have a mirror.
    names = ("PATH", "HOME", "LANG")
    found = {name: value for name, value in os.environ.items() if name in names or name.startswith("PIP_")}
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"} | found


def manage(
    release: Release, *arguments: str, environment: dict[str, str], user: str | None = None, given: str = ""
) -> str:
    """Run a manage.py command of a release."""
    return run(
        release.python, "manage.py", *arguments,
        user=user, environment=environment, folder=release.folder, given=given,
    )  # fmt: skip


def unknown_migrations(server: Server, release: Release, database: str) -> list[str]:
    """Migrations of HITL that a database has, and a release lacks: it is from a later release."""
    applied = server.ask("SELECT app, name FROM django_migrations WHERE app IN ('approvals', 'policies')", database)
    paths = [(line, release.folder / app / "migrations" / f"{name}.py") for line, app, name in map(_named, applied)]
    return sorted(line.replace("|", ".") for line, path in paths if not path.exists())


def _named(line: str) -> tuple[str, str, str]:
    app, _, name = line.partition("|")
    return line, app, name


def migrate(layout: Layout, release: Release) -> None:
    """Bring the schema to a release, as the owner of the tables, and grant the application its rights."""
    environment = settings.variables(layout, is_owner=True)
    for command in (("migrate", "--database", "owner", "--noinput"), ("grant_app_role", ACCOUNT)):
        manage(release, *command, environment=environment, user=OWNER)


def switch(layout: Layout, release: Release) -> None:
    """Put a release into use for every process that starts from now on."""
    beside = layout.code.with_name(f"{layout.code.name}.next")
    beside.unlink(missing_ok=True)
    beside.symlink_to(release.folder)
    beside.replace(layout.code)


def rewritten_migrations(old: Release, new: Path) -> list[str]:
    """Files of migrations that both have, with different content: the database cannot follow."""
    found = []
    for app in ("approvals", "policies"):
        folder = old.folder / app / "migrations"
        for path in sorted(folder.rglob("*.py")) + sorted(folder.rglob("*.sql")):
            other = new / path.relative_to(old.folder)
            if other.exists() and other.read_bytes() != path.read_bytes():
                found.append(path.relative_to(old.folder).as_posix())
    return found


def tidy(layout: Layout, keep: set[str]) -> None:
    """Remove old releases: all but the newest few and those in `keep`."""
    found = sorted(path for path in layout.releases.iterdir() if path.is_dir())
    for path in found[:-KEPT]:
        if path.name not in keep and path.resolve() != layout.code.resolve():
            shutil.rmtree(path, ignore_errors=True)
