"""Who reads a page of the admin reads it in her own language and by her own clock."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

Answer = Callable[[HttpRequest], HttpResponse]
ADMIN = "/admin/"
KNOWN = frozenset(code for code, _name in settings.LANGUAGES)


def in_their_words(answer: Answer) -> Answer:
    """Activate the language and the time zone that the person who is signed in has chosen, for pages of the admin."""

    def run(request: HttpRequest) -> HttpResponse:
        person = request.user if request.path.startswith(ADMIN) else None
        if person is None or not person.is_authenticated:
            return answer(request)
        language = person.language if person.language in KNOWN else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(_zone(person.time_zone)):
            return answer(request)

    return run


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        # A zone that this machine does not know (any more) is no reason to show nothing.
        return ZoneInfo(settings.TIME_ZONE)
