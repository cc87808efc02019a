"""The environment reader of the settings; it remembers the names that it reads."""

from typing import Any

import environ


class Environment(environ.Env):
    """django-environ's reader that remembers names: a setting's variable can never be an integration's token."""

    def __init__(self, **scheme: Any) -> None:
        super().__init__(**scheme)
        self.names: set[str] = set()

    def get_value(self, var: str, *args: Any, **options: Any) -> Any:
        """Read a variable and remember its name."""
        self.names.add(var)
        return super().get_value(var, *args, **options)
