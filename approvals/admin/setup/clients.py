"""Clients: whose books actions belong to, edited by hand or imported from CSV."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from approvals.admin.base.columns import inactive
from approvals.admin.base.model_admin import has_clients
from approvals.admin.setup.directory import DirectoryAdmin
from approvals.models import Client


@admin.register(Client)
class ClientAdmin(DirectoryAdmin):
    """The clients, with how many memberships each has; no menu names them before there is one."""

    sheet = "clients"
    shown_inactive = inactive
    fields = ("name", "key", "responsible", "currency", "calendar", "is_active")
    list_display = ("name", "key", "responsible", "currency", "calendar", "shown_memberships", "shown_inactive")
    list_filter = ("is_active",)
    list_select_related = ("responsible", "calendar__desk")
    search_fields = ("key", "name", "responsible__username", "responsible__last_name")
    prepopulated_fields = {"key": ("name",)}

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Only where there are clients: an organization without any does not read of them."""
        return has_clients(request) and super().has_module_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Client]:
        """The clients with their numbers of memberships."""
        rows: QuerySet[Client] = super().get_queryset(request)
        return rows.annotate(seats=Count("memberships"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A key never changes: programs and policies name the client by it."""
        return ("key",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The key of a new client from its name."""
        return {} if obj else self.prepopulated_fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Clients are deactivated, never deleted: the history refers to them."""
        return False

    @admin.display(description=_("memberships"))
    def shown_memberships(self, client: Any) -> int:
        """How many memberships are for this client alone."""
        return int(client.seats)
