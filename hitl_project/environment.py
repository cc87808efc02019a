"""The environment reader of the settings; it also reads secrets from files."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured


class Environment(environ.Env):
    """django-environ's reader, with secrets that may be in files."""

    def secret(self, name: str, default: str = "") -> str:
        """Return a secret from its variable, or from the file that ``<name>_FILE`` names.

        :raises ImproperlyConfigured: both are set, or the file has no secret.
        """
        # Read without django-environ: it would take a secret that starts with "$" for the name of another variable.
        value, path = self.ENVIRON.get(name, ""), self.ENVIRON.get(f"{name}_FILE")
        if path is None:
            return value or default
        if value:
            raise ImproperlyConfigured(f"{name} and {name}_FILE are both set. Unset one of them.")
        return _content(f"{name}_FILE", path)

    def within(self, name: str, default: int, low: int, high: int | None = None) -> int:
        """Return a whole number in this range.

        :raises ImproperlyConfigured: it is outside.
        """
        number: int = self.int(name, default)
        if number < low or (high is not None and number > high):
            allowed = f"{low} or more" if high is None else f"{low} to {high}"
            raise ImproperlyConfigured(f"{name} is out of range. Set it to {allowed}.")
        return number


def _content(name: str, path: str) -> str:
    if not path:
        raise ImproperlyConfigured(f"{name} is empty. Set it to the path of a file, or unset it.")
    try:
        # Editors and most tools end a file with a line break, which is not part of the secret.
        text = Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ImproperlyConfigured(f"The file {path} in {name} cannot be read: {reason}.") from error
    if not text.strip():
        raise ImproperlyConfigured(f"The file {path} in {name} is empty. Write the secret into it.")
    return text
