"""System checks: published policies must be guarded by the database itself."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.db import connections

from policies import triggers


def guards_are_installed(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """Compare the installed triggers with the declared list; a rebuilt table may have lost its own."""
    faults: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if triggers.VERSIONS not in connection.introspection.table_names():
            continue
        faults += [
            Error(f"The database guard {name} is not installed.", hint="Run manage.py migrate.", id="policies.E001")
            for name in triggers.missing(connection)
        ]
    return faults
