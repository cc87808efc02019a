"""The risk inventory: action types, their risk, and who is accountable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.admin.base import behind
from approvals.admin.base.behind import Behind, Lists
from approvals.admin.base.model_admin import actor_of
from approvals.queries.insight import inventory
from approvals.queries.insight.inventory import Line
from approvals.queries.insight.policy_names import Roll
from approvals.services.policy import health
from approvals.states import SampleState
from policies.words import in_words

DAYS = 90


@dataclass(frozen=True, slots=True)
class Shown:
    """An action type with what is odd about it, and the lists behind its figures."""

    line: Line
    findings: Sequence[str]
    behind: Mapping[str, Behind | None]


def show(request: HttpRequest) -> HttpResponse:
    """Show the action types of this person's desks, or of all desks for auditors."""
    now, roll = timezone.now(), Roll()
    last = timezone.localtime(now).date()
    first = last - timedelta(days=DAYS - 1)
    lines = inventory.lines(actor_of(request), behind.starts(first), now)
    found = health.by_type([line.kind for line in lines], roll)
    lists = behind.lists_of(request)
    shown = [
        Shown(
            line,
            [in_words(each.sentence) for each in found[line.kind.pk]],
            _behind(lists, line, behind.period("decided", first, last), behind.period("checked", first, last)),
        )
        for line in lines
    ]
    context = {**admin.site.each_context(request), "title": _("Risk inventory"), "shown": shown, "days": DAYS}
    return TemplateResponse(request, "oversight/inventory.html", context)


def _behind(
    lists: Lists, line: Line, decided: Mapping[str, str], checked: Mapping[str, str]
) -> dict[str, Behind | None]:
    kind = {"action_type__id__exact": line.kind.pk}
    of_kind = {"action__action_type__id__exact": line.kind.pk}
    return {
        "changed": lists.actions(line.changed, {"decided_as": "changed", **decided, **kind}),
        "by_people": lists.actions(line.by_people, {"decided_as": "person", **decided, **kind}),
        "by_itself": lists.actions(line.by_itself, {"decided_as": "automatic", **decided, **kind}),
        "sampled": lists.samples(line.sampled, {**checked, **of_kind}),
        "wrong": lists.samples(line.wrong, {**checked, "state__exact": SampleState.WRONG.value, **of_kind}),
    }
