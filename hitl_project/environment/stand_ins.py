"""What stands in for a server where none is named: SQLite, a broker of files, and mails as files.

They are for a laptop. Production uses one only if told so by name, so that a forgotten variable is no silent loss.
"""

from collections.abc import Collection

from django.core.exceptions import ImproperlyConfigured

SQLITE, FILE_BROKER, FILE_MAIL = STAND_INS = ("sqlite", "file-broker", "file-mail")
SMTP = "django.core.mail.backends.smtp.EmailBackend"
# Brokers whose messages stay on this machine or in one process.
LOCAL = ("filesystem", "memory")


def demand_servers(allowed: Collection[str], *, engine: str, broker: str, mail: str) -> None:
    """Refuse a stand-in that is not allowed by name; `broker` is a URL, `mail` the path of a backend.

    :raises ImproperlyConfigured: there is one.
    """
    used = {
        SQLITE: engine.endswith("sqlite3"),
        FILE_BROKER: broker.partition(":")[0] in LOCAL,
        FILE_MAIL: mail != SMTP,
    }
    said = {
        SQLITE: "The database would be a file of SQLite. Set DATABASE_URL to postgres://user:password@host:5432/name",
        FILE_BROKER: "The broker would be on this machine alone. Set REDIS_URL to redis://host:6379/0",
        FILE_MAIL: "Emails would reach nobody. Set EMAIL_URL to smtp+tls://user:password@host:587",
    }
    for name, is_used in used.items():
        if is_used and name not in allowed:
            raise ImproperlyConfigured(f"{said[name]}, or, to use it in production all the same, HITL_ALLOW={name}.")
