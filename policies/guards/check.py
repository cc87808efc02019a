"""The system check that compares the installed triggers with the declared guards."""

from collections.abc import Iterator, Sequence

from django.core.checks import Error
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from policies.guards.installer import missing
from policies.guards.kinds import Guard

HINT = "Find out who removed it, then run manage.py install_guards."


def faults(databases: Sequence[str] | None, guards: Sequence[Guard], code: str) -> Iterator[Error]:
    """Yield an error with this id for each trigger that is missing; a rebuilt table may have lost its own."""
    for alias in databases or ():
        connection = connections[alias]
        if not is_to_be_migrated(connection):
            for name in missing(connection, guards):
                yield Error(f"The database guard {name} is not installed.", hint=HINT, id=code)


def is_to_be_migrated(connection: BaseDatabaseWrapper) -> bool:
    """Return whether migrations are pending: they may add triggers, and migrate runs this check first."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
