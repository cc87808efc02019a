"""Break-glass access: start, end and review emergency grants."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from approvals.admin.account.sign_in import address_of
from approvals.admin.base.model_admin import actor_of, person_of
from approvals.authority import break_glass as break_glass_access
from approvals.models import BreakGlass, Person
from approvals.models.break_glass import Finding
from approvals.services.safety import break_glass
from policies import db
from policies.errors import Refused


class GlassForm(forms.Form):
    """The form for break-glass access: desk, reason and password."""

    desk = forms.ChoiceField(label=gettext_lazy("Desk"))
    reason = forms.CharField(
        label=gettext_lazy("Emergency"),
        max_length=break_glass.MAX_WORDS,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": break_glass.MAX_WORDS}),
    )
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        desks = [(desk.slug, desk.name) for desk in break_glass_access.desks()]
        self.fields["desk"].choices = [("", _("Choose…")), *desks]  # type: ignore[attr-defined]


@sensitive_post_parameters("password")
def show(request: HttpRequest) -> HttpResponse:
    """Show open and unreviewed grants, and the form to start one."""
    form = GlassForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _started(request, form):
        return HttpResponseRedirect(reverse("admin:break_glass"))
    return _page(request, form)


@require_POST
def close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End a grant early."""
    try:
        break_glass.close(actor=actor_of(request), at=db.now(), break_glass_id=pk)
    except Refused as refusal:
        return _page(request, GlassForm(), {"break_glass": pk, "message": refusal.in_words})
    messages.success(request, _("Ended. Another person must now review the access."))
    return HttpResponseRedirect(reverse("admin:break_glass"))


@require_POST
def review(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Record the review finding; a refusal keeps the entered text."""
    finding, note = request.POST.get("finding", ""), request.POST.get("note", "")
    try:
        break_glass.review(actor=actor_of(request), at=db.now(), break_glass_id=pk, finding=finding, note=note)
    except Refused as refusal:
        return _page(request, GlassForm(), {"break_glass": pk, "note": note, "message": refusal.in_words})
    messages.success(request, _("Reviewed."))
    return HttpResponseRedirect(reverse("admin:break_glass"))


def _page(request: HttpRequest, form: GlassForm, tried: dict[str, Any] | None = None) -> HttpResponse:
    person, now = person_of(request), db.now()
    rows = [_row(person, glass, glass.closed_at is None and glass.expires_at > now)
            for glass in break_glass_access.unreviewed(person)]  # fmt: skip
    context = admin.site.each_context(request)
    context |= {
        "title": _("Break-glass access"),
        "form": form,
        "rows": rows,
        "tried": tried,
        "findings": Finding.choices,
    }
    context |= {"may_open": person.has_perm(break_glass_access.OPEN)}
    return TemplateResponse(request, "oversight/break_glass.html", context, status=422 if form.errors or tried else 200)


def _row(person: Person, glass: BreakGlass, is_open: bool) -> dict[str, Any]:
    is_mine, may_review = glass.person_id == person.pk, break_glass_access.may_review(person, glass)
    return {
        "break_glass": glass,
        "is_open": is_open,
        "is_mine": is_mine,
        "may_close": is_open and (is_mine or may_review),
        "may_review": may_review and not is_open,
        "decisions": break_glass_access.decisions_under(glass, person),
        "stops": break_glass_access.stops_under(glass, person),
        "waiting": break_glass_access.waiting(glass) if is_mine and is_open else [],
    }


def _started(request: HttpRequest, form: GlassForm) -> bool:
    try:
        address = address_of(request)
        glass = break_glass.start(actor=actor_of(request), at=db.now(), address=address, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.in_words)
        return False
    messages.warning(request, _(
        "You have senior rights at %(desk)s until %(until)s UTC. The other senior reviewers, the compliance "
        "officers, and the administrators were notified."
    )
                     % {"desk": glass.desk, "until": f"{glass.expires_at:%H:%M}"})  # fmt: skip
    return True
