"""People, desks and memberships: who can sign in and what they can decide.

These forms keep the four-eyes rule: people cannot grant authority to themselves.
"""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from approvals.admin.base.columns import word_for
from approvals.admin.base.ledger_admin import KeptAdmin
from approvals.admin.base.model_admin import actor_of, person_of
from approvals.models import Desk, Membership, Person
from approvals.models.people import NAMES
from approvals.services.catalog import rows
from approvals.text import local_numbers
from policies.declared_filters import DeclaredFilters
from policies.engine.values.money import MAX_DIGITS
from policies.related_links import PlainTable

# Only a superuser grants these, because each gives control over the approval system itself.
POWERS = ("is_superuser", "groups", "user_permissions")


class MembershipForm(forms.ModelForm):
    """Authority at a desk, which people cannot grant to themselves; `asker` is the signed-in person."""

    asker: Person

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "ceilings" in self.fields:
            # Read the old value from the database, because a hidden form field can be forged.
            self.fields["ceilings"].show_hidden_initial = False

    def clean_ceilings(self) -> dict[str, str]:
        """The ceilings as decimal text by currency."""
        ceilings = self.cleaned_data["ceilings"] or {}
        if not isinstance(ceilings, dict):
            raise ValidationError(_('Enter currencies with amounts, for example {"EUR": "5000.00"}.'))
        return {_currency(name): _amount(amount, name) for name, amount in ceilings.items()}

    def clean(self) -> dict[str, Any]:
        """Refuse changes to your own authority; a superuser at a single-reviewer desk is an exception."""
        data = super().clean() or {}
        desk = data.get("desk")
        is_exception = self.asker.is_superuser and desk is not None and desk.is_solo
        people = {self.instance.person_id, getattr(data.get("person"), "pk", None)}
        if self.asker.pk in people and self.has_changed() and not is_exception:
            raise ValidationError(_("You cannot change your own authority. Ask another administrator."))
        return data


def _currency(name: str) -> str:
    if len(name) != 3 or not name.isascii() or not name.isupper():
        raise ValidationError(_("%(name)s is not a currency. Use three capital letters."), params={"name": name})
    return name


def _amount(value: Any, currency: str) -> str:
    """The amount as decimal text, from a JSON number or a text as the reader writes it."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValidationError(_("%(value)s is not an amount. Use this format: 5000.00."), params={"value": value})
    try:
        amount = Decimal(local_numbers.typed(value, currency) if isinstance(value, str) else repr(value))
    except local_numbers.Unreadable as fault:
        raise ValidationError(str(fault)) from fault
    if not amount.is_finite() or amount < 0 or amount.adjusted() >= MAX_DIGITS:
        raise ValidationError(_("%(value)s is not an amount. Use this format: 5000.00."), params={"value": value})
    return f"{amount:f}"


class MembershipInline(PlainTable):
    """A person's memberships, or a desk's members."""

    model = Membership
    form = MembershipForm
    extra = 0
    fields = ("person", "desk", "tier", "max_stakes", "ceilings")

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        """The related forms with the signed-in person set."""
        options["form"] = type("AskedMembershipForm", (MembershipForm,), {"asker": person_of(request)})
        return super().get_formset(request, obj, **options)


@admin.register(Person)
class PersonAdmin(KeptAdmin, UserAdmin):
    """People who sign in; never deleted, because the history refers to them."""

    shown_sign_in = word_for("is_staff", _("can sign in"), _("sign-in"))
    list_display = (
        "username",
        "first_name",
        "last_name",
        "email",
        "shown_sign_in",
        "is_active",
    )
    list_filter = ("is_active", "is_staff", "groups", "memberships__desk")
    inlines = (MembershipInline,)
    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        (_("Location and language"), {"fields": ("time_zone", "language")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The password, with the link to its form, only for superusers, who alone may set it."""
        found = super().get_fieldsets(request, obj)
        if obj is None or person_of(request).is_superuser:
            return found
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name != "password"]})
            for title, options in found
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a superuser edits themselves or another superuser."""
        asker = person_of(request)
        is_above = obj is not None and (obj.pk == asker.pk or obj.is_superuser)
        return super().has_change_permission(request, obj) and (asker.is_superuser or not is_above)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People are deactivated, never deleted."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Permissions are visible to all, set by superusers; people cannot rename themselves."""
        fields = tuple(super().get_readonly_fields(request, obj))
        if obj is not None and obj.pk == person_of(request).pk:
            fields = (*fields, *sorted(NAMES))
        return fields if person_of(request).is_superuser else (*fields, *POWERS)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Set a person's password; only for superusers, because it lets them act as that person."""
        if not person_of(request).is_superuser:
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def log_change(self, request: HttpRequest, obj: Person, message: Any) -> Any:
        """Django's change log; setting a person's password also writes a ledger entry."""
        match = request.resolver_match
        if match is not None and match.url_name == "auth_user_password_change":
            rows.record(obj, actor_of(request), "password_set", "The password was set by an administrator.")
        return super().log_change(request, obj, message)


class PowerfulGroupAdmin(DeclaredFilters, GroupAdmin):
    """Groups grant permissions, also to their editors, so only superusers edit them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only superusers add groups."""
        return person_of(request).is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only superusers change groups."""
        return person_of(request).is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only superusers delete groups."""
        return person_of(request).is_superuser


# Django registers groups itself, for anyone with the permission.
admin.site.unregister(Group)
admin.site.register(Group, PowerfulGroupAdmin)


@admin.register(Desk)
class DeskAdmin(KeptAdmin):
    """Desks: groups of people who decide one kind of action."""

    shown_solo = word_for("is_solo", _("single reviewer"), _("single-reviewer desk"))
    list_display = ("name", "slug", "shown_solo")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (MembershipInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only superusers allow single-reviewer desks."""
        return () if person_of(request).is_superuser else ("is_solo",)


@admin.register(Membership)
class MembershipAdmin(KeptAdmin):
    """A person's authority at one desk."""

    form = MembershipForm
    list_display = ("person", "desk", "tier", "max_stakes", "ceilings")
    list_filter = ("desk", "tier")
    list_select_related = ("person", "desk")
    search_fields = ("person__username", "person__last_name", "desk__name")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        """The form with the signed-in person set."""
        options["form"] = type("AskedMembershipForm", (MembershipForm,), {"asker": person_of(request)})
        return super().get_form(request, obj, change, **options)
