"""Standing rules: create one from your own decision, confirm and end them."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from approvals.admin.base.amount_field import AmountField
from approvals.admin.base.model_admin import actor_of, person_of
from approvals.admin.review import page
from approvals.authority import memberships
from approvals.errors import Malformed
from approvals.models import Action, Membership, StandingRule
from approvals.queries.automation import allowances, samples
from approvals.queries.automation import standing_rules as rule_queries
from approvals.services.automation import standing_rules
from approvals.services.automation.limits import MAX_PER_DAY, Limits
from approvals.states import DecisionType, StandingRuleApprovers, StandingState
from approvals.text.money import money
from policies import db
from policies.errors import Refused

DAY = timedelta(days=1)
# Form fields for limits that the service calls by another name.
_FIELDS = {"subject": "is_for_subject", "expires_at": "expires_on", "sample_rate": "sample_percent"}


class RuleForm(forms.Form):
    """The limits of a standing rule, prefilled from its source action."""

    is_for_subject = forms.BooleanField(required=False)
    max_amount = AmountField(
        label=gettext_lazy("Maximum amount per action"), max_digits=19, decimal_places=4, min_value=0
    )
    count_per_day = forms.IntegerField(
        label=gettext_lazy("Maximum actions in 24 hours"), min_value=1, max_value=MAX_PER_DAY
    )
    sum_per_day = AmountField(
        label=gettext_lazy("Maximum total in 24 hours"), max_digits=19, decimal_places=4, min_value=0
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    sample_percent = forms.IntegerField(label=gettext_lazy("Spot check rate (percent)"), min_value=0, max_value=100)
    condition = forms.CharField(
        label=gettext_lazy("Condition (CEL, optional)"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "code"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=standing_rules.MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": standing_rules.MAX_REASON}),
    )

    def __init__(self, *args: Any, action: Action, is_denial: bool, **options: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | options))
        has_amount = bool(action.action_type.amount_pointer) and not is_denial
        gone = {"max_amount": has_amount, "sum_per_day": has_amount, "is_for_subject": bool(action.subject)}
        gone |= {"count_per_day": not is_denial, "sample_percent": not is_denial}
        for name in [name for name, is_there in gone.items() if not is_there]:
            del self.fields[name]
        if "is_for_subject" in self.fields:
            self.fields["is_for_subject"].label = _("Only for %(subject)s") % {"subject": action.subject}
        for name in {"max_amount", "sum_per_day"} & set(self.fields):
            field = self.fields[name]
            field.label = f"{field.label} ({action.currency})"
            if isinstance(field, AmountField):
                field.currency = action.currency
        self.subject = action.subject

    def limits(self) -> Limits:
        """The form data as the service expects it; the last day is included."""
        typed = self.cleaned_data
        end = datetime.combine(typed["expires_on"], time(23, 59, 59), UTC)
        return Limits(
            expires_at=end,
            subject=self.subject if typed.get("is_for_subject") else "",
            condition=typed["condition"],
            max_amount=typed.get("max_amount"),
            count_per_day=typed.get("count_per_day"),
            sum_per_day=typed.get("sum_per_day"),
            sample_rate=typed.get("sample_percent", 0) / 100,
        )

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal at the field it names, or at the top of the form."""
        name = str(refusal.details.get("field", "")) if isinstance(refusal, Malformed) else ""
        field = _FIELDS.get(name, name)
        self.add_error(field if field in self.fields else None, refusal.in_words)


def always(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the prefilled rule form and create the standing rule when it is confirmed."""
    action = page.seen(request, pk)
    decision = rule_queries.made_from(person_of(request), action)
    if decision is None and request.method == "POST":
        decision = rule_queries.once_made_from(person_of(request), action)
    if decision is None:
        messages.warning(request, _("Decide on this action first. Standing rules are created from your own decisions."))
        return HttpResponseRedirect(reverse("admin:approvals_action_review", args=[pk]))
    is_denial = decision.verdict == DecisionType.REJECT
    form = RuleForm(
        request.POST or None, action=action, is_denial=is_denial, initial=_filled_in(request, action, decision.reason)
    )
    if request.method == "POST" and form.is_valid() and _made(request, action, form):
        return HttpResponseRedirect(reverse("admin:standing"))
    context = {
        **admin.site.each_context(request),
        "title": _("Always reject this") if is_denial else _("Always approve this"),
        "action": action,
        "kind": action.action_type,
        "is_denial": is_denial,
        "form": form,
        "against": () if is_denial else standing_rules.never(action, decision.evaluation),
        "held_by": decision.evaluation.content["reasons"] if decision.evaluation else [],
        "takes_two": not is_denial and action.action_type.standing_rule_approvers == StandingRuleApprovers.TWO,
        "allowance": "" if is_denial else _allowance(request, action),
    }
    return TemplateResponse(request, "oversight/standing_rule_form.html", context, status=422 if form.errors else 200)


def show(request: HttpRequest) -> HttpResponse:
    """List the desk's standing rules: waiting for confirmation, and in force."""
    return _page(request)


@require_POST
def confirm(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Confirm a proposed rule as the second person."""
    try:
        rule = standing_rules.confirm(actor=actor_of(request), at=db.now(), rule_id=pk)
    except Refused as refusal:
        return _page(request, {"rule": pk, "message": refusal.in_words})
    messages.success(request, _("Rule in force: %(what)s.") % {"what": rule})
    return HttpResponseRedirect(reverse("admin:standing"))


@require_POST
def stop(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End one rule with a reason; a refusal keeps the entered text."""
    reason = request.POST.get("reason", "")
    try:
        rule = standing_rules.stop(actor=actor_of(request), at=db.now(), rule_id=pk, reason=reason)
    except Refused as refusal:
        return _page(request, {"rule": pk, "reason": reason, "message": refusal.in_words})
    messages.success(request, _("Rule ended: %(what)s. Reviewers now decide on these actions.") % {"what": rule})
    return HttpResponseRedirect(reverse("admin:standing"))


def _page(request: HttpRequest, tried: dict[str, Any] | None = None) -> HttpResponse:
    person = person_of(request)
    found = list(rule_queries.visible_to(person).filter(state__in=[StandingState.PROPOSED, StandingState.ACTIVE]))
    counts = rule_queries.used(found, timezone.now() - DAY)
    seats = list(memberships.in_force().filter(person=person))
    rows = [
        {
            "rule": rule,
            "limits": rule_queries.limits(rule),
            "used": counts.get(rule.pk, rule_queries.Used()),
            "source": rule.decision.action,
            "may_stop": _is_here(rule, seats),
            "may_confirm": _is_here(rule, seats) and rule.made_by_id != person.pk,
        }
        for rule in found
    ]
    context = {
        **admin.site.each_context(request),
        "title": _("Standing rules"),
        "groups": [
            (_("Awaiting confirmation"), [row for row in rows if _state(row) == StandingState.PROPOSED]),
            (_("In force"), [row for row in rows if _state(row) == StandingState.ACTIVE]),
        ],
        "tried": tried,
        "to_check": samples.waiting(person).count(),
    }
    return TemplateResponse(request, "oversight/standing_rules.html", context, status=422 if tried else 200)


def _is_here(rule: StandingRule, seats: Iterable[Membership]) -> bool:
    """Whether one of a person's memberships is for the rule's desk and client."""
    return any(seat.desk_id == rule.action_type.desk_id and seat.covers(rule.client_id) for seat in seats)


def _state(row: dict[str, Any]) -> str:
    rule: StandingRule = row["rule"]
    return str(rule.state)


def _filled_in(request: HttpRequest, action: Action, reason: str) -> dict[str, Any]:
    member = memberships.at(person_of(request), action.action_type.desk_id, action.client_id)
    ceiling = member.ceilings.get(action.currency) if member else None
    found = rule_queries.suggested(action, timezone.now(), Decimal(ceiling) if ceiling else None)
    return {
        "is_for_subject": True,
        "max_amount": found.max_amount,
        "count_per_day": found.count_per_day,
        "sum_per_day": found.sum_per_day,
        "expires_on": found.expires_on,
        "sample_percent": round(found.sample_rate * 100),
        "reason": reason[: standing_rules.MAX_REASON],
    }


def _allowance(request: HttpRequest, action: Action) -> str:
    """How much more can run per day without a second person; empty if unlimited."""
    kind, currency = action.action_type, action.currency
    found = allowances.of(person_of(request), kind, action.client_id, currency, timezone.now())
    if not kind.amount_pointer or not found.is_bounded:
        return ""
    said = {
        "most": money(found.alone, currency),
        "left": money(max(found.alone - found.taken, Decimal(0)), currency),
    }
    return (
        _(
            "Together, your rules for this action type can approve up to %(most)s in 24 hours without a second "
            "person. You have %(left)s left. If a rule exceeds that amount, another reviewer at the desk must confirm "
            "it before it takes effect."
        )
        % said
    )


def _made(request: HttpRequest, action: Action, form: RuleForm) -> bool:
    try:
        rule = standing_rules.make(
            actor=actor_of(request),
            at=db.now(),
            action_id=action.pk,
            limits=form.limits(),
            reason=form.cleaned_data["reason"],
        )
    except Refused as refusal:
        form.refuse(refusal)
        return False
    if rule.state == StandingState.ACTIVE:
        messages.success(request, _("Rule in force: %(what)s.") % {"what": rule})
    else:
        messages.success(
            request, _("Rule created: %(what)s. A second person at the desk must confirm it.") % {"what": rule}
        )
    return True
