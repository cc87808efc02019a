"""The demo's people, desks and agents; five of the people are demo logins."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Model

from approvals.actors import Door, system
from approvals.demo.scenarios import HELPER, READER, TREASURY, WRITER
from approvals.models import Agent, Calendar, Desk, Holiday, Hours, Membership, Person
from approvals.models.people import NotificationMode
from approvals.services.accounts import api_keys
from approvals.states import Tier

DESKS = {"finance": "Finance", "revenue": "Revenue", "it": "IT"}
HOLIDAYS = {"New Year's Day": (1, 1), "Labor Day": (5, 1), "Christmas Day": (12, 25), "Boxing Day": (12, 26)}
CURRENCIES = ("EUR", "USD", "GBP", "CHF", "PLN", "INR")
YOURS = "your-agent"
AGENTS = {
    READER: "Invoice reader",
    WRITER: "Outreach writer",
    HELPER: "Access helper",
    TREASURY: "Treasury bot",
    YOURS: "Your agent",
}
OWNER = "integrator"
OWN_CALLS = ("read:own", "withdraw:own", "consume:own")


@dataclass(frozen=True, slots=True)
class Role:
    """One of the demo's people; ``desks`` maps desks to tiers, ``ceiling`` applies in every currency."""

    username: str
    first_name: str
    last_name: str
    says: tuple[str, ...]
    desks: Mapping[str, Tier]
    groups: tuple[str, ...] = ("Reviewers",)
    ceiling: str = ""
    is_login: bool = False


EVERYWHERE_JUNIOR = dict.fromkeys(DESKS, Tier.JUNIOR)
EVERYWHERE_SENIOR = dict.fromkeys(DESKS, Tier.SENIOR)
# A migration creates this desk for the built-in action type that publishes policies.
POLICIES = {"policies": Tier.SENIOR}
AUTHORS = ("Reviewers", "Policy authors")
CHIEFS = (*AUTHORS, "Halts", "Overriders")
ROLES = (
    Role(
        *("junior", "Jonas", "Lind", ("junior", "accountant"), EVERYWHERE_JUNIOR),
        *((*AUTHORS, "Break-glass"), "5000.00"),
        is_login=True,
    ),
    Role("senior", "Sofia", "Marin", ("senior",), EVERYWHERE_SENIOR | POLICIES, CHIEFS, is_login=True),
    Role("compliance", "Clara", "Osei", ("compliance",), {}, ("Compliance",), is_login=True),
    Role("integrator", "Ivo", "Petrov", ("integrator",), {}, ("Integrators",), is_login=True),
    Role("admin", "Ada", "Keller", ("administrator",), {}, ("Administrators",), is_login=True),
    Role("amara", "Amara", "Diallo", ("account manager",), {"revenue": Tier.JUNIOR}),
    Role("tomas", "Tomas", "Horak", ("IT support",), {"it": Tier.JUNIOR}),
    Role(
        *("henrike", "Henrike", "Vos", ("head of finance",), {"finance": Tier.SENIOR, "it": Tier.SENIOR} | POLICIES),
        # A second person is needed to lift a halt of everything.
        groups=("Reviewers", "Halts"),
    ),
)
_TYPES = ("view_actiontype", "add_actiontype", "change_actiontype")
# The owner of the agents must not control what they may do: the senior and the administrator manage the action types.
MAY = {
    "senior": _TYPES,
    # Two of the logins can so try a change that one requests and the other decides.
    "junior": _TYPES,
}


def keep(row: Model, at: datetime, reason: str) -> None:
    """Save a row with a history row that says when and why."""
    row._history_date = at  # type: ignore[attr-defined]
    row._change_reason = reason  # type: ignore[attr-defined]
    row.save()


def _open_office(desk: Desk, at: datetime) -> None:
    """Give finance office hours; its policies count elapsed time, so that the demo also works on a Sunday."""
    calendar = Calendar(desk=desk, time_zone="Europe/Berlin")
    keep(calendar, at, "Office hours added.")
    for weekday in range(5):
        keep(Hours(calendar=calendar, weekday=weekday, begins=time(8), ends=time(18)), at, "Office hours added.")
    for year in (at.year, at.year + 1):
        for name, (month, day) in HOLIDAYS.items():
            keep(Holiday(calendar=calendar, on=date(year, month, day), name=name), at, "Public holiday added.")


def settle(at: datetime) -> None:
    """Create desks, people with memberships, and agents that the integrator owns."""
    desks = {slug: Desk(slug=slug, name=name) for slug, name in DESKS.items()}
    for desk in desks.values():
        keep(desk, at, "Desk created.")
    _open_office(desks["finance"], at)
    desks |= {desk.slug: desk for desk in Desk.objects.filter(slug__in=POLICIES)}
    for role in ROLES:
        _settle_person(role, desks, at)
    owner = Person.objects.get(username=OWNER)
    for name, title in AGENTS.items():
        keep(Agent(name=name, title=title, owner=owner, version="1.0"), at, "Agent registered.")


def _settle_person(role: Role, desks: Mapping[str, Desk], at: datetime) -> None:
    person = Person(
        username=role.username,
        first_name=role.first_name,
        last_name=role.last_name,
        email=f"{role.username}@northwind.example",
        is_staff=True,
        is_demo=True,
        date_joined=at,
        # A visitor of five minutes should not wait for a digest.
        notification_mode=NotificationMode.EACH,
    )
    person.set_unusable_password()
    keep(person, at, "Joined the company.")
    person.groups.set(Group.objects.filter(name__in=role.groups))
    person.user_permissions.set(Permission.objects.filter(codename__in=MAY.get(role.username, ())))
    ceilings = dict.fromkeys(CURRENCIES, role.ceiling) if role.ceiling else {}
    for slug, tier in role.desks.items():
        keep(
            Membership(person=person, desk=desks[slug], tier=tier, ceilings=ceilings),
            at,
            "Added as a reviewer at this desk.",
        )


def logins(known: Iterable[Mapping[str, Any]], at: datetime) -> list[dict[str, Any]]:
    """Return the demo's logins with their passwords; an unknown password is reset."""
    passwords = {str(login["username"]): str(login["password"]) for login in known}
    found = []
    for role in ROLES:
        if role.is_login:
            password = passwords.get(role.username) or _new_password(role.username, at)
            found.append({"username": role.username, "password": password, "roles": list(role.says)})
    return found


def _new_password(username: str, at: datetime) -> str:
    password = secrets.token_urlsafe(9)
    person = Person.objects.get(username=username)
    person.set_password(password)
    keep(person, at, "Password set by the demo.")
    return password


def agent_keys(known: Mapping[str, str], at: datetime) -> dict[str, str]:
    """Return a key for each agent; an unknown key is issued again. Your agent may propose anything."""
    found = dict(known)
    for agent in Agent.objects.filter(name__in=set(AGENTS) - set(known)):
        issued = api_keys.issue(
            actor=system(Door.DEMO),
            at=at,
            agent=agent,
            scopes=("propose:*", *OWN_CALLS),
            label="Created by the demo",
            environment="test",
        )
        found[agent.name] = issued.plain
    return found
