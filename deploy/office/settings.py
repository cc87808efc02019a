"""The settings of an office: the variables of HITL, those of the front server, and what these commands need."""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deploy.office.machine import ACCOUNT, OWNER, Failed, Layout, settle

# PostgreSQL knows the accounts of the machine, so no password has to be kept, given away or changed.
SOCKET = "/var/run/postgresql"
PLAIN = re.compile(r"[A-Za-z0-9._~:/?#@!&()*+,;=%\[\]-]*")


@dataclass(frozen=True)
class Office:
    """What the installer was told; kept in `office.json`."""

    host: str
    admin_email: str
    is_internal: bool
    backups: str
    keep_days: int

    @property
    def url(self) -> str:
        """The address that people open."""
        return f"https://{self.host}"


def office(layout: Layout) -> Office:
    """The office of this machine.

    :raises Failed: none is installed.
    """
    path = layout.settings / "office.json"
    if not path.exists():
        raise Failed("HITL is not installed on this machine. Run deploy/office/install.sh first.")
    known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Office(**known)


def keep(layout: Layout, found: Office) -> None:
    """Keep what the installer was told."""
    settle(layout.settings / "office.json", json.dumps(asdict(found), indent=2) + "\n")


def write(layout: Layout, found: Office, *, mail: str, time_zone: str) -> None:
    """Write the variables; a value that is there already stays, secrets and what somebody changed above all."""
    known = read(layout.settings / "hitl.env")
    fresh = {
        "HITL_SECRET_KEY": secrets.token_urlsafe(50),
        "HITL_DECISION_KEYS": secrets.token_urlsafe(50),
        "HITL_TIME_ZONE": time_zone,
        "HITL_MAIL_FROM": found.admin_email,
        "HITL_STATIC_ROOT": str(layout.code / "static"),
        "DATABASE_URL": url_of("hitl"),
        "REDIS_URL": "redis://127.0.0.1:6379/0",
        "EMAIL_URL": mail,
    }
    # They follow the address, which a second run of the installer can change.
    told = {"HITL_HOSTS": found.host, "HITL_URL": found.url, "HITL_TRUSTED_ORIGINS": found.url}
    if mail:
        told["EMAIL_URL"] = mail
    values = {name: value for name, value in (fresh | known | told).items() if value}
    settle(layout.settings / "hitl.env", written(HEAD, values), 0o600)
    front = {
        "FRONT_SITE": found.url,
        "FRONT_UPSTREAM": "127.0.0.1:8000",
        "FRONT_WAITS": "127.0.0.1:8001",
        "FRONT_TLS": "tls internal" if found.is_internal else "",
    }
    settle(layout.settings / "front.env", written(FRONT_HEAD, front))


HEAD = """\
# The settings of HITL. docs/reference/settings.md explains them. After a change: hitl-office restart
# Keep a copy of HITL_SECRET_KEY and HITL_DECISION_KEYS in a safe place: no backup contains them, and each needs them.
"""
FRONT_HEAD = "# The settings of the front server. deploy/Caddyfile explains them.\n"


def written(head: str, values: Mapping[str, str]) -> str:
    """The text of a file of variables, as systemd reads it.

    :raises Failed: a value has a character that systemd would take for something else.
    """
    lines = []
    for name, value in values.items():
        if not PLAIN.fullmatch(value.replace(" ", "")):
            raise Failed(f"{name} has a character that is not allowed here. In an address, write it as %XX.")
        lines.append(f'{name}="{value}"\n' if " " in value else f"{name}={value}\n")
    return head + "".join(lines)


def read(path: Path) -> dict[str, str]:
    """The variables in such a file; empty if there is none."""
    if not path.exists():
        return {}
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    pairs = [line.partition("=") for line in lines if "=" in line and not line.startswith(("#", ";"))]
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}


def variables(layout: Layout, *, is_owner: bool = False) -> dict[str, str]:
    """The environment of one of HITL's commands; the owner's role only for what changes the schema."""
    known = read(layout.settings / "hitl.env")
    known |= {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "LANG": "C.UTF-8",
        "DJANGO_SETTINGS_MODULE": "hitl_project.settings",
        "HITL_HOME": str(layout.home),
    }
    if is_owner:
        known["DATABASE_OWNER_URL"] = url_of("hitl", OWNER)
    return known


def url_of(database: str, role: str = ACCOUNT) -> str:
    """The address of a database for a role, over the socket."""
    return f"postgres://{role}@/{database}?host={SOCKET}"
