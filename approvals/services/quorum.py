"""Whether enough distinct people have approved; a step."""

from django.db.models import Q, QuerySet

from approvals.models import Action, Decision, Membership, Person, Stage
from approvals.states import GRANTS, Verdict


def approvals(action: Action, stage: Stage) -> int:
    """How many distinct people approved the current revision in this stage."""
    return _given(action, stage).values("person").distinct().count()


def has_approved(person: Person, action: Action, stage: Stage) -> bool:
    """Whether this person's approval of the current revision is counted already."""
    return _given(action, stage).filter(person=person).exists()


def has_approved_elsewhere(person: Person, action: Action, stage: Stage) -> bool:
    """Whether this person approved the current revision in another stage of this round, or wrote it there."""
    if stage.number == 1:
        return False
    given = Decision.objects.filter(action=action, round=action.round, person=person, verdict__in=GRANTS)
    return given.filter(digest=action.revision.digest).exclude(stage=stage).exists()


def is_met(action: Action, stage: Stage, *, with_one_more: bool) -> bool:
    """Whether the stage has its quorum, counting the approval being given when ``with_one_more``."""
    if stage.quorum <= 1:
        return with_one_more
    return approvals(action, stage) + int(with_one_more) >= stage.quorum


def _given(action: Action, stage: Stage) -> QuerySet[Decision]:
    given = Decision.objects.filter(stage=stage, digest=action.revision.digest, verdict=Verdict.APPROVE)
    return given.filter(_able(stage))


def _able(stage: Stage) -> Q:
    """Only of people who could give it now: the bar may have been raised, and people leave."""
    able = Membership.objects.filter(tier__gte=stage.tier, person__is_active=True)
    if not stage.asks_somebody:
        return Q(person__in=able.filter(desk_id=stage.desk_id).values("person"))
    if stage.person_id:
        return Q(person=stage.person_id, person__is_active=True)
    return Q(person__in=able.filter(person__groups=stage.group_id).values("person"))
