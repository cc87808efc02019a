"""Which versions of policies came into force in a period."""

from dataclasses import dataclass
from datetime import datetime

from policies.models import Version
from policies.models.policy import VersionState


@dataclass(frozen=True, slots=True)
class Begun:
    """A version of a policy that came into force; ``policy`` is its title."""

    policy: str
    number: int
    at: datetime


def between(since: datetime, until: datetime, limit: int) -> list[Begun]:
    """Return the versions that came into force in a period, the newest of them, in order."""
    versions = Version.objects.exclude(state=VersionState.DRAFT).filter(published_at__gte=since, published_at__lt=until)
    rows = versions.order_by("-published_at", "-pk").values_list("policy__title", "number", "published_at")
    return [Begun(policy, number, at) for policy, number, at in reversed(rows[:limit]) if at is not None]
