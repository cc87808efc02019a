"""Saved views of the inbox and of the list of actions: each person's own, and readable by nobody else.

How somebody likes to look at what waits is no change that matters to the record: it decides nothing, shows nothing that
was not shown before and concerns nobody else. So, like a claim, it leaves no ledger entry.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Value
from django.db.models.functions import Lower

from approvals.actors import Actor, Door
from approvals.errors import Malformed, NotAllowed, NotFound
from approvals.models import Person, SavedView
from approvals.models.saved_views import MAX_NAME_LENGTH, ViewPage
from approvals.queries.inbox import filters as inbox_filters
from policies.db import service

MAX_VIEWS = 20
MAX_FILTERS = 20
MAX_FILTER_LENGTH = 300


@service
def save(*, actor: Actor, at: datetime, name: str, filters: Mapping[str, Any]) -> SavedView:
    """Keep what the inbox is narrowed to under a name; what is not understood of the filters is left out.

    :raises NotAllowed: no person is acting, or comes with a token.
    :raises Malformed: the name is empty, too long or taken, nothing is narrowed, or there are 20 already.
    """
    person = _owner(actor)
    return _save(person, ViewPage.INBOX, name, inbox_filters.read(filters).kept)


@service
def save_search(*, actor: Actor, at: datetime, name: str, filters: Mapping[str, str]) -> SavedView:
    """Keep what the list of actions is narrowed to under a name; the list itself passes over what it does not know.

    :raises NotAllowed: no person is acting, or comes with a token.
    :raises Malformed: the name is empty, too long or taken, nothing is narrowed, or there are 20 already.
    """
    kept = {key: text for key, text in filters.items() if text}
    if len(kept) > MAX_FILTERS or any(len(key) + len(text) > MAX_FILTER_LENGTH for key, text in kept.items()):
        raise Malformed("The filters are too long to save. Shorten the search.", field="filters")
    return _save(_owner(actor), ViewPage.ACTIONS, name, kept)


def _save(person: Person, page: ViewPage, name: str, kept: Mapping[str, str]) -> SavedView:
    if not kept:
        raise Malformed("There is nothing to save. Choose a view or a filter first.", field="filters")
    if SavedView.objects.filter(person=person, page=page).count() >= MAX_VIEWS:
        raise Malformed(
            "You already have {most} saved views. Delete one first.", said={"most": MAX_VIEWS}, field="name"
        )
    return SavedView.objects.create(person=person, page=page, name=_named(person, page, name), filters=kept)


@service
def rename(*, actor: Actor, at: datetime, view_id: int, name: str) -> SavedView:
    """Give a saved view of one's own another name.

    :raises NotAllowed: no person is acting, or comes with a token.
    :raises NotFound: it is not one's own.
    :raises Malformed: the name is empty, too long or taken.
    """
    person = _owner(actor)
    view = _own(person, view_id)
    view.name = _named(person, view.page, name, besides=view)
    view.save(update_fields=["name"])
    return view


@service
def prefer(*, actor: Actor, at: datetime, view_id: int, is_first: bool) -> SavedView:
    """Let the inbox open with a saved view of one's own, or not any more.

    :raises NotAllowed: no person is acting, or comes with a token.
    :raises NotFound: it is not one's own.
    """
    person = _owner(actor)
    view = _own(person, view_id)
    SavedView.objects.filter(person=person, page=view.page, is_first=True).update(is_first=False)
    view.is_first = is_first
    view.save(update_fields=["is_first"])
    return view


@service
def delete(*, actor: Actor, at: datetime, view_id: int) -> None:
    """Delete a saved view of one's own; what it showed stays where it is.

    :raises NotAllowed: no person is acting, or comes with a token.
    :raises NotFound: it is not one's own.
    """
    _own(_owner(actor), view_id).delete()


def _owner(actor: Actor) -> Person:
    """The acting person, held so that two pages at once count and name one after the other."""
    if actor.person is None or actor.door is Door.TOKEN:
        raise NotAllowed("Sign in to save views.")
    return Person.objects.select_for_update(no_key=True).get(pk=actor.person.pk)


def _own(person: Person, view_id: int) -> SavedView:
    found = SavedView.objects.filter(person=person, pk=view_id).first()
    if found is None:
        raise NotFound()
    return found


def _named(person: Person, page: str, name: str, besides: SavedView | None = None) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > MAX_NAME_LENGTH or not plain.isprintable():
        raise Malformed("Enter a view name of at most {most} characters.", said={"most": MAX_NAME_LENGTH}, field="name")
    # As the database compares them: of some letters, one in upper case is equal only in lower case.
    others = SavedView.objects.alias(lower=Lower("name")).filter(person=person, page=page, lower=Lower(Value(plain)))
    if any(other != besides for other in others):
        raise Malformed(
            "You already have a view named {name!r}. Choose another name.", said={"name": plain}, field="name"
        )
    return plain
