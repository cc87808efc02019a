"""The current plan of a round: each stage once, in order."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from approvals.models import Stage

_NOT_YET = datetime.max.replace(tzinfo=UTC)


def as_it_stands(stages: Iterable[Stage], round_number: int) -> list[Stage]:
    """Return the stages of a round; for a repeated stage, the last one."""
    latest = {key(stage): stage for stage in sorted(stages, key=_number) if stage.round == round_number}
    return sorted(latest.values(), key=lambda stage: (stage.opened_at or _NOT_YET, stage.number))


def key(stage: Stage) -> str:
    """Return the key that identifies repeated stages of a round."""
    return json.dumps(stage.written, sort_keys=True)


def _number(stage: Stage) -> int:
    return stage.number
