"""Actions in the admin: a list to search and filter, a page to decide on, a history to read and to take along."""

import uuid
from decimal import Decimal, InvalidOperation

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from approvals.admin import deciding, exports, review
from approvals.admin.filters import AmountFilter, DeciderFilter, RiskFilter, RuleFilter
from approvals.admin.reading import RecordAdmin
from approvals.models import Action, Decision
from approvals.queries import timeline
from approvals.queries.actions import money, summary
from approvals.queries.presentation import inert, moment, risk_badge, state_badge


@admin.register(Action)
class ActionAdmin(RecordAdmin):
    """Every action that this person may see; it is decided on its own page and nowhere else."""

    list_display = ("sentence", "shown_state", "shown_risk", "shown_amount", "agent", "desk", "proposed")
    list_display_links = None
    list_filter = (
        "state",
        RiskFilter,
        "action_type",
        "agent",
        "desk",
        DeciderFilter,
        AmountFilter,
        RuleFilter,
    )
    list_select_related = ("action_type", "agent", "desk", "revision")
    date_hierarchy = "created_at"
    search_fields = ("subject", "reference", "on_behalf_of", "thread", "key", "agent__name", "action_type__name")
    search_help_text = _("An id, a person, an agent, a subject, a document number, a kind or an amount.")
    ordering = ("-id",)
    sortable_by = ()
    action_path = "pk"

    def get_urls(self) -> list[URLPattern]:
        """The page that decides and what belongs to it come before the stock pages."""
        pages = [
            path("<uuid:pk>/review/", review.page, name="approvals_action_review"),
            path("<uuid:pk>/decide/", deciding.decide, name="approvals_action_decide"),
            path("<uuid:pk>/modify/", deciding.modify, name="approvals_action_modify"),
            path("<uuid:pk>/recall/", deciding.recall, name="approvals_action_recall"),
            path("<uuid:pk>/resolve/", deciding.resolve, name="approvals_action_resolve"),
            path("<uuid:pk>/history.csv", exports.history_csv, name="approvals_action_csv"),
        ]
        for page in pages:
            page.callback = self.admin_site.admin_view(page.callback)
        return [*pages, *super().get_urls()]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Action], search_term: str
    ) -> tuple[QuerySet[Action], bool]:
        """Each word narrows the list: an id names one row, a number is an amount too, a name may be a decider's."""
        for word in search_term.split():
            queryset = queryset.filter(_fitting(word))
        return queryset, False

    def timeline(self, request: HttpRequest, found: Action) -> timeline.Timeline:
        """The action's whole life, from its ledger entries."""
        return timeline.of_action(found)

    @admin.display(description=_("action"))
    def sentence(self, action: Action) -> str:
        """The sentence that names the action, leading to its page."""
        address = reverse("admin:approvals_action_review", args=[action.pk])
        return format_html('<a href="{}">{}</a>', address, inert(summary(action)))

    @admin.display(description=_("state"))
    def shown_state(self, action: Action) -> str:
        """The state as a badge."""
        return state_badge(action.state)

    @admin.display(description=_("risk"))
    def shown_risk(self, action: Action) -> str:
        """The score with its band."""
        return risk_badge(action.risk) if action.routed_at else ""

    @admin.display(description=_("proposed"))
    def proposed(self, action: Action) -> str:
        """When it was proposed."""
        return moment(action.created_at)

    @admin.display(description=_("amount"))
    def shown_amount(self, action: Action) -> str:
        """The amount with its currency."""
        return format_html('<span class="figure">{}</span>', money(action.amount, action.currency))


def _fitting(word: str) -> Q:
    try:
        return Q(pk=uuid.UUID(word))
    except ValueError:
        pass
    decided = Decision.objects.filter(action=OuterRef("pk"))
    names = Q(person__username__icontains=word) | Q(person__first_name__icontains=word)
    found = Exists(decided.filter(names | Q(person__last_name__icontains=word)))
    fitting = Q(found)
    for name in (*ActionAdmin.search_fields, "action_type__title", "agent__title", "ruling__policy"):
        fitting |= Q(**{f"{name}__icontains": word})
    amount = _amount(word)
    return fitting if amount is None else fitting | Q(amount=amount)


def _amount(word: str) -> Decimal | None:
    try:
        amount = Decimal(word)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < Decimal("1e15") else None
