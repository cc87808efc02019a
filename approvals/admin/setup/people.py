"""People, desks and memberships: who can sign in and what they can decide.

These forms keep the four-eyes rule: people cannot grant authority to themselves.
"""

from collections.abc import Sequence
from copy import copy
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from approvals.admin.base.columns import inactive, word_for
from approvals.admin.base.ledger_admin import KeptAdmin, WaitingAdmin
from approvals.admin.base.model_admin import actor_of, has_clients, person_of
from approvals.admin.setup import ceilings_field, sign_in
from approvals.admin.setup.ceilings_field import CeilingsField
from approvals.display.fragments import inert
from approvals.models import Desk, Membership, Person
from approvals.models.people import NAMES
from approvals.services.catalog import credentials, rows
from policies import db
from policies.declared_filters import DeclaredFilters
from policies.related_links import PlainTable

# Only a superuser grants these, because each gives control over the approval system itself.
POWERS = ("is_superuser", "groups", "user_permissions")


def _ceilings(name: str) -> CeilingsField:
    """A field of a membership, with its words."""
    field: Any = Membership._meta.get_field(name)
    return CeilingsField(required=False, label=capfirst(field.verbose_name), help_text=field.help_text)


class MembershipForm(forms.ModelForm):
    """Authority at a desk, which people cannot grant to themselves; `asker` is the signed-in person."""

    asker: Person

    ceilings = _ceilings("ceilings")
    daily_ceilings = _ceilings("daily_ceilings")

    def clean_ceilings(self) -> dict[str, str]:
        """The ceilings as decimal text by currency."""
        return self._amounts("ceilings")

    def clean_daily_ceilings(self) -> dict[str, str]:
        """The daily ceilings as decimal text by currency."""
        return self._amounts("daily_ceilings")

    def _amounts(self, field: str) -> dict[str, str]:
        """What was typed, or what is stored where only the writing differs."""
        before: dict[str, str] = self.initial.get(field) or {}
        now: dict[str, str] = self.cleaned_data[field]
        return before if ceilings_field.is_same(before, now) else now

    def clean(self) -> dict[str, Any]:
        """Refuse changes to your own authority; a superuser at a single-reviewer desk is an exception."""
        data = super().clean() or {}
        desk = data.get("desk")
        is_exception = self.asker.is_superuser and desk is not None and desk.is_solo
        people = {self.instance.person_id, getattr(data.get("person"), "pk", None)}
        if self.asker.pk in people and self.has_changed() and not is_exception:
            raise ValidationError(_("You cannot change your own authority. Ask another administrator to change it."))
        return data


def shown(name: str) -> Any:
    """A column with ceilings in words."""
    field: Any = Membership._meta.get_field(name)
    return admin.display(description=field.verbose_name)(
        lambda _admin, row: ceilings_field.in_words(getattr(row, name))
    )


READ = ("person", "desk", "client", "covers_clients", "tier", "max_stakes", "shown_ceilings", "shown_daily_ceilings")
# What there is of a membership only where there are clients.
OF_CLIENTS = frozenset({"client", "covers_clients"})


def _fields(request: HttpRequest, names: Sequence[str]) -> tuple[str, ...]:
    """The fields of a membership, without those about clients where there are none."""
    return tuple(name for name in names if name not in OF_CLIENTS or has_clients(request))


class PlainPermissions(admin.ModelAdmin):
    """A form of permissions, which names those over clients only where there are any."""

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        """The field, with the permissions to choose from."""
        field: Any = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None and db_field.name in ("permissions", "user_permissions") and not has_clients(request):
            over_clients = {"content_type__app_label": "approvals", "content_type__model__endswith": "client"}
            field.queryset = field.queryset.exclude(**over_clients)
        return field


class MembershipInline(PlainTable):
    """A person's memberships, or a desk's members."""

    model = Membership
    form = MembershipForm
    extra = 0
    fields = ("person", "desk", "client", "covers_clients", "tier", "max_stakes", "ceilings", "daily_ceilings")
    shown_ceilings, shown_daily_ceilings = shown("ceilings"), shown("daily_ceilings")
    readonly_fields = ("shown_ceilings", "shown_daily_ceilings")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields, with ceilings in words for people who only read."""
        return _fields(request, self.fields if self.has_change_permission(request, obj) else READ)

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        """The related forms with the signed-in person set."""
        options["form"] = type("AskedMembershipForm", (MembershipForm,), {"asker": person_of(request)})
        return super().get_formset(request, obj, **options)


@admin.register(Person)
class PersonAdmin(PlainPermissions, KeptAdmin, UserAdmin):
    """People who sign in; never deleted, because the history refers to them."""

    shown_sign_in = word_for("is_staff", _("can sign in"), _("sign-in"))
    shown_inactive = inactive
    list_display = (
        "username",
        "first_name",
        "last_name",
        "email",
        "shown_sign_in",
        "shown_inactive",
    )
    list_filter = ("is_active", "is_staff", "groups", "memberships__desk")
    inlines = (MembershipInline,)
    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        (_("Sign-in"), {"fields": ("shown_link", "shown_ones")}),
        (_("Location and language"), {"fields": ("time_zone", "language")}),
    )
    add_form = sign_in.NewPersonForm
    add_fieldsets = ((None, {"fields": ("username", "first_name", "last_name", "email", "is_staff")}),)
    # When somebody joined and last signed in is a fact, which nobody types.
    readonly_fields = ("shown_link", "shown_ones", "last_login", "date_joined")

    @admin.display(description=_("password"))
    def shown_link(self, person: Person) -> str:
        """The way to the page that mails a link."""
        address = reverse("admin:approvals_person_sign_in", args=[person.pk])
        return format_html('<a href="{}">{}</a>', address, gettext("Send a link to set the password"))

    @admin.display(description=_("counts as the same person as"))
    def shown_ones(self, person: Person) -> str:
        """Why somebody counts as somebody else, in sentences."""
        return format_html_join("\n", "<p>{}</p>", ((inert(why),) for why in sign_in.why_one(person))) or "-"

    def get_urls(self) -> list[URLPattern]:
        """Add the page that mails a link."""
        guarded = self.admin_site.admin_view(self.sign_in_view)
        return [path("<id>/sign-in/", guarded, name="approvals_person_sign_in"), *super().get_urls()]

    def sign_in_view(self, request: HttpRequest, id: str) -> HttpResponse:
        """The page that mails a link, for those who may change the account."""
        person = self.get_object(request, unquote(id))
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        if person is None:
            raise Http404
        return sign_in.show(request, person, self.admin_site.each_context(request))

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        """Save the account; a new one gets a link by mail."""
        super().save_model(request, obj, form, change)
        if not change and obj.email:
            credentials.send_link(obj, actor_of(request), db.now())

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The password only for superusers, who alone may set it; the link only for those who may send it."""
        found = super().get_fieldsets(request, obj)
        if obj is None:
            return found
        hidden = set() if person_of(request).is_superuser else {"password"}
        hidden |= set() if self.has_change_permission(request, obj) else {"shown_link"}
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in hidden]})
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

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save memberships, then groups and permissions, all as one change; the person is told of each."""
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)
        _relate(request, form, ("groups", "user_permissions"))

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Set a person's password; only for superusers, because it lets them act as that person."""
        if not person_of(request).is_superuser:
            raise PermissionDenied
        # A copy: the form is this request's alone.
        asked = copy(self)
        asked.change_password_form = type("AskedPasswordForm", (sign_in.SetPasswordForm,), {"request": request})
        return UserAdmin.user_change_password(asked, request, id, form_url)


def _relate(request: HttpRequest, form: Any, names: tuple[str, ...]) -> None:
    """Set what the form relates its row to many times."""
    wanted = {name: form.cleaned_data[name] for name in names if name in form.cleaned_data}
    rows.relate(form.instance, actor_of(request), wanted)


class PowerfulGroupAdmin(PlainPermissions, WaitingAdmin, DeclaredFilters, GroupAdmin):
    """Groups grant permissions, also to their editors, so only superusers edit them."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the group's name with its ledger entry."""
        if not change or "name" in form.changed_data:
            rows.save(obj, actor_of(request), ["name"], is_new=not change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Set the permissions with their ledger entry."""
        _relate(request, form, ("permissions",))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete the group with its ledger entry."""
        rows.delete(obj, actor_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete each selected group with its ledger entry."""
        for group in queryset:
            rows.delete(group, actor_of(request))

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
    shown_ceilings, shown_daily_ceilings = shown("ceilings"), shown("daily_ceilings")
    list_display = READ
    readonly_fields = ("shown_ceilings", "shown_daily_ceilings")
    list_filter = ("desk", "tier")
    list_select_related = ("person", "desk", "client")
    search_fields = ("person__username", "person__last_name", "desk__name")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields, with ceilings in words for people who only read."""
        is_read = obj is not None and not self.has_change_permission(request, obj)
        return _fields(request, READ if is_read else MembershipInline.fields)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """The columns, without those about clients where there are none."""
        return _fields(request, self.list_display)

    def get_list_filter(self, request: HttpRequest) -> tuple[str, ...]:
        """The filters, in the same way."""
        return ("client", *self.list_filter) if has_clients(request) else self.list_filter

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        """The form with the signed-in person set."""
        options["form"] = type("AskedMembershipForm", (MembershipForm,), {"asker": person_of(request)})
        return super().get_form(request, obj, change, **options)
