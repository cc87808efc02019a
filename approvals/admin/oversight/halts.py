"""The halts page: start and lift halts."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from approvals.admin.base.model_admin import actor_of, person_of
from approvals.models import Person
from approvals.models.halts import IN_FORCE
from approvals.queries.safety import halts as halt_queries
from approvals.services.safety import halts
from approvals.states import HaltScope
from policies import db
from policies.errors import Refused


class HaltForm(forms.Form):
    """The form for a halt: its scope, limited to what this person can halt, and a reason."""

    target = forms.ChoiceField(label=gettext_lazy("Scope"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=halts.MAX_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": halts.MAX_REASON}),
    )

    def __init__(self, *args: Any, person: Person, **options: Any) -> None:
        super().__init__(*args, **options)
        choices: dict[str, list[tuple[str, str]]] = {}
        for halt in halt_queries.targets(person):
            group = str(HaltScope(halt.scope).label)
            choices.setdefault(group, []).append((f"{halt.scope}:{halt.name}", str(halt.target) or str(halt)))
        # No default: a person in a hurry must not halt the first option by accident.
        self.fields["target"].choices = [("", _("Choose…")), *choices.items()]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, str]:
        """The form data as the service expects it."""
        scope, _colon, name = self.cleaned_data["target"].partition(":")
        return {"scope": scope, "name": name, "reason": self.cleaned_data["reason"]}


def show(request: HttpRequest) -> HttpResponse:
    """Show current halts and the form to start one."""
    person = person_of(request)
    # A link can preselect the scope; the halt still needs a person to press the button.
    form = HaltForm(request.POST or None, person=person, initial={"target": request.GET.get("target", "")})
    if request.method == "POST" and form.is_valid() and _started(request, form):
        return HttpResponseRedirect(reverse("admin:halts"))
    return _page(request, form)


@require_POST
def lift(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Lift one halt with a reason; a refusal keeps the entered text."""
    reason = request.POST.get("reason", "")
    try:
        halt = halts.lift(actor=actor_of(request), at=db.now(), halt_id=pk, reason=reason)
    except Refused as refusal:
        form = HaltForm(person=person_of(request))
        return _page(request, form, {"halt": pk, "reason": reason, "message": refusal.in_words})
    messages.success(
        request, _("Halt lifted: %(what)s. Waiting actions are evaluated again and then continue.") % {"what": halt}
    )
    return HttpResponseRedirect(reverse("admin:halts"))


def _page(request: HttpRequest, form: HaltForm, tried: dict[str, Any] | None = None) -> HttpResponse:
    context = admin.site.each_context(request)
    actor, person = actor_of(request), person_of(request)
    found = halt_queries.visible_to(person).filter(IN_FORCE)
    rows = [{"halt": halt, "may_lift": halts.may_lift(actor, halt), "is_mine": halt.started_by_id == person.pk}
            for halt in found]  # fmt: skip
    # The page lists the halts, so it needs no banner.
    context |= {"title": _("Halts"), "form": form, "rows": rows, "tried": tried, "halts_here": []}
    status = 422 if form.errors or tried else 200
    return TemplateResponse(request, "oversight/halts.html", context, status=status)


def _started(request: HttpRequest, form: HaltForm) -> bool:
    try:
        halt = halts.start(actor=actor_of(request), at=db.now(), **form.wanted())
    except Refused as refusal:
        form.add_error(None, refusal.in_words)
        return False
    messages.success(request, _("Halted: %(what)s. No new actions will start.") % {"what": halt})
    return True
