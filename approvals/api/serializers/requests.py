"""Request bodies and query parameters, with their limits."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.core.validators import RegexValidator
from django.http import QueryDict
from rest_framework import serializers

from approvals.api.serializers.evidence import EvidenceIn, PointingIn
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
MAX_ATTACHMENTS = 20
MAX_IN_BATCH = 1_000
MAX_ON_PAGE = 200
MAX_EVENTS = 1_000
MAX_REVISIONS = 50
OUTCOMES: Mapping[str, bool | None] = {"succeeded": True, "failed": False, "unknown": None}


class ProposalIn(StrictSerializer):
    """An action proposed by an agent."""

    action_type = Text(max_length=80)
    payload = Payload()
    instruction = Text(default="", allow_blank=True, max_length=20_000)
    reasoning = Text(default="", allow_blank=True, max_length=50_000)
    confidence = Number(default=None, allow_null=True, min_value=0, max_value=1)
    evidence = serializers.ListField(child=PointingIn(), default=list, max_length=MAX_EVIDENCE)
    attachments = serializers.ListField(child=serializers.UUIDField(), default=list, max_length=MAX_ATTACHMENTS)
    on_behalf_of = Text(default="", allow_blank=True, max_length=200)
    subject = Text(default=None, allow_null=True, allow_blank=True, max_length=200)
    thread = Text(default="", allow_blank=True, max_length=200)
    expires_at = Moment(default=None, allow_null=True)
    until = Moment(default=None, allow_null=True)
    parent = serializers.UUIDField(default=None, allow_null=True)  # type: ignore[assignment]
    client = Text(default="", allow_blank=True, max_length=64)


class FileIn(StrictSerializer):
    """One file."""

    file = serializers.FileField()


class FormIn(StrictSerializer):
    """A proposal as JSON in the part `action`, and files in other parts.

    Evidence can name a part in `attachment`.
    """

    action = ProposalIn()


class BatchItemIn(ProposalIn):
    """One proposal of a batch, with its own idempotency key."""

    idempotency_key = IdempotencyKey()


class _EachAlone(serializers.ListField):
    """Items that are validated one by one later, so that a faulty one is refused alone."""

    def run_child_validation(self, data: list[Any]) -> list[Any]:
        """Return the items unchanged."""
        return data


class BatchIn(StrictSerializer):
    """Up to 1,000 proposals. Each one is validated on its own."""

    proposals = _EachAlone(child=BatchItemIn(), min_length=1, max_length=MAX_IN_BATCH)


class ReasonIn(StrictSerializer):
    """Why the agent withdraws the action."""

    reason = Text(max_length=500)


class OverrideIn(StrictSerializer):
    """Why the action should run although policy blocks it."""

    reason = Text(max_length=5_000)


class UndoIn(StrictSerializer):
    """Why the approval is undone."""

    rationale = Text(default="", allow_blank=True, max_length=5_000)


class EndIn(StrictSerializer):
    """Why the effect ends early."""

    rationale = Text(default="", allow_blank=True, max_length=5_000)


class CancelIn(StrictSerializer):
    """Why the action should be canceled."""

    rationale = Text(default="", allow_blank=True, max_length=5_000)


class DecisionIn(StrictSerializer):
    """The revision that the reviewer saw, and the reason for the decision."""

    revision = StrictInteger(min_value=1, max_value=32_767)
    digest = Text(min_length=64, max_length=64)
    target_digest = Text(source="target", min_length=64, max_length=64, required=False)
    rationale = Text(default="", allow_blank=True, max_length=5_000)
    reason_code = Text(default="", allow_blank=True, max_length=40)


class ApprovalIn(DecisionIn):
    """A decision that also names the execution target that the reviewer saw."""

    target_digest = Text(source="target", min_length=64, max_length=64)


class ModificationIn(ApprovalIn):
    """The complete corrected payload, and the reason for the change. With `preview`, nothing changes.

    `until` changes when the effect ends. Leave it out to keep the end.
    """

    payload = Payload()
    until = Moment(default=None, allow_null=True)
    preview = StrictBoolean(default=False)


class ClaimIn(StrictSerializer):
    """Whether to take over another person's claim."""

    force = StrictBoolean(default=False)


class HandOverIn(StrictSerializer):
    """The colleague's username, and the reason for the handover."""

    to = Text(max_length=150)
    reason = Text(max_length=5_000)


class QuestionIn(StrictSerializer):
    """A question to the agent."""

    text = Text(max_length=5_000)


class AnswerIn(QuestionIn):
    """The agent's answer, with optional evidence and a complete corrected payload."""

    payload = Payload(required=False)
    evidence = serializers.ListField(child=EvidenceIn(), default=list, max_length=MAX_EVIDENCE)


class EmptyIn(StrictSerializer):
    """An empty body."""


class OutcomeIn(StrictSerializer):
    """The result of an action that the agent ran. Send `unknown` if the agent cannot know what happened."""

    outcome = serializers.ChoiceField(list(OUTCOMES))
    result = JSONValue(default=None, allow_null=True)
    error = Text(default="", allow_blank=True, max_length=5_000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Read the outcome as the service does: None is unknown, and has no result."""
        succeeded = OUTCOMES[attrs.pop("outcome")]
        if succeeded is None and attrs["result"] is not None:
            raise serializers.ValidationError({"result": ["An unknown outcome has no result. Remove it."]})
        return {**attrs, "succeeded": succeeded}


class ResolutionIn(StrictSerializer):
    """How an uncertain execution ended, and the evidence."""

    resolution = serializers.ChoiceField(["happened", "did_not_happen", "compensate"])
    rationale = Text(max_length=5_000)


class HaltIn(StrictSerializer):
    """What to halt. `name` is the desk's slug, or the name of the action type, agent or connector."""

    scope = serializers.ChoiceField(HaltScope.choices)
    name = Text(default="", allow_blank=True, max_length=80)
    reason = Text(default="", allow_blank=True, max_length=500)


class LiftIn(StrictSerializer):
    """Why the halt is lifted."""

    reason = Text(max_length=500)


class MoneyIn(StrictSerializer):
    """An amount as decimal text, and its currency code."""

    amount = Text(
        max_length=16,
        validators=[
            RegexValidator(r"\A[0-9]{1,13}(\.[0-9]{1,4})?\Z", 'Send the amount as decimal text, for example "12.50".')
        ],
    )
    currency = Text(
        max_length=3, validators=[RegexValidator(r"\A[A-Z]{3}\Z", "Send a currency code, for example EUR.")]
    )


class StandingRuleIn(StrictSerializer):
    """Your decided action, and the rule's limits. A denial has no amounts and no count."""

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
    """Why the rule is stopped."""

    reason = Text(max_length=500)


class WaitQuery(StrictSerializer):
    """How long to wait, and for which state."""

    wait = serializers.IntegerField(default=0, min_value=0, max_value=MAX_WAIT)
    until = serializers.ChoiceField(["routed", "decided", "redeemable", "final"], default="decided")


class PageQuery(StrictSerializer):
    """The cursor and the page size."""

    cursor = Text(default="", allow_blank=True, max_length=200, help_text="From `next` of the previous page.")
    limit = serializers.IntegerField(default=50, min_value=1, max_value=MAX_ON_PAGE)


class RevisionsQuery(PageQuery):
    """The cursor and the page size; payloads can be large."""

    limit = serializers.IntegerField(default=20, min_value=1, max_value=MAX_REVISIONS)


class ActionsQuery(PageQuery):
    """Filters for actions."""

    state = States(required=False)
    action_type = Text(required=False, max_length=80)
    agent = Text(required=False, max_length=64)
    desk = Text(required=False, max_length=64)
    subject = Text(required=False, max_length=200)
    thread = Text(required=False, max_length=200)
    parent = serializers.UUIDField(required=False)  # type: ignore[assignment]
    client = Text(required=False, max_length=64)
    live = serializers.BooleanField(required=False)
    created_after = Moment(required=False)
    created_before = Moment(required=False)


class QueueQuery(PageQuery):
    """Filters for the queue."""

    action_type = Text(required=False, max_length=80)
    agent = Text(required=False, max_length=64)
    desk = Text(required=False, max_length=64)
    client = Text(required=False, max_length=64)


class HaltsQuery(PageQuery):
    """Filters for halts; all halts if `lifted` is omitted."""

    lifted = serializers.BooleanField(required=False)


class StandingRulesQuery(PageQuery):
    """Filters for standing rules."""

    state = serializers.ChoiceField(StandingState.choices, required=False)
    action_type = Text(required=False, max_length=80)
    agent = Text(required=False, max_length=64)


class EventsQuery(StrictSerializer):
    """The position to continue from, and how long to wait for new events."""

    after = serializers.IntegerField(default=0, min_value=0, max_value=2**53 - 1)
    wait = serializers.IntegerField(default=0, min_value=0, max_value=MAX_WAIT)
    limit = serializers.IntegerField(default=100, min_value=1, max_value=MAX_EVENTS)


def read_body(shape: type[StrictSerializer], data: Any) -> dict[str, Any]:
    """Return the validated fields of a request body.

    :raises ValidationError: the body is not valid.
    """
    try:
        return dict(_reader(shape).run_validation(data))
    except serializers.ValidationError:
        # The framework's own way says what is wrong; for what is right it would copy each field again.
        serializer = shape(data=data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


@lru_cache
def _reader(shape: type[StrictSerializer]) -> StrictSerializer:
    """A shape that reads any number of bodies; it keeps nothing of them."""
    return shape()


def read_query(shape: type[StrictSerializer], query: QueryDict) -> dict[str, Any]:
    """Return the validated query parameters; `state` may be repeated.

    :raises ValidationError: a parameter is unknown, repeated or out of range.
    """
    values: Mapping[str, list[str]] = dict(query.lists())
    twice = [name for name, given in values.items() if len(given) > 1 and name != "state"]
    if twice:
        raise serializers.ValidationError({name: ["This parameter may appear only once."] for name in twice})
    return read_body(shape, {name: ",".join(given) for name, given in values.items()})
