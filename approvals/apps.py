"""The approvals app."""

from importlib import import_module

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from approvals import checks
from policies.queries import past_cases


class ApprovalsConfig(AppConfig):
    """The record of what agents, people and machines did, and the services that change it."""

    name = "approvals"
    verbose_name = _("Approvals")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks, and the record as what policies are tried on."""
        register(checks.guards_are_installed, Tags.database)
        register(checks.outcomes_are_owned, Tags.database)
        register(checks.credentials_go_to_their_hosts, Tags.database)
        register(checks.credentials_have_hosts, Tags.security)
        register(checks.private_hosts_are_usable, Tags.security)
        register(checks.names_exist, Tags.database)
        register(checks.rows_are_sealed, Tags.database)
        register(checks.demo_logins_are_absent, Tags.database, deploy=True)
        # Named, not imported: what reads models can only be loaded once every app is there.
        recorded, saves = import_module("approvals.models.recorded"), import_module("approvals.services.ledger.saves")
        recorded.Recorded.keep, recorded.Recorded.remove = saves.keep, saves.remove
        past_cases.register(import_string("approvals.services.policy.cases.Cases")())
