"""The current plan of a round: each stage once, in order."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db.models import PositiveSmallIntegerField, UUIDField

from approvals.models import Action, Stage
from policies.compiled import Compiled, Slot
from policies.engine.values.canonical import digest

_NOT_YET = datetime.max.replace(tzinfo=UTC)
_OF_ROUND: Compiled[Stage] = Compiled(
    lambda: Stage.objects.filter(
        action=Slot("action", UUIDField()), round=Slot("round", PositiveSmallIntegerField())
    ).select_related("desk", "person", "group")
)


def plan_of(action: Action, rows: Iterable[Stage] | None = None, round_number: int | None = None) -> list[Stage]:
    """The stages of a round, the current one by default; of a step that was asked again after an edit, the last.

    ``rows`` are the action's stages, where they are read already. Those that are read here know whom they ask.
    """
    wanted = action.round if round_number is None else round_number
    if rows is None:
        rows = _OF_ROUND.all(action=action.pk, round=wanted)
    in_order = sorted((stage for stage in rows if stage.round == wanted), key=lambda stage: stage.number)
    latest = {step_digest(stage): stage for stage in in_order}
    return sorted(latest.values(), key=lambda stage: (stage.opened_at or _NOT_YET, stage.number))


def step_digest(stage: Stage) -> str:
    """What makes two stages of a round the same step: what policy wrote. Plans of two policies may share names."""
    return digest(stage.written)
