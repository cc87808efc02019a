"""What the application's own database role may do: everything it needs, and nothing to the ledger but add to it."""

import os
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from approvals.guards import APPEND_ONLY, KEPT

OWNER = "owner"
BOOKKEEPING = "django_migrations"


class Command(BaseCommand):
    """Grant the role of DATABASE_URL its privileges, as the owner; repeat it after each migration."""

    help = "Let a database role run the application: insert-only on the ledger, no say over tables and triggers."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the role's name."""
        parser.add_argument("role", help="the role that DATABASE_URL names; it must exist and must not own the tables")
        parser.add_argument("--print", action="store_true", help="print the statements instead of running them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Grant, or print what would be granted."""
        connection = _owner()
        statements = list(privileges(connection, options["role"]))
        if options["print"]:
            self.stdout.write("\n".join(f"{statement};" for statement in statements))
            return
        with connection.cursor() as cursor:
            _demand_role(connection, options["role"])
            for statement in statements:
                cursor.execute(statement)
        self.stdout.write(f"{options['role']} may now run the application; the ledger it can only add to.")


def privileges(connection: BaseDatabaseWrapper, role: str) -> Iterator[str]:
    """The statements, in order: first everything is taken away, then what each table allows is given."""
    quoted = connection.ops.quote_name(role)
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {quoted}"
    yield f"GRANT USAGE ON SCHEMA public TO {quoted}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}"
    for table in sorted(connection.introspection.table_names()):
        yield f"GRANT {_allowed(table)} ON {connection.ops.quote_name(table)} TO {quoted}"


def _allowed(table: str) -> str:
    if table == BOOKKEEPING:
        return "SELECT"
    if table in APPEND_ONLY or "_historical" in table:
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE" if table in KEPT else "SELECT, INSERT, UPDATE, DELETE"


def _owner() -> BaseDatabaseWrapper:
    if not os.environ.get("DATABASE_OWNER_URL"):
        raise CommandError("DATABASE_OWNER_URL is not set; it names the role that owns the tables and may grant.")
    connection: BaseDatabaseWrapper = connections[OWNER]
    if connection.vendor != "postgresql":
        raise CommandError("Roles are PostgreSQL's; SQLite has none, there its triggers alone guard the ledger.")
    return connection


def _demand_role(connection: BaseDatabaseWrapper, role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = %s, EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)", [role, role])
        is_owner, exists = cursor.fetchone()
    if not exists:
        raise CommandError(f"There is no role {role}; make it first: CREATE ROLE {role} LOGIN PASSWORD '...'")
    if is_owner:
        raise CommandError(
            f"{role} owns the tables; the application needs a role of its own, or the ledger is its to change."
        )
