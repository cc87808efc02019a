"""Whether the installation is live; before that it is being set up, and configuration changes take effect at once."""

from django.db.models import Exists

from approvals.models import Installation


def is_live() -> bool:
    """Return whether the set-up is over."""
    return Installation.objects.exists()


def live() -> Exists:
    """Return the same as a condition of another query."""
    return Exists(Installation.objects.all())
