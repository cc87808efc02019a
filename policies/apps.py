"""The policies app."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _

from policies import checks


class PoliciesConfig(AppConfig):
    """The policy engine and its documents; it does not know the approvals app."""

    name = "policies"
    verbose_name = _("Policies")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks."""
        register(checks.guards_are_installed, Tags.database)
