"""Whether the draft that a publication names can still be published. Steps."""

from django.utils.translation import gettext_noop as _

from approvals.errors import WrongState
from approvals.models import Action
from policies.errors import Refused
from policies.queries import versions
from policies.queries.versions import Obstacle

_WHY = {
    Obstacle.OVERTAKEN: _(
        "A newer version of this policy is already in force, so this draft can no longer be published. "
        "Reject the request."
    ),
    Obstacle.NOT_A_DRAFT: _("This version was already published. Reject the request."),
    Obstacle.UNKNOWN: _("There is no draft like the one that was requested. Reject the request."),
}


def refusal_for(action: Action) -> Refused | None:
    """Why the draft cannot be published any more, or None; also of every other action."""
    if not action.action_type.is_publication:
        return None
    payload = action.revision.payload
    found = versions.obstacle(payload["policy"], payload["number"], payload["digest"])
    return WrongState(_WHY[found], state=action.state) if found else None
