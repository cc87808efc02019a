"""The page behind a mailed link, where an account's owner sets their own password."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.actors import Actor, Door
from approvals.models import Person
from approvals.services.accounts import sign_in
from policies import db
from policies.errors import Refused


class _SetPassword(PasswordResetConfirmView):
    """Django's page for a reset link; the service saves the password and who else may know it."""

    title = gettext_lazy("Set your password")

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        """Set the password, once for each link."""
        person, token = cast(Person, self.user), self.request.session[INTERNAL_RESET_SESSION_TOKEN]
        try:
            sign_in.set_own_password(
                actor=Actor(Door.ADMIN, person=person),
                at=db.now(),
                person_id=person.pk,
                token=token,
                password=form.cleaned_data["new_password1"],
            )
        except Refused as refusal:
            form.add_error(None, refusal.in_words)
            return self.form_invalid(form)
        del self.request.session[INTERNAL_RESET_SESSION_TOKEN]
        messages.success(self.request, _("Your password has been set. Sign in."))
        return HttpResponseRedirect(reverse("admin:login"))

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        """Django's context with our page header."""
        return {**admin.site.each_context(self.request), **super().get_context_data(**options)}


def show(request: HttpRequest, uidb64: str, token: str) -> HttpResponse:
    """Show the form where the link is valid, and set the password when it is sent."""
    return cast(HttpResponse, _SetPassword.as_view()(request, uidb64=uidb64, token=token))
