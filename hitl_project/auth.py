"""Authentication: active people, except for demo logins outside the demo."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from approvals import conf


class PeopleBackend(ModelBackend):
    """Django's backend without demo logins outside the demo, also in existing sessions."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Return whether the person is active and not a leftover demo login."""
        return super().user_can_authenticate(user) and (conf.is_demo() or not getattr(user, "is_demo", False))
