"""The page on which a version is drafted: the text, what is wrong with it and where, and what its tests say."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.engine import checking
from policies.engine.document import PolicyFault, parse
from policies.engine.sources import LONGEST_SOURCE
from policies.models import Version
from policies.queries import shipped
from policies.services import drafting
from policies.services.refusals import PolicyRefused


class DraftForm(forms.Form):
    """A policy's text, which may be kept when it can be used; a failing test may still be mended later."""

    source = forms.CharField(
        label=gettext_lazy("Text"),
        strip=False,
        max_length=LONGEST_SOURCE,
        widget=forms.Textarea(attrs={"class": "code", "rows": 28, "cols": 100, "spellcheck": "false"}),
    )
    reason = forms.CharField(label=gettext_lazy("What changes and why"), required=False, max_length=500)

    def clean_source(self) -> str:
        """The text with plain line ends, as files have them; browsers send others."""
        source = self.cleaned_data["source"].replace("\r\n", "\n")
        try:
            self.document = parse(source)
        except PolicyFault as refusal:
            raise forms.ValidationError([str(fault) for fault in refusal.faults]) from refusal
        return str(source)


def draft(request: HttpRequest) -> HttpResponse:
    """Show the form, check what was typed, and keep it as a draft when asked to."""
    if not request.user.has_perm("policies.add_version"):
        raise PermissionDenied
    form = DraftForm(request.POST or None, initial={"source": _start(request)})
    failing: list[str] | None = None
    if request.method == "POST" and form.is_valid():
        failing = [str(fault) for fault in checking.failures(form.document)]
        if "keep" in request.POST and (kept := _kept(request, form)):
            return HttpResponseRedirect(reverse("admin:policies_version_change", args=[kept.pk]))
    context = {
        **admin.site.each_context(request),
        "title": _("Draft a version"),
        "opts": Version._meta,
        "form": form,
        "failing": failing,
        "templates": shipped.names(),
    }
    return TemplateResponse(request, "policies/draft.html", context, status=422 if form.errors else 200)


def _start(request: HttpRequest) -> str:
    """What the form starts from: a version, a shipped template, or nothing."""
    number, name = request.GET.get("version", ""), request.GET.get("template", "")
    if number.isdigit() and len(number) < 10 and request.user.has_perm("policies.view_version"):
        version = Version.objects.filter(pk=int(number)).first()
        return version.source if version else ""
    return shipped.source(name) if name in shipped.names() else ""


def _kept(request: HttpRequest, form: DraftForm) -> Version | None:
    person: Any = request.user
    try:
        version = drafting.draft(
            actor_person=person,
            door="admin",
            name=form.document.name,
            source=form.cleaned_data["source"],
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
    except PolicyRefused as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, _("Kept as a draft. Nothing changes before a second person has approved it."))
    return version
