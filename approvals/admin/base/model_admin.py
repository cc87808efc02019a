"""Shared base of our admin pages: the actor, row visibility, and read-only history."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.actors import Actor, Door
from approvals.admin.base.exported import ExportedAdmin
from approvals.admin.base.paginator import BoundedPaginator
from approvals.authority import assignees, memberships, visibility
from approvals.authority.assignees import Reach
from approvals.authority.memberships import Seats
from approvals.display.fragments import inert
from approvals.models import Action, Person
from approvals.queries.inbox import waiting
from approvals.queries.record import search, timeline
from approvals.queries.safety import halts
from approvals.queries.safety.halts import Standing
from approvals.services.exports.lists import Cell
from policies.declared_filters import DeclaredFilters
from policies.related_links import PlainWhereClosed

_REACH, _SEATS, _STANDING, _WAITING = "hitl_reach", "hitl_seats", "hitl_standing", "hitl_waiting"


def person_of(request: HttpRequest) -> Person:
    """The signed-in person."""
    return cast(Person, request.user)


def actor_of(request: HttpRequest) -> Actor:
    """An actor for the signed-in person, using the admin interface."""
    return Actor(door=Door.ADMIN, person=person_of(request))


def reach_of(request: HttpRequest) -> Reach:
    """What can be pending for the signed-in person; computed once per request."""
    kept = vars(request)
    if _REACH not in kept:
        kept[_REACH] = assignees.reach(person_of(request), seats_of(request))
    reached: Reach = kept[_REACH]
    return reached


def seats_of(request: HttpRequest) -> Seats:
    """The memberships by which the signed-in person may decide; read once per request."""
    kept = vars(request)
    if _SEATS not in kept:
        kept[_SEATS] = memberships.seats_now(person_of(request))
    found: Seats = kept[_SEATS]
    return found


def waiting_of(request: HttpRequest) -> int:
    """How many actions wait for the signed-in person, up to 1,000; counted once per request."""
    kept = vars(request)
    if _WAITING not in kept:
        kept[_WAITING] = waiting.count(reach_of(request))
    number: int = kept[_WAITING]
    return number


def keep_waiting(request: HttpRequest, number: int) -> None:
    """Keep the count of a page that has counted already."""
    vars(request)[_WAITING] = number


def standing_of(request: HttpRequest) -> Standing:
    """How the installation is for the signed-in person; read once per request."""
    kept = vars(request)
    if _STANDING not in kept:
        kept[_STANDING] = halts.standing(person_of(request))
    found: Standing = kept[_STANDING]
    return found


def has_clients(request: HttpRequest) -> bool:
    """Whether there are clients; without any, no page says a word of them."""
    return standing_of(request).has_clients


class TimelineAdmin(PlainWhereClosed, DeclaredFilters, ExportedAdmin):
    """A model whose History link shows a read-only timeline."""

    show_full_result_count = False
    paginator = BoundedPaginator
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    save_on_top = False

    def may_select(self, request: HttpRequest) -> bool:
        """Whether this person can do something with selected rows."""
        return True

    def get_actions(self, request: HttpRequest, action_location: Any = None) -> dict[str, Any]:
        """What can be done with selected rows; nothing, and no checkboxes, for people who can do nothing with them."""
        # Newer releases of Django also say on which page the actions are.
        place: dict[str, Any] = {"action_location": action_location} if action_location else {}
        return super().get_actions(request, **place) if self.may_select(request) else {}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list; of a form of filters, only those that were filled in stay in the address."""
        if request.method == "GET" and "" in request.GET.values():
            kept = request.GET.copy()
            for name in [name for name, values in kept.lists() if not any(values)]:
                del kept[name]
            if len(kept) < len(request.GET):
                return HttpResponseRedirect(f"{request.path}?{kept.urlencode()}")
        return super().changelist_view(request, extra_context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the object's history: who, when, why, through which interface, and what changed."""
        found = self.get_object(request, unquote(object_id))
        # Before anything else: who may see no row of the model learns of none whether it is there.
        if not self.has_view_permission(request, found):
            raise PermissionDenied
        if found is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "subtitle": str(found),
            "object": found,
            "opts": self.opts,
            "module_name": str(self.opts.verbose_name_plural),
            "timeline": self.timeline(request, found),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/timeline.html", context)

    def timeline(self, request: HttpRequest, found: Any) -> timeline.Timeline:
        """The timeline that the History page shows."""
        return timeline.of_row(found)


class RecordAdmin(TimelineAdmin):
    """A read-only list and page for rows that only services write."""

    actions: Any = None
    action_path = "action"
    # Django shows the search box only if fields are named; the search itself is defined below.
    search_fields: ClassVar[tuple[str, ...]] = ("pk",)
    search_help_text = gettext_lazy(
        "ID, person, agent, action type, amount, or the first characters of a word of a subject or document number"
    )

    export_values: ClassVar[Mapping[str, Callable[[Any], Cell]]] = {
        "sentence": lambda row: visibility.summary(row.action) if row.action_id else None
    }

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse everybody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse everybody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse everybody."""
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields, without the client where there are no clients."""
        return [name for name in super().get_fields(request, obj) if name != "client" or has_clients(request)]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows whose actions this person can see."""
        rows = super().get_queryset(request)
        person = person_of(request)
        if visibility.reads_everything(person):
            return rows
        return rows.filter(Q(**{f"{self.action_path}__in": visibility.visible_to(actor_of(request)).order_by()}))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The rows whose actions match the search term."""
        if not search_term.strip():
            return queryset, False
        if self.action_path == "pk":
            return queryset.filter(search.fitting(search_term)), False
        found = Action.objects.filter(search.fitting(search_term)).order_by()
        return queryset.filter(**{f"{self.action_path}__in": found}), False

    @admin.display(description=gettext_lazy("action"))
    def sentence(self, row: Any) -> str:
        """The sentence that names the row's action; empty without an action."""
        return inert(visibility.summary(row.action)) if row.action_id else ""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, or None if it does not exist, is not visible, or the id is invalid."""
        try:
            return super().get_object(request, object_id, from_field)
        except ValidationError:
            return None
