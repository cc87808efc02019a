"""Out of office: absences and delegations, for yourself and for the people at your desks."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from approvals.admin.base.model_admin import actor_of, person_of
from approvals.authority import delegations as lent
from approvals.models import Absence, Delegation, Desk, Membership, Person
from approvals.models.people import active_person
from approvals.services.accounts import absences, delegations
from policies import db
from policies.errors import Refused

MAX_SHOWN = 100


class Moment(forms.DateTimeField):
    """A date and time field that uses the browser's picker."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class AbsenceForm(forms.Form):
    """The form for an absence."""

    prefix = "absence"

    person = forms.ModelChoiceField(Person.objects.none(), label=gettext_lazy("Person"), empty_label=None)
    starts_at = Moment(label=gettext_lazy("From"), required=False, help_text=gettext_lazy("Leave empty to start now."))
    ends_at = Moment(label=gettext_lazy("Until"))

    def __init__(self, *args: Any, asker: Person, **options: Any) -> None:
        super().__init__(*args, **options)
        _limit(self, "person", _people_of(asker))
        self.initial.setdefault("person", asker.pk)


class DelegationForm(forms.Form):
    """The form for a delegation."""

    prefix = "delegation"

    person = forms.ModelChoiceField(Person.objects.none(), label=gettext_lazy("Delegator"), empty_label=None)
    delegate = forms.ModelChoiceField(
        Person.objects.none(), label=gettext_lazy("Delegate"), empty_label=gettext_lazy("Choose…")
    )
    desk = forms.ModelChoiceField(
        Desk.objects.none(),
        label=gettext_lazy("Desk"),
        required=False,
        empty_label=gettext_lazy("all desks"),
        help_text=gettext_lazy("To delegate another person’s authority, choose a single desk."),
    )
    starts_at = Moment(label=gettext_lazy("From"), required=False, help_text=gettext_lazy("Leave empty to start now."))
    ends_at = Moment(label=gettext_lazy("Until"), help_text=gettext_lazy("At most 60 days after the start."))
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=delegations.MAX_REASON)

    def __init__(self, *args: Any, asker: Person, **options: Any) -> None:
        super().__init__(*args, **options)
        _limit(self, "person", _people_of(asker))
        _limit(self, "delegate", Person.objects.filter(active_person(""), is_staff=True).exclude(pk=asker.pk))
        _limit(self, "desk", Desk.objects.filter(memberships__person__in=_people_of(asker)).distinct())
        self.initial.setdefault("person", asker.pk)


def show(request: HttpRequest) -> HttpResponse:
    """Show absences and delegations, and handle the form whose button was pressed."""
    asker = person_of(request)
    chosen = request.POST.get("form", "")
    absence = AbsenceForm(request.POST if chosen == "absence" else None, asker=asker)
    delegation = DelegationForm(request.POST if chosen == "delegation" else None, asker=asker)
    if chosen == "absence" and absence.is_valid() and _done(request, absence, absences.enter):
        messages.success(request, _("Saved. No notifications are sent during this time."))
        return HttpResponseRedirect(reverse("admin:away"))
    if chosen == "delegation" and delegation.is_valid() and _done(request, delegation, delegations.grant):
        messages.success(
            request, _("Delegated. The delegation ends automatically on its end date. You can end it earlier here.")
        )
        return HttpResponseRedirect(reverse("admin:away"))
    at = db.now()
    context = {
        **admin.site.each_context(request),
        "title": _("Out of office"),
        "absence_form": absence,
        "delegation_form": delegation,
        "may_delegate": chosen == "delegation" or Membership.objects.filter(person__in=_people_of(asker)).exists(),
        "absences": _absences(asker, at),
        "delegations": _delegations(asker, at),
        "now": at,
    }
    status = 422 if absence.errors or delegation.errors else 200
    return TemplateResponse(request, "account/out_of_office.html", context, status=status)


@require_POST
def end_absence(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End an absence."""
    return _ended(request, lambda: absences.end(actor=actor_of(request), at=db.now(), absence_id=pk))


@require_POST
def end_delegation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End a delegation."""
    return _ended(request, lambda: delegations.end(actor=actor_of(request), at=db.now(), delegation_id=pk))


def _done(request: HttpRequest, form: forms.Form, service: Callable[..., object]) -> bool:
    try:
        service(actor=actor_of(request), at=db.now(), **form.cleaned_data)
    except Refused as refusal:
        field = refusal.details.get("field")
        form.add_error(field if field in form.fields else None, refusal.in_words)
        return False
    return True


def _ended(request: HttpRequest, end: Callable[[], object]) -> HttpResponse:
    try:
        end()
        messages.success(request, _("Ended."))
    except Refused as refusal:
        messages.error(request, refusal.in_words)
    return HttpResponseRedirect(reverse("admin:away"))


def _people_of(asker: Person) -> QuerySet[Person]:
    """The signed-in person and the members whom they lead as a senior reviewer."""
    led = Person.objects.filter(active_person(""), pk__in=lent.led_by(asker).values("person"))
    return Person.objects.filter(pk=asker.pk) | led


def _absences(asker: Person, at: datetime) -> list[Absence]:
    rows = Absence.objects.filter(person__in=_people_of(asker), ended_at__isnull=True, ends_at__gt=at)
    return list(rows.select_related("person").order_by("starts_at")[:MAX_SHOWN])


def _delegations(asker: Person, at: datetime) -> list[tuple[Delegation, bool]]:
    rows = lent.concerning(asker).filter(ended_at__isnull=True, ends_at__gt=at).order_by("starts_at")[:MAX_SHOWN]
    return [(row, delegations.may_end(asker, row)) for row in rows]


def _limit(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = rows
