"""Moves to the next item: after a decision, or when the person skips one."""

import uuid
from contextlib import suppress

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from approvals.admin.base.model_admin import actor_of, person_of, seats_of
from approvals.admin.base.post_only import pressed
from approvals.admin.review import page
from approvals.models import Action
from approvals.queries.inbox import next_item
from approvals.services.decisions import claims
from policies import db
from policies.errors import Refused

# Skipped items of this session are offered again only when nothing else is left.
LEFT = "left_for_later"
MAX_LEFT = 100


@pressed
def leave(request: HttpRequest, pk: uuid.UUID) -> HttpResponseRedirect:
    """Skip an action: release its claim and go to the next; nothing is recorded."""
    action = page.seen(request, pk)
    # A reader without authority never held a claim.
    with suppress(Refused):
        claims.release(actor=actor_of(request), at=db.now(), action_id=pk, is_left=True)
    left = [each for each in request.session.get(LEFT, []) if each != str(pk)]
    request.session[LEFT] = [*left, str(pk)][-MAX_LEFT:]
    return HttpResponseRedirect(_address(request, action))


def after(request: HttpRequest, action: Action) -> HttpResponseRedirect:
    """Redirect to the next item; the decided action is passed along for Undo."""
    return HttpResponseRedirect(f"{_address(request, action)}?done={action.pk}")


def _address(request: HttpRequest, action: Action) -> str:
    left = {uuid.UUID(each) for each in request.session.get(LEFT, [])}
    found = next_item.next_for(person_of(request), left | {action.pk}, db.now(), seats_of(request))
    if found is None:
        # The inbox shows the skipped items, and the round starts again from there.
        request.session.pop(LEFT, None)
        return reverse("admin:inbox")
    return reverse("admin:approvals_action_review", args=[found.pk])
