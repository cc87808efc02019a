"""Each index of the tables that grow with every action answers a query that is named here, and no other is there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, Q, QuerySet

from approvals.ids import uuid7
from approvals.models import (
    Action,
    Agent,
    Attempt,
    Decision,
    Delivery,
    Employee,
    Execution,
    LedgerEntry,
    LookupResult,
    Membership,
    Note,
    PolicyEvaluation,
    Revision,
    Stage,
    Text,
    WebhookDelivery,
)
from approvals.queries.record.related import parents
from tests.world import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql_only]

GROWING = (
    *(Action, Revision, Text, PolicyEvaluation, Stage, Decision, Execution, Attempt, LedgerEntry, Delivery),
    WebhookDelivery,
)
ID = uuid7()
WAITING = Q(state__in=["proposed", "pending"])
BY_RISK = (F("risk").desc(), "due_at", "id")
# The sweeps, the pages and the questions of services, each in the words of its own module.
USES: dict[str, Callable[[], QuerySet[Any, Any]]] = {
    "action_assigned_desk": lambda: pending(assigned_desk=1, required_tier=1, client=None).order_by(*BY_RISK)[:50],
    "action_assigned_clients": lambda: pending(assigned_desk=1, required_tier=1, client__isnull=False).order_by(
        *BY_RISK
    )[:50],
    "action_assigned_client": lambda: pending(assigned_desk=1, client=1, required_tier=1).order_by(*BY_RISK)[:50],
    "action_assigned_group": lambda: pending(assigned_group=1, required_tier=1).order_by(*BY_RISK)[:50],
    "action_assigned_person": lambda: pending(assigned_person=1).order_by(*BY_RISK)[:50],
    "action_oldest_of_desk": lambda: pending(assigned_desk=1, required_tier=1, client=None).order_by("id")[:1],
    "action_oldest_of_clients": lambda: pending(assigned_desk=1, required_tier=1, client__isnull=False).order_by("id")[
        :1
    ],
    "action_oldest_of_client": lambda: pending(assigned_desk=1, client=1, required_tier=1).order_by("id")[:1],
    "action_live_of_client": lambda: Action.objects.filter(is_live=True, client=1, desk=1).order_by(
        F("until").asc(nulls_last=True), "id"
    )[:50],
    "action_of_client": lambda: Action.objects.filter(client=1).order_by("-id")[:50],
    "action_oldest_of_group": lambda: pending(assigned_group=1, required_tier=1).order_by("id")[:1],
    "action_in_turn": lambda: Action.objects.filter(state="proposed", agent=1).order_by("id")[:1],
    "action_waiting_at_desk": lambda: Action.objects.filter(WAITING, desk=1).order_by().values("desk"),
    "action_to_look_up": lambda: Action.objects.filter(agent=1, next_lookup_at__lte=NOON).order_by("next_lookup_at"),
    "action_expiring": lambda: Action.objects.filter(WAITING, expires_at__lte=NOON).order_by(),
    "action_due": lambda: pending(due_at__lte=NOON).order_by(),
    "action_ending": lambda: Action.objects.filter(WAITING, until__lte=NOON).order_by(),
    "action_live_at_desk": lambda: Action.objects.filter(is_live=True, desk=1).order_by(
        F("until").asc(nulls_last=True), "id"
    )[:50],
    "action_live": lambda: Action.objects.filter(is_live=True).order_by("-id")[:50],
    "action_of_agent": lambda: Action.objects.filter(agent=1).order_by("-id")[:50],
    "action_duplicates": lambda: Action.objects.filter(action_type=1, duplicate_fingerprint="f").order_by(
        "-created_at"
    )[:100],
    "action_open_duplicates": lambda: pending(action_type=1, duplicate_fingerprint="f").order_by("-created_at"),
    "action_of_subject": lambda: Action.objects.filter(
        action_type=1, desk=1, normalized_subject="s", state__in=["approved", "modified", "executing", "executed"]
    ).order_by("-id")[:50],
    "action_in_state": lambda: Action.objects.filter(state="uncertain").order_by("-id")[:50],
    "action_of_type": lambda: Action.objects.filter(action_type=1).order_by("-id")[:50],
    "action_of_desk": lambda: Action.objects.filter(desk=1).order_by("-id")[:50],
    "action_thread": lambda: Action.objects.filter(thread="t").order_by("-id")[:50],
    "action_created": lambda: Action.objects.filter(created_at__gte=NOON).order_by(),
    "action_decided": lambda: Action.objects.filter(decided_at__gte=NOON).order_by("-decided_at", "-id")[:50],
    "action_amount": lambda: Action.objects.filter(amount__in=[1, 2]).order_by(),
    "action_overrides": lambda: Action.objects.filter(overrides=ID).order_by(),
    "action_reverses": lambda: Action.objects.filter(reverses=ID).order_by(),
    "action_of_parent": lambda: Action.objects.filter(parent=ID).order_by("-id")[:50],
    "action_below_parent": lambda: parents.failed_above()[:50],
    "decision_of_person": lambda: Decision.objects.filter(person=1).order_by("-at")[:50],
    "decision_at": lambda: Decision.objects.filter(at__gte=NOON).order_by("-at"),
    "decision_verdict": lambda: Decision.objects.filter(is_final=True, verdict="expire").order_by(),
    "decision_of_reviewer": lambda: Decision.objects.filter(
        source="person", verdict="escalate", at__gte=NOON, at__lt=NOON
    ).order_by(),
    "decision_for_another": lambda: Decision.objects.filter(delegator=1, at__gt=NOON).order_by(),
    "decision_of_stage": lambda: Decision.objects.filter(stage=ID).order_by(),
    "decision_of_standing_rule": lambda: Decision.objects.filter(standing_rule__in=[1]).order_by(),
    "entry_of_action": lambda: LedgerEntry.objects.filter(action=ID).order_by("id"),
    "entry_event": lambda: LedgerEntry.objects.filter(event="decision.refused").order_by("-id")[:50],
    "execution_ready": lambda: Execution.objects.filter(
        agent=1, state="ready", mode="connector", end_number=0, not_before__lte=NOON, waits_for=None
    ).order_by("not_before", "id")[:1],
    "execution_waiting": lambda: parents.executed_above()[:50],
    "execution_ending": lambda: Execution.objects.filter(
        state="ready", end_number__gt=0, not_before__lte=NOON
    ).order_by("not_before", "id")[:1],
    "execution_leased": lambda: Execution.objects.filter(state="running", leased_until__lt=NOON).order_by(),
    "execution_expiring": lambda: Execution.objects.filter(state="ready", expires_at__lte=NOON).order_by("expires_at"),
    "stage_elsewhere": lambda: Stage.objects.filter(is_other_desk=True, desk=1).order_by().values("action"),
    "stage_of_group": lambda: Stage.objects.filter(group=1).order_by().values("action"),
    "stage_of_person": lambda: Stage.objects.filter(person=1).order_by().values("action"),
    "stage_to_check": lambda: Stage.objects.filter(kind="check", state="open").order_by("opened_at"),
    "stage_to_remind": lambda: Stage.objects.filter(
        state="open", remind_at__lte=NOON, reminded_at__isnull=True
    ).order_by(),
    "delivery_ready": lambda: Delivery.objects.filter(state="ready", not_before__lte=NOON).order_by("not_before"),
    "delivery_of_person": lambda: Delivery.objects.filter(person=1, created_at__gt=NOON).order_by(),
    "webhook_delivery_ready": lambda: WebhookDelivery.objects.filter(
        webhook=1, state="ready", not_before__lte=NOON
    ).order_by(),
    "webhook_delivery_order": lambda: WebhookDelivery.objects.filter(
        webhook=1, action=ID, position__lt=9, state="ready"
    ).order_by(),
    "webhook_delivery_dead": lambda: WebhookDelivery.objects.filter(webhook=1, state="dead").order_by(),
    "webhook_delivery_old": lambda: WebhookDelivery.objects.filter(
        state__in=["sent", "dropped"], settled_at__lt=NOON
    ).order_by("settled_at"),
    "delivery_held": lambda: Delivery.objects.filter(person=1, state="ready", held_at__isnull=False).order_by(),
}
# What is found by its action or by what it is of, by an index of a foreign key or of a constraint that begins with it.
FOUND: dict[str, Callable[[], QuerySet[Any, Any]]] = {
    "revision": lambda: Revision.objects.filter(action=ID).order_by(),
    "text": lambda: Text.objects.filter(action=ID).order_by(),
    "evaluation": lambda: PolicyEvaluation.objects.filter(action=ID).order_by(),
    "stage": lambda: Stage.objects.filter(action=ID).order_by(),
    "stage of a desk": lambda: Stage.objects.filter(desk=1).order_by(),
    "decision": lambda: Decision.objects.filter(action=ID).order_by(),
    "execution": lambda: Execution.objects.filter(action=ID).order_by(),
    "attempt": lambda: Attempt.objects.filter(execution=ID).order_by(),
    "delivery": lambda: Delivery.objects.filter(action=ID).order_by(),
    "note": lambda: Note.objects.filter(action=ID).order_by(),
    "lookup": lambda: LookupResult.objects.filter(action=ID).order_by(),
    "lookup of a stage": lambda: LookupResult.objects.filter(stage=ID).order_by(),
    "history of an action": lambda: Action.history.filter(id=ID),  # type: ignore[attr-defined]
    "history of a stage": lambda: Stage.history.filter(id=ID),  # type: ignore[attr-defined]
    "seats that somebody left": lambda: Membership.history.filter(person=1),  # type: ignore[attr-defined]
    "names that somebody had": lambda: Employee.history.filter(person=1),  # type: ignore[attr-defined]
    "agents that somebody owned": lambda: Agent.history.filter(owner=1),  # type: ignore[attr-defined]
}


def pending(**narrowed: Any) -> QuerySet[Action]:
    return Action.objects.filter(state="pending", **narrowed)


def put_others_aside(name: str) -> None:
    """Let no other index of its table compete: which one wins depends on what earlier tests left."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(
            """
            SELECT other.indrelid::regclass::text, other.indexrelid::regclass::text, c.conname
            FROM pg_index own JOIN pg_index other USING (indrelid)
            LEFT JOIN pg_constraint c ON c.conindid = other.indexrelid AND c.contype IN ('p', 'u')
            WHERE own.indexrelid = %s::regclass AND other.indexrelid <> own.indexrelid
            """,
            [name],
        )
        for table, index, constraint in cursor.fetchall():
            if constraint is None:
                cursor.execute(f"DROP INDEX {index}")
            else:
                # The primary key too: on a table that was analyzed while it was empty, walking it costs as little.
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint} CASCADE")


def plan(rows: QuerySet[Any, Any]) -> str:
    """The plan of a query that reads whole tables only if it must."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    return str(rows.explain())


@pytest.mark.parametrize("name", USES)
def test_a_query_uses(name: str) -> None:
    put_others_aside(name)
    assert f" {name} " in plan(USES[name]())


@pytest.mark.parametrize("name", FOUND)
def test_no_whole_table_is_read_for(name: str) -> None:
    assert "Seq Scan" not in plan(FOUND[name]())


def test_no_index_is_there_without_a_query() -> None:
    named = {index.name for model in GROWING for index in model._meta.indexes}
    assert named == set(USES)


def test_no_foreign_key_has_an_index_without_a_query() -> None:
    models = [*GROWING, *(model.history.model for model in (Action, Stage))]
    indexed = {f"{model.__name__}.{field.name}" for model in models for field in model._meta.fields if field.db_index}
    keys = {f"{model.__name__}.{field.name}" for model in models for field in model._meta.fields if field.unique}
    assert indexed - keys == {
        *("Text.action", "PolicyEvaluation.action", "Decision.action", "Attempt.execution", "Stage.desk"),
        *("HistoricalAction.id", "HistoricalStage.id"),
    }
