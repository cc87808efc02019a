"""Installing and removing declared triggers, and finding those that the database has lost."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from policies.guards.kinds import Guard, Trigger


def triggers(guards: Iterable[Guard], vendor: str) -> list[Trigger]:
    """Every trigger that guards need on a vendor's database."""
    return [
        trigger for guard in guards for trigger in (guard.postgresql() if vendor == "postgresql" else guard.sqlite())
    ]


def install(connection: BaseDatabaseWrapper, guards: Sequence[Guard]) -> None:
    """Make every trigger of these guards again, in one transaction; SQLite drops them when a table is rebuilt."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        remove(connection, guards)
        for trigger in triggers(guards, connection.vendor):
            for statement in trigger.statements:
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper, guards: Sequence[Guard]) -> None:
    """Drop every trigger of these guards."""
    with connection.cursor() as cursor:
        for trigger in triggers(guards, connection.vendor):
            on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on}")


def missing(connection: BaseDatabaseWrapper, guards: Sequence[Guard]) -> list[str]:
    """The names of triggers that the database does not have, or has switched off."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        installed = {name for (name,) in cursor.fetchall()}
    return [trigger.name for trigger in triggers(guards, connection.vendor) if trigger.name not in installed]
