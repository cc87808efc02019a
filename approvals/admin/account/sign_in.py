"""The forms that ask for a password: each try is counted before the password is looked at."""

import ipaddress
from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from approvals import conf
from approvals.actors import Actor, Door
from approvals.admin.base.model_admin import actor_of
from approvals.db import database_now
from approvals.errors import TooManyAttempts
from approvals.services.safety import passwords
from approvals.services.safety.passwords import Prompt

T = TypeVar("T")


class LoginForm(AdminAuthenticationForm):
    """Django's login form of the admin, with a limit."""

    def clean(self) -> dict[str, Any]:
        """Refuse a try too many without looking at the password."""
        name = self.cleaned_data.get("username")
        if self.request is None or name is None or not self.cleaned_data.get("password"):
            return super().clean()
        return checked(Actor(Door.ADMIN), Prompt("login", name, address_of(self.request)), super().clean)


class PasswordForm(AdminPasswordChangeForm):
    """Django's form that changes one's own password, with a limit on guessing the old one; `request` asks for it."""

    request: HttpRequest

    def clean_old_password(self) -> str:
        """Refuse a try too many without looking at the password."""
        prompt = Prompt("password_change", self.user.get_username(), address_of(self.request))
        return checked(actor_of(self.request), prompt, super().clean_old_password)


def checked(actor: Actor, prompt: Prompt, check: Callable[[], T]) -> T:
    """What a check gives that raises unless the password is right, if the password may be tried now."""
    try:
        counted = passwords.ask(actor=actor, at=database_now(), prompt=prompt)
    except TooManyAttempts as refusal:
        raise ValidationError(refusal.in_words, code=refusal.code) from refusal
    found = check()
    passwords.confirm(actor=actor, at=database_now(), counted=counted)
    return found


def address_of(request: HttpRequest) -> str:
    """The address that the request came from; behind a proxy the one that the proxy wrote, which is the last."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if not conf.is_behind_proxy():
        return peer
    told = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    return _address(told) or peer


def _address(text: str) -> str:
    """The address in `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1` or `[2001:db8::1]:80`, or nothing."""
    inner = text[1:].partition("]")[0] if text.startswith("[") else text
    bare = inner.partition(":")[0] if inner.count(":") == 1 else inner
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return ""
