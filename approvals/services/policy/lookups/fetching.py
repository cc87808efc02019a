"""Looking facts up before an action is routed: never in the request, never in a transaction, in bounded time.

A column says when an action's facts are to be fetched next; it is the promise and the lease at once. While it holds a
moment the action is not routed. What stays silent is asked a few times and then counts as missing: a person looks.
"""

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from approvals.actors import Actor
from approvals.models import Action, LookupResult
from approvals.services import doorbell, locks, turns
from approvals.services.policy.lookups import quotes, results
from approvals.services.policy.lookups.specs import Lookup, LookupAnswer, ask, for_routing
from approvals.states import ActionState, FetchState
from policies import db
from policies.db import errand, service

# How long until a silent source is asked again; after the last it counts as missing.
WAITS = (timedelta(seconds=1), timedelta(seconds=4))
# Nobody is kept waiting longer for facts, however many sources are silent.
MAX_LENGTH = timedelta(seconds=20)
# Longer than all of one action's calls may take.
LEASE = timedelta(seconds=60)
# So many more are looked at where others have locked the first.
SPARE = 7
TURNS: turns.Turns[Action] = turns.Turns("next_lookup_at", "id")


def is_due() -> bool:
    """Whether any action waits for facts or for a check; a look that locks nothing, for loops that come by often."""
    return TURNS.has_any(Action.objects.filter(next_lookup_at__lte=db.now()))


@service
def lease(*, actor: Actor, at: datetime) -> uuid.UUID | None:
    """Take the action that has waited longest of the agent whose turn it is, for a while; None where none waits."""
    now = db.now()
    due = Action.objects.filter(next_lookup_at__lte=now)
    free = turns.in_order(due, TURNS.first(due, 1, SPARE)).select_for_update(
        skip_locked=True, of=("self",), no_key=True
    )
    action_id = free.values_list("pk", flat=True).first()
    if action_id is not None:
        Action.objects.filter(pk=action_id).update(next_lookup_at=now + LEASE)
    return action_id


@errand
def look_up(*, actor: Actor, at: datetime, action_id: uuid.UUID) -> bool:
    """Ask every source whose answer is still owed, and keep what came; return whether the action may be routed."""
    action = Action.objects.select_related("action_type", "agent", "revision").get(pk=action_id)
    answers = [_answer(lookup, action) for lookup in _owed(action)]
    return keep(actor=actor, at=at, action_id=action_id, answers=answers)


@service
def keep(*, actor: Actor, at: datetime, action_id: uuid.UUID, answers: Sequence[LookupAnswer]) -> bool:
    """Keep what sources answered, and say when to ask the silent ones again; return whether nothing is owed any more.

    :raises NotFound: there is no such action.
    """
    action = locks.action(action_id)
    if action.state != ActionState.PROPOSED:
        _schedule(action, None)
        return False
    # What a slower worker brings as well is no second answer.
    owed = {lookup.name for lookup in _owed(action)}
    fresh = [answer for answer in answers if answer.lookup.name in owed]
    if fresh:
        results.keep(action, None, fresh, actor, at)
    silent, now = _owed(action), db.now()
    is_over = not silent or now - action.created_at > MAX_LENGTH
    tries = max((_tries(action)[lookup.name] for lookup in silent), default=0)
    _schedule(action, None if is_over else now + WAITS[max(tries, 1) - 1])
    if is_over:
        doorbell.ring(doorbell.ROUTE)
    return is_over


def _answer(lookup: Lookup, action: Action) -> LookupAnswer:
    if lookup.name == quotes.NAME:
        return quotes.ask(lookup, action)
    return ask(lookup, action, action.revision.payload)


def _owed(action: Action) -> list[Lookup]:
    """What has no answer yet and was not asked in vain too often."""
    rows, tries = results.latest(action), _tries(action)
    answered = {name for name, row in rows.items() if row.state != FetchState.UNREACHABLE}
    return [
        lookup
        for lookup in (*for_routing(action.action_type), *quotes.wanted(action))
        if lookup.name not in answered and tries[lookup.name] <= len(WAITS)
    ]


def _tries(action: Action) -> Counter[str]:
    """How often each source was silent."""
    rows = LookupResult.objects.filter(action=action, stage=None, state=FetchState.UNREACHABLE)
    return Counter(rows.values_list("name", flat=True))


def _schedule(action: Action, moment: datetime | None) -> None:
    Action.objects.filter(pk=action.pk).update(next_lookup_at=moment)
