"""Passwords and addresses of accounts: set by an administrator, by the owner with a mailed link, or confirmed."""

from datetime import datetime

from django.contrib.auth.tokens import default_token_generator

from approvals.actors import Actor, Door
from approvals.authority import identity
from approvals.errors import NotAllowed, NotFound, SelfApproval, WrongState
from approvals.models import ApiKey, Person
from approvals.services.catalog import credentials
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from policies import db
from policies.db import service

BY_ADMINISTRATOR = "The password was set by an administrator."


@service
def set_password(*, actor: Actor, at: datetime, person_id: int, password: str | None) -> Person:
    """Set somebody's password, or disable it; until they set their own by a mailed link, they count as the setter.

    :raises NotAllowed: the acting person may not set passwords.
    """
    setter = _superuser(actor)
    person = _locked(person_id, setter)
    if password is None:
        person.set_unusable_password()
    else:
        person.set_password(password)
    # An administrator's own password stays as it was set: whoever knows it could do this.
    others = person.password_set_by if person.pk == setter.pk or password is None else setter
    credentials.keep_password(person, others, Event(actor, db.now(), "person.password_set", BY_ADMINISTRATOR))
    return person


@service
def set_own_password(*, actor: Actor, at: datetime, person_id: int, token: str, password: str) -> Person:
    """Set a password by the link that was mailed to its owner; the link works once.

    :raises NotAllowed: the link is not valid any more.
    """
    person = _locked(person_id)
    if not person.is_active or not default_token_generator.check_token(person, token):
        raise NotAllowed("This link is no longer valid. Ask an administrator for a new one.")
    if person.password_set_by is not None:
        _revoke_tokens(person, actor, db.now())
    person.set_password(password)
    said = Event(actor, db.now(), "person.password_set", "The password was set with a mailed link.")
    # Whoever chose the address may be the one who used the link.
    credentials.keep_password(person, person.email_set_by, said)
    return person


@service
def send_link(*, actor: Actor, at: datetime, person_id: int) -> Person:
    """Mail an account's owner a link by which they set their password.

    :raises NotAllowed: the acting person may not change accounts, or the owner cannot be written to.
    """
    person = _locked(person_id)
    _check_administrator(actor, person)
    credentials.send_link(person, actor, db.now())
    return person


@service
def confirm_address(*, actor: Actor, at: datetime, person_id: int) -> Person:
    """Confirm an address that an administrator changed: by its owner with their own password, or by somebody else.

    :raises NotAllowed: the acting person may not change accounts, or signed in with a password that another set.
    :raises SelfApproval: the acting person changed the address, or counts as whoever did.
    :raises WrongState: there is nothing to confirm.
    """
    person = _locked(person_id)
    if actor.person is None or actor.person.pk != person.pk:
        _check_administrator(actor, person)
    if refusal := objection_to_confirm(actor, person):
        raise refusal
    person.email_set_by = None
    entries.record_row(person, Event(actor, db.now(), "person.address_confirmed", "The email address was confirmed."))
    return person


def objection_to_confirm(actor: Actor, person: Person) -> NotAllowed | WrongState | None:
    """Why the acting person does not confirm this account's address, or None; who administers is not asked."""
    setter, asker = person.email_set_by, actor.person
    if setter is None:
        return WrongState("There is no new address to confirm.", state="")
    if asker is None or actor.door is not Door.ADMIN or not asker.is_active:
        return NotAllowed("Sign in to confirm an address.")
    if identity.are_one(asker, setter):
        return SelfApproval(
            "You, or someone who counts as the same person as you, changed this address. Another person must "
            "confirm it."
        )
    return None


def _revoke_tokens(person: Person, actor: Actor, at: datetime) -> None:
    """End the tokens of an account that another person could use: they may have kept one."""
    for key in (
        ApiKey.objects.select_for_update(no_key=True).filter(person=person, revoked_at__isnull=True).order_by("pk")
    ):
        key.revoked_at = at
        entries.record_row(key, Event(actor, at, "key.revoked", "The owner set their own password."))


def _superuser(actor: Actor) -> Person:
    if actor.person is None or not actor.person.is_active or not actor.person.is_superuser:
        raise NotAllowed("Only superusers can set passwords. Send a link instead.")
    return actor.person


def _check_administrator(actor: Actor, person: Person) -> None:
    asker = actor.person
    is_above = person.is_superuser and asker is not None and not asker.is_superuser
    if asker is None or is_above or actor.door is not Door.ADMIN or not asker.has_perm("approvals.change_person"):
        raise NotAllowed("You do not have permission to change this account. Ask another administrator to change it.")


def _locked(person_id: int, *others: Person) -> Person:
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound()
    credentials.lock(person, *others)
    return Person.objects.select_related("password_set_by", "email_set_by").get(pk=person_id)
