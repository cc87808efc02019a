"""What agents do with their own actions: withdraw, answer, redeem and report."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from approvals.api.auth.permissions import Consumes, Proposes, Withdraws
from approvals.api.base import openapi
from approvals.api.base.call import Call, given_key
from approvals.api.record import tell
from approvals.api.serializers import responses
from approvals.api.serializers.fields import StrictSerializer
from approvals.api.serializers.requests import AnswerIn, EmptyIn, OutcomeIn, ReasonIn
from approvals.authority import visibility
from approvals.services.decisions import notes
from approvals.services.execution import agent
from approvals.services.intake import propose


class _Step(Call):
    """One call by the agent on its own action."""

    def take(
        self, service: Callable[..., Any], shape: type[StrictSerializer], action_id: UUID, **more: Any
    ) -> Response:
        """Call the service and return the action."""
        service(actor=self.actor, at=self.moment, action_id=action_id, **self.body(shape), **more)
        return Response(tell(self, visibility.get_visible(self.actor, action_id)))


class Withdraw(_Step):
    """``actions/{id}/withdraw/``."""

    allowed: ClassVar = {"POST": Withdraws}

    @openapi.changes("withdraw", "Withdraw an action", ReasonIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """Withdraw an action that has not been executed. Returns the action."""
        return self.take(propose.withdraw, ReasonIn, action_id)


class Answer(_Step):
    """``actions/{id}/answer/``."""

    allowed: ClassVar = {"POST": Proposes}

    @openapi.changes("answer", "Answer a reviewer’s question", AnswerIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """Answer the reviewer's question. Returns the action, which is pending again."""
        return self.take(notes.answer, AnswerIn, action_id)


class Consume(_Step):
    """``actions/{id}/consume/``."""

    allowed: ClassVar = {"POST": Consumes}

    @openapi.redeems("consume", "Redeem an approval to run the action", EmptyIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """Redeem the approval, once. Run the payload of the returned revision.

        With an `Idempotency-Key`, the same call can be repeated: it returns the action as it now stands.
        """
        return self.take(agent.consume, EmptyIn, action_id, key=given_key(request) or "")


class Outcome(_Step):
    """``actions/{id}/outcome/``."""

    allowed: ClassVar = {"POST": Consumes}

    @openapi.changes("report_outcome", "Report the result of a redeemed action", OutcomeIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """Report what happened. Returns the action, executed, failed or uncertain."""
        return self.take(agent.report_outcome, OutcomeIn, action_id)
