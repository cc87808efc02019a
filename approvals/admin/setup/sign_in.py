"""An account's sign-in: send a link that sets its password, confirm its address, and see who else can use it."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.admin.base.model_admin import actor_of
from approvals.authority import identity
from approvals.models import Person
from approvals.services.accounts import sign_in
from policies import db
from policies.errors import Refused


class NewPersonForm(forms.ModelForm):
    """A new account without a password: its owner sets one with the link that is mailed to them."""

    class Meta:
        model = Person
        fields = ("username", "first_name", "last_name", "email", "is_staff")

    def save(self, commit: bool = True) -> Any:
        """The account, which nobody can use yet."""
        self.instance.set_unusable_password()
        return super().save(commit)


class SetPasswordForm(AdminPasswordChangeForm):
    """Django's form, saved by the service that keeps who set the password; `request` is the current request."""

    request: HttpRequest

    def save(self, commit: bool = True) -> Any:
        """Set the password, or disable it."""
        password = self.cleaned_data["password1"] if self.cleaned_data.get("set_usable_password", True) else None
        self.user = sign_in.set_password(
            actor=actor_of(self.request), at=db.now(), person_id=self.user.pk, password=password
        )
        return self.user


def show(request: HttpRequest, found: Person, context: dict[str, Any]) -> HttpResponse:
    """Show an account's sign-in page, or do what was asked on it."""
    if request.method == "POST":
        return _act(request, found)
    person = Person.objects.select_related("password_set_by", "email_set_by").get(pk=found.pk)
    context |= {
        "title": _("Sign-in"),
        "subtitle": str(person),
        "original": person,
        "opts": Person._meta,
        "reasons": list(why_one(person)),
        "may_confirm": sign_in.objection_to_confirm(actor_of(request), person) is None,
    }
    return TemplateResponse(request, "setup/sign_in.html", context)


def why_one(person: Person) -> Iterator[str]:
    """Why an account counts as one person with others, in sentences."""
    for each in identity.because(person):
        said = {"who": each, "setter": each.password_set_by}
        yield (_("%(who)s and %(setter)s count as one person because %(setter)s might know %(who)s’s password.") % said)


def _act(request: HttpRequest, person: Person) -> HttpResponse:
    try:
        if "confirm" in request.POST:
            sign_in.confirm_address(actor=actor_of(request), at=db.now(), person_id=person.pk)
            messages.success(request, _("Address confirmed."))
        else:
            sign_in.send_link(actor=actor_of(request), at=db.now(), person_id=person.pk)
            messages.success(request, _("Link sent."))
    except Refused as refusal:
        messages.error(request, refusal.in_words)
    return HttpResponseRedirect(reverse("admin:approvals_person_sign_in", args=[person.pk]))
