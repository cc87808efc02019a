"""Shapes of lists: their pages, and their lines where these are not whole actions."""

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers as s

from approvals.actors import Door
from approvals.api.serializers.fields import Digest, JSONValue, Path, Words
from approvals.api.serializers.parts import TIERS, Change, Flag, Links, Money, PastRevisionOut, Shape, Warned
from approvals.api.serializers.responses import ActionOut, ExecutionOut
from approvals.states import ActionState, DecisionType


class ActionPage(Shape):
    """Actions, newest first."""

    results = ActionOut(many=True)
    next = Path(allow_null=True)


class RevisionPage(Shape):
    """The versions of an action’s payload, oldest first."""

    results = PastRevisionOut(many=True)
    next = Path(allow_null=True)


class MomentOut(Shape):
    """One event in an action's history."""

    at = s.DateTimeField()
    event = s.CharField(max_length=40)
    who = Words()
    door = Words()
    state = s.ChoiceField(choices=ActionState.choices, allow_null=True)
    reason = Words()
    rationale = Words()
    changes = inline_serializer("MomentChange", dict(Change), many=True)


class TimelineOut(Shape):
    """All events of an action, oldest first, and who authorized it."""

    headline = Words()
    results = MomentOut(many=True)
    next = Path(allow_null=True)


class WaitingOut(Shape):
    """One action in the queue."""

    id = s.UUIDField()
    action_type = s.CharField(max_length=80)
    summary = Words()
    agent = s.CharField(max_length=64)
    desk = s.CharField(max_length=64)
    client = s.CharField(max_length=64, allow_null=True)
    amount = inline_serializer("Money", dict(Money), allow_null=True)
    risk = s.IntegerField()
    tier = s.ChoiceField(choices=TIERS)
    missing = s.ListField(child=Words())
    flags = inline_serializer("WaitingFlag", dict(Flag), many=True)
    warnings = inline_serializer("WaitingWarning", dict(Warned), many=True)
    revision = inline_serializer("SeenRevision", {"number": s.IntegerField(), "digest": Digest()})
    execution = ExecutionOut()
    created_at = s.DateTimeField()
    due_at = s.DateTimeField(allow_null=True)
    links = inline_serializer("WaitingLinks", dict(Links))


class QueuePage(Shape):
    """Pending actions, most urgent first."""

    results = WaitingOut(many=True)
    next = Path(allow_null=True)


class EventOut(Shape):
    """One ledger entry, with its position."""

    position = s.IntegerField()
    id = s.UUIDField()
    event = s.CharField(max_length=40)
    at = s.DateTimeField()
    action = s.UUIDField(allow_null=True)
    to = s.ChoiceField(choices=ActionState.choices, allow_null=True)
    actor = s.CharField(max_length=80)
    door = s.ChoiceField(choices=Door.choices)
    digest = Digest()

    def get_fields(self) -> dict[str, s.Field[Any, Any, Any, Any]]:
        """Add `from` and `data`, which cannot be class attributes here."""
        former = s.ChoiceField(choices=ActionState.choices, allow_null=True)
        return super().get_fields() | {"from": former, "data": s.DictField()}


class EventPage(Shape):
    """Events, and the position to continue from."""

    results = EventOut(many=True)
    next = Path(allow_null=True)
    after = s.IntegerField()
    behind_seconds = s.FloatField(min_value=0, help_text="How long the oldest event has waited for its position.")


class CorrectionOut(Shape):
    """A reviewer's change to one field. The pointer is empty for a rejection."""

    pointer = Words()
    to = JSONValue(allow_null=True)
    reason = Words()
    reason_code = s.CharField(max_length=40)
    verdict = s.ChoiceField(choices=DecisionType.choices)
    action = s.UUIDField()
    action_type = s.CharField(max_length=80)
    at = s.DateTimeField()

    def get_fields(self) -> dict[str, s.Field[Any, Any, Any, Any]]:
        """Add `from`, a Python keyword."""
        return super().get_fields() | {"from": JSONValue(allow_null=True)}


class CorrectionPage(Shape):
    """Corrections, newest first."""

    results = CorrectionOut(many=True)
    next = Path(allow_null=True)
