"""Response shapes for the OpenAPI document; a test compares them with real responses."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, inline_serializer
from rest_framework import serializers as s

from approvals.api.serializers.fields import Digest, JSONValue, Path, Words
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

    type = Words()
    title = Words()
    status = s.IntegerField()
    code = s.CharField(max_length=40)
    detail = Words()
    request_id = s.CharField(max_length=128, required=False)
    faults = Fault


class StageOut(Shape):
    """One stage of the approval plan."""

    name = s.CharField(max_length=80)
    kind = s.ChoiceField(choices=StageKind.choices)
    tier = s.ChoiceField(choices=TIERS, allow_null=True)
    assignee = Words()
    note = s.CharField(max_length=200)
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
        {"rule": Words(), "text": Words(), "outcome": s.ChoiceField(choices=OUTCOMES)},
        many=True,
    )
    policy = Words()
    plan = StageOut(many=True)
    requirements = inline_serializer(
        "Requirement",
        {"fact": Words(), "operator": Words(), "value": JSONValue(allow_null=True), "text": Words()},
        many=True,
    )
    do_not_retry = s.BooleanField()


class QuestionOut(Shape):
    """A reviewer's open question. The agent answers it with `answer/`."""

    text = Words()
    by = Words()
    at = s.DateTimeField()


class DecisionOut(Shape):
    """The final decision of the current round."""

    verdict = s.ChoiceField(choices=DecisionType.choices)
    by = Words()
    at = s.DateTimeField()
    final_at = s.DateTimeField(
        allow_null=True, help_text="Until then the person who rejected can undo it. Null if it cannot be undone so."
    )
    rationale = Words()
    reason_code = s.CharField(max_length=40)

    def get_fields(self) -> dict[str, s.Field[Any, Any, Any, Any]]:
        """Add `source`, which serializer fields already use, and `for`, a Python keyword."""
        source = s.ChoiceField(choices=DecisionSource.choices)
        return super().get_fields() | {"source": source, "for": Words(allow_null=True)}


class TargetOut(Shape):
    """What runs the action, and its destination. Approvals must send the digest."""

    connector = s.CharField(max_length=40, allow_null=True)
    summary = Words()
    preview = s.ListField(child=Words())
    digest = Digest()


class ExecutionOut(Shape):
    """How the action is executed. The state is null while the action is open."""

    mode = s.ChoiceField(choices=ExecutionMode.choices)
    state = s.ChoiceField(choices=ExecutionState.choices, allow_null=True)
    waits_for = s.UUIDField(allow_null=True)
    attempts = s.IntegerField()
    result = JSONValue(allow_null=True)
    error = Words(allow_null=True)
    cancel_asked_at = s.DateTimeField(allow_null=True)
    target = TargetOut()
    redeemable_at = s.DateTimeField(
        allow_null=True,
        help_text="When its agent can redeem the approval; null if a connector executes or a parent is awaited.",
    )
    valid_until = s.DateTimeField(allow_null=True, help_text="When the approval expires if nothing was sent by then.")


class ActionOut(Shape):
    """An action."""

    id = s.UUIDField()
    state = s.ChoiceField(choices=ActionState.choices)
    action_type = s.CharField(max_length=80)
    agent = s.CharField(max_length=64)
    client = s.CharField(max_length=64, allow_null=True)
    instruction = Words()
    reasoning = Words()
    confidence = s.FloatField(allow_null=True)
    evidence = s.ListField(child=s.DictField())
    attachments = HeldOut(many=True)
    on_behalf_of = s.CharField(max_length=200)
    subject = s.CharField(max_length=200)
    thread = s.CharField(max_length=200)
    revision = RevisionOut()
    changes = inline_serializer("Change", dict(Change), many=True)
    missing = s.ListField(child=Words())
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

    idempotency_key = s.CharField(max_length=200, allow_null=True)
    status = s.IntegerField()
    is_replay = s.BooleanField()
    action = inline_serializer(
        "BatchAction",
        {"id": s.UUIDField(), "state": s.ChoiceField(choices=ActionState.choices), "self": Path()},
        allow_null=True,
    )
    problem = ProblemOut(allow_null=True)


class BatchOut(Shape):
    """One result per item, in order."""

    results = BatchAnswer(many=True)


class MeOut(Shape):
    """The caller. `scopes` is null for a session, which has all rights of its person."""

    kind = s.ChoiceField(choices=["agent", "person"])
    name = Words()
    title = Words()
    desks = DeskOut(many=True)
    reads_everything = s.BooleanField()
    door = s.ChoiceField(choices=["key", "token", "session"])
    scopes = s.ListField(child=Words(), allow_null=True)
    expires_at = s.DateTimeField(allow_null=True)


class EvaluationOut(Shape):
    """The evaluation that a proposal would get."""

    missing = s.ListField(child=Words())
    flags = inline_serializer("EvaluationFlag", dict(Flag), many=True)
    evaluation = PolicyEvaluationOut()


class ForeseenOut(Shape):
    """The evaluation that a correction would get, with the rules that would refuse it."""

    changes = inline_serializer("ForeseenChange", dict(Change), many=True)
    missing = s.ListField(child=Words())
    flags = inline_serializer("ForeseenFlag", dict(Flag), many=True)
    evaluation = PolicyEvaluationOut()
    blocked_by = inline_serializer("Blocking", {"rule": Words(), "text": Words()}, many=True)
    needs_senior = s.BooleanField()
    needs_rationale = s.BooleanField()


MODIFIED = PolymorphicProxySerializer("ModifiedOut", [ActionOut, ForeseenOut], resource_type_field_name=None)
