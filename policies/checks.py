"""System checks: database triggers must protect published policies."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from policies import guards

HINT = "Find out who removed it, then run manage.py install_guards."


def guards_are_installed(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """Compare the installed triggers with the declared ones; a rebuilt table may have lost its triggers."""
    faults: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if guards.VERSIONS not in connection.introspection.table_names() or _is_to_be_migrated(connection):
            continue
        faults += [
            Error(f"The database guard {name} is not installed.", hint=HINT, id="policies.E001")
            for name in guards.missing(connection)
        ]
    return faults


def _is_to_be_migrated(connection: BaseDatabaseWrapper) -> bool:
    """Return whether migrations are pending: they may add triggers, and migrate runs this check first."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
