"""What hangs together by having been reopened: the action that policy blocked, and the one proposed in its place."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from approvals.models import Action, Text
from approvals.models.texts import TextKind
from approvals.states import ActionState


@dataclass(frozen=True, slots=True)
class Reopening:
    """A blocked action, the newest one in its place, and the reason in words, or nothing once it was erased."""

    original: Action
    action: Action
    reason: str


def of(action: Action) -> Reopening | None:
    """The reopening that this action came from, or else the last that was made of it; None where there is neither."""
    if action.reopens_id is None and action.state != ActionState.REJECTED:
        return None
    rows = Action.objects.select_related("reopened_by", "reopens")
    rows = rows.filter(pk=action.pk) if action.reopens_id else rows.filter(reopens=action)
    made = rows.order_by("-id").first()
    if made is None or made.reopens is None:
        return None
    words = Text.objects.filter(action=made, kind=TextKind.OVERRIDE).first()
    return Reopening(made.reopens, made, str(words.content["rationale"]) if words else "")


def newest(actions: Iterable[Action]) -> dict[UUID, UUID]:
    """The newest action in place of each of these, by the id of the one that policy blocked; one statement or none."""
    refused = [action.pk for action in actions if action.state == ActionState.REJECTED]
    if not refused:
        return {}
    pairs = Action.objects.filter(reopens__in=refused).order_by("id").values_list("reopens_id", "pk")
    return {original: made for original, made in pairs if original is not None}
