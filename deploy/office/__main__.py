"""The commands of a small office; `hitl-office --help` lists them."""

import argparse
import getpass
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from deploy.office import backups, changes, health, releases, reports, settings, units
from deploy.office.database import Server
from deploy.office.install import Installation
from deploy.office.machine import ACCOUNT, Busy, Failed, Layout, alone, identity
from deploy.office.settings import Office

TREE = Path(__file__).resolve().parents[2]
LAYOUT, SERVER = Layout(), Server()
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.IGNORECASE)


def arguments() -> argparse.ArgumentParser:
    """The commands and their options."""
    parser = argparse.ArgumentParser(prog="hitl-office", description="HITL for a small office, on one machine.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, words: str, does: Callable[[argparse.Namespace], None]) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=words, description=words)
        added.set_defaults(does=does)
        return added

    _add_install(command("install", "Install HITL on this machine; can be repeated.", install))
    command("status", "Say what is wrong, and when the last backup was.", status)
    command("backup", "Back up now, and try the backup.", back_up).add_argument("--reason", default="by hand")
    command("backups", "List the backups.", list_backups)
    command("restore", "Go back to a backup; nothing is sent until you resume.", restore).add_argument("backup")
    resuming = command("resume", "Send again after a restore.", resume)
    resuming.add_argument("--reason", required=True, help="why; it is recorded")
    command("upgrade", "Upgrade to another tree; goes back if it does not work.", upgrade).add_argument(
        "tree", type=Path
    )
    back = command("rollback", "Go back to the release before the last upgrade.", roll_back)
    back.add_argument("--lose", action="store_true", help="also if what was recorded since is lost")
    command("restart", "Start the processes again, after a change of the settings.", restart)
    command("manage", "Run a manage.py command.", manage).add_argument("words", nargs=argparse.REMAINDER)
    command("watch", "Mail the administrator what is wrong; a timer runs this.", watch)
    command("report", "Mail that a unit failed; systemd runs this.", report).add_argument("unit")
    return parser


def _add_install(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", required=True, type=host, help="the name that people open, such as hitl.example.com")
    parser.add_argument("--admin-email", required=True, type=email, help="who is told when something is wrong")
    parser.add_argument("--admin", default="admin", help="the administrator's username (admin)")
    parser.add_argument("--smtp", default="", help="the mail server, such as smtp+tls://user@mail.example.com:587")
    parser.add_argument("--internal", action="store_true", help="a name of your own network: make the certificate here")
    parser.add_argument("--backups", default=str(LAYOUT.backups), type=absolute, help="a folder on another disk")
    parser.add_argument("--keep-days", default=30, type=int, help="how long backups are kept (30)")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def host(value: str) -> str:
    """A host name without scheme, port or path."""
    if not HOST.fullmatch(value):
        raise argparse.ArgumentTypeError(f"{value!r} is no host name. Leave out https:// and everything after it.")
    return value.lower()


def email(value: str) -> str:
    """Something like an email address."""
    if not re.fullmatch(r"[^@\s\"']+@[^@\s\"']+", value):
        raise argparse.ArgumentTypeError(f"{value!r} is no email address.")
    return value


def absolute(value: str) -> str:
    """An absolute path."""
    if not Path(value).is_absolute():
        raise argparse.ArgumentTypeError(f"{value!r} is not an absolute path.")
    return value


def install(given: argparse.Namespace) -> None:
    """Say what will be done, ask, and do it."""
    office = Office(given.host, given.admin_email, given.internal, given.backups, given.keep_days)
    mail = "" if given.dry_run else with_password(given.smtp)
    found = Installation(LAYOUT, SERVER, office, TREE, mail, given.admin)
    print("This will:")
    for number, (words, _) in enumerate(found.steps(), 1):
        print(f"{number}. {words}")
    if given.dry_run:
        return
    if not given.yes and input("Continue? [y/N] ").strip().lower() not in {"y", "yes"}:
        raise Failed("Nothing was changed.")
    found.run()


def with_password(url: str) -> str:
    """The address of a mail server with its user's password, which is asked for: others can read a command line."""
    parts = urlsplit(url)
    if not parts.username or parts.password:
        return url
    password = os.environ.get("HITL_SMTP_PASSWORD") or getpass.getpass(f"Password of {parts.username} there: ")
    user = quote(parts.username, safe="%")
    where = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}:{quote(password, safe='')}@{where}"))


def status(given: argparse.Namespace) -> None:
    """Say what is wrong; the exit status is 1 then."""
    office, release = settings.office(LAYOUT), releases.in_use(LAYOUT)
    verified = [backup for backup in backups.known(Path(office.backups)) if backup.is_verified]
    print(f"Address: {office.url}\nRelease: {release.name}")
    print(f"Last backup: {verified[-1].name if verified else 'none'} in {office.backups}")
    faults = health.faults(LAYOUT, office)
    print("\n".join(faults) if faults else "Everything works.")
    if faults:
        sys.exit(1)


def back_up(given: argparse.Namespace) -> None:
    """Back up now."""
    with alone(LAYOUT):
        backup = changes.back_up(LAYOUT, SERVER, settings.office(LAYOUT), given.reason)
    print(f"The backup {backup.name} was made, restored beside the database, and is equal.")


def list_backups(given: argparse.Namespace) -> None:
    """List the backups, the oldest first."""
    for backup in backups.known(Path(settings.office(LAYOUT).backups)):
        about = backup.manifest
        print(f"{backup.name}  {'tried' if backup.is_verified else 'not tried'}  {about['release']}  {about['reason']}")


def restore(given: argparse.Namespace) -> None:
    """Back up what is there, then go back to a backup."""
    office = settings.office(LAYOUT)
    backup = backups.named(Path(office.backups), given.backup)
    with alone(LAYOUT):
        try:
            changes.back_up(LAYOUT, SERVER, office, f"before the restore of {backup.name}")
        except Failed as failure:
            # What is there can be what is broken.
            print(f"The database that is there could not be backed up. {failure}")
        changes.restore(LAYOUT, SERVER, office, backup)
    print("HITL runs with the backup, and sends nothing. Open View restore in the admin, and resolve what is there.")
    print("Then: hitl-office resume --reason '...'")


def resume(given: argparse.Namespace) -> None:
    """Send again."""
    environment = settings.variables(LAYOUT)
    words = ("resume_after_restore", "--reason", given.reason)
    print(releases.manage(releases.in_use(LAYOUT), *words, environment=environment, user=ACCOUNT).strip())


def upgrade(given: argparse.Namespace) -> None:
    """Upgrade to a tree."""
    with alone(LAYOUT):
        changes.upgrade(LAYOUT, SERVER, settings.office(LAYOUT), given.tree.resolve())


def roll_back(given: argparse.Namespace) -> None:
    """Go back to the release before."""
    with alone(LAYOUT):
        changes.roll_back(LAYOUT, SERVER, settings.office(LAYOUT), is_losing=given.lose)


def restart(given: argparse.Namespace) -> None:
    """Start the processes again, and wait until they work."""
    with alone(LAYOUT):
        units.start()
        health.demand(LAYOUT, changes.WELL_SECONDS, but=changes.IS_RESTORED)


def manage(given: argparse.Namespace) -> None:
    """Run a manage.py command as the application's account, with its settings, at this terminal."""
    release = releases.in_use(LAYOUT)
    done = subprocess.run(
        [release.python, "manage.py", *given.words], cwd=release.folder, env=settings.variables(LAYOUT), check=False,
        **identity(ACCOUNT),
    )  # fmt: skip
    sys.exit(done.returncode)


def watch(given: argparse.Namespace) -> None:
    """Mail what is wrong, unless another command is at work: during an upgrade, things are away."""
    with suppress(Busy), alone(LAYOUT, 0):
        reports.watch(LAYOUT, settings.office(LAYOUT))


def report(given: argparse.Namespace) -> None:
    """Mail that a unit failed."""
    reports.of_a_unit(LAYOUT, settings.office(LAYOUT), given.unit)


def main() -> None:
    """Run one command; what does not work is a sentence, not a traceback."""
    # A connection that breaks must not stop half of an upgrade.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    given = arguments().parse_args()
    if os.geteuid() and not getattr(given, "dry_run", False):
        sys.exit("Run this as root, for example with sudo.")
    try:
        given.does(given)
    except (Failed, KeyboardInterrupt) as failure:
        sys.exit(str(failure) or "Interrupted.")
    except OSError as error:
        sys.exit(f"{error.filename or 'A file'} cannot be used: {error.strerror}. Check the disk and who owns it.")


if __name__ == "__main__":
    main()
