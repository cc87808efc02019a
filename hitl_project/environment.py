"""The environment that the settings read, which remembers the names that were asked for."""

from typing import Any

import environ


class Environment(environ.Env):
    """django-environ's reader with a memory: a variable that a setting reads is never an integration's token."""

    def __init__(self, **scheme: Any) -> None:
        super().__init__(**scheme)
        self.names: set[str] = set()

    def get_value(self, var: str, *args: Any, **options: Any) -> Any:
        """Read a variable, as every other method of the reader does, and remember its name."""
        self.names.add(var)
        return super().get_value(var, *args, **options)
