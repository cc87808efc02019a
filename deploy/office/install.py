"""Installing HITL on this machine, in steps that can all be repeated."""

import pwd
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.office import backups, changes, database, health, releases, reports, settings, units
from deploy.office.database import Server
from deploy.office.machine import ACCOUNT, OWNER, Failed, Layout, alone, private_folder, run, succeeds
from deploy.office.settings import Office

PACKAGES = ("postgresql", "python3-venv", "ca-certificates")
# The newer distributions have the first, the older ones the second.
BROKERS = ("valkey-server", "redis-server")
START_SECONDS = 120


@dataclass(frozen=True)
class Installation:
    """What is installed, from where and for whom."""

    layout: Layout
    server: Server
    office: Office
    tree: Path
    mail: str
    administrator: str

    def steps(self) -> list[tuple[str, Callable[[], None]]]:
        """Each step: what it does, in words, and how."""
        return [
            ("Install the packages of PostgreSQL, Valkey or Redis, and Python's venv.", self.packages),
            (f"Create the accounts {ACCOUNT} and {OWNER}, which nobody can sign in to.", self.accounts),
            (f"Write settings and new secrets to {self.layout.settings}, for root alone.", self.settings),
            ("Create the database, with one role that owns it and one that only uses it.", self.database),
            (f"Copy HITL to {self.layout.releases}, and install what it needs there.", self.release),
            ("Create the tables, and grant the application its rights.", self.schema),
            (f"Start HITL and the front server at {self.office.url}, now and with the machine.", self.start),
            (f"Back up to {self.office.backups} each night, and try each backup.", self.backup),
            (f"Create the administrator {self.administrator}, and show a link to set the password.", self.admin),
            (f"Send a mail to {self.office.admin_email}.", self.greet),
        ]

    def run(self) -> None:
        """Do every step.

        :raises Failed: one did not work; run it again after you have done what the text says.
        """
        self.demand_free_ports()
        with alone(self.layout):
            for number, (words, step) in enumerate(self.steps(), 1):
                print(f"{number}. {words}", flush=True)
                step()
        print(f"\nHITL runs at {self.office.url}. To look at it: hitl-office status")
        if self.office.is_internal:
            print(f"Let each computer trust this certificate: {self.layout.root / health.CERTIFICATES}")
        print(f"Keep a copy of {self.layout.settings / 'hitl.env'} in a safe place: no backup contains the keys in it.")

    def demand_free_ports(self) -> None:
        """Refuse where another web server is installed already."""
        if not succeeds("systemctl", "is-active", "--quiet", units.FRONT):
            taken = [str(port) for port in (80, 443) if is_taken(port)]
            if taken:
                raise Failed(
                    f"Another program uses port {' and '.join(taken)}. Stop it, or see how docs/how-to/deploy.md puts "
                    "HITL behind it."
                )

    def packages(self) -> None:
        """Install what is missing of the distribution's packages."""
        apt = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LANG": "C.UTF-8"}
        missing = [name for name in PACKAGES if not is_installed(name)]
        if missing or not any(map(is_installed, BROKERS)):
            run("apt-get", "update", "-qq", environment=apt)
            if not any(map(is_installed, BROKERS)):
                missing.append(next(name for name in BROKERS if succeeds("apt-cache", "show", name)))
            run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing, environment=apt)
        broker = next(name for name in BROKERS if is_installed(name))
        run("systemctl", "enable", "--quiet", "--now", "postgresql.service", f"{broker}.service")

    def accounts(self) -> None:
        """Create the accounts and the folder of the application."""
        for name in (ACCOUNT, OWNER):
            if not has_account(name):
                run("useradd", "--system", "--user-group", "--no-create-home", "--home-dir", self.layout.home,
                    "--shell", "/usr/sbin/nologin", name)  # fmt: skip
        private_folder(self.layout.home, ACCOUNT)

    def settings(self) -> None:
        """Write the settings, and keep what is there."""
        private_folder(self.layout.settings)
        zone = self.layout.root / "etc/timezone"
        time_zone = zone.read_text(encoding="utf-8").strip() if zone.exists() else "UTC"
        settings.write(self.layout, self.office, mail=self.mail, time_zone=time_zone.replace("Etc/UTC", "UTC"))
        settings.keep(self.layout, self.office)

    def database(self) -> None:
        """Create the roles and the database."""
        if not health.eventually(lambda: succeeds("pg_isready", "--quiet"), START_SECONDS):
            raise Failed("PostgreSQL does not answer. Look at its log: journalctl -u 'postgresql*'")
        database.prepare(self.server)

    def release(self) -> None:
        """Make the first release; a second run with the same tree makes none."""
        known = releases.current(self.layout)
        if known is None:
            releases.switch(self.layout, releases.make(self.layout, self.tree))
        elif releases.digest(self.tree) != known.digest:
            raise Failed(f"Another release of HITL is installed. To upgrade, run: hitl-office upgrade {self.tree}")

    def schema(self) -> None:
        """Create the tables."""
        releases.migrate(self.layout, releases.in_use(self.layout))

    def start(self) -> None:
        """Start everything, and wait until it works."""
        units.install(self.layout, releases.in_use(self.layout).folder)
        units.enable()
        units.start()
        health.demand(self.layout, START_SECONDS, but=changes.IS_RESTORED)

    def backup(self) -> None:
        """Make the first backup, and try it."""
        backups.prepare(Path(self.office.backups))
        changes.back_up(self.layout, self.server, self.office, "installation")

    def admin(self) -> None:
        """Create the first administrator, unless there are people already."""
        if self.server.ask("SELECT 1 FROM approvals_person LIMIT 1", database.NAME):
            print("   There are people already. To set a password: hitl-office manage administrator_link NAME")
            return
        about = ("--username", self.administrator, "--email", self.office.admin_email)
        self._manage("createsuperuser", "--noinput", *about)
        print(
            f"   Open this link to set the password: {self._manage('administrator_link', self.administrator).strip()}"
        )

    def greet(self) -> None:
        """Send the first mail; HITL works without."""
        if "EMAIL_URL" not in settings.read(self.layout.settings / "hitl.env"):
            print("   No mail server was named, so HITL sends no mail. Set EMAIL_URL, or run this again with --smtp.")
            return
        try:
            reports.mail(self.layout, self.office, "installed", f"HITL is installed at {self.office.url}.\n")
        except Failed as failure:
            print(f"   The mail was not sent. Correct --smtp, and run this again. {str(failure)[-300:]}")

    def _manage(self, *words: str) -> str:
        release = releases.in_use(self.layout)
        return releases.manage(release, *words, environment=settings.variables(self.layout), user=ACCOUNT)


def is_installed(package: str) -> bool:
    """Whether a package of the distribution is installed."""
    return succeeds("sh", "-c", f"dpkg-query -W -f '${{db:Status-Status}}' {package} | grep -qx installed")


def is_taken(port: int) -> bool:
    """Whether a program of this machine listens at a port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def has_account(name: str) -> bool:
    """Whether the machine knows an account."""
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
