"""Actions in the admin: the list, the link to the review page, the history and its export."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from approvals.admin.base.figure_filters import (
    EscalatedFilter,
    ModifiedFilter,
    OwnDesksFilter,
    RejectedFilter,
    WaitedFilter,
    WaitsAtFilter,
)
from approvals.admin.base.filters import (
    ClientFilter,
    DeciderFilter,
    KnownFilter,
    OverrideFilter,
    RiskFilter,
    StateFilter,
    VerdictFilter,
)
from approvals.admin.base.model_admin import RecordAdmin, has_clients, seats_of
from approvals.admin.base.typed_filters import AmountFilter, DecidedFilter, ProposedFilter, RuleFilter
from approvals.admin.intake import override
from approvals.admin.oversight import standing_rules
from approvals.admin.records import export, export_columns, saved_searches, selected
from approvals.admin.review import claims, decide, handover, next_item, notes, reversal
from approvals.admin.review import page as review_page
from approvals.admin.review.documents import views as documents
from approvals.authority.visibility import summary
from approvals.display.fragments import inert, moment, risk_badge, state_badge
from approvals.models import Action
from approvals.queries.record import timeline
from approvals.services.exports.lists import Column
from approvals.text import money


@admin.register(Action)
class ActionAdmin(RecordAdmin):
    """All actions this person can see; decisions are made on the review page and the page of bulk decisions only."""

    actions = (selected.approve, selected.reject, selected.export)
    list_display = ("sentence", "shown_state", "shown_risk", "shown_amount", "agent", "desk", "proposed")
    list_display_links = None
    list_filter = (
        VerdictFilter,
        StateFilter,
        ProposedFilter,
        DecidedFilter,
        AmountFilter,
        ("action_type", KnownFilter),
        ("agent", KnownFilter),
        "desk",
        RiskFilter,
        DeciderFilter,
        RuleFilter,
        OverrideFilter,
        OwnDesksFilter,
        WaitsAtFilter,
        WaitedFilter,
        EscalatedFilter,
        ModifiedFilter,
        RejectedFilter,
        selected.SelectedFilter,
    )
    list_select_related = ("action_type", "agent", "desk", "revision")
    # A form above the list: beside it, twelve filters would be a long way down.
    filters_above = True
    date_hierarchy = "created_at"
    ordering = ("-id",)
    sortable_by = ()
    action_path = "pk"
    export_columns = export_columns.COLUMNS

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """The newest first; in a month or a period by its time, which an index leads to."""
        asked = {name for name, value in request.GET.items() if value}
        if asked & {"decided_from", "decided_to"} and not asked & {"proposed_from", "proposed_to"}:
            return ("-decided_at", "-id")
        is_dated = any(name.startswith(("proposed_", f"{self.date_hierarchy}__")) for name in asked)
        return ("-created_at", "-id") if is_dated else self.ordering

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list with the person's saved views."""
        if request.method == "POST":
            request.POST = cast(Any, selected.without_strangers(request.POST))
        return super().changelist_view(request, saved_searches.context(request) | (extra_context or {}))

    def prepare_export(self, rows: Sequence[Action]) -> None:
        """Read the decisions and the changes of actions that are exported."""
        export_columns.prepare(rows)

    def may_select(self, request: HttpRequest) -> bool:
        """Offer nothing, and no checkboxes, to people who decide nowhere."""
        return bool(seats_of(request).rows)

    def get_export_columns(self, request: HttpRequest) -> tuple[Column, ...]:
        """The columns of a file, in the same way."""
        return tuple(each for each in self.export_columns if each.name != "client" or has_clients(request))

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """The columns; the client only where there is any."""
        return ("client", *self.list_display) if has_clients(request) else self.list_display

    def get_list_filter(self, request: HttpRequest) -> tuple[Any, ...]:
        """The filters, in the same way."""
        return (ClientFilter, *self.list_filter) if has_clients(request) else self.list_filter

    def get_list_select_related(self, request: HttpRequest) -> tuple[str, ...]:
        """What is read with each row."""
        return (*self.list_select_related, "client") if has_clients(request) else self.list_select_related

    def get_urls(self) -> list[URLPattern]:
        """Add the review page URLs before Django's own."""
        pages = [
            path("views/", saved_searches.save, name="actions_save"),
            path("views/<int:pk>/", saved_searches.change, name="actions_view"),
            path("<uuid:pk>/review/", review_page.page, name="approvals_action_review"),
            path("<uuid:pk>/decide/", decide.decide, name="approvals_action_decide"),
            path("<uuid:pk>/decide-twins/", decide.approve_one, name="approvals_action_decide_twins"),
            path("<uuid:pk>/modify/", decide.modify, name="approvals_action_modify"),
            path("<uuid:pk>/undo/", decide.undo, name="approvals_action_undo"),
            path("<uuid:pk>/end/", decide.end, name="approvals_action_end"),
            path("<uuid:pk>/cancel/", decide.cancel, name="approvals_action_cancel"),
            path("<uuid:pk>/always/", standing_rules.always, name="approvals_action_always"),
            path("<uuid:pk>/override/", override.override_block, name="approvals_action_override"),
            path("<uuid:pk>/resolve/", decide.resolve, name="approvals_action_resolve"),
            path("<uuid:pk>/comment/", notes.comment, name="approvals_action_comment"),
            path("<uuid:pk>/ask/", notes.ask, name="approvals_action_ask"),
            path("<uuid:pk>/next/", next_item.leave, name="approvals_action_next"),
            path("<uuid:pk>/claim/", claims.claim, name="approvals_action_claim"),
            path("<uuid:pk>/release/", claims.release, name="approvals_action_release"),
            path("<uuid:pk>/reverse/", reversal.propose_reversal, name="approvals_action_reverse"),
            path("<uuid:pk>/hand-over/", handover.show, name="approvals_action_hand_over"),
            path("<uuid:pk>/history.csv", export.history_csv, name="approvals_action_csv"),
        ]
        for page in pages:
            page.callback = self.admin_site.admin_view(page.callback)
        return [*pages, *documents.urls(self.admin_site.admin_view), *super().get_urls()]

    def timeline(self, request: HttpRequest, found: Action) -> timeline.Timeline:
        """The complete history of the action, from its ledger entries."""
        return timeline.of_action(found)

    @admin.display(description=_("action"))
    def sentence(self, action: Action) -> str:
        """The sentence that names the action, linked to its page."""
        address = reverse("admin:approvals_action_review", args=[action.pk])
        return format_html('<a href="{}">{}</a>', address, inert(summary(action)))

    @admin.display(description=_("state"))
    def shown_state(self, action: Action) -> str:
        """The state as a badge."""
        return state_badge(action.state)

    @admin.display(description=_("risk"))
    def shown_risk(self, action: Action) -> str:
        """The risk score with its band."""
        return risk_badge(action.risk) if action.routed_at else ""

    @admin.display(description=_("proposed"))
    def proposed(self, action: Action) -> str:
        """The time of the proposal."""
        return moment(action.created_at)

    @admin.display(description=_("amount"))
    def shown_amount(self, action: Action) -> str:
        """The amount with its currency."""
        return format_html('<span class="figure">{}</span>', money.said(action))
