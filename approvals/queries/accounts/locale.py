"""In which language and by which clock somebody reads."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from approvals.models import Person

KNOWN = frozenset(code for code, _name in settings.LANGUAGES)


def language_of(person: Person) -> str:
    """The person's language, or the installation's where there is no such language here."""
    return person.language if person.language in KNOWN else settings.LANGUAGE_CODE


def zone_of(person: Person) -> ZoneInfo:
    """The person's time zone; one that this machine does not know (any more) is no reason to say nothing."""
    try:
        return ZoneInfo(person.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)
