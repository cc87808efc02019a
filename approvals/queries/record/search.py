"""Action search, using indexes only, so that it stays fast with ten million rows."""

import operator
import re
import uuid
from decimal import Decimal
from functools import reduce
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Exists, Func, Lookup, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Reverse, Upper
from django.db.models.lookups import StartsWith

from approvals.models import Action, ActionType, Agent, Decision, Person
from policies.engine.values import typed_numbers
from policies.engine.values.currencies import CODES
from policies.engine.values.money import MAX_DIGITS

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"[0-9]{3,40}")

MAX_NAMES = 50
MAX_WORDS = 8
MAX_NAMED = 1_000


def fitting(term: str) -> Q:
    """Return the actions that match a search term, word by word or as a prefix; reads those that are few.

    A word is an action's id, part of a decider's, an agent's or a kind's name, the start of any word of a subject, of a
    document number or of the name of whom it is on behalf of, a thread, or an amount.
    """
    named: list[uuid.UUID] = []
    for meaning in _meanings(term):
        # In order and cut off, even a few make the database walk through all actions, newest first. Without an order
        # they are read from the indexes; and where there are more, that walk soon meets enough of them.
        few = _few(Action.objects.filter(meaning).order_by().values_list("pk", flat=True))
        if few is None:
            return meaning | Q(pk__in=named)
        named += few
    return Q(pk__in=named)


def _meanings(term: str) -> list[Q]:
    """Return what a term may mean, the likeliest first: of several words the whole, then each of them.

    Where a meaning fits many, nobody looks for the less likely ones.
    """
    words = term.split()[:MAX_WORDS]
    each = reduce(operator.and_, (_of_word(word) | _decided_by(word) for word in words), Q())
    return [each] if len(words) == 1 else [_containing(term.strip()) | _of_money(words), each]


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
    found = _containing(word) | Q(thread=word) | Q(agent__in=_ids(agents)) | Q(action_type__in=_ids(kinds))
    if amounts := _amounts(word):
        found |= Q(amount__in=amounts)
    return found


def _decided_by(word: str) -> Q:
    """Return the actions that people decided whose names contain a word; an id names nobody."""
    try:
        uuid.UUID(word)
    except ValueError:
        names = Q(username__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
        people = _ids(Person.objects.filter(names))
    else:
        people = []
    if not people:
        return Q(pk__in=[])
    decided = Decision.objects.filter(person__in=people)
    few = _few(decided.order_by().values_list("action", flat=True))
    return Q(Exists(decided.filter(action=OuterRef("pk")))) if few is None else Q(pk__in=few)


def _few(ids: QuerySet[Any, Any]) -> list[uuid.UUID] | None:
    """Return the ids, unless there are too many to name them."""
    found = list(ids[: MAX_NAMED + 1])
    return None if len(found) > MAX_NAMED else found


def _containing(text: str) -> Q:
    """Return the actions that have a word with each of these beginnings; on SQLite, that contain the text."""
    if connection.vendor != "postgresql":
        found = Q(subject__icontains=text) | Q(reference__icontains=text) | Q(on_behalf_of__icontains=text)
    else:
        # Each is a scan of the index, and one word can be divided into hundreds.
        beginnings = _WORD.findall(text)[:MAX_WORDS]
        # A number is another one with each further digit.
        end = "" if _NUMBER.fullmatch(text) else ":*"
        wanted = " & ".join(f"{each}{end}" for each in beginnings)
        found = Q(HasWords(Words("subject", "reference", "on_behalf_of"), wanted)) if wanted else Q(pk__in=[])
    if not _NUMBER.fullmatch(text):
        return found
    # A document's number without the letters before it: RE20441 is found by 20441.
    return found | Q(StartsWith(Reverse(Upper("reference")), text[::-1]))


class Words(Func):
    """The words of some columns, as an index holds them."""

    # What divides words is a blank: else a date or an address would be one word.
    _dividers = "/.-_:@,;+&#()"
    template = f"to_tsvector('simple', translate(%(expressions)s, '{_dividers}', '{' ' * len(_dividers)}'))"
    arg_joiner = " || ' ' || "
    output_field = TextField()


class HasWords(Lookup):
    """Whether there is a word with each of these beginnings, written as PostgreSQL does: ``one:* & other:*``."""

    lookup_name = "has_words"
    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the condition."""
        words, parameters = self.process_lhs(compiler, connection)
        return f"{words} @@ to_tsquery('simple', %s)", (*parameters, self.rhs)


def _ids(rows: QuerySet[Any]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True)[:MAX_NAMES])


def _amounts(word: str) -> list[Decimal]:
    """Return what a typed amount may mean: 717,97 is 717.97, and 1.080 may be 1080."""
    found = (Decimal(text) for text in sorted(typed_numbers.meanings(word)))
    return [amount for amount in found if amount.adjusted() < MAX_DIGITS]
