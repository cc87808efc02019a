"""The policies app."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _

from policies import checks


class PoliciesConfig(AppConfig):
    """The judge, and the documents that it judges by; it does not know what an action is."""

    name = "policies"
    verbose_name = _("Policies")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks."""
        register(checks.guards_are_installed, Tags.database)
