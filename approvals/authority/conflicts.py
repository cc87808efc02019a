"""Who has a part in an action, and whether that keeps them from deciding on it; asked of many people at once.

A few statements however many there are: whoever opens a stage asks this of all whom it may ask.
"""

import re
import unicodedata
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

from django.db.models import BigIntegerField, CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat

from approvals import asked
from approvals.authority import identity, own_agents
from approvals.ids import made_at
from approvals.models import Action, ApiKey, Employee, Person
from approvals.models.people import MAX_NORMALIZED
from approvals.text.normalize import name, names_in
from policies import db
from policies.compiled import Among, Compiled, Slot

_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_ID = re.compile(r"person:([0-9]{1,18})", re.ASCII)


def named(texts: Iterable[str]) -> dict[str, list[int]]:
    """The ids of the people whom each text names today, in order; one statement, which looks names up in indexes.

    By user name, e-mail address, full name or id, or as the directory knows them, however spelled.
    """
    meant = {text: {each[:MAX_NORMALIZED] for each in names_in(text)} for text in texts if text}
    every = set().union(*meant.values())
    if not every:
        return {}
    people = defaultdict(set)
    for person, called in _people_of(every, {number for text in meant for number in _numbers(text)}):
        people[name(called)].add(person)
    return {text: sorted(set().union(*(people[name] for name in names))) for text, names in meant.items()}


def requesters(action: Action, people: Collection[Person]) -> set[int]:
    """Those on whose behalf the action is: whom it named when it was proposed, and by every name of theirs since.

    Where it named nobody then, whoever had the name before counts. Whoever reopened what policy had blocked asked for
    it. Whoever counts as one of them is one, too.
    """
    return identity.spread(people, lambda everybody: _requesters(action, everybody))


def _requesters(action: Action, people: Collection[Person]) -> set[int]:
    kept = {action.overridden_by_id, *(action.requesters or ())}
    found = {person.pk for person in people if person.pk in kept}
    asked = names_in(action.on_behalf_of)
    if not asked:
        return found
    known = {
        person.pk: {person.get_username(), person.email, person.get_full_name(), f"person:{person.pk}"}
        for person in people
    }
    # As the directory knows them, too: that is how whoever decides for somebody is found.
    since = min(action.created_at, made_at(action.pk)) if action.requesters else _EVER
    for person, called in _names_of(list(known), since):
        known[person].add(called)
    return found | {
        person for person, names in known.items() if asked & {plain for name in names for plain in names_in(name)}
    }


def owners(action: Action, people: Collection[Person]) -> set[int]:
    """Those who own the action's agent or hold a key of it, or count as one who does."""
    return identity.spread(people, lambda everybody: _owners(action, everybody))


def _owners(action: Action, people: Collection[Person]) -> set[int]:
    # The owner of then and of now: handing the agent over must not open its old proposals.
    found = {person.pk for person in people if person.pk in (action.owner_id, action.agent.owner_id)}
    others = [person.pk for person in people if person.pk not in found]
    about = ("holders", action.agent_id, tuple(others))
    return found | asked.once(about, lambda: _holders(action.agent_id, others))


def _holders(agent: int, people: Collection[int]) -> set[int]:
    return {key.holder_id for key in _HELD_KEYS.all(agent=agent, people=people) if key.holder_id is not None}


_HELD_KEYS: Compiled[ApiKey] = Compiled(
    lambda: (
        ApiKey.objects.filter(Among("holder", "people", BigIntegerField()), agent=Slot("agent", BigIntegerField()))
        .only("holder")
        .order_by()
    )
)


def eligible(people: Collection[Person], action: Action) -> list[Person]:
    """Those of these people about whom nothing forbids to decide on this action."""
    active = [person for person in people if person.is_active]
    barred = requesters(action, active) | _barred_owners(action, active)
    return [person for person in active if person.pk not in barred]


def is_eligible(person: Person, action: Action) -> bool:
    """Whether nothing about the person forbids to decide on this action: self-approval above all."""
    return bool(eligible([person], action))


def is_own(person: Person, action: Action) -> bool:
    """Whether the person asked for the action, owns its agent or holds its key."""
    return is_requester(person, action) or bool(owners(action, [person]))


def has_part(person: Person, action: Action) -> bool:
    """Whether this very account asked for the action, owns its agent or holds its key; to say whose part it is."""
    return bool(_requesters(action, [person]) or _owners(action, [person]))


def is_requester(person: Person, action: Action) -> bool:
    """Whether the action is on this person's behalf, or reopened by them."""
    return bool(requesters(action, [person]))


def requested_among(person: Person, actions: Collection[Action]) -> set[uuid.UUID]:
    """Those of these actions that are on the person's behalf; one statement at most, for a page of them.

    Each account that counts as the person costs one more.
    """
    return set().union(*(_requested_among(each, actions) for each in identity.closed([person])))


def _requested_among(person: Person, actions: Collection[Action]) -> set[uuid.UUID]:
    kept = {each.pk for each in actions if person.pk in {each.overridden_by_id, *(each.requesters or ())}}
    asked = {each.pk: names_in(each.on_behalf_of) for each in actions if each.on_behalf_of}
    if not asked:
        return kept
    own = {person.get_username(), person.email, person.get_full_name(), f"person:{person.pk}"}
    own |= {name for _person, name in _names_of([person.pk], min(each.created_at for each in actions))}
    plain = {each for name in own for each in names_in(name)}
    return kept | {key for key, names in asked.items() if names & plain}


def own_among(person: Person, actions: Collection[Action]) -> set[uuid.UUID]:
    """Those of these actions that the person asked for, or that their agents proposed; two statements at most."""
    ids = set(identity.ids(person))
    mine = {each.pk for each in actions if not ids.isdisjoint((each.owner_id, each.agent.owner_id))}
    agents = {each.agent_id for each in actions if each.pk not in mine}
    held = (
        set(ApiKey.objects.filter(agent__in=agents, holder__in=ids).values_list("agent", flat=True)) if agents else ()
    )
    return mine | {each.pk for each in actions if each.agent_id in held} | requested_among(person, actions)


def is_exception(person: Person, action: Action) -> bool:
    """Whether only the desk's running solo allows this person to decide; each such decision is recorded as one."""
    return action.desk.is_solo and not is_requester(person, action) and is_own(person, action)


def _barred_owners(action: Action, people: Collection[Person]) -> set[int]:
    """Those who own the action's agent or hold its key; a desk of one lets them decide, if they did not make it so."""
    found = owners(action, people)
    if not found or not action.desk.is_solo:
        return found
    now = db.now()
    alone = (each for each in people if each.pk in found and own_agents.runs_alone(each, action.desk, now))
    return found - {person.pk for person in alone}


def _numbers(text: str) -> set[int]:
    """The number of the person whom a text names by it."""
    spelled = unicodedata.normalize("NFKC", text).strip().casefold()
    return {int(found[1]) for each in (spelled, name(text)) if (found := _ID.fullmatch(each))}


def _people_of(names: set[str], ids: set[int]) -> Iterable[tuple[int, str]]:
    """People with these ids, and with the name of theirs that is among these."""
    linked = Employee.objects.filter(person__isnull=False)
    rows = [
        *(_pairs(Person.objects.filter(**{f"{column}__in": names}), "pk", F(column)) for column in _SPELLINGS),
        *(_pairs(linked.filter(**{f"{column}__in": names}), "person_id", F(column)) for column in _OF_EMPLOYEES),
        _pairs(Person.objects.filter(pk__in=ids), "pk", Concat(Value("person:"), Cast("pk", CharField()))),
    ]
    return rows[0].union(*rows[1:]).order_by()


def _names_of(people: list[int], since: datetime) -> Iterable[tuple[int, str]]:
    """People with what the directory calls them, and with every name that they or it had since then; one statement."""
    persons = Person.history.filter(id__in=people, history_date__gte=since)
    employees = Employee.history.filter(person_id__in=people, history_date__gte=since)
    full = Concat("first_name", Value(" "), "last_name", output_field=CharField())
    rows = [
        *(_pairs(Employee.objects.filter(person__in=people), "person_id", F(name)) for name in ("key", "name")),
        *(_pairs(employees, "person_id", F(name)) for name in ("key", "name")),
        *(_pairs(persons, "id", name) for name in (F("username"), F("email"), full)),
    ]
    return rows[0].union(*rows[1:]).order_by()


_SPELLINGS = ("normalized_username", "normalized_email", "normalized_name")
_OF_EMPLOYEES = ("normalized_key", "normalized_name")


def _pairs(rows: QuerySet[Any], person: str, name: object) -> QuerySet[Any]:
    pairs: QuerySet[Any] = rows.order_by().annotate(whom=F(person), called=name).values_list("whom", "called")
    return pairs
