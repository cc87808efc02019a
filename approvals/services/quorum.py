"""Whether enough distinct people have approved; a step."""

from django.db.models import QuerySet

from approvals.models import Action, Decision, Membership, Person, Stage
from approvals.states import Verdict


def approvals(action: Action, stage: Stage) -> int:
    """How many distinct people approved the current revision in this stage."""
    return _given(action, stage).values("person").distinct().count()


def has_approved(person: Person, action: Action, stage: Stage) -> bool:
    """Whether this person's approval of the current revision is counted already."""
    return _given(action, stage).filter(person=person).exists()


def is_met(action: Action, stage: Stage, *, with_one_more: bool) -> bool:
    """Whether the stage has its quorum, counting the approval being given when ``with_one_more``."""
    if stage.quorum <= 1:
        return with_one_more
    return approvals(action, stage) + int(with_one_more) >= stage.quorum


def _given(action: Action, stage: Stage) -> QuerySet[Decision]:
    # Only of people who could give it now: the bar may have been raised, and people leave.
    able = Membership.objects.filter(desk_id=action.desk_id, tier__gte=stage.tier, person__is_active=True)
    given = Decision.objects.filter(stage=stage, digest=action.revision.digest, verdict=Verdict.APPROVE)
    return given.filter(person__in=able.values("person"))
