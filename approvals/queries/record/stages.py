"""The plan of a round as it stands: each step once, in the order in which an action goes through them."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from approvals.models import Stage

_NOT_YET = datetime.max.replace(tzinfo=UTC)


def as_it_stands(stages: Iterable[Stage], round_number: int) -> list[Stage]:
    """The stages of a round; of one that was asked again after an edit, the last."""
    latest = {key(stage): stage for stage in sorted(stages, key=_number) if stage.round == round_number}
    return sorted(latest.values(), key=lambda stage: (stage.opened_at or _NOT_YET, stage.number))


def key(stage: Stage) -> str:
    """What makes two stages of a round the same step."""
    return json.dumps(stage.written, sort_keys=True)


def _number(stage: Stage) -> int:
    return stage.number
