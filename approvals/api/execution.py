"""What an agent does with its own actions after proposing them: take back, redeem once, report."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.api.auth.permissions import Consumes, Proposes, Withdraws
from approvals.api.base import openapi
from approvals.api.base.call import Call
from approvals.api.record import tell
from approvals.api.serializers import responses
from approvals.api.serializers.fields import StrictSerializer
from approvals.api.serializers.requests import AnswerIn, EmptyIn, OutcomeIn, ReasonIn
from approvals.authority import visibility
from approvals.services.decisions import notes
from approvals.services.execution import agent
from approvals.services.intake import propose


class _Step(Call):
    """One step of the agent's own."""

    def take(self, service: Callable[..., Any], shape: type[StrictSerializer], action_id: UUID) -> Response:
        """Make the service call and tell the action."""
        service(actor=self.actor, at=timezone.now(), action_id=action_id, **self.body(shape))
        return Response(tell(self, visibility.get_visible(self.actor, action_id)))


class Withdraw(_Step):
    """``actions/{id}/withdraw/``."""

    allowed: ClassVar = {"POST": Withdraws}

    @openapi.changes("withdraw", "Take an action back", ReasonIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """The withdrawn action."""
        return self.take(propose.withdraw, ReasonIn, action_id)


class Answer(_Step):
    """``actions/{id}/answer/``."""

    allowed: ClassVar = {"POST": Proposes}

    @openapi.changes("answer", "Answer what a reviewer asked", AnswerIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """The action, waiting for its decision."""
        return self.take(notes.answer, AnswerIn, action_id)


class Consume(_Step):
    """``actions/{id}/consume/``."""

    allowed: ClassVar = {"POST": Consumes}

    @openapi.changes("consume", "Redeem an approval, once, to carry the action out", EmptyIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """The action, executing; its revision holds the payload that was decided."""
        return self.take(agent.consume, EmptyIn, action_id)


class Outcome(_Step):
    """``actions/{id}/outcome/``."""

    allowed: ClassVar = {"POST": Consumes}

    @openapi.changes("report_outcome", "Report what became of a redeemed action", OutcomeIn, responses.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """The action, executed or failed."""
        return self.take(agent.report_outcome, OutcomeIn, action_id)
