"""Which actions somebody may see, and the sentence that names one."""

import re
import uuid
from collections.abc import Collection, Sequence
from functools import lru_cache, reduce
from operator import or_
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import BigIntegerField, Exists, Q, QuerySet, UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.actors import Actor
from approvals.authority import assignees, memberships
from approvals.authority.memberships import Seats
from approvals.errors import NotFound
from approvals.models import Action, Agent, BreakGlass, Client, Membership, Person
from approvals.models.break_glass import HOLDING
from approvals.models.people import COMPLIANCE
from approvals.text import money
from policies.compiled import Among, Compiled, Slot
from policies.engine.values import json_pointer

_FIELD = re.compile(r"\{([^{}]*)\}")
# The amount with the words before it that lead to nothing else, in the languages of the interface.
_LEADS = r"for|of|worth|over|totall?ing|über|in Höhe von|von|für|pour|de|d['’]un montant de"
_AMOUNT = re.compile(rf"(?:\s+(?:{_LEADS}))?\s*\{{amount\}}", re.IGNORECASE)


def reads_everything(person: Person) -> bool:
    """Whether the person reads every desk, as compliance officers do; being a superuser does not show actions."""
    return person.is_auditor


def visible_to(actor: Actor) -> QuerySet[Action]:
    """The actions that an agent proposed, or that a person may see."""
    if actor.agent is not None:
        return Action.objects.filter(agent=actor.agent)
    return visible_to_person(actor.person) if actor.person is not None else Action.objects.none()


def visible_to_person(person: Person) -> QuerySet[Action]:
    """The actions that a person's desks hold or were asked about, or they themselves were."""
    if not person.is_active:
        return Action.objects.none()
    return Action.objects.all() if reads_everything(person) else Action.objects.filter(_shown_to(person))


def grounds_of(person: Person) -> list[str]:
    """What a person sees lists by: that they read everything, desks, clients, groups; empty if they may not sign in.

    Whoever has lost one of these since might see less than before.
    """
    if not memberships.is_active(person):
        return []
    seats = memberships.visible_seats(person).order_by().values_list("desk", "client", "covers_clients")
    found = {f"desk:{desk}:{'all' if covers else client or 'none'}" for desk, client, covers in seats}
    # An emergency ends, and what it showed ends with it, even if the desk stays.
    named = {
        "glass": BreakGlass.objects.filter(HOLDING, person=person),
        "client": Client.objects.filter(responsible=person),
        "group": person.groups.all(),
    }
    found |= {f"{name}:{key}" for name, rows in named.items() for key in rows.order_by().values_list("pk", flat=True)}
    powers = {"everything": reads_everything(person), "superuser": person.is_superuser}
    return sorted({"person", *found, *(name for name, has in powers.items() if has)})


def is_covered(grounds: Collection[str], now: Collection[str]) -> bool:
    """Whether each of these grounds still holds: itself, or by a membership of its desk for every client."""
    return all(each in now or _whole_desk(each) in now for each in grounds)


def _whole_desk(ground: str) -> str:
    return f"{ground.rpartition(':')[0]}:all" if ground.startswith("desk:") else ground


def one_visible_to(actor: Actor) -> QuerySet[Action]:
    """The same for whoever names one: who reads everything is asked within the statement, which would slow a list."""
    if actor.agent is not None or actor.person is None or not actor.person.is_active:
        return visible_to(actor)
    return _one_shown_to(actor.person)


def _one_shown_to(person: Person | Slot) -> QuerySet[Action]:
    return Action.objects.filter(_shown_to(person) | Exists(Group.objects.filter(user=person, name=COMPLIANCE)))


def visible_among(actor: Actor, ids: Collection[uuid.UUID], related: tuple[str, ...]) -> dict[uuid.UUID, Action]:
    """Those of these few actions that are visible to an actor, with what is read of them, by id; one statement."""
    if not ids:
        return {}
    if actor.agent is not None:
        return {each.pk: each for each in _proposed_among(related).all(ids=ids, agent=actor.agent.pk)}
    if actor.person is None or not actor.person.is_active:
        return {}
    return {each.pk: each for each in _shown_among(related).all(ids=ids, person=actor.person.pk)}


@lru_cache(maxsize=64)
def _proposed_among(related: tuple[str, ...]) -> Compiled[Action]:
    among = Among("pk", "ids", UUIDField())
    field = Agent._meta.pk
    return Compiled(
        lambda: Action.objects.filter(among, agent=Slot("agent", field)).select_related(*related).order_by()
    )


@lru_cache(maxsize=64)
def _shown_among(related: tuple[str, ...]) -> Compiled[Action]:
    shown = _one_shown_to(Slot("person", BigIntegerField()))
    return Compiled(lambda: shown.filter(Among("pk", "ids", UUIDField())).select_related(*related).order_by())


def sees_desk(person: Person, action: Action) -> bool:
    """Whether the person may see all that the action's desk holds for its client, and not this action alone."""
    seats = memberships.visible_seats(person).filter(memberships.for_client(action.client_id), desk_id=action.desk_id)
    return seats.exists() or reads_everything(person)


def may_see(person: Person, action: Action) -> bool:
    """Whether the person may see this action."""
    if sees_desk(person, action):
        return True
    return Action.objects.filter(_asked(person), pk=action.pk).exists()


def _shown_to(person: Person | Slot) -> Q:
    """What a person's desks hold for the clients of their memberships, and what they are asked about."""
    return memberships.of_seats(memberships.visible_seats(person)) | _asked(person)


def _asked(person: Person | Slot) -> Q:
    """The actions of other desks with a stage, in any state, that asks this person, one of her groups or desks.

    None of them of a client that is not theirs. And those of desks whose glass she has broken, while that lasts: of
    every client, for an emergency knows none.
    """
    # One condition for each look-up; a single one with all would read every stage that there is.
    asked = reduce(or_, (Q(pk__in=found.values("action")) for found in assignees.stages_asking(person)))
    asked &= memberships.of_clients(person)
    return asked | Q(desk__in=BreakGlass.objects.filter(HOLDING, person=person).values("desk"))


def get_visible(actor: Actor, action_id: uuid.UUID, also: Sequence[str] = (), seats: Seats | None = None) -> Action:
    """One action with what is shown of it, in one statement or two.

    :param also: what else is read with it.
    :param seats: those by which the person may decide, if they are read already.
    :raises NotFound: there is none that the actor may see; whether it exists is not told.
    """
    related = ("action_type", "agent", "desk", "client", "revision", "evaluation", "claim", *also)
    # Mostly it is one of their own desks. The other ways to see it are a large statement, built for who needs it.
    found = _at_own_desks(actor, action_id, related, seats)
    found = found or visible_among(actor, [action_id], related).get(action_id)
    if found is None:
        raise NotFound()
    return found


def _at_own_desks(actor: Actor, action_id: uuid.UUID, related: tuple[str, ...], seats: Seats | None) -> Action | None:
    """The action if it is of a desk of which a person is a member: a part of what they may see, and quickly asked."""
    if actor.agent is not None or actor.person is None or not actor.person.is_active:
        return None
    if seats is None:
        return _of_member(related).first(action=action_id, person=actor.person.pk)
    found = _of_desks(related).first(action=action_id, desks=seats.desks) if seats.desks else None
    return found if found is not None and seats.cover(found) else None


@lru_cache(maxsize=64)
def _of_member(related: tuple[str, ...]) -> Compiled[Action]:
    own = Membership.objects.filter(person=Slot("person", BigIntegerField()))
    return Compiled(lambda: _named(memberships.of_seats(own)).select_related(*related))


@lru_cache(maxsize=64)
def _of_desks(related: tuple[str, ...]) -> Compiled[Action]:
    return Compiled(lambda: _named(Among("desk", "desks", BigIntegerField())).select_related(*related))


def _named(condition: Q | Among) -> QuerySet[Action]:
    return Action.objects.filter(condition, pk=Slot("action", UUIDField()))


def summary(action: Action, locale: str = "", template: str = "") -> str:
    """The one sentence that names an action, made by us from its type's template and its current payload."""
    payload = action.revision.payload

    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        if name == "amount":
            return money.said(action, locale) or _("an unknown amount")
        if name == "until":
            return f"{timezone.localtime(action.until):%Y-%m-%d %H:%M}" if action.until else "?"
        return _shown(json_pointer.find(payload, name))

    return _FIELD.sub(fill, template or action.action_type.summary)[:400]


def summary_beside_amount(action: Action) -> str:
    """The same without the amount, for a line that has it in a column; with it where the amount is unknown."""
    template = action.action_type.summary
    if "{amount}" not in template or not money.said(action):
        return summary(action)
    return summary(action, template=" ".join(_AMOUNT.sub(" ", template).split()))


def fields_of_summary(template: str) -> list[str]:
    """The fields that a summary sentence names: `amount`, `until`, or pointers."""
    return _FIELD.findall(template)


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "?"
    text = value if isinstance(value, str) else f"{value}"
    return text if len(text) <= 80 else f"{text[:79]}…"
