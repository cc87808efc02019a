"""Shapes of lists: their pages, and their lines where these are not whole actions."""

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers as s

from approvals.actors import Door
from approvals.api.serializers.fields import JSONValue
from approvals.api.serializers.parts import TIERS, Change, Flag, Links, Money, PastRevisionOut, Shape, Warned
from approvals.api.serializers.responses import ActionOut, ExecutionOut
from approvals.states import ActionState, DecisionType


class ActionPage(Shape):
    """Actions, newest first."""

    results = ActionOut(many=True)
    next = s.URLField(allow_null=True)


class RevisionPage(Shape):
    """The versions of an action’s payload, oldest first."""

    results = PastRevisionOut(many=True)
    next = s.URLField(allow_null=True)


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


class QueuePage(Shape):
    """Pending actions, most urgent first."""

    results = WaitingOut(many=True)
    next = s.URLField(allow_null=True)


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


class CorrectionPage(Shape):
    """Corrections, newest first."""

    results = CorrectionOut(many=True)
    next = s.URLField(allow_null=True)
