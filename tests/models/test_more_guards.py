"""The chain that the database itself holds: entry, decision, execution; each refuses what does not hang together."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from approvals import guards
from approvals.actors import Actor, Door, system
from approvals.ids import uuid7
from approvals.models import Action, Decision, Execution, LedgerEntry, LedgerOutbox, Revision, Stage
from approvals.services.execution import run as execution
from approvals.services.ledger import entries, sequencing
from approvals.services.ledger.entries import Event
from approvals.states import ActionState, ExecutionState
from tests import plans as given
from tests import world
from tests.models.test_guards import refused
from tests.world import NOON, World, stored

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive, pytest.mark.world(undo_seconds=0)]
WORKER = system(Door.CELERY)


def run(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def modified(here: World) -> Action:
    """An action that a junior approved with another amount."""
    action = here.pending()
    world.decide("modify", action, here.junior, payload=action.revision.payload | {"amount": 251})
    return world.fresh(action)


def again(row: Decision | Execution, **changes: object) -> Decision | Execution:
    """A second row like the first, but for an id of its own and what is said."""
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**(fields | {"id": uuid7()} | changes))


def sequential_scans(table: str) -> int:
    """How often the whole of a table was read so far."""
    run("SELECT pg_stat_force_next_flush()")
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = %s", [table])
        return int(cursor.fetchone()[0])


class TestTheirPlans:
    @pytest.mark.postgresql_only
    def test_read_by_index_even_if_made_while_a_table_was_small(self, here: World) -> None:
        here.pending()
        run("VACUUM ANALYZE approvals_historicalaction")
        before = sequential_scans("approvals_historicalaction")
        connection.close()
        here.pending()
        assert sequential_scans("approvals_historicalaction") == before


class TestAnActionsStates:
    def test_cannot_pass_two_at_once_with_one_entry(self, here: World) -> None:
        action, last = here.pending(), uuid7()
        with refused(guards.actions.UNTOLD), transaction.atomic():
            run("UPDATE approvals_action SET state = 'approved', entry_id = %s", stored(uuid7()))
            run("UPDATE approvals_action SET state = 'executing', entry_id = %s", stored(last))
        assert world.fresh(action).state == "pending"

    @pytest.mark.parametrize("former", ["proposed", "", "executed"])
    def test_are_told_from_where_they_could_come(self, here: World, former: str) -> None:
        action = here.approved()
        action.dispatch()
        action.attach(uuid7())
        lie = LedgerEntry(id=action.entry_id, event="x", action=action, state_from=former, at=NOON, door="api")
        lie.state_to = ActionState.EXECUTING
        with refused(guards.ledger.LYING), transaction.atomic():
            action.save()
            lie.save(force_insert=True)

    def test_are_not_guarded_by_a_table_of_the_same_name(self, here: World) -> None:
        if connection.vendor != "postgresql":
            return  # a table of SQLite's temp schema is not seen by triggers of another
        action = here.pending()
        noted = LedgerEntry.objects.filter(action=here.pending()).first()
        assert noted is not None
        with refused(guards.actions.BARE), transaction.atomic():
            run(
                "CREATE TEMP TABLE approvals_ledgerentry ON COMMIT DROP"
                " AS SELECT * FROM public.approvals_ledgerentry LIMIT 0"
            )
            run("UPDATE approvals_action SET state = 'approved', entry_id = %s WHERE id = %s", noted.pk, action.pk)


class TestAnAction:
    @pytest.mark.parametrize(
        ("column", "value"),
        [("owner_id", 0), ("on_behalf_of", "somebody"), ("confidence", 1.0), ("idempotency_key", "x"), ("desk_id", 0)],
    )
    def test_keeps_what_it_was_proposed_with(self, here: World, column: str, value: object) -> None:
        here.pending()
        with refused(guards.rows.CHANGED):
            run(f"UPDATE approvals_action SET {column} = %s", value)

    def test_begins_no_round_by_itself(self, here: World) -> None:
        action = here.approved()
        with refused(guards.actions.TURNED):
            Action.objects.filter(pk=action.pk).update(round=2)

    def test_returns_to_no_earlier_revision(self, here: World) -> None:
        action = modified(here)
        earlier = Revision.objects.get(action=action, number=1)
        with refused(guards.actions.STALE):
            Action.objects.filter(pk=action.pk).update(revision=earlier)

    def test_takes_no_revision_of_another_action(self, here: World) -> None:
        action, other = here.pending(), modified(here)
        with refused(guards.actions.STALE):
            Action.objects.filter(pk=action.pk).update(revision=other.revision)


class TestAStage:
    @pytest.mark.parametrize("change", ["tier = 1", "quorum = 0"])
    def test_never_asks_for_less(self, here: World, change: str) -> None:
        here.pending(amount=9000)
        with refused(guards.plans.LOWERED):
            run(f"UPDATE approvals_stage SET {change}")

    def test_stays_closed(self, here: World) -> None:
        here.approved()
        with refused(guards.plans.LOWERED):
            Stage.objects.update(state="open")

    @pytest.mark.parametrize(
        ("name", "state"), [("vera", "satisfied"), ("vera", "refused"), ("vera", "expired"), ("books", "waiting")]
    )
    def test_is_passed_over_by_nobody(self, here: World, name: str, state: str) -> None:
        given.vera()
        given.follow(here, given.BOOKS, given.VERA)
        here.pending()
        with refused(guards.plans.SKIPPED):
            Stage.objects.filter(name=name).update(state=state)

    @pytest.mark.parametrize("change", ["person_id = NULL", "opened_at = NULL"])
    def test_asks_whom_it_asked_when_it_opened(self, here: World, change: str) -> None:
        given.vera()
        given.follow(here, given.VERA)
        here.pending()
        with refused(guards.plans.FROZEN):
            run(f"UPDATE approvals_stage SET {change}")

    @pytest.mark.parametrize("change", ["kind = 'check'", "step = '{}'", "group_id = 1", "is_other_desk = TRUE"])
    def test_is_what_policy_wrote(self, here: World, change: str) -> None:
        here.pending()
        with refused(guards.rows.CHANGED):
            run(f"UPDATE approvals_stage SET {change}")

    def test_is_kept(self, here: World) -> None:
        here.pending()
        with refused("append-only"):
            run("DELETE FROM approvals_stage")


class TestADecision:
    def test_grants_nothing_while_a_stage_is_open(self, here: World) -> None:
        action = here.pending()
        world.decide("escalate", action, here.junior)
        made, action = Decision.objects.get(action=action), world.fresh(action)
        with refused(guards.decisions.UNASKED), transaction.atomic():
            action.approve()
            fact = Event(Actor(Door.ADMIN, person=here.junior), NOON, "decision.approved")
            entry = entries.record_transition(action, fact, state_from=ActionState.PENDING)
            again(made, entry_id=entry.pk, verdict="approve", is_final=True).save(force_insert=True)

    def test_needs_the_entry_of_its_own_person_and_action(self, here: World) -> None:
        action, other = here.pending(), here.pending()
        world.decide("escalate", action, here.junior)
        made = Decision.objects.get(action=action)
        waiting = LedgerEntry.objects.filter(action=action, event="action.routed").get()
        forged: list[Callable[[], Decision | Execution]] = [
            lambda: again(made, entry_id=waiting.pk, person_id=here.senior.pk, verdict="approve", is_final=True),
            lambda: again(made, entry_id=waiting.pk, person_id=None, source="policy", is_final=True),
            lambda: again(made, entry_id=other.entry_id),
        ]
        for forge in forged:
            with refused(guards.decisions.UNBOUND), transaction.atomic():
                forge().save(force_insert=True)

    def test_is_about_a_revision_as_it_is(self, here: World) -> None:
        action = here.pending()
        world.decide("escalate", action, here.junior)
        made = Decision.objects.get(action=action)
        with refused(guards.decisions.UNBOUND), transaction.atomic():
            again(made, digest="0" * 64).save(force_insert=True)


class TestAnExecution:
    def test_needs_a_decision_that_lets_its_revision_run(self, here: World) -> None:
        made = Execution.objects.get(action=here.approved())
        waiting = here.pending()
        lie = {"key": "k", "action_id": waiting.pk, "revision_id": waiting.revision_id}
        with refused(guards.executions.UNDECIDED), transaction.atomic():
            again(made, **lie).save(force_insert=True)
        with refused(guards.executions.UNDECIDED), transaction.atomic():
            again(made, key="k", round=2).save(force_insert=True)

    def test_is_not_born_as_one_that_somebody_asked_to_cancel(self, here: World) -> None:
        made = Execution.objects.get(action=here.approved())
        with refused(guards.executions.UNDECIDED), transaction.atomic():
            again(made, key="k", cancel_asked_at=NOON).save(force_insert=True)

    @pytest.mark.parametrize("column", ["key", "digest", "target_digest", "connector", "mode"])
    def test_keeps_what_was_decided(self, here: World, column: str) -> None:
        here.approved()
        with refused(guards.rows.CHANGED):
            run(f"UPDATE approvals_execution SET {column} = 'x'")

    def test_is_not_made_ready_again(self, here: World) -> None:
        action = here.approved()
        execution.run_ready(actor=WORKER, clock=lambda: NOON)
        with refused(guards.executions.BACKWARD):
            Execution.objects.update(state=ExecutionState.READY, leased_until=None)
        assert Execution.objects.get(action=action).state == "succeeded"


class TestAWaitingEntry:
    def test_is_forgotten_only_once_it_has_its_position(self, here: World) -> None:
        here.pending()
        with refused(guards.ledger.UNNUMBERED):
            LedgerOutbox.objects.all().delete()
        waiting = LedgerOutbox.objects.count()
        assert sequencing.sequence(actor=WORKER, at=NOON) == waiting
        assert not LedgerOutbox.objects.exists()


@pytest.mark.parametrize("name", ["entry", "decision", "revision", "historicalaction", "execution", "action"])
def test_nothing_is_replaced(here: World, name: str) -> None:
    here.approved()
    if connection.vendor != "sqlite":
        return  # only SQLite has REPLACE, which deletes what is in its way
    with refused("append-only|unique|UNIQUE|entry"):
        run(f"REPLACE INTO approvals_{name} SELECT * FROM approvals_{name}")
