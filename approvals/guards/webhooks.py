"""What guards webhooks: deliveries keep what and whom they are for, and none is lost before it was sent."""

from approvals.guards.rows import CHANGED, born_with
from policies.guards.kinds import Fixed, Guard, Kept, Refusal

WEBHOOKS = "approvals_webhook"
CURSORS = "approvals_webhookcursor"
DELIVERIES = "approvals_webhookdelivery"
ATTEMPTS = "approvals_webhookattempt"

PASSED = "a webhook never goes back to earlier events"
DROPPED = "a delivery that was dropped cannot change"
WAITING = "a delivery can be deleted only after it was sent or dropped"

_UNSETTLED = f"EXISTS (SELECT 1 FROM {DELIVERIES} d WHERE d.id = OLD.delivery_id AND d.state IN ('ready', 'dead'))"

GUARDS: tuple[Guard, ...] = (
    Kept(WEBHOOKS),
    born_with(CURSORS, "webhook_id"),
    Refusal("webhook_passed", CURSORS, "UPDATE", "NEW.position < OLD.position OR NEW.sequence < OLD.sequence", PASSED),
    Kept(CURSORS),
    born_with(DELIVERIES, "id", "webhook_id", "position_id", "action_id", "event", "sequence", "created_at"),
    Refusal("webhook_dropped", DELIVERIES, "UPDATE", "OLD.state = 'dropped'", DROPPED),
    Refusal("webhook_waiting", DELIVERIES, "DELETE", "OLD.state IN ('ready', 'dead')", WAITING),
    Fixed(
        f"{ATTEMPTS}_fixed",
        ATTEMPTS,
        ("id", "delivery_id", "number", "at", "milliseconds", "status", "error", "answer"),
        CHANGED,
    ),
    Refusal("webhook_tried", ATTEMPTS, "DELETE", _UNSETTLED, WAITING),
)
