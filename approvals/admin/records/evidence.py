"""Read-only admin pages of the record: decisions, stages, evaluations, revisions, executions, halts, entries."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from approvals.admin.base.columns import short_digest, tree_of, word_for
from approvals.admin.base.filters import (
    ColleagueFilter,
    ConnectorFilter,
    EventFilter,
    KnownFilter,
    NumberFilter,
    RouteFilter,
)
from approvals.admin.base.model_admin import RecordAdmin, person_of
from approvals.display.fragments import inert
from approvals.models import (
    Attempt,
    Decision,
    Delivery,
    Execution,
    Halt,
    LedgerEntry,
    PolicyEvaluation,
    Revision,
    Stage,
)
from approvals.queries.record import timeline as timelines
from approvals.queries.record.timeline import Timeline
from approvals.queries.safety import halts
from policies.related_links import PlainTable

_NAME = "actor_name"


@admin.register(Decision)
class DecisionAdmin(RecordAdmin):
    """Decisions: who, what, when, in which role, and why."""

    list_display = ("sentence", "verdict", "source", "person", "tier", "door", "shown_final", "shown_exception", "at")
    list_filter = (
        "verdict",
        "source",
        "door",
        "is_final",
        "is_exception",
        ("person", ColleagueFilter),
        ("action__action_type", KnownFilter),
    )
    list_select_related = ("action__action_type", "action__revision", "person")
    date_hierarchy = "at"
    export_also = ("delegator", "reason", "reason_code", "round", "digest")
    fields = (
        "action",
        "verdict",
        "source",
        "person",
        "tier",
        "door",
        "at",
        "shown_rationale",
        "reason_code",
        "shown_final",
        "shown_exception",
        "round",
        "stage",
        "revision",
        "digest",
        "evaluation",
        "entry",
    )
    readonly_fields = ("shown_rationale", "shown_final", "shown_exception")
    shown_final = word_for("is_final", _("final"), _("final"))
    shown_exception = word_for("is_exception", _("exception"), _("exception"))

    @admin.display(description=_("reason"))
    def shown_rationale(self, decision: Decision) -> str:
        """The reason as plain text."""
        return inert(decision.reason)


@admin.register(Stage)
class StageAdmin(RecordAdmin):
    """The stages of approval plans."""

    shown_escalated = word_for("is_escalated", _("escalated"), _("escalated"))
    list_display = ("sentence", "name", "state", "tier", "desk", "quorum", "shown_escalated", "opened_at", "due_at")
    list_filter = ("state", "tier", "desk", "is_escalated")
    list_select_related = ("action__action_type", "action__revision", "desk")
    date_hierarchy = "opened_at"
    ordering = ("-id",)


@admin.register(PolicyEvaluation)
class PolicyEvaluationAdmin(RecordAdmin):
    """Policy evaluations, word for word."""

    list_display = ("sentence", "outcome", "tier", "score", "policy", "made_at")
    list_filter = (RouteFilter, "tier")
    list_select_related = ("action__action_type", "action__revision")
    date_hierarchy = "made_at"
    is_dated_by_key = True
    ordering = ("-id",)
    export_also = ("round", "revision_number", "rules", "digest")
    shown_content = tree_of("content", _("evaluation"))
    fields = (
        *("action", "outcome", "tier", "score", "policy", "made_at", "revision_number", "round"),
        *("shown_content", "digest"),
    )
    readonly_fields = ("shown_content",)


@admin.register(Revision)
class RevisionAdmin(RecordAdmin):
    """Payload revisions: as proposed and as changed by reviewers."""

    shown_digest = short_digest("digest", _("digest"))
    list_display = ("sentence", "number", "agent", "person", "created_at", "shown_digest")
    list_filter = (NumberFilter,)
    list_select_related = ("action__action_type", "action__revision", "agent", "person")
    date_hierarchy = "created_at"
    is_dated_by_key = True
    ordering = ("-id",)
    fields = ("action", "number", "type_version", "shown_body", "digest", "agent", "person", "created_at")
    readonly_fields = ("shown_body",)

    @admin.display(description=_("payload"))
    def shown_body(self, revision: Revision) -> str:
        """The canonical text with invisible characters made visible."""
        return format_html('<code class="body">{}</code>', inert(revision.body))


class AttemptInline(PlainTable):
    """The steps of each execution attempt, in order."""

    model = Attempt
    extra = 0
    can_delete = False
    fields = readonly_fields = ("number", "step", "fence", "at", "shown_detail")
    shown_detail = tree_of("detail", _("detail"))

    def has_add_permission(self, request: HttpRequest, obj: Execution | None = None) -> bool:
        """Attempts cannot be added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Execution | None = None) -> bool:
        """Attempts cannot be changed here."""
        return False


@admin.register(Execution)
class ExecutionAdmin(RecordAdmin):
    """Executions of approved actions."""

    list_display = ("sentence", "state", "mode", "connector", "attempts", "created_at", "dispatched_at", "finished_at")
    list_filter = ("state", "mode", ConnectorFilter)
    list_select_related = ("action__action_type", "action__revision")
    date_hierarchy = "created_at"
    is_dated_by_key = True
    ordering = ("-id",)
    inlines = (AttemptInline,)
    shown_target, shown_result = tree_of("target", _("connector target")), tree_of("result", _("result"))
    fields = (
        *("action", "revision", "round", "state", "mode", "connector", "attempts", "error", "shown_result"),
        *("created_at", "not_before", "dispatched_at", "finished_at", "expires_at", "cancel_asked_at"),
        *("end_number", "is_early", "shown_target", "digest", "target_digest", "key", "fence", "leased_until"),
    )
    readonly_fields = ("shown_target", "shown_result")

    def timeline(self, request: HttpRequest, found: Execution) -> Timeline:
        """The timeline of its action, which tells each step of the execution."""
        return timelines.of_action(found.action)


@admin.register(Delivery)
class DeliveryAdmin(RecordAdmin):
    """Notifications: recipient, subject, and delivery state."""

    list_display = ("sentence", "person", "channel", "kind", "state", "attempts", "created_at", "held_at", "sent_at")
    list_filter = ("state", "channel", ("held_at", admin.EmptyFieldListFilter), "kind")
    list_select_related = ("action__action_type", "action__revision", "person")
    date_hierarchy = "created_at"
    is_dated_by_key = True
    ordering = ("-id",)


class _WithActors(ChangeList):
    """A page of entries with the names of who acted."""

    def get_results(self, request: HttpRequest) -> None:
        """Read the page, then the names; two statements more."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        _name(self.result_list)


def _name(entries: Sequence[LedgerEntry]) -> None:
    names = timelines.names_of(entries)
    for entry in entries:
        vars(entry)[_NAME] = names.get(entry.actor, entry.actor)


@admin.register(LedgerEntry)
class EntryAdmin(RecordAdmin):
    """The ledger entries in their official order."""

    list_display = ("at", "event", "sentence", "state_from", "state_to", "shown_actor", "door", "shown_position")
    list_filter = (EventFilter, "door", "state_to")
    list_select_related = ("action__action_type", "action__revision", "position")
    date_hierarchy = "at"
    is_dated_by_key = True
    ordering = ("-id",)
    export_also = ("actor", "history_id", "digest", "data")
    fields = (
        *("event", "action", "state_from", "state_to", "shown_actor", "door", "at"),
        *("shown_data", "history_id", "digest", "body"),
    )
    readonly_fields = ("shown_actor", "shown_data", "body")
    shown_data = tree_of("data", _("data"))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """A list that reads the names behind the pseudonyms of a page together."""
        return _WithActors

    def prepare_export(self, rows: Sequence[LedgerEntry]) -> None:
        """Read the names behind the pseudonyms."""
        _name(rows)

    @admin.display(description=_("actor"))
    def shown_actor(self, entry: LedgerEntry) -> str:
        """Who it was, by name where it is still known."""
        if _NAME not in vars(entry):
            _name([entry])
        return inert(vars(entry)[_NAME])

    @admin.display(description=_("position"))
    def shown_position(self, entry: LedgerEntry) -> str:
        """The gapless position, once the sequencer has assigned it."""
        return str(entry.position.number) if hasattr(entry, "position") else "–"


@admin.register(Halt)
class HaltAdmin(RecordAdmin):
    """All halts, including lifted ones."""

    list_display = ("what", "scope", "started_at", "started_by", "shown_reason", "lifted_at", "lifted_by", "shown_end")
    list_filter = ("scope", ("lifted_at", admin.EmptyFieldListFilter))
    date_hierarchy = "started_at"
    ordering = ("-id",)
    search_help_text = _("Words from a reason or a username")
    search_fields = ("reason", "lift_reason", "started_by__username", "lifted_by__username")
    fields = (
        "what",
        "scope",
        "started_at",
        "started_by",
        "shown_reason",
        "lifted_at",
        "lifted_by",
        "shown_end",
    )
    readonly_fields = ("what", "shown_reason", "shown_end")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Halt]:
        """The halts this person can see."""
        return halts.visible_to(person_of(request)).order_by("-id")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Halt], search_term: str
    ) -> tuple[QuerySet[Halt], bool]:
        """The halts whose reason or people match the search term."""
        return super(RecordAdmin, self).get_search_results(request, queryset, search_term)

    @admin.display(description=_("scope"), ordering="scope")
    def what(self, halt: Halt) -> str:
        """What the halt covers."""
        return str(halt)

    @admin.display(description=_("reason"))
    def shown_reason(self, halt: Halt) -> str:
        """The reason as plain text."""
        return inert(halt.reason)

    @admin.display(description=_("reason for lifting"))
    def shown_end(self, halt: Halt) -> str:
        """The reason for lifting it, as plain text."""
        return inert(halt.lift_reason)
