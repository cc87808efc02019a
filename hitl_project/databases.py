"""How long PostgreSQL may take for one statement, and how long a connection is believed that says nothing."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

POSTGRESQL = "hitl_project.postgresql"
# A transaction calls nothing outside, so one that is silent for this long belongs to a host that was cut off or a
# process that is paused. Its locks must not keep the others from working.
IDLE_SECONDS = 60
# A host that was cut off while it waited for an answer would otherwise wait for two hours: by default, nobody asks.
_ALIVE = {
    "connect_timeout": 10, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}  # fmt: skip


def bounded(config: dict[str, Any], seconds: int, is_web: bool) -> dict[str, Any]:
    """Let PostgreSQL end a statement after some time, and in the web process a wait for a lock before that.

    A transaction in which nothing happens ends, too, and so does a connection whose other side is gone.

    :raises ImproperlyConfigured: no time, or more than an hour.
    """
    if not 1 <= seconds <= 3600:
        name = "HITL_WEB_STATEMENT_SECONDS" if is_web else "HITL_STATEMENT_SECONDS"
        raise ImproperlyConfigured(f"{name} is out of range. Set it to 1 to 3600.")
    if config["ENGINE"] != POSTGRESQL:
        return config
    limits = f"-c statement_timeout={seconds}s" + (f" -c lock_timeout={seconds * 2 // 3 or 1}s" if is_web else "")
    limits += f" -c idle_in_transaction_session_timeout={min(seconds, IDLE_SECONDS)}s"
    options = _ALIVE | config.get("OPTIONS", {})
    return config | {"OPTIONS": options | {"options": f"{options.get('options', '')} {limits}".strip()}}
