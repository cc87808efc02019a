"""What an agent does with its own actions after proposing them: take back, redeem once, report."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.api import shapes, spec
from approvals.api.bodies import AnswerIn, EmptyIn, OutcomeIn, ReasonIn
from approvals.api.door import Call
from approvals.api.fields import Strict
from approvals.api.permissions import Consumes, Proposes, Withdraws
from approvals.api.reading import tell
from approvals.queries import actions
from approvals.services import execution, intake, notes


class _Step(Call):
    """One step of the agent's own."""

    def take(self, service: Callable[..., Any], shape: type[Strict], action_id: UUID) -> Response:
        """Make the service call and tell the action."""
        service(actor=self.actor, at=timezone.now(), action_id=action_id, **self.body(shape))
        return Response(tell(self, actions.get_visible(self.actor, action_id)))


class Withdraw(_Step):
    """``actions/{id}/withdraw/``."""

    allowed: ClassVar = {"POST": Withdraws}

    @spec.changes("withdraw", "Take an action back", ReasonIn, shapes.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """The withdrawn action."""
        return self.take(intake.withdraw, ReasonIn, action_id)


class Answer(_Step):
    """``actions/{id}/answer/``."""

    allowed: ClassVar = {"POST": Proposes}

    @spec.changes("answer", "Answer what a reviewer asked", AnswerIn, shapes.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """The action, waiting for its decision."""
        return self.take(notes.answer, AnswerIn, action_id)


class Consume(_Step):
    """``actions/{id}/consume/``."""

    allowed: ClassVar = {"POST": Consumes}

    @spec.changes("consume", "Redeem an approval, once, to carry the action out", EmptyIn, shapes.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """The action, executing; its revision holds the payload that was decided."""
        return self.take(execution.consume, EmptyIn, action_id)


class Outcome(_Step):
    """``actions/{id}/outcome/``."""

    allowed: ClassVar = {"POST": Consumes}

    @spec.changes("report_outcome", "Report what became of a redeemed action", OutcomeIn, shapes.ActionOut)
    def post(self, request: Request, action_id: UUID) -> Response:
        """The action, executed or failed."""
        return self.take(execution.report_outcome, OutcomeIn, action_id)
