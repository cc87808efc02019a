"""The database: whether it answers, as whom, how far it is migrated, and whether it was left alone."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import wraps

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from approvals import conf, guards
from approvals.management.doctor.finding import Finding, amber, first_line, green, red
from policies import guards as policy_guards
from policies.guards import check

DATABASE = "database"
ROLES = "Create two roles as docs/how-to/deploy.md says, and set DATABASE_URL to the application’s role."
MIGRATE = "Run manage.py migrate, with --database owner if a role of its own owns the tables."
# Further apart than this, times in logs and pages no longer fit each other; nothing is decided by a machine's clock.
SKEW_SECONDS, FAR_SECONDS = 2.0, 60.0
OWNED = """
    SELECT current_user, rolsuper, EXISTS (
        SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tableowner = current_user
    ), coalesce(has_table_privilege(to_regclass('approvals_action'), 'INSERT'), true)
    FROM pg_roles WHERE rolname = current_user
"""


def _asked(part: str) -> Callable[[Callable[[], Iterator[Finding]]], Callable[[], Sequence[Finding]]]:
    """Let an examination of the database say what the database answered instead."""

    def wrapped(examination: Callable[[], Iterator[Finding]]) -> Callable[[], Sequence[Finding]]:
        @wraps(examination)
        def run() -> Sequence[Finding]:
            try:
                return list(examination())
            except (OperationalError, InterfaceError) as error:
                # One of them says so for all.
                return [_away(error)] if part == DATABASE else []
            except DatabaseError as error:
                return [red(part, f"The database refuses to say: {first_line(error)}.", MIGRATE)]

        return run

    return wrapped


def _away(error: Exception) -> Finding:
    hint = "Check that it runs, that this machine can reach it, and DATABASE_URL."
    return red(DATABASE, f"The database does not answer: {first_line(error)}.", hint)


@_asked(DATABASE)
def database() -> Iterator[Finding]:
    """Whether it answers, and which one it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT version()" if _is_postgresql() else "SELECT 'SQLite ' || sqlite_version()")
        version = str(cursor.fetchone()[0])
    yield green(DATABASE, f"{' '.join(version.split()[:2])} answers.")
    if not _is_postgresql() and conf.is_production():
        yield amber(DATABASE, "HITL runs on SQLite, as HITL_ALLOW says.", "Use PostgreSQL for more than one machine.")


@_asked("role")
def role() -> Iterator[Finding]:
    """Whether the application's role is not the one that owns the tables."""
    if not _is_postgresql():
        return
    with connection.cursor() as cursor:
        cursor.execute(OWNED)
        name, is_superuser, owns, may_write = cursor.fetchone()
    if is_superuser or owns:
        what = "is a superuser" if is_superuser else "owns the tables"
        yield amber("role", f"The role {name} {what}, so the application could rewrite its own record.", ROLES)
    elif not may_write:
        hint = f"Run manage.py grant_app_role {name}, with DATABASE_OWNER_URL."
        yield red("role", f"The role {name} lacks privileges on the tables.", hint)
    else:
        yield green("role", f"The role {name} does not own the tables.")


@_asked("migrations")
def migrations() -> Iterator[Finding]:
    """Whether all migrations are applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        yield red("migrations", f"Migrations that are not applied: {len(plan)}, first {plan[0][0]}.", MIGRATE)
    else:
        yield green("migrations", "All are applied.")


@_asked("triggers")
def triggers() -> Iterator[Finding]:
    """Whether the database's guards are installed."""
    if check.is_to_be_migrated(connection):
        return
    found: list[CheckMessage] = []
    for declared in (guards.GUARDS, policy_guards.GUARDS):
        found += check.faults([DEFAULT_DB_ALIAS], declared, "")
    yield from (red("triggers", fault.msg, fault.hint or "") for fault in found)
    if not found:
        yield green("triggers", "All are installed.")


@_asked("decision keys")
def seals() -> Iterator[Finding]:
    """Whether rows of each kind verify under the decision keys of this process."""
    if check.is_to_be_migrated(connection):
        return
    models = [model for model in apps.get_models() if hasattr(model, "is_sealed")]
    first = [model._base_manager.order_by("pk").first() for model in models]
    broken = [row for row in first if row is not None and not row.is_sealed]
    if broken:
        hint = "Give every process the same HITL_DECISION_KEYS. After a change of keys, run manage.py reseal."
        words = f"Rows that do not verify under HITL_DECISION_KEYS: {', '.join(row._meta.label for row in broken)}."
        yield red("decision keys", words, hint)
    else:
        yield green("decision keys", f"Keys: {len(settings.HITL_DECISION_KEYS)}. The first row of each kind verifies.")


@_asked("clock skew")
def clock_skew() -> Iterator[Finding]:
    """How far the clock of this machine is from the database’s."""
    if not _is_postgresql():
        return
    before = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there: datetime = cursor.fetchone()[0]
    # It read its clock about halfway.
    ahead = (datetime.now(UTC) - there).total_seconds() - (time.monotonic() - before) / 2
    hint = "Let both machines set their clocks by the network (NTP)."
    words = f"This machine’s clock is {abs(ahead):.1f} seconds {'ahead of' if ahead > 0 else 'behind'} the database’s."
    if abs(ahead) < SKEW_SECONDS:
        yield green("clock skew", words)
    else:
        yield (amber if abs(ahead) < FAR_SECONDS else red)("clock skew", words, hint)


def _is_postgresql() -> bool:
    return connection.vendor == "postgresql"
