"""Preferences: language, time zone, notifications, and quiet hours."""

from collections.abc import Callable
from datetime import time
from typing import Any
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
from django.views.decorators.http import require_POST

from approvals.admin.base.model_admin import actor_of, person_of
from approvals.display.fragments import joined
from approvals.models import Person
from approvals.models.people import NotificationMode
from approvals.queries.accounts.notification_preferences import NotificationPreferences, preferences_of
from approvals.services.accounts import preferences, sign_in
from policies import db
from policies.errors import Refused

AT_TIMES = "times"
EVERY = (
    ("30", gettext_lazy("30 minutes after the first pending item")),
    ("60", gettext_lazy("one hour after the first pending item")),
    ("120", gettext_lazy("two hours after the first pending item")),
    ("240", gettext_lazy("four hours after the first pending item")),
    (AT_TIMES, gettext_lazy("at the times below")),
)


class PreferencesForm(forms.Form):
    """The form for language and time zone."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        zones = self.fields["time_zone"]
        assert isinstance(zones, forms.ChoiceField)  # it is declared above
        zones.choices = [(name, name.replace("_", " ")) for name in sorted(available_timezones())]


class Clock(forms.TimeField):
    """A time-of-day field that uses the browser's picker."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class WishesForm(forms.Form):
    """The form for notification preferences."""

    notification_mode = forms.ChoiceField(
        label=gettext_lazy("Email notifications"), choices=NotificationMode.choices, widget=forms.RadioSelect
    )
    every = forms.ChoiceField(
        label=gettext_lazy("Send digests"),
        choices=EVERY,
        required=False,
        help_text=gettext_lazy("Applies only to digests."),
    )
    times = forms.CharField(
        label=gettext_lazy("Digest times"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("In your time zone, comma-separated, for example 09:00, 13:30."),
    )
    quiet_from = Clock(label=gettext_lazy("Quiet hours start"), required=False)
    quiet_until = Clock(
        label=gettext_lazy("Quiet hours end"),
        required=False,
        help_text=gettext_lazy(
            "No emails are sent during quiet hours. You get one email afterward with all pending items."
        ),
    )
    quiet_weekends = forms.BooleanField(label=gettext_lazy("No emails on Saturdays and Sundays"), required=False)
    is_urgent_told = forms.BooleanField(
        label=gettext_lazy("Send urgent items immediately"),
        required=False,
        help_text=gettext_lazy(
            "Urgent items are high-risk items and items due before your next email. Break-glass alerts are always "
            "sent immediately."
        ),
    )

    def clean_times(self) -> tuple[time, ...]:
        """Parse the times, whatever separates them."""
        words = str(self.cleaned_data["times"]).replace(",", " ").split()
        try:
            return tuple(time.fromisoformat(f"{word:0>5}") for word in words)
        except ValueError:
            raise forms.ValidationError(_("Enter times in this format: 09:00, 13:30.")) from None

    def wishes(self) -> NotificationPreferences:
        """The chosen preferences as the service expects them."""
        said: dict[str, Any] = self.cleaned_data
        is_at_times = said["every"] == AT_TIMES
        return NotificationPreferences(
            notification_mode=said["notification_mode"],
            minutes=None if is_at_times or not said["every"] else int(said["every"]),
            times=said["times"] if is_at_times else (),
            quiet_from=said["quiet_from"],
            quiet_until=said["quiet_until"],
            quiet_weekends=said["quiet_weekends"],
            hold_urgent=not said["is_urgent_told"],
        )


def show(request: HttpRequest) -> HttpResponse:
    """Show both forms and save the first one when it is submitted."""
    form = PreferencesForm(request.POST or None, initial=_own(person_of(request)))
    if form.is_valid() and _is_kept(form, lambda: _keep_own(request, form)):
        return _kept(request, form.cleaned_data["language"])
    return _page(request, form, WishesForm(initial=_wished(person_of(request))))


def wish(request: HttpRequest) -> HttpResponse:
    """Save the notification preferences."""
    form = WishesForm(request.POST if request.method == "POST" else None, initial=_wished(person_of(request)))
    if form.is_valid() and _is_kept(form, lambda: _keep_wishes(request, form.wishes())):
        return _kept(request, translation.get_language() or settings.LANGUAGE_CODE)
    return _page(request, PreferencesForm(initial=_own(person_of(request))), form)


@require_POST
def confirm_address(request: HttpRequest) -> HttpResponse:
    """Confirm the person's own address, which an administrator changed."""
    try:
        sign_in.confirm_address(actor=actor_of(request), at=db.now(), person_id=person_of(request).pk)
        messages.success(request, _("Address confirmed."))
    except Refused as refusal:
        messages.error(request, refusal.in_words)
    return HttpResponseRedirect(reverse("admin:preferences"))


def _own(person: Person) -> dict[str, str]:
    return {"language": person.language, "time_zone": person.time_zone}


def _wished(person: Person) -> dict[str, Any]:
    wishes = preferences_of(person)
    known = [value for value, _label in EVERY]
    every = AT_TIMES if wishes.times else str(wishes.minutes or 60)
    return {
        "notification_mode": wishes.notification_mode,
        "every": every if every in known else "60",
        "times": joined(f"{each:%H:%M}" for each in wishes.times),
        "quiet_from": wishes.quiet_from,
        "quiet_until": wishes.quiet_until,
        "quiet_weekends": wishes.quiet_weekends,
        "is_urgent_told": not wishes.hold_urgent,
    }


def _keep_own(request: HttpRequest, form: PreferencesForm) -> None:
    preferences.set_locale(actor=actor_of(request), at=db.now(), **form.cleaned_data)


def _keep_wishes(request: HttpRequest, wishes: NotificationPreferences) -> None:
    preferences.set_notifications(actor=actor_of(request), at=db.now(), wishes=wishes)


def _is_kept(form: forms.Form, keep: Callable[[], None]) -> bool:
    try:
        keep()
    except Refused as refusal:
        field = refusal.details.get("field")
        form.add_error(field if field in form.fields else None, refusal.in_words)
        return False
    return True


def _kept(request: HttpRequest, language: str) -> HttpResponse:
    with translation.override(language):
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("admin:preferences"))


def _page(request: HttpRequest, form: PreferencesForm, wishes: WishesForm) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": _("Preferences"), "form": form, "wishes": wishes}
    person = person_of(request)
    context["address_set_by"] = person.email_set_by if person.email_set_by_id else None
    return TemplateResponse(
        request, "account/preferences.html", context, status=422 if form.errors or wishes.errors else 200
    )
