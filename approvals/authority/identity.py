"""Which accounts count as one person: those that one and the same person can use.

An account whose password somebody else set, or could set by a link to an address of their choice, is theirs too. That
holds transitively: two accounts whose passwords one administrator set are one person with each other. The answer is
kept in `Person.counts_as`, so that it costs a statement only where accounts are tied.

Delegations tie people as well, at a desk and for a time; `delegations` asks that of all whom this module names.
"""

from collections.abc import Callable, Collection, Iterable

from approvals.models import Person


def closed(people: Iterable[Person]) -> list[Person]:
    """These people, and everybody who counts as one of them; each once."""
    known = {person.pk: person for person in people}
    groups = {person.counts_as_id for person in known.values() if person.counts_as_id is not None}
    if groups:
        known |= {person.pk: person for person in Person.objects.filter(counts_as__in=groups).exclude(pk__in=known)}
    return list(known.values())


def ids(person: Person) -> list[int]:
    """The ids of all accounts that count as this person, their own first."""
    return [each.pk for each in closed([person])]


def are_one(one: Person, other: Person) -> bool:
    """Whether two accounts count as one person."""
    return one.pk == other.pk or (one.counts_as_id is not None and one.counts_as_id == other.counts_as_id)


def spread(people: Collection[Person], found_among: Callable[[list[Person]], set[int]]) -> set[int]:
    """Those of these people for whom a question holds, or for somebody who counts as them."""
    everybody = closed(people)
    found = found_among(everybody)
    groups = {each.counts_as_id for each in everybody if each.pk in found and each.counts_as_id is not None}
    return {person.pk for person in people if person.pk in found or person.counts_as_id in groups}


def because(person: Person) -> list[Person]:
    """The accounts that tie this one to others, each with who set its password; for whoever explains it."""
    if person.counts_as_id is None:
        return []
    tied = Person.objects.filter(counts_as=person.counts_as_id, password_set_by__isnull=False)
    return list(tied.select_related("password_set_by").order_by("pk"))


def groups(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The lowest id of all who are tied to each other by pairs, for each of them."""
    lowest: dict[int, int] = {}
    for one, other in pairs:
        first, second = lowest.setdefault(one, one), lowest.setdefault(other, other)
        lowest |= {each: min(first, second) for each, root in lowest.items() if root in (first, second)}
    return lowest
