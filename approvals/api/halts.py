"""Listing, starting and lifting halts."""

from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.api.auth.permissions import Decides, ReadsAsPerson
from approvals.api.base import openapi, pagination
from approvals.api.base.call import Call
from approvals.api.serializers.fields import Path, Words, moment
from approvals.api.serializers.parts import Shape
from approvals.api.serializers.requests import HaltIn, HaltsQuery, LiftIn
from approvals.models import Halt
from approvals.queries.safety import halts as halt_queries
from approvals.services.safety import halts
from approvals.states import HaltScope


class HaltOut(Shape):
    """A halt. Nothing new starts in its scope until it is lifted."""

    id = s.UUIDField()
    scope = s.ChoiceField(choices=HaltScope.choices)
    name = s.CharField(max_length=80)
    reason = s.CharField(max_length=500)
    started_by = Words()
    started_at = s.DateTimeField()
    lifted_by = Words(allow_null=True)
    lifted_at = s.DateTimeField(allow_null=True)
    lift_reason = s.CharField(max_length=500)


class HaltPage(Shape):
    """Halts, newest first."""

    results = HaltOut(many=True)
    next = Path(allow_null=True)


class Halts(Call):
    """``halts/``."""

    allowed: ClassVar = {"GET": ReadsAsPerson, "POST": Decides}

    @openapi.reads("list_halts", "List halts, newest first", HaltPage, query=HaltsQuery)
    def get(self, request: Request) -> Response:
        """Returns the halts of your desks, and those that apply to all desks."""
        query = self.query(HaltsQuery)
        person = self.actor.person
        assert person is not None  # the permission lets nobody else in
        rows = halt_queries.visible_to(person).order_by("-id")
        if "lifted" in query:
            rows = rows.filter(lifted_at__isnull=not query["lifted"])
        if before := pagination.after_id(query["cursor"]):
            rows = rows.filter(pk__lt=before)
        found = list(rows[: query["limit"] + 1])
        shown = found[: query["limit"]]
        cursor = pagination.encode(shown[-1].pk) if len(found) > len(shown) else None
        return Response(pagination.answer([_told(halt) for halt in shown], request, cursor))

    @openapi.changes("start_halt", "Start a halt", HaltIn, HaltOut)
    def post(self, request: Request) -> Response:
        """Halt a desk, action type, agent or connector. The halt takes effect immediately."""
        return Response(_told(halts.start(actor=self.actor, at=self.moment, **self.body(HaltIn))))


class Lift(Call):
    """``halts/{id}/lift/``."""

    allowed: ClassVar = {"POST": Decides}

    @openapi.changes("lift_halt", "Lift a halt", LiftIn, HaltOut)
    def post(self, request: Request, halt_id: UUID) -> Response:
        """Lift the halt. A reason is required. Returns the halt."""
        return Response(_told(halts.lift(actor=self.actor, at=self.moment, halt_id=halt_id, **self.body(LiftIn))))


def _told(halt: Halt) -> dict[str, Any]:
    return {
        "id": str(halt.pk),
        "scope": str(halt.scope),
        "name": halt.name,
        "reason": halt.reason,
        "started_by": str(halt.started_by),
        "started_at": moment(halt.started_at),
        "lifted_by": str(halt.lifted_by) if halt.lifted_by else None,
        "lifted_at": moment(halt.lifted_at),
        "lift_reason": halt.lift_reason,
    }
