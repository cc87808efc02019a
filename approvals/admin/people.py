"""People, desks and memberships in the admin: who may sign in, and who may decide how much."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from approvals.admin.reading import TimelineAdmin
from approvals.models import Desk, Membership, Person


class MembershipInline(admin.TabularInline):
    """Where a person reviews, or who reviews at a desk."""

    model = Membership
    extra = 0
    fields = ("person", "desk", "tier", "max_stakes", "ceilings")


@admin.register(Person)
class PersonAdmin(TimelineAdmin, UserAdmin):
    """Somebody who signs in; nobody is deleted, because the record names them."""

    list_display = ("username", "first_name", "last_name", "email", "is_staff", "is_active")
    list_filter = ("is_active", "is_staff", "groups", "memberships__desk")
    inlines = (MembershipInline,)
    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        (_("Place and language"), {"fields": ("time_zone", "language")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A person is deactivated, never deleted."""
        return False


@admin.register(Desk)
class DeskAdmin(TimelineAdmin):
    """A group of people who decide one kind of thing."""

    list_display = ("name", "slug", "is_solo")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (MembershipInline,)


@admin.register(Membership)
class MembershipAdmin(TimelineAdmin):
    """A person's deciding power at one desk."""

    list_display = ("person", "desk", "tier", "max_stakes", "ceilings")
    list_filter = ("desk", "tier")
    list_select_related = ("person", "desk")
    search_fields = ("person__username", "person__last_name", "desk__name")
