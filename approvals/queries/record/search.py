"""Action search, using indexes only, so that it stays fast with ten million rows."""

import operator
import re
import uuid
from decimal import Decimal, InvalidOperation
from functools import reduce
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Reverse, Upper
from django.db.models.lookups import StartsWith

from approvals.models import Action, ActionType, Agent, Decision, Person

_NUMBER = re.compile(r"[0-9]{3,40}")
_SUM = re.compile(r"(?P<before>[A-Za-z]{3})?\s*(?P<amount>-?[0-9][0-9.,'’\s]{0,40}?)\s*(?P<after>[A-Za-z]{3})?")
_COMMA = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})*,[0-9]{1,4}|-?[0-9]+,[0-9]{1,4}")
_POINT = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,4})?")
_SPACES = dict.fromkeys(map(ord, "'’ \u00a0\u202f"))

MAX_NAMES = 50
MAX_WORDS = 8


def fitting(term: str) -> Q:
    """Return the actions that match a search term, word by word or as a prefix.

    A word is an action's id, part of a decider's, an agent's or a kind's name, the start of a subject, of a document
    number or of the name of whom it is on behalf of, a thread, or an amount.
    """
    words = term.split()[:MAX_WORDS]
    each = reduce(operator.and_, (_of_word(word) for word in words), Q())
    found = each | _starting_with(term.strip()) if len(words) > 1 else each
    return found | _sum(term.strip())


def _sum(text: str) -> Q:
    """Return the actions with an amount in a currency, where the text is one, such as EUR 717.97."""
    read = _SUM.fullmatch(text)
    amount = _amount(read["amount"]) if read and bool(read["before"]) != bool(read["after"]) else None
    return Q(amount=amount, currency=(read["before"] or read["after"]).upper()) if read and amount is not None else Q()


def _of_word(word: str) -> Q:
    try:
        return Q(pk=uuid.UUID(word))
    except ValueError:
        pass
    # The ids are read first: with them the database combines indexes, with a subquery under OR it reads every row.
    agents = Agent.objects.filter(Q(name__icontains=word) | Q(title__icontains=word))
    kinds = ActionType.objects.filter(Q(name__icontains=word) | Q(title__icontains=word))
    found = _starting_with(word) | Q(thread=word) | Q(agent__in=_ids(agents)) | Q(action_type__in=_ids(kinds))
    amount = _amount(word)
    if amount is not None:
        found |= Q(amount=amount)
    names = Q(username__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
    people = _ids(Person.objects.filter(names))
    if not people:
        return found
    decided = Decision.objects.filter(person__in=people).order_by()
    return Q(
        pk__in=decided.order_by()
        .values("action")
        .union(Action.objects.filter(found).order_by().values("pk"), all=True)
        .order_by()
    )


def _starting_with(text: str) -> Q:
    found = Q(subject__istartswith=text) | Q(reference__istartswith=text) | Q(on_behalf_of__istartswith=text)
    if not _NUMBER.fullmatch(text):
        return found
    # A document's number without the letters before it: INV-20441 is found by 20441.
    return found | Q(StartsWith(Reverse(Upper("reference")), text[::-1]))


def _ids(rows: QuerySet[Any]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True)[:MAX_NAMES])


def _amount(word: str) -> Decimal | None:
    """Read an amount as people write it: 717.97, 717,97, 1,080.50, 1.080,50 or 1'080.50."""
    plain = word.translate(_SPACES)
    if _COMMA.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif _POINT.fullmatch(plain):
        plain = plain.replace(",", "")
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < Decimal("1e15") else None
