"""The approval plan: all stages, their reviewers, decisions, and what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from approvals.models import Decision, Stage
from approvals.states import StageState


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the plan with its decisions; ``where`` is its status in a word."""

    stage: Stage
    where: str
    whom: str
    done: list[Decision]

    @property
    def is_open(self) -> bool:
        """Whether this is the current stage."""
        return bool(self.stage.state == StageState.OPEN)


def steps(plan: Iterable[Stage], decisions: Iterable[Decision]) -> list[Step]:
    """The stages as the page shows them."""
    found, is_next = [], True
    for stage in plan:
        done = [decision for decision in decisions if decision.stage_id == stage.pk]
        found.append(Step(stage, _where(stage, is_next=is_next), _whom(stage), done[::-1]))
        is_next = is_next and stage.state != StageState.WAITING
    return found


def _where(stage: Stage, *, is_next: bool) -> str:
    if stage.state == StageState.OPEN:
        return _("being checked") if stage.is_check else _("current")
    if stage.state == StageState.WAITING:
        return _("next") if is_next else _("later")
    if stage.is_check and stage.state == StageState.REFUSED:
        return _("failed")
    return str(stage.get_state_display()).lower()


def _whom(stage: Stage) -> str:
    if stage.is_check:
        return _("automatic check")
    if stage.assigned_person:
        return stage.asked
    said = {"whom": stage.asked, "tier": stage.get_tier_display(), "count": stage.quorum}
    return _("%(whom)s, %(tier)s") % said if stage.quorum == 1 else _("%(whom)s, %(tier)s, %(count)s approvals") % said
