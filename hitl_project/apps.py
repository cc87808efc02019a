"""The project's own admin site takes the place of Django's."""

from django.contrib.admin.apps import AdminConfig


class HitlAdminConfig(AdminConfig):
    """Django's admin with our site as its default."""

    default_site = "approvals.admin.site.HitlAdminSite"
