"""The channels by name; ``HITL_CHANNELS`` adds custom ones."""

from django.conf import settings
from django.utils.module_loading import import_string

from approvals.channels.base import Channel, NotTold
from approvals.channels.email import EmailChannel

_BUILT_IN: dict[str, Channel] = {"email": EmailChannel()}


def channel(name: str) -> Channel:
    """Return the channel with this name.

    :raises NotTold: it is unknown.
    """
    if name in _BUILT_IN:
        return _BUILT_IN[name]
    path = settings.HITL_CHANNELS.get(name)
    if path is None:
        raise NotTold(f"Unknown channel {name!r}. Use one of: {', '.join(sorted(_BUILT_IN))}.")
    made: Channel = import_string(path)
    return made
