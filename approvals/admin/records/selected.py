"""What the list of actions does with the selected rows: it leads to the page that decides, or to an export."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from approvals.admin.base.exported import address_of_rows
from approvals.admin.inbox.bulk import MAX_SELECTED
from approvals.admin.inbox.lines import ids_of
from approvals.models import Action
from approvals.states import DecisionType

MAX_EXPORTED = 100


@admin.action(description=_("Approve"))
def approve(listed: Any, request: HttpRequest, rows: QuerySet[Action]) -> HttpResponseRedirect:
    """Show the selected actions on the page of bulk decisions, which alone decides."""
    return _to_page(rows, DecisionType.APPROVE)


@admin.action(description=_("Reject"))
def reject(listed: Any, request: HttpRequest, rows: QuerySet[Action]) -> HttpResponseRedirect:
    """Show them there in the same way."""
    return _to_page(rows, DecisionType.REJECT)


@admin.action(description=_("Export"))
def export(listed: Any, request: HttpRequest, rows: QuerySet[Action]) -> HttpResponseRedirect:
    """Show the form for an export of the selected rows; of all rows of the list, if all are selected."""
    address = reverse("admin:export_new", args=[Action._meta.label_lower])
    if request.POST.get("select_across") == "1":
        return HttpResponseRedirect(f"{address}?{address_of_rows(request.GET)}")
    keys = rows.order_by().values_list("pk", flat=True)[:MAX_EXPORTED]
    query = {SelectedFilter.parameter_name: ",".join(key.hex for key in keys)}
    return HttpResponseRedirect(f"{address}?{urlencode(query)}")


def _to_page(rows: QuerySet[Action], wish: str) -> HttpResponseRedirect:
    # With one more, the page says that there are more.
    keys = rows.values_list("pk", flat=True)[: MAX_SELECTED + 1]
    query = urlencode([*(("chosen", key) for key in keys), ("wish", wish)])
    return HttpResponseRedirect(f"{reverse('admin:inbox_selected')}?{query}")


def without_strangers(sent: QueryDict) -> QueryDict:
    """A form of the list without selected rows whose ID is none, for which Django's list has no words."""
    kept = sent.copy()
    kept.setlist(ACTION_CHECKBOX_NAME, [str(key) for key in ids_of(sent.getlist(ACTION_CHECKBOX_NAME))])
    return kept


class SelectedFilter(admin.SimpleListFilter):
    """Only the rows that somebody selected, by ID; it is there only while its address is."""

    title = _("selection")
    parameter_name = "selected"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The selection of the address, if it has one."""
        value = self.value()
        return [(value, _("Selected actions"))] if value else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """The selected rows."""
        value = self.value()
        return queryset.filter(pk__in=ids_of(value.split(",")[:MAX_EXPORTED])) if value else queryset
