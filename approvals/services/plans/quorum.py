"""Whether enough distinct people have approved; a step."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from approvals.authority import assignees, conflicts, limits, powers
from approvals.models import Action, Decision, Person, Stage
from approvals.queries.record.plans import step_digest
from approvals.services.payloads import targets
from approvals.states import GRANTS, DecisionType


def approvals(action: Action, stage: Stage) -> int:
    """How many distinct people approved the current revision in this stage, to be carried out as it is now.

    Whoever decides for another, and that other, are one: so are all who are tied to each other that way, or by a
    password that one of them set for another.
    """
    ones: list[set[int]] = []
    for pair in _pairs(action, stage):
        mine = {one for person in pair if person is not None for one in (person.pk, -(person.counts_as_id or 0)) if one}
        tied = [one for one in ones if one & mine]
        ones = [one for one in ones if not one & mine] + [mine.union(*tied)]
    return len(ones)


def counted(action: Action, stage: Stage) -> set[int]:
    """The ids of who approved the current revision in this stage, and of those for whom it was done."""
    return {person.pk for pair in _pairs(action, stage) for person in pair if person is not None}


def moments(action: Action) -> dict[int, datetime]:
    """When each person approved the current revision in this round, or another did for them; the last time counts."""
    given = Decision.objects.filter(action=action, round=action.round, digest=action.revision.digest)
    rows = given.filter(verdict__in=GRANTS).order_by("at").values_list("person_id", "delegator_id", "at")
    return {person: at for *pair, at in rows for person in pair if person is not None}


def has_approved(people: Iterable[Person], action: Action, stage: Stage) -> bool:
    """Whether the approval of one of these people, or one for them, is counted already."""
    return not counted(action, stage).isdisjoint(person.pk for person in people)


def has_approved_elsewhere(people: Sequence[Person], action: Action, stage: Stage) -> bool:
    """Whether one of these people approved the current revision in another stage of this round, or wrote it there."""
    if stage.number == 1:
        return False
    given = Decision.objects.filter(Q(person__in=people) | Q(delegator__in=people), verdict__in=GRANTS)
    given = given.filter(action=action, round=action.round, digest=action.revision.digest)
    # A stage that is asked again is the same one: whoever approved it then may do so now.
    elsewhere = given.exclude(stage=stage).select_related("stage")
    return any(each.stage is None or step_digest(each.stage) != step_digest(stage) for each in elsewhere)


def is_met(action: Action, stage: Stage, *, with_one_more: bool) -> bool:
    """Whether the stage has its quorum, counting the approval being given when ``with_one_more``."""
    if stage.quorum <= 1:
        return with_one_more
    return approvals(action, stage) + int(with_one_more) >= stage.quorum


def _pairs(action: Action, stage: Stage) -> list[tuple[Person | None, Person | None]]:
    """Who approved, and for whom, of those who could do so now: ceilings, worth and parts in the action may change."""
    given = list(_given(action, stage).select_related("person", "delegator"))
    if not given:
        return []
    everybody = {each for row in given for each in (row.person, row.delegator) if each is not None}
    able = {person.pk for person in conflicts.eligible(everybody, action)}
    own = powers.own_authorities(action, stage)
    bounded = {each.person.pk for each in own if limits.limit(action, each, stage.tier) is not None}
    return [
        (row.person, row.delegator)
        for row in given
        if able.issuperset({row.person_id, row.delegator_id or row.person_id})
        and (row.delegator_id or row.person_id) not in bounded
    ]


def _given(action: Action, stage: Stage) -> QuerySet[Decision]:
    given = Decision.objects.filter(stage=stage, digest=action.revision.digest, verdict=DecisionType.APPROVE)
    given = given.filter(target_digest=targets.digest(action.action_type))
    # Only of people who could give it now: the bar may have been raised, and people leave.
    able = assignees.people_ids(stage, action.client_id)
    return given.annotate(decided_by=Coalesce("delegator", "person")).filter(decided_by__in=able)
