"""Clients: whether there are any, and those that a person can choose from."""

from collections.abc import Iterable

from approvals.authority.visibility import reads_everything
from approvals.models import Client, Membership, Person
from policies.compiled import CompiledValues

MAX_LISTED = 500


def are_any() -> bool:
    """Return whether there are clients; where there are none, nobody reads of them."""
    return bool(_ANY.all())


_ANY = CompiledValues(lambda: Client.objects.order_by().values_list("pk")[:1])


def of_seats(seats: Iterable[Membership]) -> list[Client]:
    """Return the clients of these memberships, by name; at most one statement, and none where they have none."""
    rows = list(seats)
    if any(row.covers_clients for row in rows):
        return list(Client.objects.order_by("name", "pk")[:MAX_LISTED])
    ids = {row.client_id for row in rows if row.client_id is not None}
    return list(Client.objects.filter(pk__in=ids).order_by("name", "pk")[:MAX_LISTED]) if ids else []


def seen_by(person: Person) -> list[Client]:
    """Return the clients whose actions a person may see by their memberships, by name."""
    if reads_everything(person):
        return list(Client.objects.order_by("name", "pk")[:MAX_LISTED])
    return of_seats(Membership.objects.filter(person=person))
