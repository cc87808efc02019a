"""One world with something in every state that a page can show, and one person for every role."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.test import Client

from approvals.actors import Actor, Door, system
from approvals.connectors.base import CallResult, CallStatus, Recovery
from approvals.connectors.fake import FakeConnector
from approvals.models import ActionType, Agent, Desk, Membership, Person
from approvals.services.accounts import absences, api_keys, delegations
from approvals.services.decisions import claims, handover, notes
from approvals.services.execution import run
from approvals.services.intake import override, publish_policy, reversal
from approvals.services.safety import break_glass, halts
from approvals.states import Mode, Stakes, Tier
from policies.services import versions
from tests import plans, world
from tests.services.automation import given
from tests.world import World, fresh

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
WORKER = system(Door.CELERY)
BLOCKS = """
rules:
  - {name: banned, when: 'payload.issuer == "Shady Ltd"', outcome: block, says: "Nobody pays Shady Ltd."}
"""
MORE = BLOCKS + '  - {name: late, when: "payload.issuer == \\"Late Ltd\\"", outcome: block, says: "Not any more."}\n'
LINES = [{"name": "Paper", "price": 300.0}, {"name": "Ink", "price": 17.97}]
ROLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "junior": (("Reviewers",), ()),
    "senior": (("Reviewers", "Policy authors"), ("view_actiontype", "add_actiontype", "change_actiontype")),
    "boss": (("Reviewers", "Overriders", "Break-glass", "Policy authors"), ()),
    "other": (("Reviewers",), ()),
    "author": (("Reviewers", "Policy authors"), ()),
    "delegate": (("Reviewers",), ()),
    "named": (("Reviewers",), ()),
    "helper": (("Reviewers", "Break-glass"), ()),
    "owner": ((), ("view_actiontype", "view_agent", "add_agent", "change_agent", "view_apikey", "add_apikey")),
    "operator": (("Halts",), ()),
    "compliance": (("Compliance",), ()),
    "alone": (("Reviewers",), ()),
    "nobody": ((), ()),
    "root": ((), ()),
}


def actor(person: Person) -> Actor:
    """This person, in the admin."""
    return Actor(Door.ADMIN, person=person)


@dataclass
class Everything:
    """The world, its people by role, and what was made of each state."""

    here: World
    people: dict[str, Person]

    def signed_in(self, role: str) -> Client:
        """A browser in which the person of this role is signed in."""
        client = Client()
        client.force_login(self.people[role])
        return client


def make(fake: FakeConnector) -> Everything:
    """Make everything, by services alone."""
    here = world.make(connector="fake", undo_seconds=600)
    people = _people(here)
    found = Everything(here, people)
    world.publish(world.POLICY + BLOCKS, "invoices", here.owner, here.senior)
    _carried_out(here, people, fake)
    _decided(here, people)
    _waiting(here, people)
    _planned(here, people)
    _asked_of_policy(here, people)
    _alone(people["alone"])
    _changed_since(here)
    _of_ones_own(here, people)
    return found


def _people(here: World) -> dict[str, Person]:
    people = {"junior": here.junior, "senior": here.senior, "owner": here.owner}
    for role, (groups, permissions) in ROLES.items():
        who = people.get(role) or world.person(role, is_superuser=role == "root")
        who.groups.set(Group.objects.filter(name__in=groups))
        who.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        people[role] = who
    Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "1000.00"})
    Membership.objects.create(person=people["boss"], desk=here.desk, tier=Tier.SENIOR)
    it = Desk.objects.create(slug="it", name="IT")
    Membership.objects.create(person=people["other"], desk=it, tier=Tier.SENIOR)
    for role in ("senior", "boss", "author"):
        Membership.objects.create(person=people[role], desk=Desk.objects.get(slug="policies"), tier=Tier.SENIOR)
    return people


def _kind(here: World, name: str, **fields: Any) -> ActionType:
    return world.invoice_type(here.desk, name=name, title=name.title(), connector="fake", **fields)


def _of(kind: ActionType, here: World, **more: Any) -> World:
    return World(**(vars(here) | {"kind": kind} | more))


def _carried_out(here: World, people: dict[str, Person], fake: FakeConnector) -> None:
    reverses = _kind(here, "invoice.reverse", automation_requires=[], mode=Mode.IN_THE_LOOP)
    at_once = _kind(here, "invoice.now", undo_seconds=0, reversal_type=reverses, sample_rate=1.0)
    now = _of(at_once, here)
    executed, reversed_, _plain = now.auto(), now.auto(), now.approved()
    run.run_ready(actor=WORKER, clock=lambda: datetime.now(UTC))
    fake.class_ = Recovery.NEITHER
    fake.script.append((True, CallResult(CallStatus.UNKNOWN, None, "Timed out.")))
    uncertain = now.approved()
    run.run_ready(actor=WORKER, clock=lambda: datetime.now(UTC))
    fake.script.append((False, CallResult(CallStatus.REFUSED, {"status": 422}, "No such account.")))
    failed = now.approved()
    run.run_ready(actor=WORKER, clock=lambda: datetime.now(UTC))
    fake.class_ = Recovery.DEDUPES
    assert [fresh(each).state for each in (executed, reversed_, uncertain, failed)] == [
        "executed", "executed", "uncertain", "failed",
    ]  # fmt: skip
    payload = reversed_.revision.payload
    undoing = reversal.propose_reversal(
        actor=actor(here.senior), at=NOW, action_id=reversed_.pk, payload=payload, why="Posted twice."
    )
    here.route(undoing)


def _decided(here: World, people: dict[str, Person]) -> None:
    here.approved()
    given.decided(here, here.junior, "reject", rationale="Paid in March.")
    changed = here.pending(amount=640)
    world.decide("modify", changed, here.junior, payload=changed.revision.payload | {"account": 4400})
    world.withdraw(here, here.pending())
    given.granting(_of(_kind(here, "invoice.usual"), here))
    given.granting(_of(_kind(here, "invoice.two", standing_rule_approvers=2), here))
    given.denying(_of(_kind(here, "invoice.never"), here))


def _waiting(here: World, people: dict[str, Person]) -> None:
    here.pending()
    here.pending(amount=4_000)
    here.pending(amount=9_000)
    here.pending(amount=9_000, on_behalf_of="senior")
    here.propose()
    for place in range(3):
        here.pending(amount=300 + place, issuer="Rows Ltd", lines=LINES)
    claims.take(actor=actor(here.senior), at=NOW, action_id=here.pending().pk)
    handed = here.pending()
    handover.hand_over(actor=actor(here.senior), at=NOW, action_id=handed.pk, to="junior", reason="You know them.")
    asked = here.pending()
    notes.ask(actor=actor(here.senior), at=NOW, action_id=asked.pk, text="Which order is it?")
    up = here.pending()
    world.decide("escalate", up, here.junior)
    raised = here.pending(amount=900)
    world.decide("modify", raised, here.junior, payload=raised.revision.payload | {"amount": 7_000})
    here.pending(long="word " * 2_000)
    here.pending(at=NOW - 3 * DAY, amount=9_000)
    # Over long before the rest of the world is made.
    soon = datetime.now(UTC) + timedelta(seconds=1)
    here.pending(NOW, expires_at=soon)
    stakes = _of(_kind(here, "invoice.high", stakes=Stakes.HIGH), here)
    stakes.pending()


def _planned(here: World, people: dict[str, Person]) -> None:
    for name, stage in {"pair": plans.PAIR, "person": "{name: named, who: 'person:named'}"}.items():
        kind = _kind(here, f"invoice.{name}", policy=name)
        _plan(here, name, stage)
        waits = _of(kind, here).pending()
        if name == "pair":
            world.decide("approve", waits, here.junior)
    _plan(here, "steps", "{name: books, who: desk}", "{name: heads, who: desk, tier: senior}")
    both = _of(_kind(here, "invoice.steps", policy="steps"), here).pending()
    world.decide("approve", both, here.senior)
    _plan(here, "elsewhere", plans.IT)
    _of(_kind(here, "invoice.elsewhere", policy="elsewhere"), here).pending()
    halted = _of(_kind(here, "invoice.halted", policy="elsewhere"), here)
    halted.pending()
    _plan(here, "check", plans.CHECK, plans.BOOKS)
    _of(_kind(here, "invoice.check", policy="check"), here).pending(amount=700)
    halts.start(actor=actor(here.senior), at=NOW, scope="action_type", name="invoice.halted")
    stopped = Agent.objects.create(name="halted-bot", title="Halted bot", owner=here.owner)
    _of(here.kind, here, agent=stopped).pending()
    halts.start(actor=actor(here.owner), at=NOW, scope="agent", name="halted-bot")


def _plan(here: World, name: str, *stages: str) -> None:
    rule = "{name: planned, when: 'true', outcome: review, plan: steps, says: It goes through a plan.}"
    source = world.POLICY.replace("policy: invoices", f"policy: {name}")
    world.publish(
        f"{source}plans: {{steps: {{stages: [{', '.join(stages)}]}}}}\nrules: [{rule}]\n",
        name, here.owner, here.senior,
    )  # fmt: skip


def _asked_of_policy(here: World, people: dict[str, Person]) -> None:
    blocked, again = here.pending(issuer="Shady Ltd"), here.pending(issuer="Shady Ltd")
    assert (blocked.state, again.state) == ("rejected", "rejected")
    made = override.override_block(actor=actor(people["boss"]), at=NOW, action_id=again.pk, reason="Checked on site.")
    here.route(made)
    here.pending(issuer="Late Ltd")
    source = world.POLICY.replace("250.00", "260.00") + MORE
    draft = versions.draft(actor_person=people["author"], door="admin", name="invoices", source=source, at=NOW)
    asked = publish_policy.request(actor=actor(people["author"]), at=NOW, version_id=draft.pk)
    here.route(asked)
    versions.draft(actor_person=people["author"], door="admin", name="invoices", source=source + "\n", at=NOW)


def _alone(who: Person) -> None:
    desk = Desk.objects.create(slug="alone", name="Alone", is_solo=True)
    Membership.objects.create(person=who, desk=desk, tier=Tier.SENIOR)
    kind = world.invoice_type(desk, name="alone.post", connector="fake", undo_seconds=600)
    agent = Agent.objects.create(name="alone-bot", title="Lonely bot", owner=who)
    own = World(who, who, who, desk, kind, agent)
    own.pending()
    own.pending(on_behalf_of="alone")
    own.approved()


def _changed_since(here: World) -> None:
    """What is no longer as it was when it was proposed: the schema, the type, the agent, the policy."""
    for name, change in {
        "newer": {"version": 2, "schema": world.SCHEMA | {"title": "Newer"}},
        "gone": {"is_active": False},
        "moved": {"target": {"to": "elsewhere"}},
    }.items():
        kind = _kind(here, f"invoice.{name}")
        _of(kind, here).pending()
        ActionType.objects.filter(pk=kind.pk).update(**change)
    retired = Agent.objects.create(name="retired-bot", title="Retired bot", owner=here.owner)
    _of(here.kind, here, agent=retired).pending()
    Agent.objects.filter(pk=retired.pk).update(is_active=False)
    stricter = _kind(here, "invoice.stricter", policy="stricter")
    source = world.POLICY.replace("policy: invoices", "policy: stricter")
    world.publish(source, "stricter", here.owner, here.senior)
    _of(stricter, here).pending(issuer="Late Ltd")
    _of(stricter, here).pending(amount=600)
    world.publish(source.replace("5000.00", "650.00") + MORE, "stricter", here.owner, here.senior)
    _of(stricter, here).pending(amount=600)


def _of_ones_own(here: World, people: dict[str, Person]) -> None:
    """Delegations, absences, keys, break-glass access: what each person has of their own."""
    delegations.grant(
        actor=actor(here.senior), at=NOW, person=here.senior, delegate=people["delegate"], ends_at=NOW + DAY
    )
    absences.enter(actor=actor(people["boss"]), at=NOW, person=people["boss"], starts_at=NOW, ends_at=NOW + DAY)
    api_keys.issue(actor=actor(here.owner), at=NOW, agent=here.agent, scopes=("propose:*",), label="Production")
    break_glass.start(
        actor=actor(people["helper"]), at=NOW, address="127.0.0.1", desk="finance", reason="Fire.", password="secret"
    )
    ended = break_glass.start(
        actor=actor(people["boss"]), at=NOW, address="127.0.0.1", desk="it", reason="Fire.", password="secret"
    )
    break_glass.close(actor=actor(people["boss"]), at=NOW, break_glass_id=ended.pk)
