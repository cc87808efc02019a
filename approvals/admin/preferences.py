"""One's own preferences: language and time zone."""

from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.admin.reading import actor_of, person_of
from approvals.errors import Refused
from approvals.services import preferences
from approvals.services.contract import database_now


class PreferencesForm(forms.Form):
    """What people choose for themselves."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        zones = self.fields["time_zone"]
        assert isinstance(zones, forms.ChoiceField)  # it is declared above
        zones.choices = [(name, name.replace("_", " ")) for name in sorted(available_timezones())]


def show(request: HttpRequest) -> HttpResponse:
    """The form, and what it says once it was sent."""
    person = person_of(request)
    form = PreferencesForm(request.POST or None, initial={"language": person.language, "time_zone": person.time_zone})
    if request.method == "POST" and form.is_valid() and _is_kept(request, form):
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, _("Kept."))
        return HttpResponseRedirect(reverse("admin:preferences"))
    context = {**admin.site.each_context(request), "title": _("Preferences"), "form": form}
    return TemplateResponse(request, "review/preferences.html", context, status=422 if form.errors else 200)


def _is_kept(request: HttpRequest, form: PreferencesForm) -> bool:
    try:
        preferences.set_own(actor=actor_of(request), at=database_now(), **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    return True
