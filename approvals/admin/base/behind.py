"""The list behind a figure: it holds as many rows as the figure says, or the figure leads nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from approvals.admin.base.figure_filters import OwnDesksFilter
from approvals.admin.base.model_admin import person_of
from approvals.authority import visibility
from approvals.models import Client

ACTIONS, SAMPLES = "admin:approvals_action_changelist", "admin:approvals_samplecheck_changelist"
# What opens them.
PERMISSIONS = {ACTIONS: "approvals.view_action", SAMPLES: "approvals.view_samplecheck"}


@dataclass(frozen=True, slots=True)
class Behind:
    """The address of a list, and what it opens in words."""

    address: str
    words: str


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists behind the figures of one page, which counts for its reader at their desks and perhaps for a client.

    A page that counts only a part of what there is has no lists, for theirs would be other numbers. ``names`` are those
    that the reader may open.
    """

    names: frozenset[str]
    is_at_own_desks: bool
    client: Client | None = None

    def actions(self, count: int, filters: Mapping[str, Any]) -> Behind | None:
        """The list of so many actions; none where there is nothing to show."""
        at_desks = {OwnDesksFilter.parameter_name: OwnDesksFilter.YOURS} if self.is_at_own_desks else {}
        words = ngettext("Show %(count)d action", "Show %(count)d actions", count) % {"count": count}
        return self._behind(ACTIONS, count, {**filters, **at_desks}, words)

    def samples(self, count: int, filters: Mapping[str, Any]) -> Behind | None:
        """The list of so many spot checks, which holds those of the reader's desks only."""
        words = ngettext("Show %(count)d spot check", "Show %(count)d spot checks", count) % {"count": count}
        return self._behind(SAMPLES, count, filters, words)

    def _behind(self, name: str, count: int, filters: Mapping[str, Any], words: str) -> Behind | None:
        if not count or name not in self.names:
            return None
        of_client = {"client": self.client.pk} if self.client else {}
        return Behind(f"{reverse(name)}?{urlencode({**filters, **of_client})}", words)


def lists_of(
    request: HttpRequest, client: Client | None = None, *, is_complete: bool = True, is_everywhere: bool = False
) -> Lists:
    """The lists behind what a page counts at the reader's own desks, or everywhere if they read everything.

    ``is_everywhere`` is for a page that counts all that its reader sees.
    """
    person = person_of(request)
    names = (name for name, permission in PERMISSIONS.items() if is_complete and person.has_perm(permission))
    return Lists(frozenset(names), not (is_everywhere or visibility.reads_everything(person)), client)


def period(name: str, first: date, last: date) -> dict[str, str]:
    """The filters of a period of days, the last one included; ``name`` is what happened in it, such as `decided`."""
    return {f"{name}_from": first.isoformat(), f"{name}_to": last.isoformat()}


def starts(day: date) -> datetime:
    """When a day begins where its reader is."""
    return timezone.make_aware(datetime.combine(day, time()))
