"""System checks of this installation."""

import os
import ssl
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.utils.module_loading import import_string

from approvals import conf, guards
from approvals.connectors.credentials import PREFIX, credential_faults
from policies.guards import check

BUILT_IN = ("policy", "configuration")
ENTRIES = "approvals_ledgerentry"


def guards_are_installed(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """Compare the installed triggers with the declared guards of this app."""
    return list(check.faults(databases, guards.GUARDS, "approvals.E001"))


def outcomes_are_owned(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """Warn about every active action type without an outcome owner."""
    faults: list[CheckMessage] = []
    for alias in databases or ():
        if ENTRIES not in connections[alias].introspection.table_names() or check.is_to_be_migrated(connections[alias]):
            continue
        kinds = apps.get_model("approvals", "ActionType").objects.using(alias)
        # What is built in changes policies and the configuration: each change has an author and an approver.
        kinds = kinds.filter(is_active=True, owner__isnull=True).exclude(connector__in=BUILT_IN)
        names = kinds.order_by("name").values_list("name", flat=True)
        hint = "Set the outcome owner in the admin, under Action types."
        faults += [
            Warning(f"The action type {name} has no outcome owner.", hint=hint, id="approvals.W002") for name in names
        ]
    return faults


def credentials_go_to_their_hosts(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """Warn about every action type whose target or lookup must not use its credential.

    An error would prevent a start and thus the correction; nothing is sent either way.
    """
    faults: list[CheckMessage] = []
    for alias in databases or ():
        if ENTRIES not in connections[alias].introspection.table_names() or check.is_to_be_migrated(connections[alias]):
            continue
        kinds = apps.get_model("approvals", "ActionType").objects.using(alias).order_by("name")
        hint = "Correct it in the admin, under Action types, or in HITL_CREDENTIALS."
        faults += [
            Warning(f"{name}: {fault}", hint=hint, id="approvals.W003")
            for name, target, lookups in kinds.values_list("name", "target", "lookups")
            for part in (target, *(lookup.get("target") for lookup in lookups or ()))
            for fault in (credential_faults(part) if isinstance(part, dict) else ())
        ]
    return faults


def credentials_have_hosts(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Warn about every credential that no target can use, because it has no hosts."""
    declared = conf.credential_hosts()
    given = {name.removeprefix(PREFIX).removesuffix("_FILE") for name in os.environ if name.startswith(PREFIX)}
    hint = "Add it to HITL_CREDENTIALS, as NAME=host or NAME=host:port."
    return [
        Warning(f"The credential {name} has no hosts, so no target can use it.", hint=hint, id="approvals.W005")
        for name in sorted(given | declared.keys())
        if not declared.get(name)
    ]


def private_hosts_are_usable(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Warn about private hosts that no request can reach, and about authorities that cannot be read."""
    hint = "Correct HITL_OUTBOUND_PRIVATE. Write each host as host:port."
    faults: list[CheckMessage] = [
        Warning(f"The private host {host!r} has no port, so it does not count.", hint=hint, id="approvals.W007")
        for host in settings.HITL_OUTBOUND_PRIVATE
        if not host.rpartition(":")[2].isdigit()
    ]
    try:
        if settings.HITL_OUTBOUND_CA:
            ssl.create_default_context(cafile=settings.HITL_OUTBOUND_CA)
    except OSError as error:
        hint = "Set HITL_OUTBOUND_CA to a PEM file that the worker, the clock and the web process can read."
        faults.append(Warning(f"The certificate authorities cannot be read: {error}.", hint=hint, id="approvals.W008"))
    return faults


def names_exist(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """Warn about what action types and policies in force name and what does not exist, or could never be met.

    An error would prevent a start and thus the correction.
    """
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    connection = connections[DEFAULT_DB_ALIAS]
    if ENTRIES not in connection.introspection.table_names() or check.is_to_be_migrated(connection):
        return []
    # Named, not imported: what reads models can only be loaded once every app is there.
    found = import_string("approvals.services.policy.health.everything")()
    hint = "Correct it in the admin, under Action types or Policies."
    return [Warning(f"{name}: {finding}", hint=hint, id="approvals.W004") for name, finding in found]


def rows_are_sealed(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """Warn about every row of people, authority, settings and policies that HITL did not save as it is."""
    faults: list[CheckMessage] = []
    for alias in databases or ():
        if ENTRIES not in connections[alias].introspection.table_names() or check.is_to_be_migrated(connections[alias]):
            continue
        models = (model for model in apps.get_models() if hasattr(model, "is_sealed"))
        rows = (row for model in models for row in model._base_manager.using(alias).order_by("pk").iterator())
        hint = "Somebody wrote it to the database, or its key was removed. Check its history, and save it again."
        faults += [
            Warning(f"{row._meta.label} {row.pk} was changed outside HITL.", hint=hint, id="approvals.W006")
            for row in rows
            if not row.is_sealed
        ]
    return faults


def demo_logins_are_absent(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """Outside the demo, no demo login may be active."""
    if settings.HITL_MODE == "demo":
        return []
    try:
        found = apps.get_model("approvals", "Person").objects.filter(is_demo=True, is_active=True).exists()
    except DatabaseError as error:
        hint = "Run manage.py migrate, or correct DATABASE_URL."
        # Without a schema nobody can sign in; the operator still gets a warning.
        first_line = str(error).partition("\n")[0]
        return [Warning(f"The check for demo logins failed: {first_line}.", hint=hint, id="approvals.W001")]
    hint = "Deactivate the people with is_demo set, or start with an empty database."
    return [Error("Demo logins are active outside the demo.", hint=hint, id="approvals.E002")] if found else []
