"""Privileges of the application's database role: insert-only on the ledger, full access elsewhere as needed."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from approvals.guards import APPEND_ONLY, KEPT

OWNER = "owner"
# Only migrations write these.
BOOKKEEPING = frozenset({"django_migrations", "django_content_type", "auth_permission"})


class Command(BaseCommand):
    """Grant privileges to the role in DATABASE_URL, as the owner; repeat after each migration."""

    help = "Grant a database role the privileges of the application: insert-only on the ledger, no schema changes."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the role's name and `--print`."""
        parser.add_argument("role", help="the role in DATABASE_URL; it must exist and must not own the tables")
        parser.add_argument("--print", action="store_true", help="print the statements instead of running them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the grants, or print them."""
        connection = _owner()
        statements = list(privileges(connection, options["role"]))
        if options["print"]:
            self.stdout.write("\n".join(f"{statement};" for statement in statements))
            return
        with connection.cursor() as cursor:
            _demand_role(connection, options["role"])
            for statement in statements:
                cursor.execute(statement)
        self.stdout.write(f"{options['role']} can now run the application. It can only add to the ledger.")


def privileges(connection: BaseDatabaseWrapper, role: str) -> Iterator[str]:
    """Yield the statements: revoke everything, then grant what each table allows."""
    quoted = connection.ops.quote_name(role)
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {quoted}"
    yield f"GRANT USAGE ON SCHEMA public TO {quoted}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}"
    for table in sorted(connection.introspection.table_names()):
        yield f"GRANT {_allowed(table)} ON {connection.ops.quote_name(table)} TO {quoted}"


def _allowed(table: str) -> str:
    if table in BOOKKEEPING:
        return "SELECT"
    if table in APPEND_ONLY or "_historical" in table:
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE" if table in KEPT else "SELECT, INSERT, UPDATE, DELETE"


def _owner() -> BaseDatabaseWrapper:
    if OWNER not in settings.DATABASES:
        raise CommandError("DATABASE_OWNER_URL is not set. Set it to the role that owns the tables.")
    connection: BaseDatabaseWrapper = connections[OWNER]
    if connection.vendor != "postgresql":
        raise CommandError("This command needs PostgreSQL. SQLite has no roles, and triggers protect its ledger.")
    return connection


def _demand_role(connection: BaseDatabaseWrapper, role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = %s, EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)", [role, role])
        is_owner, exists = cursor.fetchone()
    if not exists:
        raise CommandError(f"The role {role} does not exist. Create it first: CREATE ROLE {role} LOGIN PASSWORD '...'")
    if is_owner:
        raise CommandError(
            f"{role} owns the tables and could change the ledger. Use a separate role for the application."
        )
