"""The caller's permissions, the action types, and trial evaluations."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Q
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.actors import Actor, Door
from approvals.api.auth.permissions import Knows, Proposes
from approvals.api.base import openapi
from approvals.api.base.call import Call
from approvals.api.serializers import action, responses
from approvals.api.serializers.fields import Path, Payload, Words, moment
from approvals.api.serializers.parts import Shape
from approvals.api.serializers.requests import ProposalIn
from approvals.authority import memberships
from approvals.authority.visibility import reads_everything
from approvals.models import ActionType, Agent, ApiKey, Membership, Person
from approvals.queries.insight import owners, reason_codes
from approvals.queries.insight.owners import Accountability
from approvals.services.intake import propose
from approvals.services.payloads.proposal import Proposal
from approvals.states import Ends, ExecutionMode, Mode, RejectNeeds, Reversibility, Stakes


class AccountabilityOut(Shape):
    """Names of the people responsible for an action type. Null or empty means the desk decides."""

    owner = Words(allow_null=True)
    responsible = Words(allow_null=True)
    overriders = s.ListField(child=Words())
    low_confidence = s.FloatField(allow_null=True)
    told_of_low_confidence = s.ListField(child=Words())
    told_of_edge_cases = Words(allow_null=True)


class ReasonOut(Shape):
    """A reason code, and the decision types it applies to. An empty list means all."""

    code = s.CharField(max_length=40)
    words = Words()
    verdicts = s.ListField(child=s.ChoiceField(choices=[str(verdict) for verdict in reason_codes.VERDICTS]))


class AttachmentLimitsOut(Shape):
    """What can be attached to an action of a type. `media_types` is null if every known type can."""

    max_count = s.IntegerField()
    max_mib = s.IntegerField()
    media_types = s.ListField(child=s.CharField(max_length=64), allow_null=True)


class ActionTypeOut(Shape):
    """An action type, and the JSON Schema of its payload."""

    name = s.CharField(max_length=80)
    title = s.CharField(max_length=120)
    description = Words()
    version = s.IntegerField()
    schema = Payload()
    automation_requires = s.ListField(child=Words())
    desk = s.CharField(max_length=64)
    domain = s.CharField(max_length=40)
    mode = s.ChoiceField(choices=Mode.choices)
    reversibility = s.ChoiceField(choices=Reversibility.choices)
    stakes = s.ChoiceField(choices=Stakes.choices)
    data_classes = s.ListField(child=Words())
    external = s.BooleanField()
    execution = s.ChoiceField(choices=ExecutionMode.choices)
    ends = s.ChoiceField(choices=Ends.choices)
    longest_seconds = s.IntegerField(allow_null=True)
    attachments = AttachmentLimitsOut()
    reject_needs = s.ChoiceField(choices=RejectNeeds.choices)
    reasons = ReasonOut(many=True)
    accountability = AccountabilityOut()


class ActionTypePage(Shape):
    """All action types on one page."""

    results = ActionTypeOut(many=True)
    next = Path(allow_null=True)


class Me(Call):
    """``me/``."""

    allowed: ClassVar = {"GET": Knows}

    @openapi.reads("read_me", "Get the caller and their permissions", responses.MeOut)
    def get(self, request: Request) -> Response:
        """Returns the agent or person that makes the request."""
        key: ApiKey | None = getattr(request._request, "api_key", None)
        body = _agent(self.actor.agent) if self.actor.agent else _person(self.actor.person)
        return Response(body | _credentials(self.actor, key))


class ActionTypes(Call):
    """``action_types/``."""

    allowed: ClassVar = {"GET": Knows}

    @openapi.reads(
        "list_action_types",
        "List action types and their schemas",
        ActionTypePage,
    )
    def get(self, request: Request) -> Response:
        """Returns all active action types. Agents see only the ones their key can propose."""
        rows = ActionType.objects.filter(_proposable(self.actor), is_active=True)
        able = owners.able_by_desk()
        kinds = rows.select_related("desk", *owners.ANSWERING)
        return Response({"results": [_kind(kind, able.get(kind.desk_id, [])) for kind in kinds], "next": None})


class Evaluate(Call):
    """``evaluate/``."""

    allowed: ClassVar = {"POST": Proposes}

    @openapi.changes("evaluate", "Evaluate a proposal without storing it", ProposalIn, responses.EvaluationOut)
    def post(self, request: Request) -> Response:
        """Returns the evaluation that a proposal would get now."""
        proposal = Proposal(idempotency_key="evaluate", **self.body(ProposalIn))
        found = propose.preview(actor=self.actor, at=self.moment, proposal=proposal)
        flags = action.unsaved_flags_of(found.flags, found.action, self.actor)
        evaluation = action.judgement_of(found.evaluation)
        return Response({"missing": list(found.missing), "flags": flags, "evaluation": evaluation})


def _agent(agent: Agent) -> dict[str, Any]:
    return {"kind": "agent", "name": agent.name, "title": agent.title, "desks": [], "reads_everything": False}


def _person(person: Person | None) -> dict[str, Any]:
    assert person is not None  # a caller is either an agent or a person
    members = (
        Membership.objects.filter(person=person).select_related("desk", "client").order_by("desk__slug", "client__key")
    )
    return {
        "kind": "person",
        "name": person.get_username(),
        "title": str(person),
        "desks": [_membership(member) for member in members],
        "reads_everything": reads_everything(person),
    }


def _membership(member: Membership) -> dict[str, Any]:
    return {
        "desk": member.desk.slug,
        "client": member.client.key if member.client is not None else None,
        "covers_clients": member.covers_clients,
        "tier": action.tier_name(member.tier),
        "max_stakes": member.max_stakes,
        "ceilings": _money(member.ceilings),
        "daily_ceilings": _money(member.daily_ceilings),
    }


def _money(amounts: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"amount": amount, "currency": currency} for currency, amount in amounts.items()]


def _credentials(actor: Actor, key: ApiKey | None) -> dict[str, Any]:
    return {
        "door": "session" if key is None else "token" if actor.door is Door.TOKEN else "key",
        "scopes": sorted(actor.scopes) if key else None,
        "expires_at": moment(key.expires_at) if key else None,
    }


def _proposable(actor: Actor) -> Q:
    if actor.agent is None:
        # Of a client that is not theirs, nobody learns even what it does.
        is_told_all = actor.person is not None and reads_everything(actor.person)
        return Q() if is_told_all or actor.person is None else memberships.of_clients(actor.person)
    books = Q(client__isnull=True)
    if actor.agent.client_id is None:
        # It can propose for any client.
        books = Q()
    else:
        books |= Q(client=actor.agent.client_id)
    if actor.agent.mode == Mode.IN_COMMAND:
        return Q(pk__in=[])
    by_agents = books & ~Q(mode=Mode.IN_COMMAND)
    if "propose:*" in actor.scopes:
        return by_agents
    return by_agents & Q(
        name__in=[scope.removeprefix("propose:") for scope in actor.scopes if scope.startswith("propose:")]
    )


def _kind(kind: ActionType, able: list[Membership]) -> dict[str, Any]:
    return {
        "name": kind.name,
        "title": kind.title,
        "description": kind.description,
        "version": kind.version,
        "schema": kind.written_schema,
        "automation_requires": kind.automation_requires,
        "desk": kind.desk.slug,
        "domain": kind.domain,
        "mode": kind.mode,
        "reversibility": kind.reversibility,
        "stakes": kind.stakes,
        "data_classes": kind.data_classes,
        "external": kind.has_external_impact,
        "execution": kind.execution,
        "ends": kind.ends,
        "longest_seconds": kind.longest_seconds,
        "attachments": {
            "max_count": kind.attachment_count,
            "max_mib": kind.attachment_mib,
            "media_types": kind.attachment_types,
        },
        "reasons": [
            {"code": reason.code, "words": reason.words, "verdicts": [str(verdict) for verdict in reason.verdicts]}
            for reason in reason_codes.of_kind(kind)
        ],
        "reject_needs": kind.reject_needs,
        "accountability": _answers(owners.told(kind, able)),
    }


def _answers(found: Accountability) -> dict[str, Any]:
    return {
        "owner": found.owner or None,
        "responsible": found.responsible or None,
        "overriders": list(found.overriders),
        "low_confidence": found.low_confidence,
        "told_of_low_confidence": list(found.told_of_doubt),
        "told_of_edge_cases": found.told_of_edge_cases or None,
    }
