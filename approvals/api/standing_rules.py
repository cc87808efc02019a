"""Listing, creating, confirming and stopping standing rules."""

from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.actors import Actor
from approvals.api.auth.permissions import Decides, ReadsAsPerson
from approvals.api.base import openapi, pagination
from approvals.api.base.call import Call
from approvals.api.serializers.fields import Amount, Path, Words, moment
from approvals.api.serializers.parts import Shape
from approvals.api.serializers.requests import EmptyIn, StandingRuleIn, StandingRulesQuery, StopIn
from approvals.errors import Malformed, NotFound
from approvals.models import Person, StandingRule
from approvals.queries.automation import standing_rules as rule_queries
from approvals.services.automation import standing_rules
from approvals.services.automation.limits import Limits
from approvals.states import StandingState, StandingVerdict
from approvals.text import money as amounts


class LimitOut(Shape):
    """An amount with its currency."""

    amount = Amount()
    currency = s.CharField(max_length=3)


class StandingRuleOut(Shape):
    """A standing rule. `action` is the action that it was created from."""

    id = s.UUIDField()
    state = s.ChoiceField(choices=StandingState.choices)
    verdict = s.ChoiceField(choices=StandingVerdict.choices)
    action_type = s.CharField(max_length=80)
    agent = s.CharField(max_length=64)
    client = s.CharField(max_length=64, allow_null=True)
    subject = s.CharField(max_length=200)
    condition = Words()
    max_amount = LimitOut(allow_null=True)
    count_per_day = s.IntegerField(allow_null=True)
    sum_per_day = LimitOut(allow_null=True)
    sample_rate = s.FloatField()
    expires_at = s.DateTimeField()
    reason = s.CharField(max_length=500)
    action = s.UUIDField()
    waives = s.ListField(child=Words())
    made_by = Words()
    made_at = s.DateTimeField()
    confirmed_by = Words(allow_null=True)
    confirmed_at = s.DateTimeField(allow_null=True)
    ended_by = Words(allow_null=True)
    ended_at = s.DateTimeField(allow_null=True)
    end_reason = s.CharField(max_length=500)


class StandingRulePage(Shape):
    """Standing rules, newest first."""

    results = StandingRuleOut(many=True)
    next = Path(allow_null=True)


class StandingRules(Call):
    """``standing_rules/``."""

    allowed: ClassVar = {"GET": ReadsAsPerson, "POST": Decides}

    @openapi.reads(
        "list_standing_rules", "List standing rules, newest first", StandingRulePage, query=StandingRulesQuery
    )
    def get(self, request: Request) -> Response:
        """Returns the standing rules of your desks, including ended ones."""
        query = self.query(StandingRulesQuery)
        names = {"state": "state", "action_type": "action_type__name", "agent": "agent__name"}
        rows = rule_queries.visible_to(_person(self.actor)).order_by("-id")
        rows = rows.filter(**{names[name]: query[name] for name in names if name in query})
        if before := pagination.after_id(query["cursor"]):
            rows = rows.filter(pk__lt=before)
        found = list(rows[: query["limit"] + 1])
        shown = found[: query["limit"]]
        cursor = pagination.encode(shown[-1].pk) if len(found) > len(shown) else None
        told = [_told(rule) for rule in shown]
        return Response(pagination.answer(told, request, cursor))

    @openapi.changes("make_standing_rule", "Create a standing rule from your decision", StandingRuleIn, StandingRuleOut)
    def post(self, request: Request) -> Response:
        """Create a standing rule. It is `proposed` until a second person confirms it, where that is required."""
        body = self.body(StandingRuleIn)
        action_id, reason = body.pop("action"), body.pop("reason")
        made = standing_rules.make(
            actor=self.actor, at=self.moment, action_id=action_id, limits=_limits(body), reason=reason
        )
        return Response(_told(rule_queries.visible_to(_person(self.actor)).get(pk=made.pk)))


class OneStandingRule(Call):
    """``standing_rules/{id}/``."""

    allowed: ClassVar = {"GET": ReadsAsPerson}

    @openapi.reads("read_standing_rule", "Get a standing rule", StandingRuleOut)
    def get(self, request: Request, rule_id: UUID) -> Response:
        """Returns one standing rule of your desks."""
        rule = rule_queries.visible_to(_person(self.actor)).filter(pk=rule_id).first()
        if rule is None:
            raise NotFound()
        return Response(_told(rule))


class Confirm(Call):
    """``standing_rules/{id}/confirm/``."""

    allowed: ClassVar = {"POST": Decides}

    @openapi.changes("confirm_standing_rule", "Confirm a standing rule", EmptyIn, StandingRuleOut)
    def post(self, request: Request, rule_id: UUID) -> Response:
        """Confirm a proposed rule as the second person. Returns the active rule."""
        self.body(EmptyIn)
        return Response(_told(standing_rules.confirm(actor=self.actor, at=self.moment, rule_id=rule_id)))


class Stop(Call):
    """``standing_rules/{id}/stop/``."""

    allowed: ClassVar = {"POST": Decides}

    @openapi.changes("stop_standing_rule", "End a standing rule", StopIn, StandingRuleOut)
    def post(self, request: Request, rule_id: UUID) -> Response:
        """Stop the rule permanently. A reason is required. Returns the rule."""
        body = self.body(StopIn)
        return Response(_told(standing_rules.stop(actor=self.actor, at=self.moment, rule_id=rule_id, **body)))


def _person(actor: Actor) -> Person:
    assert actor.person is not None  # the permission lets nobody else in
    return actor.person


def _limits(body: dict[str, Any]) -> Limits:
    """Return the limits for the service, with amounts in one currency."""
    given = {name: body.pop(name) for name in ("max_amount", "sum_per_day")}
    currencies = {money["currency"] for money in given.values() if money}
    if len(currencies) > 1:
        raise Malformed("Send both amounts in the currency of the action.", field="sum_per_day")
    most, total = (Decimal(money["amount"]) if money else None for money in given.values())
    return Limits(**body, max_amount=most, sum_per_day=total, currency=next(iter(currencies), ""))


def _told(rule: StandingRule) -> dict[str, Any]:
    plain = ("state", "verdict", "subject", "condition", "reason", "end_reason")
    people = ("made_by", "confirmed_by", "ended_by")
    moments = ("expires_at", "made_at", "confirmed_at", "ended_at")
    return {
        "id": str(rule.pk),
        **{name: str(getattr(rule, name)) for name in plain},
        **{name: str(person) if (person := getattr(rule, name)) else None for name in people},
        **{name: moment(getattr(rule, name)) for name in moments},
        "action_type": rule.action_type.name,
        "agent": rule.agent.name,
        "client": rule.client.key if rule.client is not None else None,
        "max_amount": _money(rule.max_amount, rule.currency),
        "count_per_day": rule.count_per_day,
        "sum_per_day": _money(rule.sum_per_day, rule.currency),
        "sample_rate": rule.sample_rate,
        "action": str(rule.decision.action_id),
        "waives": rule.waives,
    }


def _money(amount: Decimal | None, currency: str) -> dict[str, str] | None:
    return None if amount is None else {"amount": amounts.plain(amount), "currency": currency}
