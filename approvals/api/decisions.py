"""Deciding, by people: each call is one service call, and the answer is the action as it then stands."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from approvals import models
from approvals.api.auth.permissions import Decides
from approvals.api.base import openapi
from approvals.api.base.call import Call
from approvals.api.record import tell
from approvals.api.serializers import responses
from approvals.api.serializers.fields import StrictSerializer, moment
from approvals.api.serializers.requests import (
    ApprovalIn,
    ClaimIn,
    DecisionIn,
    EmptyIn,
    HandOverIn,
    ModificationIn,
    OverrideIn,
    QuestionIn,
    ResolutionIn,
    UndoIn,
)
from approvals.api.serializers.responses import Shape
from approvals.authority import visibility
from approvals.services.decisions import claims, handover, notes
from approvals.services.decisions import decide as decisions
from approvals.services.execution import resolve
from approvals.services.intake import override


class _Verdict(Call):
    """One verdict on one action."""

    allowed: ClassVar = {"POST": Decides}

    def decide(self, service: Callable[..., Any], shape: type[StrictSerializer], action_id: UUID) -> Response:
        """Make the service call and tell the action."""
        service(actor=self.actor, at=timezone.now(), action_id=action_id, **self.body(shape))
        return Response(tell(self, visibility.get_visible(self.actor, action_id)))


class Approve(_Verdict):
    """``actions/{id}/approve/``."""

    @openapi.changes("approve", "Let an action run exactly as seen", ApprovalIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """The approved action."""
        return self.decide(decisions.approve, ApprovalIn, action_id)


class Reject(_Verdict):
    """``actions/{id}/reject/``."""

    @openapi.changes("reject", "Refuse an action for good", DecisionIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """The rejected action."""
        return self.decide(decisions.reject, DecisionIn, action_id)


class Modify(_Verdict):
    """``actions/{id}/modify/``."""

    @openapi.changes("modify", "Correct the payload and let it run so", ModificationIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """The modified action, or the action pending where policy asks for more."""
        return self.decide(decisions.modify, ModificationIn, action_id)


class Escalate(_Verdict):
    """``actions/{id}/escalate/``."""

    @openapi.changes("escalate", "Ask a senior", DecisionIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """The action, now waiting for a senior."""
        return self.decide(decisions.escalate, DecisionIn, action_id)


class Undo(_Verdict):
    """``actions/{id}/undo/``."""

    @openapi.changes("undo", "Call a granted action back before it is sent", UndoIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """The action, pending in a new round."""
        return self.decide(decisions.undo, UndoIn, action_id)


class RequestInfo(_Verdict):
    """``actions/{id}/request_info/``."""

    @openapi.changes("request_info", "Ask the agent for what is needed to decide", QuestionIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """The action, with the open question."""
        return self.decide(notes.ask, QuestionIn, action_id)


class ClaimOut(Shape):
    """Who has the action in hand, and until when."""

    by = s.CharField()
    since = s.DateTimeField()
    until = s.DateTimeField()


class Claim(Call):
    """``actions/{id}/claim/``."""

    allowed: ClassVar = {"POST": Decides}

    @openapi.changes("claim", "Take an action in hand for a few minutes", ClaimIn, ClaimOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """The claim."""
        is_takeover = self.body(ClaimIn)["force"]
        claim = claims.take(actor=self.actor, at=timezone.now(), action_id=action_id, is_takeover=is_takeover)
        return Response(_held(claim))


class Release(_Verdict):
    """``actions/{id}/release/``."""

    @openapi.changes("release", "Give an action out of hand", EmptyIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """The action, for anybody to take."""
        return self.decide(claims.release, EmptyIn, action_id)


class HandOver(Call):
    """``actions/{id}/hand_over/``."""

    allowed: ClassVar = {"POST": Decides}

    @openapi.changes("hand_over", "Put an action into a colleague's hands, for an hour at most", HandOverIn, ClaimOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """The colleague's claim."""
        body = self.body(HandOverIn)
        claim = handover.hand_over(actor=self.actor, at=timezone.now(), action_id=action_id, **body)
        return Response(_held(claim))


class Override(_Verdict):
    """``actions/{id}/override/``."""

    @openapi.changes("reopen", "Propose anew what policy blocked, for another senior", OverrideIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """The new action, which names the one that policy blocked."""
        body = self.body(OverrideIn)
        made = override.override_block(actor=self.actor, at=timezone.now(), action_id=action_id, **body)
        return Response(tell(self, visibility.get_visible(self.actor, made.pk)))


class Resolve(_Verdict):
    """``actions/{id}/resolve/``."""

    @openapi.changes("resolve", "Settle an uncertain execution", ResolutionIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """The action, executed or failed."""
        return self.decide(resolve.resolve, ResolutionIn, action_id)


def _held(claim: models.Claim) -> dict[str, str | None]:
    return {"by": str(claim.person), "since": moment(claim.since), "until": moment(claim.until)}
