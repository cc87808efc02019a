"""Sessions that are over: deleted after a while, because whoever reads the database finds nothing in them to use."""

from datetime import datetime

from django.contrib.sessions.models import Session

from approvals.actors import Actor
from policies import db
from policies.db import service


@service
def forget_expired(*, actor: Actor, at: datetime, limit: int) -> int:
    """Delete up to `limit` expired sessions; return how many there were."""
    expired = Session.objects.filter(expire_date__lt=db.now())
    keys = list(expired.order_by("expire_date").values_list("pk", flat=True)[:limit])
    # One that is used at this moment expires later by now.
    expired.filter(pk__in=keys).delete()
    return len(keys)
