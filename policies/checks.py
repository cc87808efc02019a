"""System checks: database triggers must protect published policies."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage

from policies import guards
from policies.guards import check


def guards_are_installed(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """Compare the installed triggers with the declared guards of this app."""
    return list(check.faults(databases, guards.GUARDS, "policies.E001"))
