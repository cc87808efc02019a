"""Standing rules and spot checks as read-only records, with their history."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from approvals.admin.base.figure_filters import CheckedFilter, ClientOfActionFilter, DrawnFilter
from approvals.admin.base.filters import KnownFilter
from approvals.admin.base.model_admin import RecordAdmin, has_clients, person_of
from approvals.authority.visibility import summary
from approvals.display.fragments import inert, joined
from approvals.models import SampleCheck, StandingRule
from approvals.queries.automation import samples
from approvals.queries.automation import standing_rules as rule_queries


@admin.register(StandingRule)
class StandingRuleAdmin(RecordAdmin):
    """All standing rules with their limits, people and end."""

    list_display = ("shown_verdict", "state", "action_type", "agent", "shown_limits", "made_by", "made_at", "ended_at")
    list_filter = ("state", "verdict", ("action_type", KnownFilter), ("agent", KnownFilter))
    date_hierarchy = "made_at"
    ordering = ("-id",)
    search_help_text = _("Words from a reason, a subject, or a username")
    search_fields = ("reason", "end_reason", "subject", "made_by__username")
    fields = (
        *("shown_verdict", "state", "action_type", "agent", "shown_limits", "shown_reason", "source", "sample_rate"),
        *("made_by", "made_at", "confirmed_by", "confirmed_at", "ended_by", "ended_at", "shown_end"),
        *("agent_version", "type_version", "shown_policies", "shown_waives"),
    )
    readonly_fields = (
        *("shown_verdict", "shown_limits", "shown_reason", "shown_end", "source", "shown_policies", "shown_waives"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[StandingRule]:
        """The rules this person can see."""
        return rule_queries.visible_to(person_of(request)).order_by("-id")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[StandingRule], search_term: str
    ) -> tuple[QuerySet[StandingRule], bool]:
        """The rules whose reason, subject or people match the search term."""
        return super(RecordAdmin, self).get_search_results(request, queryset, search_term)

    @admin.display(description=_("effect"), ordering="verdict")
    def shown_verdict(self, rule: StandingRule) -> str:
        """The effect of the rule on matching actions."""
        return rule.get_verdict_display()

    @admin.display(description=_("limits"))
    def shown_limits(self, rule: StandingRule) -> str:
        """The limits in words."""
        return inert(joined(rule_queries.limits(rule)))

    @admin.display(description=_("reason"))
    def shown_reason(self, rule: StandingRule) -> str:
        """The reason as plain text."""
        return inert(rule.reason)

    @admin.display(description=_("reason for ending"))
    def shown_end(self, rule: StandingRule) -> str:
        """The reason for ending it, as plain text."""
        return inert(rule.end_reason)

    @admin.display(description=_("created from"))
    def source(self, rule: StandingRule) -> str:
        """The sentence of the source action."""
        return inert(summary(rule.decision.action))

    @admin.display(description=_("policies at creation"))
    def shown_policies(self, rule: StandingRule) -> str:
        """Policy names, versions and digests."""
        return joined(f"{item['name']} v{item['version']} ({item['digest']})" for item in rule.policies)

    @admin.display(description=_("bypassed reasons"))
    def shown_waives(self, rule: StandingRule) -> str:
        """The policy rules that this standing rule bypasses."""
        return joined(rule.waives)


@admin.register(SampleCheck)
class SampleCheckAdmin(RecordAdmin):
    """All spot checks: what was sampled, who checked it, and the finding."""

    list_display = ("sentence", "state", "shown_rule", "desk", "drawn_at", "checked_by", "checked_at", "shown_note")
    list_filter = (
        "state",
        "desk",
        ("action__action_type", KnownFilter),
        ("checked_at", admin.EmptyFieldListFilter),
        DrawnFilter,
        CheckedFilter,
    )
    date_hierarchy = "drawn_at"
    ordering = ("-id",)
    fields = ("sentence", "state", "shown_rule", "desk", "drawn_at", "checked_by", "checked_at", "shown_note")
    readonly_fields = ("sentence", "shown_rule", "shown_note")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SampleCheck]:
        """The spot checks this person can see."""
        return samples.visible_to(person_of(request)).order_by("-id")

    def get_list_filter(self, request: HttpRequest) -> tuple[Any, ...]:
        """The filters; the client only where there is any."""
        return (ClientOfActionFilter, *self.list_filter) if has_clients(request) else self.list_filter

    @admin.display(description=_("allowed by"))
    def shown_rule(self, sample: SampleCheck) -> str:
        """The standing rule that allowed the action, or policy."""
        return format_html("<bdi>{}</bdi>", rule_queries.sentence(sample.rule) if sample.rule else _("policy"))

    @admin.display(description=_("note"))
    def shown_note(self, sample: SampleCheck) -> str:
        """The comment as plain text."""
        return inert(sample.note)
