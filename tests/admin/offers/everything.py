"""One world with an action in every state that a page can show, and one person for every role."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Model
from django.test import Client

from approvals.actors import Actor, Door, system
from approvals.connectors.base import CallResult, CallStatus, Recovery
from approvals.connectors.fake import FakeConnector
from approvals.models import (
    Action,
    ActionType,
    Agent,
    Calendar,
    Desk,
    Duty,
    Employee,
    ExchangeRate,
    FlowLimit,
    Membership,
    Person,
    SubjectOwner,
    Webhook,
)
from approvals.services.accounts import absences, api_keys, delegations, saved_views
from approvals.services.decisions import claims, handover, notes
from approvals.services.directory import import_sheet
from approvals.services.ends import cancel
from approvals.services.execution import run
from approvals.services.intake import override, publish_policy, reversal
from approvals.services.ledger import sequencing
from approvals.services.safety import break_glass, halts
from approvals.services.webhooks import issuing, queueing
from approvals.states import Mode, Stakes, Tier
from policies.services import versions
from tests import plans, world
from tests.services.automation import given
from tests.world import World, fresh

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
WORKER = system(Door.CELERY)
LINES = [{"name": "Paper", "price": 300.0}, {"name": "Ink", "price": 17.97}]
BLOCKS = """
rules:
  - {name: banned, when: 'payload.issuer == "Shady Ltd"', outcome: block, says: "Nobody pays Shady Ltd."}
"""
MORE = BLOCKS + '  - {name: late, when: "payload.issuer == \\"Late Ltd\\"", outcome: block, says: "Not any more."}\n'
# Each role's groups, and the permissions that it has by itself.
ROLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "junior": (("Reviewers",), ()),
    "senior": (("Reviewers", "Policy authors"), ()),
    "chief": (("Reviewers", "Overriders", "Break-glass", "Policy authors", "Halts"), ()),
    "elsewhere": (("Reviewers", "Break-glass"), ()),
    "author": (("Reviewers", "Policy authors"), ()),
    "delegate": (("Reviewers",), ()),
    "named": (("Reviewers",), ()),
    "requester": (("Reviewers",), ()),
    "owner": ((), ("view_actiontype", "view_agent", "add_agent", "change_agent", "view_apikey", "add_apikey")),
    "operator": (("Halts",), ()),
    "compliance": (("Compliance",), ()),
    "administrator": ((), ("*",)),
    "alone": (("Reviewers",), ()),
    "nobody": ((), ()),
    "root": (("Compliance",), ()),
}
# What an administrator sets up; the record is not theirs.
SET_UP = (
    "person",
    "desk",
    "membership",
    "actiontype",
    "agent",
    "apikey",
    "calendar",
    "employee",
    "duty",
    "exchangerate",
    "flowlimit",
    "webhook",
)


def by(person: Person) -> Actor:
    """This person, in the admin."""
    return Actor(Door.ADMIN, person=person)


@dataclass
class Everything:
    """The world, its people by role, and an action in each state by the state's name."""

    here: World
    people: dict[str, Person]
    states: dict[str, Action] = field(default_factory=dict)

    def signed_in(self, role: str) -> Client:
        """A browser in which the person of this role is signed in."""
        client = Client()
        client.force_login(self.people[role])
        return client

    def signed_in_to_read(self, model: type[Model]) -> Client:
        """A browser of somebody who may read every row of one table, and nothing else."""
        reader = world.person("reader")
        everybodys = Group.objects.get(name="Compliance")
        everybodys.permissions.clear()
        reader.groups.add(everybodys)
        of_model = {"content_type__app_label": model._meta.app_label, "codename": f"view_{model._meta.model_name}"}
        reader.user_permissions.add(Permission.objects.get(**of_model))
        client = Client()
        client.force_login(reader)
        return client

    def of(self, kind: ActionType, **more: Any) -> World:
        """The same world, in which the agent proposes actions of this type."""
        return World(**(vars(self.here) | {"kind": kind} | more))


def make(fake: FakeConnector) -> Everything:
    """Make everything, by services alone."""
    here = world.make(connector="fake", undo_seconds=600)
    found = Everything(here, _people(here))
    world.publish(world.POLICY + BLOCKS, "invoices", here.owner, here.senior)
    _carried_out(found, fake)
    for step in (
        _decided,
        _waiting,
        _planned,
        _halted,
        _blocked,
        _publications,
        _alone,
        _changed_since,
        _of_people,
        _listed,
    ):
        step(found)
    return found


def _people(here: World) -> dict[str, Person]:
    people = {"junior": here.junior, "senior": here.senior, "owner": here.owner}
    for role, (groups, permissions) in ROLES.items():
        who = people.get(role) or world.person(role, is_superuser=role == "root", first_name=role.title())
        who.groups.set(Group.objects.filter(name__in=groups))
        names = [f"{may}_{name}" for name in SET_UP for may in ("view", "add", "change", "delete")]
        who.user_permissions.set(
            Permission.objects.filter(codename__in=names if permissions == ("*",) else permissions)
        )
        people[role] = who
    Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "1000.00"})
    Membership.objects.create(person=people["chief"], desk=here.desk, tier=Tier.SENIOR)
    it = Desk.objects.create(slug="it", name="IT")
    for role in ("elsewhere", "requester"):
        Membership.objects.create(person=people[role], desk=it, tier=Tier.SENIOR)
    for role in ("senior", "chief", "author"):
        Membership.objects.create(person=people[role], desk=Desk.objects.get(slug="policies"), tier=Tier.SENIOR)
    return people


def _kind(here: World, name: str, **fields: Any) -> ActionType:
    return world.invoice_type(here.desk, name=f"invoice.{name}", title=name.title(), **({"connector": "fake"} | fields))


def _carried_out(found: Everything, fake: FakeConnector) -> None:
    here, states = found.here, found.states
    back = _kind(here, "reverse", automation_requires=[], mode=Mode.IN_THE_LOOP)
    now = found.of(_kind(here, "now", undo_seconds=0, reversal_type=back, sample_rate=1.0))
    once = found.of(_kind(here, "once", undo_seconds=0))
    states |= {
        "ran alone": now.auto(),
        "reversed": now.auto(),
        "executed": now.approved(),
        "no way back": once.approved(),
    }
    _run()
    fake.class_ = Recovery.NEITHER
    for name, result in {
        "uncertain": CallResult(CallStatus.UNKNOWN, None, "Timed out."),
        "failed": CallResult(CallStatus.REFUSED, {"status": 422}, "No such account."),
    }.items():
        fake.script.append((False, result))
        states[name] = now.approved()
        _run()
        assert fresh(states[name]).state == name
    fake.class_ = Recovery.DEDUPES
    for name in ("being executed", "cancel asked"):
        fake.script.append((False, CallResult(CallStatus.UNKNOWN, None, "Timed out.")))
        states[name] = now.approved()
        _run()
        assert fresh(states[name]).state == "executing"
    cancel.ask(actor=by(here.senior), at=NOW, action_id=states["cancel asked"].pk, rationale="A mistake.")
    of = states["reversed"]
    payload, why = of.revision.payload, "Posted twice."
    made = reversal.propose_reversal(actor=by(here.senior), at=NOW, action_id=of.pk, payload=payload, why=why)
    states["reversal"] = here.route(made)


def _run() -> None:
    run.run_ready(actor=WORKER, clock=lambda: datetime.now(UTC))


def _decided(found: Everything) -> None:
    here, states = found.here, found.states
    states["approved"] = here.approved()
    states["approved alone"] = here.auto()
    states["rejected"] = given.decided(here, here.junior, "reject", rationale="Paid in March.")
    states["modified"] = changed = here.pending(amount=640)
    world.decide("modify", changed, here.junior, payload=changed.revision.payload | {"account": 4400})
    _kind(here, "start", mode=Mode.IN_COMMAND)
    states["withdrawn"] = world.withdraw(here, here.pending())
    given.granting(found.of(_kind(here, "usual")))
    given.granting(found.of(_kind(here, "two", standing_rule_approvers=2)))
    given.denying(found.of(_kind(here, "never")))


def _waiting(found: Everything) -> None:
    here, states = found.here, found.states
    states |= {
        "junior": here.pending(),
        "senior": here.pending(amount=9_000),
        "above the ceiling": here.pending(amount=4_000),
        "for the senior": here.pending(amount=9_000, on_behalf_of="senior"),
        "for the requester": here.pending(on_behalf_of="requester"),
        "proposed": here.propose(),
        "long": here.pending(long="word " * 2_000),
        "overdue": here.pending(NOW - 3 * DAY, amount=9_000),
        "high stakes": found.of(_kind(here, "high", stakes=Stakes.HIGH)).pending(),
        "claimed": here.pending(),
        "handed over": here.pending(),
        "asked": here.pending(),
        "escalated": here.pending(),
        "raised": here.pending(amount=900),
        # Over long before the rest of the world is made.
        "expired": here.pending(NOW, expires_at=datetime.now(UTC) + timedelta(seconds=1)),
    }
    for place in range(3):
        states[f"alike {place}"] = here.pending(amount=300 + place, issuer="Rows Ltd", lines=LINES)
    for place in range(2):
        states[f"twin {place}"] = here.pending(invoice_number="TWIN-1")
    senior = by(here.senior)
    claims.take(actor=senior, at=NOW, action_id=states["claimed"].pk)
    of = states["handed over"].pk
    handover.hand_over(actor=senior, at=NOW, action_id=of, to="junior", reason="You know them.")
    notes.ask(actor=senior, at=NOW, action_id=states["asked"].pk, text="Which order is it?")
    world.decide("escalate", states["escalated"], here.junior)
    raised = states["raised"]
    world.decide("modify", raised, here.junior, payload=raised.revision.payload | {"amount": 7_000})


def _planned(found: Everything) -> None:
    """What goes through stages: a pair, a named person, two tiers, another desk, a check."""
    named = "{name: named, who: 'person:named'}"
    tiers = ("{name: books, who: desk}", "{name: heads, who: desk, tier: senior}")
    states = found.states
    for name, stages in {"pair": (plans.PAIR,), "person": (named,), "steps": tiers, "it": (plans.IT,)}.items():
        states[name] = _of_plan(found, name, *stages).pending()
    states["check"] = _of_plan(found, "check", plans.CHECK, plans.BOOKS).pending(amount=700)
    world.decide("approve", states["pair"], found.here.junior)
    world.decide("approve", states["steps"], found.here.senior)


def _of_plan(found: Everything, name: str, *stages: str) -> World:
    rule = "{name: planned, when: 'true', outcome: review, plan: steps, says: It goes through a plan.}"
    source = world.POLICY.replace("policy: invoices", f"policy: {name}")
    source += f"plans: {{steps: {{stages: [{', '.join(stages)}]}}}}\nrules: [{rule}]\n"
    world.publish(source, name, found.here.owner, found.here.senior)
    return found.of(_kind(found.here, name, policy=name))


def _halted(found: Everything) -> None:
    """A halt of a type, of an agent and of a desk, each with what waits under it and what was approved."""
    here, states = found.here, found.states
    agent = Agent.objects.create(name="halted-bot", title="Halted bot", owner=here.owner)
    desk = Desk.objects.create(slug="halted", name="Halted")
    for role, tier in {"junior": Tier.JUNIOR, "senior": Tier.SENIOR, "chief": Tier.SENIOR}.items():
        Membership.objects.create(person=found.people[role], desk=desk, tier=tier)
    at_desk = world.invoice_type(desk, name="halted.post", connector="fake", undo_seconds=600)
    type_ = found.of(_kind(here, "halted"))
    states |= {
        "halted type": type_.pending(),
        "halted agent": found.of(here.kind, agent=agent).pending(),
        "halted desk": found.of(at_desk, desk=desk).pending(),
        "approved, then halted": type_.approved(),
    }
    for scope, name in {"action_type": "invoice.halted", "desk": "halted"}.items():
        halts.start(actor=by(here.senior), at=NOW, scope=scope, name=name)
    halts.start(actor=by(here.owner), at=NOW, scope="agent", name="halted-bot")


def _blocked(found: Everything) -> None:
    here, states, chief = found.here, found.states, found.people["chief"]
    for name in ("blocked", "overridden"):
        states[name] = here.pending(issuer="Shady Ltd")
    again = states["overridden"].pk
    made = override.override_block(actor=by(chief), at=NOW, action_id=again, reason="Checked on site.")
    states["override"] = here.route(made)


def _publications(found: Everything) -> None:
    here, author = found.here, found.people["author"]
    source = world.POLICY.replace("250.00", "260.00") + BLOCKS

    def draft(text: str) -> int:
        made = versions.draft(actor_person=author, door="admin", name="invoices", source=text, at=NOW)
        return int(made.pk)

    asked = publish_policy.request(actor=by(author), at=NOW, version_id=draft(source))
    found.states["publication"] = here.route(asked)
    draft(source.replace("260.00", "270.00"))


def _alone(found: Everything) -> None:
    who, states = found.people["alone"], found.states
    desk = Desk.objects.create(slug="alone", name="Alone", is_solo=True)
    Membership.objects.create(person=who, desk=desk, tier=Tier.SENIOR)
    kind = world.invoice_type(desk, name="alone.post", connector="fake", undo_seconds=600)
    agent = Agent.objects.create(name="alone-bot", title="Lonely bot", owner=who)
    own = World(who, who, who, desk, kind, agent)
    states |= {"alone": own.pending(), "own": own.pending(on_behalf_of="alone"), "alone approved": own.approved()}
    states["alone, alone"] = own.auto()


def _changed_since(found: Everything) -> None:
    """What is no longer as it was when it was proposed: the schema, the type, the target, the agent, the policy."""
    here, states = found.here, found.states
    changes: dict[str, dict[str, Any]] = {
        "newer": {"version": 2, "schema": world.SCHEMA | {"title": "Newer"}},
        "gone": {"is_active": False},
        "moved": {"target": {"to": "elsewhere"}},
    }
    for name, change in changes.items():
        kind = _kind(here, name)
        states[f"{name} type"] = found.of(kind).pending()
        ActionType.objects.filter(pk=kind.pk).update(**change)
    retired = Agent.objects.create(name="retired-bot", title="Retired bot", owner=here.owner)
    states["retired agent"] = found.of(here.kind, agent=retired).pending()
    Agent.objects.filter(pk=retired.pk).update(is_active=False)
    source = world.POLICY.replace("policy: invoices", "policy: stricter")
    world.publish(source, "stricter", here.owner, here.senior)
    stricter = found.of(_kind(here, "stricter", policy="stricter"))
    states["blocked since"] = stricter.pending(issuer="Late Ltd")
    states["raised since"] = stricter.pending(amount=600)
    world.publish(source.replace("5000.00", "550.00") + MORE, "stricter", here.owner, here.senior)


def _of_people(found: Everything) -> None:
    """Delegations, absences, keys, views, break-glass access: what each person has of their own."""
    here, people = found.here, found.people
    senior, chief, elsewhere = here.senior, people["chief"], people["elsewhere"]
    lent: dict[str, Any] = {"person": senior, "delegate": people["delegate"], "ends_at": NOW + DAY}
    delegations.grant(actor=by(senior), at=NOW, **lent)
    absences.enter(actor=by(chief), at=NOW, person=chief, starts_at=NOW, ends_at=NOW + DAY)
    api_keys.issue(actor=by(here.owner), at=NOW, agent=here.agent, scopes=("propose:*",), label="Production")
    issue: Callable[..., Any] = api_keys.issue
    issue(actor=by(here.junior), at=NOW, person=here.junior, scopes=("read",), label="Mine", expires_at=NOW + DAY)
    saved_views.save(actor=by(here.junior), at=NOW, name="Overdue", filters={"view": "overdue"})
    _open(elsewhere, "finance")
    break_glass.close(actor=by(chief), at=NOW, break_glass_id=_open(chief, "it"))


def _open(who: Person, desk: str) -> Any:
    said = {"address": "127.0.0.1", "desk": desk, "reason": "Fire.", "password": "secret"}
    return break_glass.start(actor=by(who), at=NOW, **said).pk


def _listed(found: Everything) -> None:
    """A row of each list that administrators keep."""
    here = found.here
    head = Employee(key="head", name="The head", person=here.senior)
    for row in (
        head,
        Employee(key="junior", name="The junior", person=here.junior, manager=head),
        SubjectOwner(subject="Paper Mill", owner=here.owner),
        Duty(desk=here.desk, person=here.junior, starts_at=NOW, ends_at=NOW + DAY),
        Calendar(desk=here.desk),
        ExchangeRate(currency="USD", valid_from=NOW.date(), rate=Decimal("0.9")),
        FlowLimit(connector="email", starts_per_minute=60),
        Webhook(name="erp", url="https://erp.example/hooks", owner=found.people["compliance"]),
    ):
        import_sheet.spell(row)
        row.save()
    world.open_breaker("email", error="Timed out.")
    _queue_events()


def _queue_events() -> None:
    """Queue some events for a webhook."""
    webhook = Webhook.objects.get()
    issuing.issue(actor=system(Door.COMMAND), at=NOW, webhook_id=webhook.pk, overlap=DAY)
    sequencing.sequence(actor=WORKER, at=NOW, limit=5)
    queueing.queue_new(actor=WORKER, at=NOW)
