"""Personal tokens: people create and revoke their own API tokens."""

from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from approvals.admin.base.model_admin import actor_of, person_of
from approvals.models import ApiKey
from approvals.services.accounts import api_keys
from policies import db
from policies.errors import Refused

DAYS = (
    (1, gettext_lazy("one day")),
    (7, gettext_lazy("7 days")),
    (30, gettext_lazy("30 days")),
    (90, gettext_lazy("90 days")),
)
MAX_SHOWN = 50


class TokenForm(forms.Form):
    """The form for a new token: its scopes and its lifetime."""

    label = forms.CharField(max_length=120, label=gettext_lazy("Description"))
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Permissions"),
        choices=[(scope, scope) for scope in sorted(api_keys.PERSON_SCOPES)],
        initial=["read"],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(choices=DAYS, coerce=int, initial=30, label=gettext_lazy("Valid for"))


def show(request: HttpRequest) -> HttpResponse:
    """List the person's tokens and create new ones; only this response ever shows the token."""
    form = TokenForm(request.POST or None)
    issued = _issued(request, form) if request.method == "POST" and form.is_valid() else None
    mine = ApiKey.objects.filter(person=person_of(request)).order_by("-id")
    context = {
        **admin.site.each_context(request),
        "title": _("Your tokens"),
        "form": form,
        "issued": issued,
        "tokens": mine[:MAX_SHOWN],
        "now": db.now(),
    }
    answer = TemplateResponse(request, "account/tokens.html", context, status=422 if form.errors else 200)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def revoke(request: HttpRequest, identifier: str) -> HttpResponse:
    """Revoke one of the person's own tokens."""
    try:
        api_keys.revoke(actor=actor_of(request), at=db.now(), identifier=identifier)
        messages.success(request, _("Token revoked."))
    except Refused as refusal:
        messages.error(request, refusal.in_words)
    return HttpResponseRedirect(reverse("admin:tokens"))


def _issued(request: HttpRequest, form: TokenForm) -> api_keys.Issued | None:
    at, data = db.now(), form.cleaned_data
    try:
        return api_keys.issue(
            actor=actor_of(request),
            at=at,
            person=person_of(request),
            scopes=data["scopes"],
            label=data["label"],
            expires_at=at + timedelta(days=data["days"]),
        )
    except Refused as refusal:
        form.add_error(None, refusal.in_words)
        return None
