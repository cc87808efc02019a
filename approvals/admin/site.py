"""The admin site."""

from django.contrib.admin import AdminSite


class HitlAdminSite(AdminSite):
    """Django's admin with our name and pages."""
