"""Make the demo's last weeks through the regular services; only the times are invented.

Everything is proposed, evaluated, decided, executed and recorded as usual: there is no other way.
"""

import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby
from random import Random
from typing import Any
from uuid import UUID

from django.db.models import Q

from approvals.actors import Actor, Door, system
from approvals.demo.scenarios import WEIGHTS, Wish, free_mail, generous_mail, pick
from approvals.models import Action, Agent, Decision, Person
from approvals.services import routing
from approvals.services.accounts.api_keys import CONSUME_OWN
from approvals.services.attachments import uploads
from approvals.services.attachments.uploads import Received
from approvals.services.deadlines import overdue
from approvals.services.decisions import checks, decide
from approvals.services.execution import agent, run, schedule
from approvals.services.intake import propose
from approvals.services.notifications import queue
from approvals.services.payloads.proposal import Proposal
from approvals.states import ActionState, ExecutionMode, Tier

WEEKS = 3
SLOTS = (time(8, 40), time(10, 15), time(13, 5), time(15, 50))
IN_A_SLOT = 3
SYSTEM = system(Door.DEMO)
JUNIOR_CEILING = 5_000
# Minutes until somebody decides.
PACES = (0.4, 0.7, 2, 3, 4, 8, 12, 25, 45, 150)
# The reviewers by desk and tier, the most frequent first.
REVIEWERS = {
    ("finance", Tier.JUNIOR): ("junior", "junior", "henrike"),
    ("revenue", Tier.JUNIOR): ("amara", "amara", "junior"),
    ("it", Tier.JUNIOR): ("tomas", "junior"),
    ("finance", Tier.SENIOR): ("henrike", "senior"),
    ("revenue", Tier.SENIOR): ("senior",),
    ("it", Tier.SENIOR): ("henrike", "senior"),
}
# A plan of the demo has at most three stages.
MAX_STAGES = 3
ASKS_SOMEBODY = Q(assigned_desk__isnull=False) | Q(assigned_person__isnull=False)


@dataclass
class Story:
    """The state of the seeding: randomness, people, agents, and the wish behind each action."""

    random: Random
    people: dict[str, Person]
    agents: dict[str, Agent]
    wishes: dict[str, Wish]
    told: int = 0


def tell(until: datetime, say: Callable[[str], None]) -> int:
    """Make the weeks before a time, and return the number of actions."""
    story = Story(
        Random(20_11),
        {person.username: person for person in Person.objects.all()},
        {agent.name: agent for agent in Agent.objects.all()},
        {},
    )
    slots = list(_slots(until))
    for index, at in enumerate(slots):
        _propose(
            story, [pick(story.random, at) for _ in range(story.random.randrange(IN_A_SLOT - 2, IN_A_SLOT + 3))], at
        )
        if index == len(slots) // 2:
            _let_one_expire(story, at)
        _decide_waiting(story, at + timedelta(seconds=20), leave=0 if at.date() < until.date() else 3)
        _carry_out(at + timedelta(hours=4))
        if index % 12 == 0:
            say(f"  {at:%A %d %B}: {story.told} actions so far")
    _leave_some(story, until)
    return story.told


def _slots(until: datetime) -> Iterator[datetime]:
    first = until.date() - timedelta(weeks=WEEKS)
    for day in range(WEEKS * 7 + 1):
        date = first + timedelta(days=day)
        for slot in SLOTS if date.weekday() < 5 else SLOTS[1:2]:
            at = datetime.combine(date, slot, until.tzinfo)
            if at < until - timedelta(hours=2):
                yield at


def _propose(story: Story, wishes: Sequence[Wish], at: datetime) -> None:
    """Let every agent propose its wishes as one batch, then route them."""
    for name, group in groupby(sorted(wishes, key=lambda wish: wish.agent), key=lambda wish: wish.agent):
        batch = [(f"told-{story.told + number}", wish) for number, wish in enumerate(group)]
        story.told += len(batch)
        story.wishes.update(batch)
        actor = Actor(door=Door.DEMO, agent=story.agents[name], scopes=frozenset({"propose:*"}))
        proposals = [Proposal(idempotency_key=key, **_uploaded(actor, wish, at)) for key, wish in batch]
        for answer in propose.propose_many(actor=actor, at=at, proposals=proposals):
            if answer.refusal:
                raise answer.refusal
    checks.run_due(actor=SYSTEM, clock=_clock(at + timedelta(seconds=1)))
    routing.route_ready(actor=SYSTEM, clock=_clock(at + timedelta(seconds=2)))
    queue.deliver_ready(actor=SYSTEM, clock=_clock(at + timedelta(seconds=4)))


def _uploaded(actor: Actor, wish: Wish, at: datetime) -> dict[str, Any]:
    """Upload the files of a wish, and return its body with their IDs."""
    ids = {}
    for file in wish.files:
        sha256 = hashlib.sha256(file.content).hexdigest()
        received = Received(io.BytesIO(file.content), sha256, len(file.content), file.name)
        ids[file.name] = str(uploads.upload(actor=actor, at=at, received=received).attachment.pk)
    body = wish.attached(ids)
    return body | {"attachments": [UUID(each) for each in body["attachments"]]} if ids else body


def _decide_waiting(story: Story, at: datetime, leave: int) -> None:
    """Let people decide pending actions at different paces; the last ``leave`` stay pending."""
    rows = Action.objects.filter(ASKS_SOMEBODY, state=ActionState.PENDING)
    rows = rows.select_related("desk", "revision", "action_type", "assigned_person").order_by("id")
    for hours in range(MAX_STAGES):
        waiting = list(rows.all())
        for action in waiting[: len(waiting) - leave]:
            _decide(story, action, at + timedelta(hours=hours, minutes=story.random.choice(PACES)))
        # A plan's automatic checks run between its people stages.
        checks.run_due(actor=SYSTEM, clock=_clock(at + timedelta(hours=hours, minutes=30)))


def _decide(story: Story, action: Action, at: datetime) -> None:
    chance = story.random.random()
    correction = story.wishes[action.idempotency_key].correction
    if chance < 0.06 and action.required_tier == Tier.JUNIOR:
        _click(decide.escalate, story, action, at, rationale="Please take a second look.")
        action.refresh_from_db()
        at += timedelta(minutes=40)
    if chance > 0.86:
        _click(decide.reject, story, action, at, rationale=_refusal(story, action))
    elif correction and chance > 0.35:
        payload = action.revision.payload | dict(correction)
        _click(decide.modify, story, action, at, payload=payload, rationale="Corrected against the source document.")
    else:
        _click(decide.approve, story, action, at, rationale="Checked against the contract.")


def _click(verdict: Callable[..., Any], story: Story, action: Action, at: datetime, **said: Any) -> None:
    is_bounded = bool(action.action_type.amount_pointer)
    is_large = is_bounded and (action.amount_base is None or action.amount_base > JUNIOR_CEILING)
    tier = Tier.SENIOR if is_large else Tier(action.required_tier)
    person = action.assigned_person or _reviewer(story, action, tier)
    revision, target = action.revision, schedule.target_digest(action.action_type)
    actor = Actor(door=Door.DEMO, person=person)
    seen = {"action_id": action.pk, "revision": revision.number, "digest": revision.digest, "target": target}
    verdict(actor=actor, at=at, **seen, **said)


def _reviewer(story: Story, action: Action, tier: Tier) -> Person:
    """Return a reviewer of the desk who has not approved the action yet."""
    counted = set(Decision.objects.filter(action=action, verdict="approve").values_list("person__username", flat=True))
    names = [name for name in REVIEWERS[action.desk.slug, tier] if name not in counted]
    return story.people[story.random.choice(names)]


def _refusal(story: Story, action: Action) -> str:
    return story.random.choice(
        ["We no longer work with them.", "I asked: it is not needed.", "This was already handled.", "Not in this form."]
    )


def _carry_out(at: datetime) -> None:
    """Execute approved actions; agents redeem and report their own."""
    while run.run_ready(actor=SYSTEM, clock=_clock(at)):
        pass
    granted = Action.objects.filter(state__in=(ActionState.APPROVED, ActionState.MODIFIED)).select_related("agent")
    for action in granted.filter(action_type__execution=ExecutionMode.AGENT):
        actor = Actor(door=Door.DEMO, agent=action.agent, scopes=frozenset({CONSUME_OWN}))
        agent.consume(actor=actor, at=at, action_id=action.pk)
        result = {"bank_reference": f"SEPA-{str(action.pk)[-12:]}"}
        done = at + timedelta(seconds=20)
        agent.report_outcome(actor=actor, at=done, action_id=action.pk, succeeded=True, result=result, error="")


def _let_one_expire(story: Story, at: datetime) -> None:
    """Let one email expire because its account manager is away."""
    _decide_waiting(story, at + timedelta(seconds=20), leave=0)
    _propose(story, [free_mail(story.random, at)], at)
    overdue.expire_due(actor=SYSTEM, clock=_clock(at + timedelta(hours=8)), limit=10)


def _leave_some(story: Story, until: datetime) -> None:
    """Leave recent actions pending for the first visitor: one of each scenario that needs a person."""
    for minutes, scenario in enumerate(list(WEIGHTS)[3:] * 2):
        at = until - timedelta(minutes=55 - minutes * 3)
        _propose(story, [scenario(story.random, at)], at)
    _propose(story, [generous_mail(story.random, until)], until - timedelta(minutes=2))


def _clock(at: datetime) -> Callable[[], datetime]:
    return lambda: at
