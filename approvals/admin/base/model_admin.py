"""What every admin page of ours has in common: who looks, what they may see, and a history that nobody can edit."""

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.actors import Actor, Door
from approvals.admin.base.paginator import BoundedPaginator
from approvals.authority import visibility
from approvals.display.fragments import inert
from approvals.models import Action, Person
from approvals.queries.inbox import waiting
from approvals.queries.record import search, timeline

_REACH = "hitl_reach"


def person_of(request: HttpRequest) -> Person:
    """The person who is signed in; the admin lets nobody else so far."""
    return cast(Person, request.user)


def actor_of(request: HttpRequest) -> Actor:
    """The person who is signed in, acting by the admin's door."""
    return Actor(door=Door.ADMIN, person=person_of(request))


def reach_of(request: HttpRequest) -> waiting.Reach:
    """What may wait for the person who is signed in, found once for all that a page asks of it."""
    kept = vars(request)
    if _REACH not in kept:
        kept[_REACH] = waiting.reach(person_of(request))
    reached: waiting.Reach = kept[_REACH]
    return reached


class TimelineAdmin(admin.ModelAdmin):
    """A model whose History link leads to a timeline to read; there is no address that edits or reverts it."""

    show_full_result_count = False
    paginator = BoundedPaginator
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    save_on_top = False

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The object's history: who, when, why, by which door, and what changed."""
        found = self.get_object(request, unquote(object_id))
        if found is None:
            raise Http404
        if not self.has_view_permission(request, found):
            raise PermissionDenied
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
        """What the History page shows of this object."""
        return timeline.of_row(found)


class RecordAdmin(TimelineAdmin):
    """Rows that only services write: a list and a page to read, for those who may see their actions."""

    actions = None
    action_path = "action"
    # Django shows the box where fields are named; what is searched is said below.
    search_fields: ClassVar[tuple[str, ...]] = ("pk",)
    search_help_text = gettext_lazy(
        "ID, person, agent, action type, amount, or the start of a subject or document number"
    )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds a row here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes a row here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes a row here."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows of actions that this person may see."""
        rows = super().get_queryset(request)
        person = person_of(request)
        if visibility.reads_everything(person):
            return rows
        return rows.filter(Q(**{f"{self.action_path}__in": visibility.visible_to(actor_of(request)).order_by()}))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The rows of the actions that the term means."""
        if not search_term.strip():
            return queryset, False
        if self.action_path == "pk":
            return queryset.filter(search.fitting(search_term)), False
        found = Action.objects.filter(search.fitting(search_term)).order_by()
        return queryset.filter(**{f"{self.action_path}__in": found}), False

    @admin.display(description=gettext_lazy("action"))
    def sentence(self, row: Any) -> str:
        """The sentence that names the row's action; nothing where it belongs to none."""
        return inert(visibility.summary(row.action)) if row.action_id else ""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, or None where there is none that this person may see; an id that is none names nothing."""
        try:
            return super().get_object(request, object_id, from_field)
        except ValidationError:
            return None
