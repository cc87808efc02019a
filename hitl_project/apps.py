"""Replace Django's admin site with HITL's own."""

from django.contrib.admin.apps import AdminConfig
from django.utils.module_loading import autodiscover_modules


class HitlAdminConfig(AdminConfig):
    """Django's admin with HITL's site as the default."""

    default_site = "approvals.admin.site.HitlAdminSite"

    def ready(self) -> None:
        """Find the admin's pages; HITL's pages register in a separate module after the site exists.

        Registering on import would create a second site and lose one.
        """
        super().ready()
        autodiscover_modules("admin.registry")
