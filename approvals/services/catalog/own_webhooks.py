"""A webhook sends what its owner may see, so nobody decides for somebody else where that goes. Steps.

1. A new webhook belongs to the person who adds it.
2. What a webhook sends, and where, is changed by its owner. Anybody who may change webhooks can make it their own.
3. To deactivate one, or to change its name, nobody has to be its owner.

The product itself, where no person acts, is not asked.
"""

from django.db.models import Model

from approvals.actors import Actor
from approvals.errors import NotAllowed
from approvals.models import Webhook

_DECIDING = ("url", "owner_id", "events", "action_type_id", "agent_id", "client_id")


def check_change(row: Model, actor: Actor, *, is_new: bool) -> None:
    """Let a change of a webhook pass that its owner makes, or that sends nothing else elsewhere.

    :raises NotAllowed: it sends what another person may see.
    """
    if not isinstance(row, Webhook) or actor.person is None or row.owner_id == actor.person.pk:
        return
    if is_new or _sends_more(row):
        raise NotAllowed("The webhook sends what “{owner}” may see. Make yourself the owner to change it.", said={
            "owner": row.owner
        })  # fmt: skip


def _sends_more(row: Webhook) -> bool:
    before = Webhook.objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
    is_resumed = row.is_active and not before.is_active
    return is_resumed or any(getattr(row, name) != getattr(before, name) for name in _DECIDING)
