"""Puts an approved version of a policy in force: the only way there, and only for what two people took part in."""

from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from approvals.connectors.base import Answer, Order, Outcome, Recovery
from policies import errors
from policies.services import versions


class PolicyConnector:
    """Publishes the draft that the payload names, by whoever approved it."""

    name = "policy"

    def recovery(self, target: dict[str, Any]) -> Recovery:
        """A version is published once, so an order may be repeated."""
        return Recovery.DEDUPES

    def check_target(self, target: dict[str, Any]) -> list[str]:
        """Which version is in the payload, so a target says nothing."""
        return ["Publishing has no target; leave it empty."] if target else []

    def summary(self, target: dict[str, Any]) -> str:
        """Which version is in the payload."""
        return "Publishes the version of the policy that the payload names"

    def send(self, order: Order) -> Outcome:
        """Publish; what was published under this digest already is done."""
        if order.approved_by is None:
            return Outcome(Answer.REFUSED, error="No person approved this; a policy is never published without one.")
        if order.revision > 1:
            return Outcome(Answer.REFUSED, error="A publication is approved as asked, or not at all; draft anew.")
        return self._publish(order, order.approved_by)

    def look_up(self, order: Order) -> Outcome:
        """Ask whether the version was published."""
        is_there = versions.is_published(order.payload["policy"], order.payload["number"], order.payload["digest"])
        return Outcome(Answer.DONE, self._result(order)) if is_there else Outcome(Answer.NOT_DONE)

    def _publish(self, order: Order, approver: int) -> Outcome:
        payload = order.payload
        try:
            versions.publish(
                actor_person=get_user_model()._default_manager.get(pk=approver),
                door="connector",
                name=payload["policy"],
                number=payload["number"],
                digest=payload["digest"],
                at=timezone.now(),
                is_solo=order.is_exception,
                reason=f"Approved as action {order.action}.",
            )
        except errors.NotADraft as refusal:
            done = self.look_up(order)
            return done if done.answer is Answer.DONE else Outcome(Answer.REFUSED, error=str(refusal))
        except errors.PolicyRefused as refusal:
            return Outcome(Answer.REFUSED, error=str(refusal))
        return Outcome(Answer.DONE, self._result(order))

    def _result(self, order: Order) -> dict[str, Any]:
        return {"policy": order.payload["policy"], "version": order.payload["number"]}
