"""What changes a whole installation: restore, upgrade and the way back."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from deploy.office import backups, health, releases, settings, units
from deploy.office.backups import Backup
from deploy.office.database import NAME, Server
from deploy.office.machine import ACCOUNT, Failed, Layout, identity, settle
from deploy.office.releases import Release
from deploy.office.settings import Office

RESTORED, ASIDE = f"{NAME}_restored", f"{NAME}_before"
TRIED_PORT = 8009
TRIED_SECONDS, WELL_SECONDS = 60, 120
# What /healthz says of a restored database; it is no reason to go back.
IS_RESTORED = "database was restored"


def back_up(layout: Layout, server: Server, found: Office, reason: str) -> Backup:
    """Back up, restore the backup beside, compare, and remove what is too old."""
    release = releases.in_use(layout)
    backup = backups.take(layout, server, Path(found.backups), release=release.name, reason=reason)
    backups.verify(server, backup, lambda database: _check(layout, release, database))
    backups.prune(Path(found.backups), found.keep_days, datetime.now(UTC))
    return backup


def _check(layout: Layout, release: Release, database: str) -> None:
    """Look at a database with the eyes of a release: all its triggers and migrations are there."""
    environment = settings.variables(layout) | {"DATABASE_URL": settings.url_of(database)}
    for command in (("check", "--database", "default"), ("migrate", "--check")):
        releases.manage(release, *command, environment=environment, user=ACCOUNT)


def restore(layout: Layout, server: Server, found: Office, backup: Backup, release: Release | None = None) -> None:
    """Put a backup in the place of the database; then nothing is sent until somebody resumes.

    Until the backup has been loaded and compared, everything goes on as before.

    :raises Failed: the backup is damaged, or from a later release.
    """
    using = release or releases.in_use(layout)
    print(f"Loading the backup {backup.name} beside the database.")
    backups.load(server, backup, RESTORED)
    if later := releases.unknown_migrations(server, using, RESTORED):
        server.drop(RESTORED)
        raise Failed(f"The backup is from a later release: {', '.join(later)}. Upgrade first: hitl-office upgrade TREE")
    print("Stopping HITL.")
    units.stop()
    old = releases.in_use(layout)
    backups.put_back(layout, server, backup, aside=ASIDE)
    try:
        _use(layout, using)
        releases.migrate(layout, using)
        known = releases.manage(using, "announce_restore", environment=settings.variables(layout), user=ACCOUNT)
        print(known.strip())
        units.start()
        health.demand(layout, WELL_SECONDS, but=IS_RESTORED)
    except BaseException:
        print("That did not work. Going back to the database from before.")
        units.stop()
        server.rename(NAME, RESTORED)
        server.rename(ASIDE, NAME)
        _use(layout, old)
        units.start()
        raise
    print(f"The database from before is kept as {ASIDE} until the next restore.")


def upgrade(layout: Layout, server: Server, found: Office, tree: Path) -> None:
    """Bring a tree into use; if it does not work, everything is as it was before.

    :raises Failed: the tree cannot follow the release in use, or did not work.
    """
    old = releases.in_use(layout)
    _demand_successor(old, tree)
    print("Preparing the new release. HITL goes on meanwhile.")
    new = releases.make(layout, tree)
    print("Stopping HITL, and backing up.")
    units.stop()
    backup = None
    try:
        backup = back_up(layout, server, found, f"before the upgrade to {new.name}")
        releases.migrate(layout, new)
        with _tried(layout, new):
            _demand_pages(found)
    except BaseException as failure:
        # Nobody could reach the new release, and it sent nothing: what the backup has is all there is.
        _return_unseen(layout, server, old, backup)
        raise Failed(
            f"The upgrade did not work, and HITL runs as before. {failure or 'It was interrupted.'}"
        ) from failure
    _use(layout, new)
    _remember(layout, old, backup)
    units.start()
    try:
        health.demand(layout, WELL_SECONDS, but=IS_RESTORED)
    except Failed as failure:
        print(f"{failure}\nGoing back to {old.name}.")
        roll_back(layout, server, found, is_losing=True)
        raise Failed(f"The upgrade did not work, and HITL runs as before. {failure}") from failure
    releases.tidy(layout, {old.name, new.name})
    print(f"HITL runs {new.name}. The way back: hitl-office rollback")


def _demand_successor(old: Release, tree: Path) -> None:
    if releases.digest(tree) == old.digest:
        raise Failed("This tree is in use already. There is nothing to upgrade.")
    if rewritten := releases.rewritten_migrations(old, tree):
        raise Failed(
            "This tree changes migrations that the database has already, so the database cannot follow: "
            f"{', '.join(rewritten[:3])}. Ask for a tree that keeps them."
        )


@contextmanager
def _tried(layout: Layout, release: Release) -> Iterator[None]:
    """The web process of a release at an address that only this machine knows."""
    environment = settings.variables(layout) | {"HITL_BEHIND_PROXY": "true"}
    environment["HITL_STATIC_ROOT"] = str(release.folder / "static")
    command = [str(release.folder / ".venv/bin/gunicorn"), "hitl_project.wsgi", "--no-control-socket"]
    with subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{TRIED_PORT}"], env=environment, cwd=release.folder,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **identity(ACCOUNT),
    ) as process:  # fmt: skip
        try:
            yield
        finally:
            process.terminate()


def _demand_pages(found: Office) -> None:
    """Ask the release that is tried whether it can serve, and for a page with static files."""
    if not health.eventually(lambda: health.get("/readyz", TRIED_PORT)[0] == 200, TRIED_SECONDS):
        raise Failed(f"Its web process is not ready: {health.get('/readyz', TRIED_PORT)[1] or 'it does not answer.'}")
    status, _ = health.get("/admin/login/", TRIED_PORT, found.host)
    if status != 200:
        raise Failed(f"Its page to sign in answers with status {status}.")


def _return_unseen(layout: Layout, server: Server, old: Release, backup: Backup | None) -> None:
    """Go back from a release that nobody used: with the backup that was made while everything stood still."""
    if backup is not None:
        backups.load(server, backup, RESTORED)
        backups.put_back(layout, server, backup, aside=ASIDE)
    _use(layout, old)
    units.start()


def _use(layout: Layout, release: Release) -> None:
    releases.switch(layout, release)
    units.install(layout, release.folder)


def _remember(layout: Layout, old: Release, backup: Backup) -> None:
    found = {"release": old.name, "backup": str(backup.folder)}
    settle(layout.state / "previous.json", json.dumps(found) + "\n", 0o600)


def roll_back(layout: Layout, server: Server, found: Office, *, is_losing: bool) -> None:
    """Go back to the release before the last upgrade; if the schema changed since, with the backup from before it.

    :raises Failed: there is no way back, or it loses something and `is_losing` is not set.
    """
    path = layout.state / "previous.json"
    if not path.exists():
        raise Failed("There was no upgrade yet, so there is no way back.")
    previous = json.loads(path.read_text(encoding="utf-8"))
    old, backup = Release(layout.releases / previous["release"]), Backup(Path(previous["backup"]))
    if not releases.unknown_migrations(server, old, NAME):
        units.stop()
        _use(layout, old)
        units.start()
        health.demand(layout, WELL_SECONDS, but=IS_RESTORED)
    elif is_losing:
        restore(layout, server, found, backup, old)
    else:
        raise Failed(
            f"The upgrade changed the database. The way back is the backup of {backup.made_at:%Y-%m-%d %H:%M} UTC, and "
            "loses what was recorded since. If you accept that, run: hitl-office rollback --lose"
        )
    path.unlink()
    print(f"HITL runs {old.name}.")
