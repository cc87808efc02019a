"""What the database itself refuses about policies, however it is asked."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from policies import checks, guards
from policies.guards import installer
from policies.models import Version

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_sensitive]
Make = Callable[..., Version]


def refused(statement: str, *values: str | int) -> bool:
    """Whether the database refuses a statement as raw SQL, on a published version."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except IntegrityError:
        return True
    return False


class TestAPublishedVersion:
    @pytest.mark.parametrize(
        "column",
        ["source", "canonical", "digest", "number", "drafted_at", "published_at", "is_solo", "published_by_id"],
    )
    def test_is_not_changed_by_raw_sql(self, published: Make, column: str) -> None:
        version = published()
        values = {"number": 77, "is_solo": True, "published_by_id": version.drafted_by_id}
        default = "2020-01-01 00:00:00+00:00" if column.endswith("_at") else "x"
        assert refused(
            f"UPDATE policies_version SET {column} = %s WHERE id = %s", values.get(column, default), version.pk
        )

    def test_is_not_changed_by_a_bulk_update(self, published: Make) -> None:
        published()
        with pytest.raises(IntegrityError, match="content of a policy version cannot change"), transaction.atomic():
            Version.objects.update(source="x")

    @pytest.mark.parametrize("state", ["draft", "unheard_of"])
    def test_does_not_go_back(self, published: Make, state: str) -> None:
        published()
        with pytest.raises(IntegrityError), transaction.atomic():
            Version.objects.update(state=state)

    def test_is_not_deleted(self, published: Make) -> None:
        version = published()
        with pytest.raises(IntegrityError, match="cannot be deleted"), transaction.atomic():
            version.delete()

    def test_stays_when_retired(self, published: Make) -> None:
        first = published()
        published()
        assert refused("DELETE FROM policies_version WHERE id = %s", first.pk)
        assert refused("UPDATE policies_version SET source = 'x' WHERE id = %s", first.pk)
        assert refused("UPDATE policies_version SET state = 'published' WHERE id = %s", first.pk)


class TestADraft:
    def test_keeps_its_text_too(self, drafted: Make) -> None:
        assert refused("UPDATE policies_version SET source = 'x' WHERE id = %s", drafted().pk)

    def test_can_be_thrown_away(self, drafted: Make) -> None:
        drafted().delete()
        assert not Version.objects.exists()

    def test_is_not_published_by_its_author_in_sql(self, drafted: Make) -> None:
        version = drafted()
        statement = (
            "UPDATE policies_version SET state = 'published', published_by_id = %s, published_at = %s WHERE id = %s"
        )
        assert refused(statement, version.drafted_by_id, "2026-11-21 09:00:00+00:00", version.pk)

    def test_is_not_published_by_nobody(self, drafted: Make) -> None:
        assert refused("UPDATE policies_version SET state = 'published' WHERE id = %s", drafted().pk)

    def test_is_how_every_version_starts(self, published: Make) -> None:
        version = published()
        columns = ", ".join(
            str(field.column) for field in Version._meta.fields if field.column not in ("id", "number", "state")
        )
        assert refused(
            f"INSERT INTO policies_version (number, state, {columns}) "
            f"SELECT 9, 'retired', {columns} FROM policies_version WHERE id = %s",
            version.pk,
        )


class TestHistory:
    @pytest.mark.parametrize("table", guards.versions.HISTORY)
    def test_is_neither_rewritten_nor_deleted(self, published: Make, table: str) -> None:
        published()
        assert refused(f"UPDATE {table} SET history_change_reason = 'x'")
        assert refused(f"DELETE FROM {table}")


class TestTheGuards:
    def test_are_all_installed(self) -> None:
        assert installer.missing(connection, guards.GUARDS) == []
        assert checks.guards_are_installed(None, ["default"]) == []

    def test_that_are_gone_fail_the_check(self) -> None:
        on = " ON policies_version" if connection.vendor == "postgresql" else ""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER policy_version_fixed{on}")
        (error,) = checks.guards_are_installed(None, ["default"])
        assert error.id == "policies.E001"
        assert "policy_version_fixed" in error.msg

    @pytest.mark.postgresql_only
    @pytest.mark.parametrize("table", [guards.versions.VERSIONS, *guards.versions.HISTORY])
    def test_hold_against_truncate(self, table: str) -> None:
        assert refused(f"TRUNCATE {table} CASCADE")

    def test_need_no_migration_that_is_not_there(self) -> None:
        call_command("makemigrations", "policies", check=True, dry_run=True, verbosity=0)
