"""The lookup sources by name; ``HITL_LOOKUPS`` adds custom ones."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from approvals.connectors.lookups.base import Source
from approvals.connectors.lookups.http import HttpSource
from approvals.connectors.lookups.table import TableSource

_SOURCES: tuple[Source, ...] = (HttpSource(), TableSource())
_BUILT_IN = {source.name: source for source in _SOURCES}


class NoSource(Exception):
    """The source is unknown; the message is its name."""


def source(name: str) -> Source:
    """Return the source with this name.

    :raises NoSource: it is unknown.
    """
    if name in _BUILT_IN:
        return _BUILT_IN[name]
    path = settings.HITL_LOOKUPS.get(name)
    if path is None:
        raise NoSource(name)
    return _imported(path)


def names() -> list[str]:
    """Return the names of all sources."""
    return sorted({*_BUILT_IN, *settings.HITL_LOOKUPS})


@cache
def _imported(path: str) -> Source:
    found: Source = import_string(path)
    return found
