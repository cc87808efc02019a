"""Requests publication of a draft from a policy version's page."""

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
    if not person_of(request).has_perm("policies.add_version"):
        raise PermissionDenied
    try:
        publish_policy.request(actor=actor_of(request), at=db.now(), version_id=pk)
        messages.success(request, _("Publication requested. Another reviewer at the policies desk must approve it."))
    except Refused as refusal:
        messages.error(request, refusal.in_words)
    return HttpResponseRedirect(reverse("admin:policies_version_change", args=[pk]))
