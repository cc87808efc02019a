"""Which permission a refused page of the admin asks for, told by the page's name, and who can give it.

Django and our own pages refuse by `PermissionDenied` and do not say what is missing. Each page that is no page of a
model is named here; a test opens all of them.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from approvals.models import Desk, Person
from approvals.models.action_types import CONTROL_DESK
from approvals.queries.accounts import granting
from approvals.queries.accounts.granting import Givers

SUPERUSER, MEMBERSHIP = "superuser", "membership"

# What our own pages ask for, by the names of their addresses.
OWN: Mapping[str, str] = {
    "new_kind": "approvals.add_actiontype",
    "connect": "approvals.add_agent",
    "connectors": "approvals.change_breaker",
    "breaker_close": "approvals.change_breaker",
    "policy_ask": "policies.add_version",
    "policy_withdraw": "policies.add_version",
    "policies_version_draft": "policies.add_version",
    "policies_version_check": "policies.add_version",
    "approvals_person_sign_in": "approvals.change_person",
    "approvals_apikey_revoke": "approvals.view_apikey",
    "auth_user_password_change": SUPERUSER,
    "auth_group_add": SUPERUSER,
    "auth_group_delete": SUPERUSER,
    "tightenings": MEMBERSHIP,
    "tightening_review": MEMBERSHIP,
}
# What a page of a model asks for, by the last part of its name.
VERBS: Mapping[str, str] = {
    "changelist": "view",
    "history": "view",
    "simple_history": "view",
    "change": "view",
    "import": "add",
    "add": "add",
    "delete": "delete",
}


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing, as a sentence, and who can give it."""

    said: str
    givers: Givers


def of(request: HttpRequest) -> Missing | None:
    """What the signed-in person lacks for this page; None where no permission would open it to them."""
    person: Any = request.user
    asked = _asked(request)
    if asked == SUPERUSER:
        return (
            None if person.is_superuser else Missing(_("Only superusers can do this."), granting.of_superusers(person))
        )
    if asked == MEMBERSHIP:
        return _membership(person)
    if not asked or person.has_perm(asked):
        return None
    said = _("To do this, you need the permission “%(what)s”.") % {"what": words_for(asked)}
    return Missing(said, granting.of_permission(asked, person))


def is_for_nobody(request: HttpRequest) -> bool:
    """Whether the page would refuse a superuser, too: what the history needs is never added or deleted by hand."""
    found, verb = _model_page(request)
    if found is None or verb == "view":
        return False
    probe = copy(request)
    probe.user = Person(is_superuser=True, is_staff=True, is_active=True)
    return not getattr(found, f"has_{verb}_permission")(probe)


def words_for(permission: str) -> str:
    """A permission in the reader's language, such as “API keys: add”."""
    app, _dot, codename = permission.partition(".")
    verb, _line, model = codename.partition("_")
    words = {"view": _("view"), "add": _("add"), "change": _("change"), "delete": _("delete")}
    plural = capfirst(str(apps.get_model(app, model)._meta.verbose_name_plural))
    return f"{plural}: {words[verb]}"


def _asked(request: HttpRequest) -> str:
    """The permission that the page asks for; empty where its name does not say."""
    name = _name(request)
    if name == "export_new" and request.resolver_match is not None:
        app, _dot, model = request.resolver_match.kwargs["source"].partition(".")
        return f"{app}.view_{model}"
    if name in OWN:
        return OWN[name]
    found, verb = _model_page(request)
    if found is None:
        return ""
    opts = found.opts
    # Groups give permissions, so their pages ask for more than the permission that Django has for them.
    return SUPERUSER if opts.label == "auth.Group" and verb != "view" else f"{opts.app_label}.{verb}_{opts.model_name}"


def _model_page(request: HttpRequest) -> tuple[Any, str]:
    """The admin of the model whose page it is, and what is done there; None for our own pages."""
    app, _line, rest = _name(request).partition("_")
    model, _line, page = rest.partition("_")
    verb = VERBS.get(page, "")
    found = next((each for each in admin.site._registry.values() if _is_of(each.opts, app, model)), None)
    if found is None or not verb:
        return None, ""
    return found, "change" if page == "change" and request.method == "POST" else verb


def _is_of(opts: Any, app: str, model: str) -> bool:
    return (opts.app_label, opts.model_name) == (app, model)


def _name(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.url_name or "") if match is not None and match.app_name == "admin" else ""


def _membership(person: Person) -> Missing:
    """The membership of the desk that decides on configuration changes."""
    desk = Desk.objects.get(slug=CONTROL_DESK)
    said = _("To do this, you need a membership of the desk “%(desk)s”.") % {"desk": desk}
    return Missing(said, granting.of_memberships(person))
