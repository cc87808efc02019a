"""Replace Django's admin site with HITL's own, and register what is checked before a deployment."""

from django.contrib.admin.apps import AdminConfig
from django.core.checks import Tags, register
from django.utils.module_loading import autodiscover_modules

from hitl_project import deploy_checks


class HitlAdminConfig(AdminConfig):
    """Django's admin with HITL's site as the default."""

    default_site = "approvals.admin.site.HitlAdminSite"

    def ready(self) -> None:
        """Find the admin's pages; HITL's pages register in a separate module after the site exists.

        Registering on import would create a second site and lose one.
        """
        super().ready()
        register(deploy_checks.parts_answer, Tags.compatibility, deploy=True)
        autodiscover_modules("admin.registry")
