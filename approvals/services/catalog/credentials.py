"""Who can use an account besides its owner: kept where somebody else sets its password or address. Steps.

1. A password that an administrator sets: the account counts as that administrator, too.
2. An address that an administrator changes: whoever sets a password by a link to it may be that administrator. So the
   account counts as theirs from then on, unless somebody else has confirmed the address.
3. A password that the owner sets by a link to an address that nobody doubts: the account counts as nobody else.

The person concerned is told each time, at the old address and the new one.
"""

from collections import defaultdict
from datetime import datetime

from django.db.models import Q

from approvals.actors import Actor
from approvals.authority import identity
from approvals.errors import NotAllowed
from approvals.models import LedgerEntry, Membership, Person
from approvals.models.deliveries import ADDRESS_CHANGED, PASSWORD_LINK, PASSWORD_SET, POWER_CHANGED
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from policies import db


def lock(*people: Person) -> None:
    """Hold these people, and all whose accounts others can use, so that nobody regroups them meanwhile."""
    wanted = Q(password_set_by__isnull=False) | Q(pk__in=[person.pk for person in people])
    held = Person.objects.select_for_update(no_key=True).filter(wanted)
    list(held.order_by("pk").values_list("pk", flat=True))


def keep_password(person: Person, setter: Person | None, fact: Event) -> None:
    """Save a locked account with its new password, and who else may know it; tell its owner."""
    person.password_set_by = setter
    entries.record_row(person, fact)
    regroup()
    _tell(person, PASSWORD_SET, fact.at)


def note_address(person: Person, former: str, actor: Actor) -> None:
    """Note on an account, before it is saved, that somebody else changes its address; tell its owner at both."""
    if actor.person is None or actor.person.pk == person.pk:
        return
    person.email_set_by = actor.person
    at = db.now()
    queue.notify_account(person, ADDRESS_CHANGED, at)
    queue.notify_account(person, ADDRESS_CHANGED, at, address=former)


def send_link(person: Person, actor: Actor, at: datetime) -> None:
    """Mail an account's owner a link by which they set their password.

    :raises NotAllowed: they cannot sign in, or have no address.
    """
    if not person.is_active or not person.email:
        raise NotAllowed(
            "This account is inactive or has no email address. Activate the account, or add an address first."
        )
    entries.record_unchanged(person, Event(actor, at, "person.link_sent", "A link to set a password was sent."))
    queue.notify_account(person, PASSWORD_LINK, at)


def tell_of_power(row: object, entry: LedgerEntry) -> None:
    """Tell a person of a change of their membership, or of their permissions."""
    person = row.person if isinstance(row, Membership) else row
    if isinstance(person, Person):
        queue.notify_account(person, POWER_CHANGED, entry.at, change_id=entry.history_id)


def regroup() -> None:
    """Bring `counts_as` up to date with who set whose password; those concerned are locked."""
    marked = Person.objects.filter(password_set_by__isnull=False)
    pairs = marked.values_list("pk", "password_set_by")
    now = identity.groups((person, setter) for person, setter in pairs if setter is not None)
    former = dict(Person.objects.filter(counts_as__isnull=False).values_list("pk", "counts_as"))
    changed: dict[int | None, list[int]] = defaultdict(list)
    for person in {*now, *former}:
        if now.get(person) != former.get(person):
            changed[now.get(person)].append(person)
    for group, people in changed.items():
        Person.objects.filter(pk__in=people).update(counts_as=group)


def _tell(person: Person, kind: str, at: datetime) -> None:
    queue.notify_account(person, kind, at)
    if person.email_set_by_id is not None and (former := _former_address(person)):
        queue.notify_account(person, kind, at, address=former)


def _former_address(person: Person) -> str:
    """The address that an account had before the one of now, as its history knows it."""
    rows = Person.history.filter(id=person.pk).exclude(email=person.email).exclude(email="")
    return str(rows.order_by("-history_date").values_list("email", flat=True).first() or "")
