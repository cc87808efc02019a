"""A person's language and time zone."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from approvals.models import Person

KNOWN = frozenset(code for code, _name in settings.LANGUAGES)


def language_of(person: Person) -> str:
    """Return the person's language, or the default if it is not available."""
    return person.language if person.language in KNOWN else settings.LANGUAGE_CODE


def zone_of(person: Person) -> ZoneInfo:
    """Return the person's time zone, or the default if this machine does not know it."""
    try:
        return ZoneInfo(person.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)
