"""Forms that ask for a password. Each attempt is counted before the password is checked."""

import ipaddress
from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from approvals import conf
from approvals.actors import Actor, Door
from approvals.admin.base.model_admin import actor_of
from approvals.errors import TooManyAttempts
from approvals.services.safety import passwords
from approvals.services.safety.passwords import Prompt
from policies import db

T = TypeVar("T")


class LoginForm(AdminAuthenticationForm):
    """Django's admin login form with a limit on attempts."""

    def clean(self) -> dict[str, Any]:
        """Refuse too many attempts without checking the password."""
        name = self.cleaned_data.get("username")
        if self.request is None or name is None or not self.cleaned_data.get("password"):
            return super().clean()
        return checked(Actor(Door.ADMIN), Prompt("login", name, address_of(self.request)), super().clean)


class PasswordForm(AdminPasswordChangeForm):
    """Django's password change form with a limit on attempts; `request` is the current request."""

    request: HttpRequest

    def clean_old_password(self) -> str:
        """Refuse too many attempts without checking the password."""
        prompt = Prompt("password_change", self.user.get_username(), address_of(self.request))
        return checked(actor_of(self.request), prompt, super().clean_old_password)


def checked(actor: Actor, prompt: Prompt, check: Callable[[], T]) -> T:
    """Run a password check if another attempt is allowed."""
    try:
        counted = passwords.ask(actor=actor, at=db.now(), prompt=prompt)
    except TooManyAttempts as refusal:
        raise ValidationError(refusal.in_words, code=refusal.code) from refusal
    found = check()
    passwords.confirm(actor=actor, at=db.now(), counted=counted)
    return found


def address_of(request: HttpRequest) -> str:
    """The client address; behind a proxy, the last address that the proxy added."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if not conf.is_behind_proxy():
        return peer
    told = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    return _address(told) or peer


def _address(text: str) -> str:
    """Parse the address from `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1` or `[2001:db8::1]:80`."""
    inner = text[1:].partition("]")[0] if text.startswith("[") else text
    bare = inner.partition(":")[0] if inner.count(":") == 1 else inner
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return ""
