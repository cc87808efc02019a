"""Policy overrides: the blocked action, and the one proposed in its place."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from approvals.models import Action, Text
from approvals.models.texts import TextKind
from approvals.states import ActionState


@dataclass(frozen=True, slots=True)
class Override:
    """A blocked action, its newest override, and the reason, empty once erased."""

    original: Action
    action: Action
    reason: str


def of(action: Action) -> Override | None:
    """Return the override that created this action, or its latest override, or None."""
    if action.overrides_id is None and action.state != ActionState.REJECTED:
        return None
    rows = Action.objects.select_related("overridden_by", "overrides")
    rows = rows.filter(pk=action.pk) if action.overrides_id else rows.filter(overrides=action)
    made = rows.order_by("-id").first()
    if made is None or made.overrides is None:
        return None
    words = Text.objects.filter(action=made, kind=TextKind.OVERRIDE).first()
    return Override(made.overrides, made, str(words.content["rationale"]) if words else "")


def newest(actions: Iterable[Action]) -> dict[UUID, UUID]:
    """Return the newest override of each blocked action, by ID, in at most one statement."""
    refused = [action.pk for action in actions if action.state == ActionState.REJECTED]
    if not refused:
        return {}
    pairs = Action.objects.filter(overrides__in=refused).order_by("id").values_list("overrides_id", "pk")
    return {original: made for original, made in pairs if original is not None}
