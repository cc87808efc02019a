"""Authentication: active people, except for demo logins outside the demo."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission
from django.db.models import BigAutoField, Q, QuerySet

from approvals import conf
from policies.compiled import Compiled, CompiledValues, Slot

# Asked by every request of a person.
_SIGNED_IN: Compiled[Any] = Compiled(
    lambda: get_user_model().objects.select_related("employee").filter(pk=Slot("pk", BigAutoField()))
)


class PeopleBackend(ModelBackend):
    """Django's backend without forged people or leftover demo logins, also in existing sessions; it asks less often."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Return whether the person is active, as HITL saved them, and not a leftover demo login."""
        is_known = super().user_can_authenticate(user) and getattr(user, "is_sealed", True)
        return is_known and (conf.is_demo() or not getattr(user, "is_demo", False))

    def get_user(self, user_id: Any) -> Any:
        """Return the signed-in person with what the directory says of them, or None."""
        person = _SIGNED_IN.first(pk=user_id)
        return person if person is not None and self.user_can_authenticate(person) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return the person's own permissions and those of their groups, read in one statement."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        # Under Django's name, since whoever has changed a person's permissions clears it there.
        kept = vars(user_obj)
        if "_perm_cache" not in kept:
            pairs = _ALL.all() if user_obj.is_superuser else _GIVEN.all(person=user_obj.pk)
            kept["_perm_cache"] = {f"{label}.{name}" for label, name in pairs}
        found: set[str] = kept["_perm_cache"]
        return found


def _given() -> QuerySet[Permission]:
    person = Slot("person", BigAutoField())
    own = get_user_model().user_permissions.through.objects.filter(person=person)
    groups = get_user_model().groups.through.objects.filter(person=person)
    shared = Group.permissions.through.objects.filter(group__in=groups.values("group"))
    return Permission.objects.filter(Q(pk__in=own.values("permission")) | Q(pk__in=shared.values("permission")))


def _named(permissions: QuerySet[Permission]) -> QuerySet[Permission, Any]:
    return permissions.values_list("content_type__app_label", "codename").order_by()


# What a superuser has, and what anybody else was given.
_ALL = CompiledValues(lambda: _named(Permission.objects.all()))
_GIVEN = CompiledValues(lambda: _named(_given()))
