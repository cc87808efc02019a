"""What people set for themselves: in which language and by which clock they read."""

from datetime import datetime
from zoneinfo import available_timezones

from django.conf import settings

from approvals.actors import Actor, Door
from approvals.errors import Malformed, NotAllowed
from approvals.models import Person
from approvals.services import ledger
from approvals.services.contract import service
from approvals.services.ledger import Fact


@service
def set_own(*, actor: Actor, at: datetime, language: str, time_zone: str) -> Person:
    """Set one's own language and time zone.

    :raises NotAllowed: no person is acting, or comes with a token.
    :raises Malformed: there is no such language or time zone.
    """
    if actor.person is None or actor.door is Door.TOKEN:
        raise NotAllowed("Sign in to set this.")
    if language not in dict(settings.LANGUAGES):
        raise Malformed(f"There is no language {language!r} here.", field="language")
    if time_zone not in available_timezones():
        raise Malformed(f"There is no time zone {time_zone!r}; use a name such as Europe/Berlin.", field="time_zone")
    person = Person.objects.select_for_update().get(pk=actor.person.pk)
    person.language, person.time_zone = language, time_zone
    ledger.stated(person, Fact(actor, at, "person.changed", "Set by themselves", {"fields": ["language", "time_zone"]}))
    return person
