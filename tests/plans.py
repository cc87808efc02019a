"""What tests of plans start from: a policy in force that sends every invoice through some stages."""

from django.contrib.auth.models import Group

from approvals.models import Desk, Membership, Person
from approvals.states import Tier
from tests import world
from tests.world import World

BOOKS = "{name: books, who: desk}"
VERA = "{name: vera, who: 'person:vera', due: 2h, on_timeout: escalate}"
IT = "{name: it, who: 'desk:it', tier: senior}"
PAIR = "{name: pair, who: desk, quorum: 2}"
CHECK = "{name: budget, check: 'amount < 800.0', says: The budget covers it.}"
STRICT = "{name: budget, check: 'amount < 500.0', says: The budget covers it., on_fail: reject}"
LEADS = "{name: leads, who: 'group:Leads'}"


def follow(here: World, *stages: str, name: str = "plan", rules: str = "") -> None:
    """From now on every invoice goes through these stages."""
    rule = f"{{name: planned, when: 'true', outcome: review, plan: {name}, says: It goes through a plan.}}"
    plan = f"plans: {{{name}: {{stages: [{', '.join(stages)}]}}}}"
    world.publish(f"{world.POLICY}{plan}\nrules: [{rule}{rules}]\n", "invoices", here.owner, here.senior)


def vera() -> Person:
    """Somebody without a seat at any desk, whom a stage names."""
    return world.person("vera")


def at_desk(name: str, tier: Tier = Tier.SENIOR, desk: str = "it") -> Person:
    """A reviewer of a desk, which is made if it is not there."""
    found, _ = Desk.objects.get_or_create(slug=desk, defaults={"name": desk.upper()})
    who = world.person(name)
    Membership.objects.create(person=who, desk=found, tier=tier)
    return who


def in_group(*people: Person, name: str = "Leads") -> Group:
    """A group of these people."""
    group, _ = Group.objects.get_or_create(name=name)
    group.user_set.add(*people)
    return group
