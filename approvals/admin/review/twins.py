"""Twins on the review page: what has the same document number, and rejecting them with one approval."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.actors import Actor
from approvals.admin.base.model_admin import actor_of
from approvals.authority import permissions, powers
from approvals.authority.visibility import summary
from approvals.display.fragments import inert
from approvals.errors import Malformed
from approvals.models import Action
from approvals.queries.record.plans import plan_of
from approvals.queries.record.related import twins
from approvals.services.decisions.bulk import BulkItemResult, ReviewedItem
from approvals.states import ActionState, DecisionType, StageState
from policies.errors import Refused

FIELD = "twin"


def shown(actor: Actor, action: Action) -> dict[str, Any]:
    """Template context: the twins, and those pending ones that this person may reject."""
    found = twins.of(action, actor)
    is_asked = action.state == ActionState.PENDING
    may_reject = [twin.action for twin in found.waiting if _may_reject(actor, twin.action)] if is_asked else []
    return {"twins": found, "rejectable": may_reject}


def chosen(request: HttpRequest) -> list[ReviewedItem]:
    """The twins that were ticked, each with the revision and digest that were shown.

    :raises Malformed: none was ticked, or one is spelled as no page spells it.
    """
    items = [_item(text) for text in request.POST.getlist(FIELD)]
    if not items:
        raise Malformed(_("Select the duplicates to reject."))
    return items


def ticked(request: HttpRequest) -> tuple[str, ...]:
    """The IDs of the twins that were ticked, for the page that comes back when the decision is refused."""
    return tuple(text.partition(":")[0] for text in request.POST.getlist(FIELD))


def tell(request: HttpRequest, results: Iterable[BulkItemResult]) -> None:
    """Say how many twins were rejected, and name each that was not with its reason."""
    results = list(results)
    if count := sum(result.refusal is None for result in results):
        said = ngettext("%(count)d duplicate rejected.", "%(count)d duplicates rejected.", count)
        messages.success(request, said % {"count": count})
    for result in results:
        if result.refusal is not None:
            where = link(result.action_id, str(result.action_id))
            messages.error(request, format_html("{} {}: {}", _("Not rejected:"), where, result.refusal.in_words))


def remind(request: HttpRequest, action: Action) -> None:
    """Say which twins of an action that was just decided still wait."""
    waiting = [twin.action for twin in twins.of(action, actor_of(request)).waiting]
    if not waiting:
        return
    said = ngettext("%(count)d duplicate is still pending:", "%(count)d duplicates are still pending:", len(waiting))
    links = format_html_join(", ", "{}", ((link(twin.pk, inert(summary(twin))),) for twin in waiting))
    messages.warning(request, format_html("{} {}", said % {"count": len(waiting)}, links))


def link(pk: uuid.UUID, text: str) -> str:
    """A link to the review page of an action."""
    return format_html('<a href="{}">{}</a>', reverse("admin:approvals_action_review", args=[pk]), text)


def _item(text: str) -> ReviewedItem:
    key, _colon, rest = text.partition(":")
    number, _colon, digest = rest.partition(":")
    try:
        return ReviewedItem(uuid.UUID(key), int(number), digest, "")
    except ValueError as error:
        raise Malformed(_("Select the duplicates to reject.")) from error


def _may_reject(actor: Actor, action: Action) -> bool:
    """Whether this person may reject the action now, as the service asks it."""
    stage = next((each for each in plan_of(action) if each.state == StageState.OPEN), None)
    if stage is None or stage.is_check or action.state != ActionState.PENDING:
        return False
    try:
        power = powers.authority_of(actor, action, stage, DecisionType.REJECT)
    except Refused:
        return False
    return permissions.refusal_for(action, power, stage.tier, DecisionType.REJECT) is None
