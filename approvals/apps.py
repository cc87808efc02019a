"""The approvals app."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _

from approvals import checks


class ApprovalsConfig(AppConfig):
    """The record of what agents, people and machines did, and the services that change it."""

    name = "approvals"
    verbose_name = _("Approvals")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks."""
        register(checks.triggers_are_installed, Tags.database)
        register(checks.demo_logins_are_absent, Tags.database, deploy=True)
