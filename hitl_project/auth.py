"""Who may sign in: active people, but for the demo's own logins, whose passwords lie in a file, outside the demo."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from approvals import conf


class PeopleBackend(ModelBackend):
    """Django's own backend, to which a login that the demo made is nobody outside the demo, in old sessions too."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Whether the person is active, and no leftover of a demo."""
        return super().user_can_authenticate(user) and (conf.is_demo() or not getattr(user, "is_demo", False))
