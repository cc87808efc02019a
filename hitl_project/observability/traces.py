"""Turns traces on, if an operator wants them and has installed what they need."""

from importlib import import_module

from django.core.exceptions import ImproperlyConfigured


def start(is_wanted: bool) -> None:
    """Keep spans from now on, if they are wanted.

    :raises ImproperlyConfigured: a package is missing.
    """
    if not is_wanted:
        return
    try:
        # Named, not imported: its packages are an extra.
        import_module("hitl_project.observability.otel").start()
    except ModuleNotFoundError as error:
        raise ImproperlyConfigured(
            f"HITL_TRACING needs the package {error.name}. Install those of the extra otel in pyproject.toml."
        ) from error
