"""What requests hold: bodies and query parameters, each with its limits."""

from collections.abc import Mapping
from typing import Any

from django.core.validators import RegexValidator
from django.http import QueryDict
from rest_framework import serializers

from approvals.api.serializers.fields import (
    IdempotencyKey,
    JSONValue,
    Moment,
    Number,
    Payload,
    States,
    StrictBoolean,
    StrictInteger,
    StrictSerializer,
    Text,
)
from approvals.states import HaltScope, StandingState

MAX_WAIT = 60
MAX_EVIDENCE = 50
MAX_IN_BATCH = 1_000
MAX_ON_PAGE = 200
MAX_EVENTS = 1_000


class EvidenceIn(StrictSerializer):
    """One piece of evidence: a label with a value or a url."""

    value = JSONValue(required=False)
    url = Text(required=False, max_length=2_000)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``label``, which the class of every field has a use for."""
        return super().get_fields() | {"label": Text(max_length=200)}

    def validate_url(self, url: str) -> str:
        """Only web addresses; they are shown as plain text all the same."""
        if not url.startswith(("https://", "http://")):
            raise serializers.ValidationError("Send an address that begins with https:// or http://.")
        return url

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Exactly one of value and url."""
        if ("value" in attrs) == ("url" in attrs):
            raise serializers.ValidationError("Send either value or url.")
        return dict(attrs)


class ProposalIn(StrictSerializer):
    """What an agent wants to do, and why."""

    action_type = Text(max_length=80)
    payload = Payload()
    instruction = Text(default="", allow_blank=True, max_length=20_000)
    reasoning = Text(default="", allow_blank=True, max_length=50_000)
    confidence = Number(default=None, allow_null=True, min_value=0, max_value=1)
    evidence = serializers.ListField(child=EvidenceIn(), default=list, max_length=MAX_EVIDENCE)
    on_behalf_of = Text(default="", allow_blank=True, max_length=200)
    subject = Text(default=None, allow_null=True, allow_blank=True, max_length=200)
    thread = Text(default="", allow_blank=True, max_length=200)
    expires_at = Moment(default=None, allow_null=True)


class BatchItemIn(ProposalIn):
    """One proposal of a batch, with its own key."""

    idempotency_key = IdempotencyKey()


class BatchIn(StrictSerializer):
    """Up to 1,000 proposals; each is judged alone, so their form is asked one by one."""

    proposals = serializers.ListField(child=JSONValue(), min_length=1, max_length=MAX_IN_BATCH)


class ReasonIn(StrictSerializer):
    """Why an action is taken back."""

    reason = Text(max_length=500)


class OverrideIn(StrictSerializer):
    """Why it should run although policy blocks it."""

    reason = Text(max_length=5_000)


class UndoIn(StrictSerializer):
    """Why a granted action is called back."""

    rationale = Text(default="", allow_blank=True, max_length=5_000)


class DecisionIn(StrictSerializer):
    """What the reviewer saw, and why it is decided so."""

    revision = StrictInteger(min_value=1, max_value=32_767)
    digest = Text(min_length=64, max_length=64)
    target_digest = Text(source="target", min_length=64, max_length=64, required=False)
    rationale = Text(default="", allow_blank=True, max_length=5_000)
    reason_code = Text(default="", allow_blank=True, max_length=40)


class ApprovalIn(DecisionIn):
    """The same; what lets an action run also names how it is carried out, as it was seen."""

    target_digest = Text(source="target", min_length=64, max_length=64)


class ModificationIn(ApprovalIn):
    """The corrected payload, whole."""

    payload = Payload()


class ClaimIn(StrictSerializer):
    """Whether to take it over from somebody who has it in hand."""

    force = StrictBoolean(default=False)


class HandOverIn(StrictSerializer):
    """Into whose hands, by user name, and why."""

    to = Text(max_length=150)
    reason = Text(max_length=5_000)


class QuestionIn(StrictSerializer):
    """What the reviewer needs to know."""

    text = Text(max_length=5_000)


class AnswerIn(QuestionIn):
    """What the agent answers, what shows it, and the corrected payload, whole, where that is the answer."""

    payload = Payload(required=False)
    evidence = serializers.ListField(child=EvidenceIn(), default=list, max_length=MAX_EVIDENCE)


class EmptyIn(StrictSerializer):
    """Nothing."""


class OutcomeIn(StrictSerializer):
    """What became of an action that the agent carried out itself."""

    succeeded = StrictBoolean()
    result = JSONValue(default=None, allow_null=True)
    error = Text(default="", allow_blank=True, max_length=5_000)


class ResolutionIn(StrictSerializer):
    """What a person found out about an uncertain execution."""

    resolution = serializers.ChoiceField(["happened", "did_not_happen", "compensate"])
    rationale = Text(max_length=5_000)


class HaltIn(StrictSerializer):
    """What to halt: ``name`` is a desk's slug, an action type's, an agent's or a connector's name."""

    scope = serializers.ChoiceField(HaltScope.choices)
    name = Text(default="", allow_blank=True, max_length=80)
    reason = Text(default="", allow_blank=True, max_length=500)


class LiftIn(StrictSerializer):
    """Why it may go on."""

    reason = Text(max_length=500)


class MoneyIn(StrictSerializer):
    """An amount as decimal text, and its currency."""

    amount = Text(max_length=16, validators=[RegexValidator(r"\A[0-9]{1,13}(\.[0-9]{1,2})?\Z", "Send decimal text.")])
    currency = Text(max_length=3, validators=[RegexValidator(r"\A[A-Z]{3}\Z", "Send a code such as EUR.")])


class StandingRuleIn(StrictSerializer):
    """From which decision of one's own, and within which limits; a denial has no amounts and no count."""

    action = serializers.UUIDField()
    reason = Text(max_length=500)
    expires_at = Moment()
    subject = Text(default="", allow_blank=True, max_length=200)
    condition = Text(default="", allow_blank=True, max_length=2_000)
    max_amount = MoneyIn(default=None, allow_null=True)
    count_per_day = StrictInteger(default=None, allow_null=True, min_value=1, max_value=10_000)
    sum_per_day = MoneyIn(default=None, allow_null=True)
    sample_rate = Number(default=0.05, min_value=0, max_value=1)


class StopIn(StrictSerializer):
    """Why it ends."""

    reason = Text(max_length=500)


class WaitQuery(StrictSerializer):
    """How long to wait, and for what."""

    wait = serializers.IntegerField(default=0, min_value=0, max_value=MAX_WAIT)
    until = serializers.ChoiceField(["routed", "decided", "final"], default="decided")


class PageQuery(StrictSerializer):
    """Where to go on, and how much to give."""

    cursor = Text(default="", max_length=200)
    limit = serializers.IntegerField(default=50, min_value=1, max_value=MAX_ON_PAGE)


class ActionsQuery(PageQuery):
    """Which actions to list."""

    state = States(required=False)
    action_type = Text(required=False, max_length=80)
    agent = Text(required=False, max_length=64)
    desk = Text(required=False, max_length=64)
    subject = Text(required=False, max_length=200)
    thread = Text(required=False, max_length=200)
    created_after = Moment(required=False)
    created_before = Moment(required=False)


class QueueQuery(PageQuery):
    """Which waiting actions to list."""

    action_type = Text(required=False, max_length=80)
    agent = Text(required=False, max_length=64)
    desk = Text(required=False, max_length=64)


class HaltsQuery(PageQuery):
    """Which halts to list; without ``lifted``, all."""

    lifted = serializers.BooleanField(required=False)


class StandingRulesQuery(PageQuery):
    """Which standing rules to list."""

    state = serializers.ChoiceField(StandingState.choices, required=False)
    action_type = Text(required=False, max_length=80)
    agent = Text(required=False, max_length=64)


class EventsQuery(StrictSerializer):
    """From which position on to read events, and how long to wait for one."""

    after = serializers.IntegerField(default=0, min_value=0, max_value=2**53 - 1)
    wait = serializers.IntegerField(default=0, min_value=0, max_value=MAX_WAIT)
    limit = serializers.IntegerField(default=100, min_value=1, max_value=MAX_EVENTS)


def read_body(shape: type[StrictSerializer], data: Any) -> dict[str, Any]:
    """The validated fields of a request's body.

    :raises ValidationError: it does not have the shape.
    """
    serializer = shape(data=data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def read_query(shape: type[StrictSerializer], query: QueryDict) -> dict[str, Any]:
    """The validated query parameters; ``state`` may be repeated.

    :raises ValidationError: one is unknown, repeated or out of range.
    """
    values: Mapping[str, list[str]] = dict(query.lists())
    twice = [name for name, given in values.items() if len(given) > 1 and name != "state"]
    if twice:
        raise serializers.ValidationError({name: ["Send it once."] for name in twice})
    return read_body(shape, {name: ",".join(given) for name, given in values.items()})
