"""How the settings read the address of a database, and how long PostgreSQL may take and a connection may be silent."""

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from hitl_project.environment.home import private_file
from hitl_project.environment.reader import Environment

POSTGRESQL = "hitl_project.postgresql"
# A transaction calls nothing outside, so one that is silent for this long belongs to a host that was cut off or a
# process that is paused. Its locks must not keep the others from working.
IDLE_SECONDS = 60
# A host that was cut off while it waited for an answer would otherwise wait for two hours: by default, nobody asks.
_ALIVE = {
    "connect_timeout": 10, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}  # fmt: skip
SHOWN = "Set it to postgres://user:password@host:5432/name."


def database(env: Environment, name: str, home: Path) -> dict[str, Any]:
    """Return Django's configuration of the database in this variable; without one, it is a file of SQLite.

    :raises ImproperlyConfigured: the value is no address of PostgreSQL or SQLite.
    """
    file = home / "hitl.sqlite3"
    config = _read(env, name, f"sqlite:///{file}")
    if config["ENGINE"] == "django.db.backends.sqlite3":
        if config["NAME"] == str(file):
            private_file(file)
        # IMMEDIATE takes the write lock at BEGIN: a read that later writes can never find its row changed under it.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            # Recursive triggers: without them a REPLACE deletes what it replaces past every guard of deletion.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
        }
    else:
        config["ENGINE"] = POSTGRESQL
        config["CONN_MAX_AGE"] = env.within("HITL_CONNECTION_SECONDS", 60, 0)
        config["CONN_HEALTH_CHECKS"] = True
        # They outlive their transaction, and PgBouncer may give the next one another connection.
        config["DISABLE_SERVER_SIDE_CURSORS"] = True
        # HITL prepares its own: what the driver prepares it ends at each rollback, with all that is there.
        config["OPTIONS"] = config.get("OPTIONS", {}) | {"prepare_threshold": None}
    return config


def bounded(env: Environment, config: dict[str, Any]) -> dict[str, Any]:
    """Let PostgreSQL end a statement after some time, and in the web process a wait for a lock before that.

    A transaction in which nothing happens ends, too, and so does a connection whose other side is gone.

    :raises ImproperlyConfigured: no time, or more than an hour.
    """
    in_web = env.within("HITL_WEB_STATEMENT_SECONDS", 15, 1, 3600)
    elsewhere = env.within("HITL_STATEMENT_SECONDS", 300, 1, 3600)
    is_web = os.environ.get("HITL_PROCESS") == "web"
    seconds = in_web if is_web else elsewhere
    if config["ENGINE"] != POSTGRESQL:
        return config
    limits = f"-c statement_timeout={seconds}s" + (f" -c lock_timeout={seconds * 2 // 3 or 1}s" if is_web else "")
    limits += f" -c idle_in_transaction_session_timeout={min(seconds, IDLE_SECONDS)}s"
    options = _ALIVE | config.get("OPTIONS", {})
    return config | {"OPTIONS": options | {"options": f"{options.get('options', '')} {limits}".strip()}}


def _read(env: Environment, name: str, default: str) -> dict[str, Any]:
    url = env.secret(name, default)
    # Never the rest of it: there is a password in it.
    scheme, has_scheme, _ = url.partition("://")
    if not has_scheme or scheme not in ("postgres", "postgresql", "psql", "pgsql", "sqlite"):
        fault = f"begins with {scheme!r}, which is no database of HITL" if has_scheme else "is no URL"
        raise ImproperlyConfigured(f"{name} {fault}. {SHOWN}")
    try:
        config: dict[str, Any] = env.db_url_config(url)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} cannot be read: its port or host is wrong. {SHOWN}") from error
    if not config.get("NAME"):
        raise ImproperlyConfigured(f"{name} names no database. {SHOWN}")
    return config
