"""Publish an approved policy version; there is no other way, and it needs two people."""

from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from approvals.connectors.base import CallResult, CallStatus, Order, Recovery
from policies import errors
from policies.services import versions


class PolicyConnector:
    """Publishes the draft that the payload names, in the approver's name."""

    name = "policy"

    def recovery(self, target: dict[str, Any]) -> Recovery:
        """A version is published only once, so an order may be repeated."""
        return Recovery.DEDUPES

    def check_target(self, target: dict[str, Any]) -> list[str]:
        """Accept only an empty target, because the payload names the version."""
        return ["The policy connector takes no target. Leave it empty."] if target else []

    def summary(self, target: dict[str, Any]) -> str:
        """Return a fixed sentence."""
        return "Publishes the policy version in the payload"

    def send(self, order: Order) -> CallResult:
        """Publish the version; one already published with this digest is done."""
        if order.approved_by is None:
            return CallResult(
                CallStatus.REFUSED, error="No person approved this. A person must approve each policy publication."
            )
        if order.revision > 1:
            return CallResult(CallStatus.REFUSED, error="A publication cannot be modified. Create a new draft.")
        return self._publish(order, order.approved_by)

    def look_up(self, order: Order) -> CallResult:
        """Ask whether the version was published."""
        is_there = versions.is_published(order.payload["policy"], order.payload["number"], order.payload["digest"])
        return CallResult(CallStatus.DONE, self._result(order)) if is_there else CallResult(CallStatus.NOT_DONE)

    def _publish(self, order: Order, approver: int) -> CallResult:
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
            return done if done.answer is CallStatus.DONE else CallResult(CallStatus.REFUSED, error=refusal.message)
        except errors.Refused as refusal:
            return CallResult(CallStatus.REFUSED, error=refusal.message)
        return CallResult(CallStatus.DONE, self._result(order))

    def _result(self, order: Order) -> dict[str, Any]:
        return {"policy": order.payload["policy"], "version": order.payload["number"]}
