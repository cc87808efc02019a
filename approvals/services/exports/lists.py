"""The lists that can be exported, by name. The admin offers them when it starts; services import no door."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from django.db.models import QuerySet

from approvals.errors import NotFound
from approvals.models import Person


class Coded(NamedTuple):
    """A value that programs read as a code and people as words."""

    code: str
    words: str


Cell = str | int | float | bool | Decimal | datetime | date | Coded | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name for programs, its label for people, and its value of a row."""

    name: str
    label: Any
    value: Callable[[Any], Cell]
    is_default: bool = True
    is_time: bool = False


class Listing(Protocol):
    """A list: who may read it, which rows an address of it shows, and their columns."""

    def is_open_to(self, person: Person) -> bool:
        """Whether this person may read the list at all."""

    def columns(self, person: Person) -> Sequence[Column]:
        """Every column that this person can choose, the first of which names the row."""

    def rows(self, person: Person, query: str) -> QuerySet[Any]:
        """The rows that the list shows this person at this address, in its order.

        :raises Malformed: the address has a filter that the list does not have.
        """

    def prepare(self, rows: Sequence[Any]) -> None:
        """Read what the columns of these rows need, in a fixed number of statements."""

    def filters(self, query: str) -> Mapping[str, str]:
        """The filters of an address without what was typed to search for, which may name a person."""


_offered: dict[str, Listing] = {}


def offer(name: str, listing: Listing) -> None:
    """Let people export this list; a step without a database, taken once when the process starts."""
    _offered[name] = listing


def named(name: str) -> Listing:
    """The list of this name.

    :raises NotFound: there is none.
    """
    try:
        return _offered[name]
    except KeyError:
        raise NotFound() from None


def chosen(listing: Listing, person: Person, names: Sequence[str]) -> list[Column]:
    """The columns of these names in the list's own order; a name that is unknown is left out."""
    return [column for column in listing.columns(person) if column.name in names]
