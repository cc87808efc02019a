"""The order of the inbox: what the person can decide first; within that the riskiest, then what is due first.

What is beyond a person is told by columns of the action, so that each part stays a range of the index. What columns
do not tell (who asked for it, who decided before) is asked of the rows of a page, all at once.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import NamedTuple

from django.db.models import BigIntegerField, F, Q, UUIDField

from approvals.authority import conflicts, identity, memberships
from approvals.authority.memberships import Seats
from approvals.models import Action, Decision, Membership, Person, Stage
from approvals.states import GRANTS, StageState, Stakes
from policies.compiled import Among, CompiledValues

# The columns of the index that keeps pending actions sorted; the order in the ORM and in SQL say the same.
COLUMNS = ("risk", "due_at", "id")
BY = (F("risk").desc(), F("due_at").asc(nulls_last=True), "pk")
IN_SQL = "risk DESC, due_at IS NULL, due_at, id"


class Mark(NamedTuple):
    """The end of a page: the sort columns of its last row."""

    risk: int
    due_at: datetime | None
    id: uuid.UUID


def mark_of(row: Action) -> Mark:
    """Return the mark of a row."""
    return Mark(row.risk, row.due_at, row.pk)


def after(mark: Mark | None) -> tuple[Q, ...]:
    """Return the conditions for rows after a mark, each one an index range."""
    if mark is None:
        return (Q(),)
    beside, below = Q(risk=mark.risk), Q(risk__lt=mark.risk)
    if mark.due_at is None:
        return beside & Q(due_at__isnull=True, pk__gt=mark.id), below
    tied, later, never = Q(due_at=mark.due_at, pk__gt=mark.id), Q(due_at__gt=mark.due_at), Q(due_at__isnull=True)
    return beside & tied, beside & later, beside & never, below


def beyond(person: Person, given: Seats | None = None) -> Q:
    """Return what a person cannot decide by its columns: above their ceilings or stakes, or by their own agents.

    Whoever asked for their seats already gives them.
    """
    found = memberships.seats_now(person) if given is None else given
    own, solo = _own(person, found), {seat.desk_id for seat in found.rows if seat.desk.is_solo}
    return reduce(or_, _limited(found), own & ~Q(desk__in=solo) if solo else own)


def above(person: Person, rows: Sequence[Action], given: Seats | None = None) -> set[uuid.UUID]:
    """Return which rows of a page only somebody with higher limits can decide, and the person can escalate."""
    found = memberships.seats_now(person) if given is None else given
    limited = _limited(found)
    if not rows or not limited:
        return set()
    asked = Action.objects.filter(pk__in=[row.pk for row in rows]).filter(reduce(or_, limited))
    return set(asked.exclude(_own(person, found)).order_by().values_list("pk", flat=True))


def _limited(seats: Seats) -> list[Q]:
    """Return what is above all memberships of a desk, for each desk where there is anything."""
    at_desk: dict[int, list[Membership]] = defaultdict(list)
    for seat in seats.rows:
        at_desk[seat.desk_id].append(seat)
    return [
        Q(assigned_desk=desk) & reduce(and_, map(_above, at))
        for desk, at in at_desk.items()
        if all(map(_is_limited, at))
    ]


def _own(person: Person, seats: Seats) -> Q:
    own = Q(owner=person) | Q(overridden_by=person)
    if seats.may_have_agents:
        own |= Q(agent__in=memberships.own_agents(person).values("pk"))
    return own


def parted(person: Person, rows: Sequence[Action]) -> tuple[list[Action], list[Action]]:
    """Divide the rows of a page into what the person can decide and what columns did not tell to be beyond them."""
    ids = identity.ids(person)
    barred = {row.pk for row in rows if row.revision.person_id in ids}
    barred |= conflicts.requested_among(person, rows) | _granted_among(ids, rows)
    return [row for row in rows if row.pk not in barred], [row for row in rows if row.pk in barred]


def free(person: Person, rows: Sequence[Action], now: datetime) -> list[Action]:
    """Those of the rows that nobody else has claimed, and whose time to decide is not over."""
    held = {row.pk for row in rows if (claim := getattr(row, "claim", None)) and claim.is_held_by_another(person, now)}
    left = [row for row in rows if row.pk not in held and (row.expires_at is None or row.expires_at > now)]
    late = [row.pk for row in left if row.due_at is not None and row.due_at <= now]
    ended = Stage.objects.filter(action__in=late, state=StageState.OPEN, on_timeout="expire").values_list("action_id")
    over = {action for (action,) in ended} if late else set()
    return [row for row in left if row.pk not in over]


def _is_limited(seat: Membership) -> bool:
    return bool(seat.ceilings) or seat.max_stakes != Stakes.HIGH


def _above(seat: Membership) -> Q:
    """Return what is above one membership; an unknown amount is not, for whoever enters it may decide."""
    order = list(Stakes.values)
    above = Q(required_tier__gt=seat.tier)
    if too_high := order[order.index(seat.max_stakes) + 1 :]:
        above |= Q(action_type__stakes__in=too_high)
    if not seat.ceilings:
        return above
    within = [
        Q(currency=currency, amount__gte=-Decimal(most), amount__lte=Decimal(most))
        for currency, most in seat.ceilings.items()
    ]
    return above | (Q(amount__isnull=False) & ~reduce(or_, within))


def _granted_among(people: Collection[int], rows: Sequence[Action]) -> set[uuid.UUID]:
    """Return which of these the person has approved already at a stage that is still open."""
    digests = {row.pk: row.revision.digest for row in rows}
    said = _GRANTED.all(actions=list(digests), people=people) if rows else ()
    # Of the revision as it stands: what was said of a former one counts no more.
    return {key for key, digest in said if digests[key] == digest}


_GRANTED = CompiledValues(
    lambda: (
        Decision.objects.filter(Among("action", "actions", UUIDField()), Among("person", "people", BigIntegerField()))
        .filter(verdict__in=GRANTS, stage__state=StageState.OPEN)
        .order_by()
        .values_list("action", "digest")
    )
)
