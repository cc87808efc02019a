"""Statistics of reviewers' corrections, by agent, action type and field."""

import re
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from approvals.actors import Actor
from approvals.models import ActionType, Agent, Decision
from approvals.queries.insight import corrections
from approvals.queries.insight.corrections import Correction
from approvals.states import DecisionType

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
    """Corrections of an agent's actions of one type, by field and reason; an action counts once as modified."""

    agent: Agent
    kind: ActionType
    modified_actions: set[uuid.UUID] = field(default_factory=set)
    rejected: int = 0
    lessons: dict[str, FieldCorrections] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    refusals: list[Decision] = field(default_factory=list)

    @property
    def modified(self) -> int:
        """The number of actions that people modified."""
        return len(self.modified_actions)

    @property
    def total(self) -> int:
        """The number of actions that people modified or rejected."""
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
    for decision in found.decisions:
        _count(pupils.setdefault(_of(decision), _pupil(decision)), decision)
    for item in found.rows:
        _learn(pupils[_of(item.decision)], item)
    return CorrectionStats(sorted(pupils.values(), key=lambda pupil: -pupil.total), found.next is not None)


def _of(decision: Decision) -> tuple[int, int]:
    return decision.action.agent_id, decision.action.action_type_id


def _pupil(decision: Decision) -> AgentCorrections:
    return AgentCorrections(decision.action.agent, decision.action.action_type)


def _count(pupil: AgentCorrections, decision: Decision) -> None:
    pupil.reasons.update([decision.reason_code] if decision.reason_code else [])
    if decision.verdict == DecisionType.MODIFY:
        pupil.modified_actions.add(decision.action_id)
        return
    pupil.rejected += 1
    pupil.refusals.extend([decision] if len(pupil.refusals) < MAX_EXAMPLES else [])


def _learn(pupil: AgentCorrections, item: Correction) -> None:
    if not item.change.pointer:
        return
    # Whichever line of a table it was in, it is the same lesson.
    pointer = _PLACE.sub("/*", item.change.pointer)
    lesson = pupil.lessons.setdefault(pointer, FieldCorrections(pointer))
    lesson.count += 1
    if len(lesson.examples) < MAX_EXAMPLES:
        lesson.examples.append(item)
