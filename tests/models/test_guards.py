"""The database's guards hold against ORM updates, raw SQL, bulk writes and lies."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from approvals import guards
from approvals.ids import uuid7
from approvals.models import Action, Decision, LedgerEntry, LedgerOutbox, Revision
from approvals.states import LEGAL_PAIRS, ActionState
from policies import guards as policy_guards
from policies.guards import installer
from tests import world
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


def refused(words: str) -> "pytest.RaisesExc[DatabaseError]":
    return pytest.raises(DatabaseError, match=words)


class TestAChangeOfState:
    def test_is_refused_to_an_orm_update(self, here: World) -> None:
        action = here.pending()
        with refused(guards.actions.BARE), transaction.atomic():
            Action.objects.filter(pk=action.pk).update(state=ActionState.APPROVED)
        assert world.fresh(action).state == ActionState.PENDING

    def test_is_refused_to_raw_sql(self, here: World) -> None:
        here.pending()
        with refused(guards.actions.BARE), connection.cursor() as cursor:
            cursor.execute("UPDATE approvals_action SET state = 'approved'")

    def test_is_refused_to_bulk_update(self, here: World) -> None:
        action = here.pending()
        action.approve()
        with refused(guards.actions.BARE), transaction.atomic():
            Action.objects.bulk_update([action], ["state"])

    def test_is_refused_to_a_plain_save(self, here: World) -> None:
        action = here.pending()
        action.approve()
        with refused(guards.actions.BARE), transaction.atomic():
            action.save()

    def test_is_refused_when_the_entry_never_comes(self, here: World) -> None:
        action = here.pending()
        action.approve()
        action.attach(uuid7())
        with pytest.raises(DatabaseError), transaction.atomic():
            action.save()
        assert world.fresh(action).state == ActionState.PENDING

    def test_is_refused_with_the_entry_of_another_change(self, here: World) -> None:
        action, other = here.pending(), here.pending()
        action.approve()
        action.attach(other.entry_id)
        with refused(guards.actions.BARE), transaction.atomic():
            action.save()

    @pytest.mark.parametrize("target", ["executed", "executing", "proposed", "uncertain"])
    def test_is_refused_when_the_pair_is_not_legal(self, here: World, target: str) -> None:
        action = here.pending()
        assert (action.state, target) not in LEGAL_PAIRS
        with refused(guards.actions.ILLEGAL), connection.cursor() as cursor:
            cursor.execute(f"UPDATE approvals_action SET state = '{target}', entry_id = %s", [_id(uuid7())])


class TestAnAction:
    def test_is_refused_when_it_is_born_decided(self, here: World) -> None:
        action = here.pending()
        born = Action(
            action_type=action.action_type,
            agent=action.agent,
            desk=action.desk,
            entry_id=uuid7(),
            revision_id=uuid7(),
            idempotency_key="born",
            created_at=world.NOON,
            state=ActionState.APPROVED,
        )
        with refused(guards.actions.BORN), transaction.atomic():
            Action.objects.bulk_create([born])

    def test_cannot_be_deleted(self, here: World) -> None:
        here.pending()
        with refused("append-only"), connection.cursor() as cursor:
            cursor.execute("DELETE FROM approvals_action")


class TestAnEntry:
    def test_is_refused_when_it_lies_about_the_state(self, here: World) -> None:
        action = here.pending()
        action.approve()
        action.attach(uuid7())
        lie = LedgerEntry(id=action.entry_id, event="x", action=action, state_to="rejected", at=world.NOON, door="api")
        with refused(guards.ledger.LYING), transaction.atomic():
            action.save()
            lie.save(force_insert=True)

    def test_leaves_a_pending_row_to_be_sequenced(self, here: World) -> None:
        action = here.propose()
        assert LedgerOutbox.objects.filter(entry=action.entry_id).exists()

    @pytest.mark.parametrize("model", [LedgerEntry, Decision, Revision, Action.history.model])
    def test_and_all_that_never_changes_refuses_update_and_delete(self, here: World, model: type) -> None:
        here.approved()
        table = model._meta.db_table
        with refused("append-only"), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {_column(model)} = {_column(model)}")
        with refused("append-only"), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")


class TestTheDeclaredList:
    def test_is_installed(self) -> None:
        assert installer.missing(connection, guards.GUARDS) == []

    def test_names_a_guard_that_was_dropped(self) -> None:
        on = " ON approvals_ledgerentry" if connection.vendor == "postgresql" else ""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER entry_guard{on}")
        try:
            assert installer.missing(connection, guards.GUARDS) == ["entry_guard"]
            with pytest.raises(SystemCheckError, match="entry_guard"):
                call_command("check", databases=["default"])
            call_command("install_guards")
            assert installer.missing(connection, guards.GUARDS) == []
        finally:
            installer.install(connection, guards.GUARDS)

    def test_is_not_asked_about_while_migrations_wait(self) -> None:
        # An upgrade may bring guards; the command that brings them checks first, and must not be stopped by that.
        latest = MigrationLoader(connection).graph.leaf_nodes("approvals")[0]
        MigrationRecorder(connection).record_unapplied(*latest)
        on = " ON approvals_stage" if connection.vendor == "postgresql" else ""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER stage_bar{on}")
        call_command("migrate", fake=True, skip_checks=False, verbosity=0)
        assert installer.missing(connection, guards.GUARDS) == ["stage_bar"]
        call_command("install_guards")
        assert installer.missing(connection, guards.GUARDS) == []

    def test_is_what_the_migrations_install(self) -> None:
        # The migrations keep SQL of their own, which must not fall behind what is declared.
        frozen = definitions()
        installer.install(connection, guards.GUARDS)
        installer.install(connection, policy_guards.GUARDS)
        assert definitions() == frozen


def definitions() -> list[tuple[str, ...]]:
    """Every trigger of the database, and on PostgreSQL what it runs, without how it is indented."""
    query = (
        "SELECT tgname, pg_get_triggerdef(t.oid), prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = tgfoid"
        " WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return sorted(tuple(" ".join(part.split()) for part in row) for row in cursor.fetchall())


def test_truncate_is_refused_where_there_is_one(here: World) -> None:
    if connection.vendor != "postgresql":
        assert connection.vendor == "sqlite"  # SQLite has no TRUNCATE to refuse
        return
    with refused("append-only"), connection.cursor() as cursor:
        cursor.execute("TRUNCATE approvals_ledgerentry CASCADE")


def _column(model: type) -> str:
    return "history_type" if hasattr(model, "history_type") else "digest"


def _id(value: object) -> str:
    return str(value) if connection.vendor == "postgresql" else str(value).replace("-", "")
