"""Response shapes for the OpenAPI document; a test compares them with real responses."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, inline_serializer
from rest_framework import serializers as s

from approvals.actors import Door
from approvals.api.serializers.fields import JSONValue
from approvals.api.serializers.parts import (
    OUTCOMES,
    TIERS,
    Change,
    DeskOut,
    DuplicateOut,
    EndOut,
    Fault,
    Flag,
    HeldOut,
    Links,
    Money,
    RevisionOut,
    Shape,
    Warned,
)
from approvals.states import (
    ActionState,
    DecisionSource,
    DecisionType,
    ExecutionMode,
    ExecutionState,
    StageKind,
    StageState,
)


class ProblemOut(Shape):
    """A problem document (RFC 9457). It may have more members with details."""

    type = s.CharField()
    title = s.CharField()
    status = s.IntegerField()
    code = s.CharField()
    detail = s.CharField()
    request_id = s.CharField(required=False)
    faults = Fault


class StageOut(Shape):
    """One stage of the approval plan."""

    name = s.CharField()
    kind = s.ChoiceField(choices=StageKind.choices)
    tier = s.ChoiceField(choices=TIERS, allow_null=True)
    assignee = s.CharField()
    note = s.CharField()
    quorum = s.IntegerField()
    approvals = s.IntegerField()
    due_at = s.DateTimeField(allow_null=True)
    reminded_at = s.DateTimeField(allow_null=True)
    is_escalated = s.BooleanField()
    state = s.ChoiceField(choices=StageState.choices)


class PolicyEvaluationOut(Shape):
    """The policy evaluation, and the requirements for running automatically."""

    outcome = s.ChoiceField(choices=OUTCOMES)
    tier = s.ChoiceField(choices=TIERS, allow_null=True)
    score = s.IntegerField()
    reasons = inline_serializer(
        "Reason",
        {"rule": s.CharField(), "text": s.CharField(), "outcome": s.ChoiceField(choices=OUTCOMES)},
        many=True,
    )
    policy = s.CharField()
    plan = StageOut(many=True)
    requirements = inline_serializer(
        "Requirement",
        {"fact": s.CharField(), "operator": s.CharField(), "value": JSONValue(allow_null=True), "text": s.CharField()},
        many=True,
    )
    do_not_retry = s.BooleanField()


class QuestionOut(Shape):
    """A reviewer's open question. The agent answers it with `answer/`."""

    text = s.CharField()
    by = s.CharField()
    at = s.DateTimeField()


class DecisionOut(Shape):
    """The final decision of the current round."""

    verdict = s.ChoiceField(choices=DecisionType.choices)
    by = s.CharField()
    at = s.DateTimeField()
    final_at = s.DateTimeField(
        allow_null=True, help_text="Until then the person who rejected can undo it. Null if it cannot be undone so."
    )
    rationale = s.CharField()
    reason_code = s.CharField()

    def get_fields(self) -> dict[str, s.Field[Any, Any, Any, Any]]:
        """Add `source`, which serializer fields already use, and `for`, a Python keyword."""
        source = s.ChoiceField(choices=DecisionSource.choices)
        return super().get_fields() | {"source": source, "for": s.CharField(allow_null=True)}


class TargetOut(Shape):
    """What runs the action, and its destination. Approvals must send the digest."""

    connector = s.CharField(allow_null=True)
    summary = s.CharField()
    preview = s.ListField(child=s.CharField())
    digest = s.CharField()


class ExecutionOut(Shape):
    """How the action is executed. The state is null while the action is open."""

    mode = s.ChoiceField(choices=ExecutionMode.choices)
    state = s.ChoiceField(choices=ExecutionState.choices, allow_null=True)
    waits_for = s.UUIDField(allow_null=True)
    attempts = s.IntegerField()
    result = JSONValue(allow_null=True)
    error = s.CharField(allow_null=True)
    cancel_asked_at = s.DateTimeField(allow_null=True)
    target = TargetOut()
    redeemable_at = s.DateTimeField(
        allow_null=True, help_text="When its agent can redeem the approval. Null if a connector executes."
    )
    valid_until = s.DateTimeField(allow_null=True, help_text="When the approval expires if nothing was sent by then.")


class ActionOut(Shape):
    """An action."""

    id = s.UUIDField()
    state = s.ChoiceField(choices=ActionState.choices)
    action_type = s.CharField()
    agent = s.CharField()
    client = s.CharField(allow_null=True)
    instruction = s.CharField()
    reasoning = s.CharField()
    confidence = s.FloatField(allow_null=True)
    evidence = s.ListField(child=s.DictField())
    attachments = HeldOut(many=True)
    on_behalf_of = s.CharField()
    subject = s.CharField()
    thread = s.CharField()
    revision = RevisionOut()
    changes = inline_serializer("Change", dict(Change), many=True)
    missing = s.ListField(child=s.CharField())
    flags = inline_serializer("Flag", dict(Flag), many=True)
    duplicates = DuplicateOut(many=True)
    warnings = inline_serializer("Warning", dict(Warned), many=True)
    evaluation = PolicyEvaluationOut(allow_null=True)
    question = QuestionOut(allow_null=True)
    decision = DecisionOut(allow_null=True)
    execution = ExecutionOut(allow_null=True)
    until = s.DateTimeField(allow_null=True)
    is_live = s.BooleanField()
    end = EndOut(allow_null=True)
    created_at = s.DateTimeField()
    decided_at = s.DateTimeField(allow_null=True)
    executed_at = s.DateTimeField(allow_null=True)
    expires_at = s.DateTimeField(allow_null=True)
    reopens = s.UUIDField(allow_null=True)
    reopened_as = s.UUIDField(allow_null=True)
    reverses = s.UUIDField(allow_null=True)
    reversed_by = s.UUIDField(allow_null=True)
    parent = s.UUIDField(allow_null=True)  # type: ignore[assignment]
    links = inline_serializer("Links", dict(Links))


class BatchAnswer(Shape):
    """The result of one batch item. `status` is the HTTP status of an equivalent single call."""

    idempotency_key = s.CharField(allow_null=True)
    status = s.IntegerField()
    is_replay = s.BooleanField()
    action = inline_serializer(
        "BatchAction",
        {"id": s.UUIDField(), "state": s.ChoiceField(choices=ActionState.choices), "self": s.URLField()},
        allow_null=True,
    )
    problem = ProblemOut(allow_null=True)


class BatchOut(Shape):
    """One result per item, in order."""

    results = BatchAnswer(many=True)


class MomentOut(Shape):
    """One event in an action's history."""

    at = s.DateTimeField()
    event = s.CharField()
    who = s.CharField()
    door = s.CharField()
    state = s.ChoiceField(choices=ActionState.choices, allow_null=True)
    reason = s.CharField()
    rationale = s.CharField()
    changes = inline_serializer("MomentChange", dict(Change), many=True)


class TimelineOut(Shape):
    """All events of an action, oldest first, and who authorized it."""

    headline = s.CharField()
    results = MomentOut(many=True)
    next = s.URLField(allow_null=True)


class WaitingOut(Shape):
    """One action in the queue."""

    id = s.UUIDField()
    action_type = s.CharField()
    summary = s.CharField()
    agent = s.CharField()
    desk = s.CharField()
    client = s.CharField(allow_null=True)
    amount = inline_serializer("Money", dict(Money), allow_null=True)
    risk = s.IntegerField()
    tier = s.ChoiceField(choices=TIERS)
    missing = s.ListField(child=s.CharField())
    flags = inline_serializer("WaitingFlag", dict(Flag), many=True)
    warnings = inline_serializer("WaitingWarning", dict(Warned), many=True)
    revision = inline_serializer("SeenRevision", {"number": s.IntegerField(), "digest": s.CharField()})
    execution = ExecutionOut()
    created_at = s.DateTimeField()
    due_at = s.DateTimeField(allow_null=True)
    links = inline_serializer("WaitingLinks", dict(Links))


class EventOut(Shape):
    """One ledger entry, with its position."""

    position = s.IntegerField()
    id = s.UUIDField()
    event = s.CharField()
    at = s.DateTimeField()
    action = s.UUIDField(allow_null=True)
    to = s.ChoiceField(choices=ActionState.choices, allow_null=True)
    actor = s.CharField()
    door = s.ChoiceField(choices=Door.choices)
    digest = s.CharField()

    def get_fields(self) -> dict[str, s.Field[Any, Any, Any, Any]]:
        """Add `from` and `data`, which cannot be class attributes here."""
        former = s.ChoiceField(choices=ActionState.choices, allow_null=True)
        return super().get_fields() | {"from": former, "data": s.DictField()}


class EventPage(Shape):
    """Events, and the position to continue from."""

    results = EventOut(many=True)
    next = s.URLField(allow_null=True)
    after = s.IntegerField()


class CorrectionOut(Shape):
    """A reviewer's change to one field. The pointer is empty for a rejection."""

    pointer = s.CharField()
    to = JSONValue(allow_null=True)
    reason = s.CharField()
    reason_code = s.CharField()
    verdict = s.ChoiceField(choices=DecisionType.choices)
    action = s.UUIDField()
    action_type = s.CharField()
    at = s.DateTimeField()

    def get_fields(self) -> dict[str, s.Field[Any, Any, Any, Any]]:
        """Add `from`, a Python keyword."""
        return super().get_fields() | {"from": JSONValue(allow_null=True)}


class MeOut(Shape):
    """The caller. `scopes` is null for a session, which has all rights of its person."""

    kind = s.ChoiceField(choices=["agent", "person"])
    name = s.CharField()
    title = s.CharField()
    desks = DeskOut(many=True)
    reads_everything = s.BooleanField()
    door = s.ChoiceField(choices=["key", "token", "session"])
    scopes = s.ListField(child=s.CharField(), allow_null=True)
    expires_at = s.DateTimeField(allow_null=True)


class EvaluationOut(Shape):
    """The evaluation that a proposal would get."""

    missing = s.ListField(child=s.CharField())
    flags = inline_serializer("EvaluationFlag", dict(Flag), many=True)
    evaluation = PolicyEvaluationOut()


class ForeseenOut(Shape):
    """The evaluation that a correction would get, with the rules that would refuse it."""

    changes = inline_serializer("ForeseenChange", dict(Change), many=True)
    missing = s.ListField(child=s.CharField())
    flags = inline_serializer("ForeseenFlag", dict(Flag), many=True)
    evaluation = PolicyEvaluationOut()
    blocked_by = inline_serializer("Blocking", {"rule": s.CharField(), "text": s.CharField()}, many=True)
    needs_senior = s.BooleanField()
    needs_rationale = s.BooleanField()


MODIFIED = PolymorphicProxySerializer("ModifiedOut", [ActionOut, ForeseenOut], resource_type_field_name=None)


class ActionPage(Shape):
    """Actions, newest first."""

    results = ActionOut(many=True)
    next = s.URLField(allow_null=True)


class QueuePage(Shape):
    """Pending actions, most urgent first."""

    results = WaitingOut(many=True)
    next = s.URLField(allow_null=True)


class CorrectionPage(Shape):
    """Corrections, newest first."""

    results = CorrectionOut(many=True)
    next = s.URLField(allow_null=True)
