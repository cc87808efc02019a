"""The risk inventory: every action type with its stakes, owner and error rate."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from approvals.actors import Actor
from approvals.authority import memberships, visibility
from approvals.models import ActionType, Execution, Membership, Person
from approvals.queries.automation import samples
from approvals.queries.insight import owners
from approvals.queries.insight.figures import analytics, outcomes
from approvals.queries.insight.figures.proportions import Share
from approvals.queries.insight.owners import ANSWERING, Accountability
from approvals.states import ExecutionState, Tier
from policies.queries.in_force import numbers

NOTHING: Mapping[str, int] = {"by_itself": 0, "by_people": 0, "changed": 0, "sampled": 0, "wrong": 0}


@dataclass(frozen=True, slots=True)
class Line:
    """An action type: its reviewers by tier, its policy, and its results in the period."""

    kind: ActionType
    answers: Accountability
    juniors: tuple[str, ...]
    seniors: tuple[str, ...]
    policy_version: int | None
    by_itself: int
    by_people: int
    changed: int
    sampled: int
    wrong: int
    failed: int

    @property
    def of_people(self) -> Share:
        """How many people modified or rejected of those that they decided, which policy held back on purpose."""
        return Share(self.changed, self.by_people)

    @property
    def of_checked(self) -> Share:
        """How many were wrong of those that ran automatically and were spot-checked."""
        return Share(self.wrong, self.sampled)


def lines(actor: Actor, since: datetime, until: datetime) -> list[Line]:
    """Return every active action type that this person may see, with its decisions in a period."""
    if actor.person is None:
        return []
    kinds = ActionType.objects.filter(is_active=True).order_by("desk", "title")
    kinds = kinds.select_related("desk", "reversal_type", *ANSWERING)
    at_own_desks = Q()
    if not visibility.reads_everything(actor.person):
        seats = Membership.objects.filter(person=actor.person)
        kinds = kinds.filter(memberships.of_kinds(seats))
        at_own_desks = memberships.of_seats(seats, "action__desk", "action__client")
    people, versions, able = _people(actor.person), numbers(), owners.able_by_desk()
    decided, failed = _counted(actor, since, until), _failed(since, until, at_own_desks)
    return [
        Line(
            kind=kind,
            answers=owners.told(kind, able.get(kind.desk_id, ())),
            juniors=tuple(dict.fromkeys(people[kind.desk_id, Tier.JUNIOR])),
            seniors=tuple(dict.fromkeys(people[kind.desk_id, Tier.SENIOR])),
            policy_version=versions.get(kind.policy),
            failed=failed.get(kind.pk, 0),
            **decided.get(kind.pk, NOTHING),
        )
        for kind in kinds
    ]


def _people(reader: Person) -> Mapping[Any, list[str]]:
    """Return the reviewers by desk and tier whom the reader knows: not those for other clients alone."""
    found: dict[Any, list[str]] = defaultdict(list)
    members = memberships.in_force().select_related("person")
    if not visibility.reads_everything(reader):
        members = members.filter(pk__in=memberships.shared_with(reader).values("pk"))
    for member in members.order_by("person__username"):
        found[member.desk_id, member.tier].append(str(member.person))
    return found


def _counted(actor: Actor, since: datetime, until: datetime) -> dict[Any, dict[str, int]]:
    """Return the decisions by action type, with the results of spot checks."""
    counted = {kind: dict(values) for kind, values in _decided(actor, since, until).items()}
    for kind, (checked, wrong) in samples.found(actor.person, since, until).items():
        counted[kind] = {**NOTHING, **counted.get(kind, {}), "sampled": checked, "wrong": wrong}
    return counted


def _decided(actor: Actor, since: datetime, until: datetime) -> dict[Any, dict[str, int]]:
    final = analytics.decided(actor, since, until).filter(is_final=True)
    rows = final.values("action__action_type").annotate(
        by_people=Count("pk", filter=outcomes.HUMAN),
        changed=Count("pk", filter=outcomes.CHANGED),
        by_itself=Count("pk", filter=outcomes.AUTOMATIC),
    )
    counted = rows.values_list("action__action_type", "by_itself", "by_people", "changed")
    return {
        kind: {**NOTHING, "by_itself": by_itself, "by_people": by_people, "changed": changed}
        for kind, by_itself, by_people, changed in counted
    }


def _failed(since: datetime, until: datetime, at_own_desks: Q) -> dict[Any, int]:
    bad = Execution.objects.filter(
        at_own_desks, state__in=[ExecutionState.FAILED, ExecutionState.UNCERTAIN], end_number=0
    )
    rows = bad.filter(created_at__gte=since, created_at__lt=until).order_by().values("action__action_type")
    return dict(rows.annotate(count=Count("pk")).values_list("action__action_type", "count"))
