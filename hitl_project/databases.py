"""How long PostgreSQL may take for one statement."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

POSTGRESQL = "hitl_project.postgresql"


def bounded(config: dict[str, Any], seconds: int, is_web: bool) -> dict[str, Any]:
    """Let PostgreSQL end a statement after some time, and in the web process a wait for a lock before that.

    :raises ImproperlyConfigured: no time, or more than an hour.
    """
    if not 1 <= seconds <= 3600:
        name = "HITL_WEB_STATEMENT_SECONDS" if is_web else "HITL_STATEMENT_SECONDS"
        raise ImproperlyConfigured(f"{name} is out of range. Set it to 1 to 3600.")
    if config["ENGINE"] != POSTGRESQL:
        return config
    limits = f"-c statement_timeout={seconds}s" + (f" -c lock_timeout={seconds * 2 // 3 or 1}s" if is_web else "")
    options = config.get("OPTIONS", {})
    return config | {"OPTIONS": options | {"options": f"{options.get('options', '')} {limits}".strip()}}
