"""The connector that applies an approved configuration change; the registry finds it by its path."""

import json
from typing import Any

from approvals.actors import Actor, Door
from approvals.connectors.base import CallResult, CallStatus, Order, Recovery
from approvals.models import Agent, Person
from approvals.services.catalog import row_changes
from approvals.services.catalog.row_changes import RowChange
from approvals.services.configuration import apply
from policies import db
from policies.errors import Refused


class ConfigurationConnector:
    """Makes the change that the payload holds, in the approver's name."""

    name = "configuration"

    def recovery(self, target: dict[str, Any]) -> Recovery:
        """A change applies only to the base that it was made from, so an order may be repeated."""
        return Recovery.DEDUPES

    def check_target(self, target: dict[str, Any]) -> list[str]:
        """Accept only an empty target, because the payload holds the change."""
        return ["The configuration connector takes no target. Leave it empty."] if target else []

    def summary(self, target: dict[str, Any]) -> str:
        """Return a fixed sentence."""
        return "Changes the configuration as the payload says"

    def send(self, order: Order) -> CallResult:
        """Apply the change; one that is applied already is done."""
        if order.approved_by is None:
            return CallResult(
                CallStatus.REFUSED,
                error="No person approved this. A person must approve each change of the configuration.",
            )
        if order.revision > 1:
            return CallResult(CallStatus.REFUSED, error="A change cannot be modified. Make it again in the admin.")
        changes = _changes(order)
        if order.attempt > 1 and apply.is_applied(changes):
            return CallResult(CallStatus.DONE, {"rows": len(changes)})
        return self._apply(order, order.approved_by, changes)

    def look_up(self, order: Order) -> CallResult:
        """Ask whether the configuration is as the change wants it."""
        changes = _changes(order)
        if apply.is_applied(changes):
            return CallResult(CallStatus.DONE, {"rows": len(changes)})
        return CallResult(CallStatus.NOT_DONE)

    def _apply(self, order: Order, approver: int, changes: list[RowChange]) -> CallResult:
        try:
            done = apply.apply(
                actor=Actor(Door.CELERY, person=Person.objects.get(pk=approver)),
                at=db.now(),
                changes=changes,
                author=Agent.objects.select_related("person").get(name=order.agent).person,
                why=f"Requested by {order.payload['author']}, approved as action {order.action}.",
            )
        except Refused as refusal:
            return CallResult(CallStatus.REFUSED, error=refusal.message)
        return CallResult(CallStatus.DONE, {"rows": done})


def _changes(order: Order) -> list[RowChange]:
    return [row_changes.read(each) for each in json.loads(order.payload["exact"])]


CONNECTOR = ConfigurationConnector()
