"""Statistics of reviewers' corrections, by agent, action type and field."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from approvals.actors import Actor
from approvals.models import Decision
from approvals.queries.insight import corrections
from approvals.queries.insight.corrections import Correction

MAX_DECISIONS = 1_000
MAX_EXAMPLES = 3
_PLACE = re.compile(r"/\d+(?=/|$)")


@dataclass(slots=True)
class FieldCorrections:
    """A field that reviewers changed: how often, and the latest changes."""

    pointer: str
    count: int = 0
    examples: list[Correction] = field(default_factory=list)


@dataclass(slots=True)
class AgentCorrections:
    """Corrections of an agent's actions of one type, by field and reason."""

    agent: str
    kind: str
    schema: Mapping[str, Any]
    modified: int = 0
    rejected: int = 0
    lessons: dict[str, FieldCorrections] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    refusals: list[Decision] = field(default_factory=list)

    @property
    def total(self) -> int:
        """The number of decisions that changed or rejected the agent's proposals."""
        return self.modified + self.rejected

    @property
    def codes(self) -> list[tuple[str, int]]:
        """The reason codes of corrections, most frequent first."""
        return self.reasons.most_common()

    @property
    def fields(self) -> list[FieldCorrections]:
        """The changed fields, most frequent first."""
        return sorted(self.lessons.values(), key=lambda lesson: (-lesson.count, lesson.pointer))


@dataclass(frozen=True, slots=True)
class CorrectionStats:
    """All correction statistics, most corrected first; `is_cut` if the data was limited."""

    pupils: list[AgentCorrections]
    is_cut: bool


def statistics(actor: Actor, since: datetime, **filters: Any) -> CorrectionStats:
    """Return statistics of the newest thousand corrections since a time that the actor may see."""
    found = corrections.page(actor, size=MAX_DECISIONS, at__gte=since, **filters)
    pupils: dict[tuple[int, int], AgentCorrections] = {}
    seen: set[Any] = set()
    for item in found.rows:
        action = item.decision.action
        key = (action.agent_id, action.action_type_id)
        pupil = pupils.get(key) or AgentCorrections(
            str(action.agent), str(action.action_type), action.action_type.schema
        )
        pupils[key] = pupil
        _count(pupil, item, is_new=item.decision.pk not in seen)
        seen.add(item.decision.pk)
    return CorrectionStats(sorted(pupils.values(), key=lambda pupil: -pupil.total), found.next is not None)


def _count(pupil: AgentCorrections, item: Correction, *, is_new: bool) -> None:
    decision = item.decision
    pupil.reasons.update([decision.reason_code] if is_new and decision.reason_code else [])
    if not item.change.pointer:
        pupil.rejected += 1
        pupil.refusals.extend([decision] if len(pupil.refusals) < MAX_EXAMPLES else [])
        return
    pupil.modified += is_new
    # Whichever line of a table it was in, it is the same lesson.
    pointer = _PLACE.sub("/*", item.change.pointer)
    lesson = pupil.lessons.setdefault(pointer, FieldCorrections(pointer))
    lesson.count += 1
    if len(lesson.examples) < MAX_EXAMPLES:
        lesson.examples.append(item)
