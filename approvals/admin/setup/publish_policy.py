"""Requests publication of a draft from its page, and withdraws the request."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.admin.base.model_admin import actor_of, person_of
from approvals.services.intake import publish_policy
from policies import db
from policies.errors import Refused


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose the publication and return to the draft with a message."""
    said = _("Publication requested. Another reviewer at the policies desk must approve it.")
    return _done(request, pk, publish_policy.request, said)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw the author's own request and return to the draft with a message."""
    return _done(request, pk, publish_policy.withdraw, _("Publication request withdrawn."))


def _done(request: HttpRequest, pk: int, service: Callable[..., object], said: str) -> HttpResponse:
    if not person_of(request).has_perm("policies.add_version"):
        raise PermissionDenied
    try:
        service(actor=actor_of(request), at=db.now(), version_id=pk)
        messages.success(request, said)
    except Refused as refusal:
        messages.error(request, refusal.in_words)
    return HttpResponseRedirect(reverse("admin:policies_version_change", args=[pk]))
