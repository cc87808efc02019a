"""The project's own admin site takes the place of Django's."""

from django.contrib.admin.apps import AdminConfig
from django.utils.module_loading import autodiscover_modules


class HitlAdminConfig(AdminConfig):
    """Django's admin with our site as its default."""

    default_site = "approvals.admin.site.HitlAdminSite"

    def ready(self) -> None:
        """Find the admin's pages; ours register in a module of their own, once the site that they register on exists.

        The site lies in the package that registers on it: registering on import would make a second site, and lose one.
        """
        super().ready()
        autodiscover_modules("admin.registry")
