"""Action search, using indexes only, so that it stays fast with ten million rows."""

import operator
import re
import uuid
from decimal import Decimal
from functools import reduce
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Reverse, Upper
from django.db.models.lookups import StartsWith

from approvals.models import Action, ActionType, Agent, Decision, Person
from policies.engine.values import typed_numbers
from policies.engine.values.currencies import CODES
from policies.engine.values.money import MAX_DIGITS

_NUMBER = re.compile(r"[0-9]{3,40}")

MAX_NAMES = 50
MAX_WORDS = 8


def fitting(term: str) -> Q:
    """Return the actions that match a search term, word by word or as a prefix.

    A word is an action's id, part of a decider's, an agent's or a kind's name, the start of a subject, of a document
    number or of the name of whom it is on behalf of, a thread, or an amount.
    """
    words = term.split()[:MAX_WORDS]
    told = [(_of_word(word), _deciders(word)) for word in words]
    if len(words) == 1:
        return _or_decided(*told[0])
    # Where one word names nobody, its index leads to few actions, and each is asked who decided it: a subquery with all
    # that a person decided would be searched through for each.
    join = _or_decided if all(people for _, people in told) else _or_is_decided
    each = reduce(operator.and_, (join(*each) for each in told), Q())
    return each | _starting_with(term.strip()) | _of_money(words)


def _of_money(words: list[str]) -> Q:
    """Return the actions of an amount that is written in groups, or with its currency."""
    codes = [word for word in words if word.upper() in CODES]
    amounts = _amounts(" ".join(word for word in words if word not in codes))
    if not amounts or len(codes) > 1:
        return Q(pk__in=[])
    return Q(amount__in=amounts, currency=codes[0].upper()) if codes else Q(amount__in=amounts)


def _of_word(word: str) -> Q:
    try:
        return Q(pk=uuid.UUID(word))
    except ValueError:
        pass
    # The ids are read first: with them the database combines indexes, with a subquery under OR it reads every row.
    agents = Agent.objects.filter(Q(name__icontains=word) | Q(title__icontains=word))
    kinds = ActionType.objects.filter(Q(name__icontains=word) | Q(title__icontains=word))
    found = _starting_with(word) | Q(thread=word) | Q(agent__in=_ids(agents)) | Q(action_type__in=_ids(kinds))
    if amounts := _amounts(word):
        found |= Q(amount__in=amounts)
    return found


def _deciders(word: str) -> list[int]:
    """The people whose names contain a word; an id names nobody."""
    try:
        uuid.UUID(word)
    except ValueError:
        names = Q(username__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
        return _ids(Person.objects.filter(names))
    return []


def _or_decided(found: Q, people: list[int]) -> Q:
    """What was found, or decided by one of these people: as a union, of which each part reads its index."""
    if not people:
        return found
    decided = Decision.objects.filter(person__in=people).order_by()
    others = Action.objects.filter(found).order_by().values("pk")
    return Q(pk__in=decided.values("action").union(others, all=True).order_by())


def _or_is_decided(found: Q, people: list[int]) -> Q:
    """The same, asked of each action."""
    return found | Q(Exists(Decision.objects.filter(action=OuterRef("pk"), person__in=people))) if people else found


def _starting_with(text: str) -> Q:
    found = Q(subject__istartswith=text) | Q(reference__istartswith=text) | Q(on_behalf_of__istartswith=text)
    if not _NUMBER.fullmatch(text):
        return found
    # A document's number without the letters before it: INV-20441 is found by 20441.
    return found | Q(StartsWith(Reverse(Upper("reference")), text[::-1]))


def _ids(rows: QuerySet[Any]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True)[:MAX_NAMES])


def _amounts(word: str) -> list[Decimal]:
    """Return what a typed amount may mean: 717,97 is 717.97, and 1.080 may be 1080."""
    found = (Decimal(text) for text in sorted(typed_numbers.meanings(word)))
    return [amount for amount in found if amount.adjusted() < MAX_DIGITS]
