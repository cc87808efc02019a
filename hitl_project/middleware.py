"""Show admin pages in the person's own language and time zone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from approvals.queries.accounts.locale import language_of, zone_of

Answer = Callable[[HttpRequest], HttpResponse]
ADMIN = "/admin/"


def in_their_words(answer: Answer) -> Answer:
    """Activate the language and time zone of the signed-in person for admin pages."""

    def run(request: HttpRequest) -> HttpResponse:
        person = request.user if request.path.startswith(ADMIN) else None
        if person is None or not person.is_authenticated:
            return answer(request)
        language = language_of(person)
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(zone_of(person)):
            return answer(request)

    return run
