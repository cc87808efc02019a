"""Past actions and proposals as cases for those who write policies; nothing is stored. Steps."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from approvals.authority import memberships, visibility
from approvals.models import Action, ActionType, Person
from approvals.models.action_types import BUILT_IN
from approvals.queries.directory import calendars, clients
from approvals.queries.insight import policy_names
from approvals.services.payloads import expectations, revisions
from approvals.services.policy import budgets, evaluate
from policies import db
from policies.engine.document.parse import HOUSE, Document
from policies.engine.inputs.policy_input import PolicyInput
from policies.lab.action_types import TypeInfo
from policies.lab.explain import Case
from policies.lab.findings import Finding
from policies.queries.past_cases import Kind, Past, Proposed

MAX_LISTED = 20
MAX_SAMPLES = 8
_BUILT_IN = Q(action_type__name__in=BUILT_IN, action_type__connector__in=BUILT_IN.values())
_SAID = ("confidence", "on_behalf_of", "agent", "subject", "client")


class Cases:
    """The record of actions, as the source of cases that policies are tried on."""

    def kinds(self, person: Person | None = None) -> Sequence[Kind]:
        """Every active kind of action, by name; with a person, only those of no client and of clients they see."""
        rows = ActionType.objects.filter(is_active=True).order_by("name")
        if person is not None and not visibility.reads_everything(person):
            rows = rows.filter(memberships.of_clients(person))
        return [Kind(*row) for row in rows.values_list("name", "title", "policy")]

    def types(self, policy: str) -> Sequence[TypeInfo]:
        """The active action types that a policy decides on, as those who write it know them."""
        return [policy_names.info(kind) for kind in policy_names.types_of(policy)]

    def vocabulary(self) -> Mapping[str, frozenset[str]]:
        """The names of action types and agents, and the keys of clients."""
        return policy_names.vocabulary()

    def has_clients(self) -> bool:
        """Whether there are clients; without any, nobody reads of them."""
        return clients.are_any()

    def named(self, document: Document) -> Sequence[Finding]:
        """What a document names that does not exist here, or that nobody here could fulfil."""
        kinds = policy_names.types_of(document.name)
        return tuple(dict.fromkeys(policy_names.of_document(document, kinds, policy_names.Roll())))

    def latest(self, person: Person, policy: str) -> Sequence[Past]:
        """The latest actions that this person may see and that a policy is about, newest first."""
        rows = _visible(person).filter(evaluation__isnull=False).order_by("-id")
        # The house's policy judges every kind of action but publications.
        about = rows.exclude(_BUILT_IN) if policy == HOUSE else rows.filter(action_type__policy=policy)
        return [Past(str(row.pk), visibility.summary(row)) for row in about[:MAX_LISTED]]

    def samples(self, person: Person, kind: str) -> Sequence[PolicyInput]:
        """The facts of the latest actions of a kind that this person may see, as they were ruled on."""
        at = db.now()
        rows = _visible(person).filter(action_type__name=kind, evaluation__isnull=False).order_by("-id")
        return [_as_ruled(action, at) for action in rows[:MAX_SAMPLES]]

    def past(self, person: Person, action_id: str, document: Document) -> Case | None:
        """One action that this person may see, by what was counted when it was ruled on."""
        try:
            action = _visible(person).filter(pk=uuid.UUID(action_id.strip())).first()
        except ValueError:
            return None
        if action is None or (document.is_house_wide and action.action_type.is_built_in):
            return None
        return _case(action, document, db.now())

    def proposed(self, body: Mapping[str, Any], document: Document) -> Proposed | None:
        """A proposal as an agent would send it, taken for the only one for days; None for an unknown kind."""
        kind = ActionType.objects.filter(name=str(body.get("action_type", "")), is_active=True).first()
        payload = body.get("payload")
        if kind is None or not isinstance(payload, dict):
            return None
        said = {name: body[name] for name in _SAID if body.get(name)}
        given = {"confidence": None} | said | _given(kind, payload)
        return Proposed(given, expectations.schema_of(kind), _beside(kind, document))


def _visible(person: Person) -> QuerySet[Action]:
    rows = visibility.visible_to_person(person)
    return rows.select_related("action_type", "agent", "client", "desk__calendar", "revision", "evaluation")


def _beside(kind: ActionType, document: Document) -> tuple[Document, ...]:
    return tuple(each for each in evaluate.documents_for(kind) if each.name != document.name)


def _case(action: Action, document: Document, at: datetime) -> Case:
    others = _beside(action.action_type, document)
    counted = budgets.look_back(action, [*others, document], at)
    facts = replace(_facts(action, at), counted=counted)
    return Case(
        facts=facts, label=visibility.summary(action), schema=expectations.schema_of(action.action_type), others=others
    )


def _facts(action: Action, at: datetime) -> PolicyInput:
    return evaluate.facts_of(action, action.action_type, action.agent, action.revision.payload, at)


def _as_ruled(action: Action, at: datetime) -> PolicyInput:
    flags = dict.fromkeys(str(flag["code"]) for flag in action.flags)
    return replace(_facts(action, at), score=action.risk, flags=tuple(flags), counted=budgets.kept(action))


def _given(kind: ActionType, payload: dict[str, Any]) -> dict[str, Any]:
    """What a proposal of this kind says, as a test would be given it."""
    reading = revisions.read(kind, payload)
    worth = evaluate.in_base(reading.amount, reading.currency, calendars.day_at(kind.desk, db.now()))
    said = {
        "action_type": kind.name,
        "payload": payload,
        "amount": None if reading.exact is None else f"{reading.exact:f}",
        "currency": reading.currency,
        "amount_base": None if worth is None else f"{worth:f}",
        "subject": reading.subject,
        "reversibility": kind.reversibility,
        "stakes": kind.stakes,
        "data_classes": list(kind.data_classes),
        "domain": kind.domain or "general",
        "external": kind.has_external_impact,
        "mode": kind.mode,
        "missing": list(reading.missing),
    }
    return {name: value for name, value in said.items() if value not in ("", [])}
