"""Decisions by people: each call runs one service and returns the updated action."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from approvals import models
from approvals.api.auth.permissions import Decides, Ends
from approvals.api.base import openapi
from approvals.api.base.call import Call
from approvals.api.record import tell
from approvals.api.serializers import action as action_serializer
from approvals.api.serializers import responses
from approvals.api.serializers.fields import StrictSerializer, Words, moment
from approvals.api.serializers.parts import Shape
from approvals.api.serializers.requests import (
    ApprovalIn,
    CancelIn,
    ClaimIn,
    DecisionIn,
    EmptyIn,
    EndIn,
    HandOverIn,
    ModificationIn,
    OverrideIn,
    QuestionIn,
    ResolutionIn,
    UndoIn,
)
from approvals.authority import visibility
from approvals.services.decisions import claims, handover, notes, offers, undo
from approvals.services.decisions import decide as decisions
from approvals.services.decisions.context import DecisionRequest
from approvals.services.ends import cancel, early
from approvals.services.execution import resolve
from approvals.services.intake import override
from approvals.states import ActionState, DecisionType
from approvals.text.json_diff import between


class _Verdict(Call):
    """A decision on one action."""

    allowed: ClassVar = {"POST": Decides}

    def decide(self, service: Callable[..., Any], shape: type[StrictSerializer], action_id: UUID) -> Response:
        """Call the service and return the action."""
        return self.answer(service, action_id, self.body(shape))

    def answer(self, service: Callable[..., Any], action_id: UUID, body: dict[str, Any]) -> Response:
        """The same with a body that was read; an action that was decided on is not read again."""
        made = service(actor=self.actor, at=self.moment, action_id=action_id, **body)
        action = made.action if isinstance(made, models.Decision) else None
        return Response(tell(self, action or visibility.get_visible(self.actor, action_id)))


class Approve(_Verdict):
    """``actions/{id}/approve/``."""

    @openapi.changes("approve", "Approve an action", ApprovalIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """Approve the action exactly as reviewed. Returns the action."""
        return self.decide(decisions.approve, ApprovalIn, action_id)


class Reject(_Verdict):
    """``actions/{id}/reject/``."""

    @openapi.changes("reject", "Reject an action", DecisionIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """Reject the action. You can undo this until `decision.final_at`. Returns the action."""
        return self.decide(decisions.reject, DecisionIn, action_id)


class Modify(_Verdict):
    """``actions/{id}/modify/``."""

    @openapi.changes("modify", "Modify and approve an action", ModificationIn, responses.MODIFIED)
    def post(self, request: Request, action_id: UUID) -> Response:
        """Replace the payload and approve it. The action stays pending if policy requires more approvals.

        With `preview`, nothing changes. The response says how policy would evaluate the corrected payload.
        """
        body = self.body(ModificationIn)
        if body.pop("preview"):
            return Response(self._foresee(visibility.get_visible(self.actor, action_id), body))
        return self.answer(decisions.modify, action_id, body)

    def _foresee(self, action: models.Action, body: dict[str, Any]) -> dict[str, Any]:
        before, payload, until = action.revision.payload, body.pop("payload"), body.pop("until")
        request = DecisionRequest(self.actor, self.moment, DecisionType.MODIFY, **body)
        found = offers.foresee_edit(request, action, payload, until)
        return {
            "changes": [action_serializer.change_of(change) for change in between(before, payload)],
            "missing": found.action.missing,
            "flags": action_serializer.unsaved_flags_of(found.flags, found.action, self.actor),
            "evaluation": action_serializer.judgement_of(found.evaluation),
            "blocked_by": [{"rule": reason.rule, "text": reason.text} for reason in found.blocks],
            "needs_senior": found.needs_senior,
            "needs_rationale": found.needs_rationale,
        }


class Escalate(_Verdict):
    """``actions/{id}/escalate/``."""

    @openapi.changes("escalate", "Escalate an action", DecisionIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """Pass the action on to a senior reviewer. Returns the action."""
        return self.decide(decisions.escalate, DecisionIn, action_id)


class Undo(_Verdict):
    """``actions/{id}/undo/``."""

    @openapi.changes("undo", "Undo a decision", UndoIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """Undo the last decision. The action is pending again.

        Any reviewer of the desk can undo an approval until it is sent. Until `decision.final_at`, the person who
        rejected can undo a rejection. Within the same window, the person who escalated can undo an escalation.
        """
        return self.decide(undo.undo, UndoIn, action_id)


class End(_Verdict):
    """``actions/{id}/end/``."""

    allowed: ClassVar = {"POST": Ends}

    @openapi.changes("end", "End the effect of an action early", EndIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """Reverse what the action did, now instead of at its end. Returns the action, still in effect for a moment.

        Any reviewer of the desk can end it, the person for whom it was proposed, and the agent that proposed it.
        """
        return self.decide(early.end, EndIn, action_id)


class Cancel(_Verdict):
    """``actions/{id}/cancel/``."""

    allowed: ClassVar = {"POST": Ends}

    @openapi.asks("cancel", "Ask to cancel an action that is being executed", CancelIn)
    def post(self, request: Request, action_id: UUID) -> Response:
        """Ask that nothing more is sent for the action. What was sent is not interrupted. Returns the action.

        The action ends as `executed` if it happened, and as `failed` if it did not. Those who can undo its approval can
        ask, and so can the person for whom it was proposed and the agent that proposed it.
        """
        answer = self.decide(cancel.ask, CancelIn, action_id)
        answer.status_code = 202 if answer.data["state"] == ActionState.EXECUTING else 200
        return answer


class RequestInfo(_Verdict):
    """``actions/{id}/request_info/``."""

    @openapi.changes("request_info", "Ask the agent a question", QuestionIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """Ask the agent for information needed to decide. Returns the action with the open question."""
        return self.decide(notes.ask, QuestionIn, action_id)


class ClaimOut(Shape):
    """Who has claimed the action, and until when."""

    by = Words()
    since = s.DateTimeField()
    until = s.DateTimeField()


class Claim(Call):
    """``actions/{id}/claim/``."""

    allowed: ClassVar = {"POST": Decides}

    @openapi.changes("claim", "Claim an action", ClaimIn, ClaimOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """Reserve the action for a few minutes. Set `force` to take over another person's claim."""
        is_takeover = self.body(ClaimIn)["force"]
        claim = claims.take(actor=self.actor, at=self.moment, action_id=action_id, is_takeover=is_takeover)
        return Response(_held(claim))


class Release(_Verdict):
    """``actions/{id}/release/``."""

    @openapi.changes("release", "Release an action", EmptyIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """Release your claim so that others can decide. Returns the action."""
        return self.decide(claims.release, EmptyIn, action_id)


class HandOver(Call):
    """``actions/{id}/hand_over/``."""

    allowed: ClassVar = {"POST": Decides}

    @openapi.changes("hand_over", "Hand an action over to a colleague", HandOverIn, ClaimOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """Assign the action to a colleague for up to one hour. Returns their claim."""
        body = self.body(HandOverIn)
        claim = handover.hand_over(actor=self.actor, at=self.moment, action_id=action_id, **body)
        return Response(_held(claim))


class Override(_Verdict):
    """``actions/{id}/override/``."""

    @openapi.changes("reopen", "Request an override of a policy block", OverrideIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """Propose the blocked payload again to another senior reviewer. Returns the new action."""
        body = self.body(OverrideIn)
        made = override.override_block(actor=self.actor, at=self.moment, action_id=action_id, **body)
        return Response(tell(self, visibility.get_visible(self.actor, made.pk)))


class Resolve(_Verdict):
    """``actions/{id}/resolve/``."""

    @openapi.changes("resolve", "Resolve an uncertain execution", ResolutionIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """Record what happened to an uncertain execution. Returns the action, executed or failed."""
        return self.decide(resolve.resolve, ResolutionIn, action_id)


def _held(claim: models.Claim) -> dict[str, str | None]:
    return {"by": str(claim.person), "since": moment(claim.since), "until": moment(claim.until)}
