"""What people set for themselves: in which language and by which clock they read, how they are told, and when not."""

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import available_timezones

from django.conf import settings

from approvals.actors import Actor, Door
from approvals.errors import Malformed, NotAllowed
from approvals.models import Person
from approvals.models.people import NotificationMode
from approvals.queries.accounts.notification_preferences import NotificationPreferences
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from policies.db import service

MAX_TIMES = 12
MIN_MINUTES, MAX_MINUTES = 15, 24 * 60


@service
def set_locale(*, actor: Actor, at: datetime, language: str, time_zone: str) -> Person:
    """Set one's own language and time zone.

    :raises NotAllowed: no person is acting, or comes with a token.
    :raises Malformed: there is no such language or time zone.
    """
    person = _self(actor)
    if language not in dict(settings.LANGUAGES):
        raise Malformed(
            "The language {language!r} is not available. Choose another language.",
            said={"language": language},
            field="language",
        )
    if time_zone not in available_timezones():
        raise Malformed(
            "The time zone {time_zone!r} is unknown. Use a name such as Europe/Berlin.",
            said={"time_zone": time_zone},
            field="time_zone",
        )
    is_moved = person.time_zone != time_zone
    person.language, person.time_zone = language, time_zone
    _keep(person, actor, at, ["language", "time_zone"])
    if is_moved:
        queue.reschedule(person)
    return person


@service
def set_notifications(*, actor: Actor, at: datetime, wishes: NotificationPreferences) -> Person:
    """Set how one is told of what waits, and when nothing is sent; its time zone is the person's own.

    What waits already is looked at anew: what was held goes out as one, now or after the quiet hours.

    :raises NotAllowed: no person is acting, or comes with a token.
    :raises Malformed: the wishes do not go together.
    """
    person = _self(actor)
    _check_digests(wishes)
    _check_quiet(wishes)
    person.notification_mode, person.digest_minutes = wishes.notification_mode, wishes.minutes
    person.digest_times = [f"{each:%H:%M}" for each in sorted(set(wishes.times))]
    person.quiet_from, person.quiet_until = wishes.quiet_from, wishes.quiet_until
    person.quiet_weekends, person.hold_urgent = wishes.quiet_weekends, wishes.hold_urgent
    changed = ["notification_mode", "digest_minutes", "digest_times", "quiet_from", "quiet_until", "quiet_weekends"]
    _keep(person, actor, at, [*changed, "hold_urgent"])
    queue.reschedule(person)
    return person


@service
def end_tour(*, actor: Actor, at: datetime) -> Person:
    """Note that the person has taken the tour or does not want it.

    :raises NotAllowed: no person is acting, or comes with a token.
    """
    person = _self(actor)
    if person.toured_at is None:
        person.toured_at = at
        entries.record_row(person, Event(actor, at, "person.changed", "Tour ended", {"fields": ["toured_at"]}))
    return person


def _self(actor: Actor) -> Person:
    if actor.person is None or actor.door is Door.TOKEN:
        raise NotAllowed("Sign in to change preferences.")
    return Person.objects.select_for_update(no_key=True).get(pk=actor.person.pk)


def _keep(person: Person, actor: Actor, at: datetime, fields: list[str]) -> None:
    entries.record_row(person, Event(actor, at, "person.changed", "Changed by the person", {"fields": fields}))


def _check_digests(wishes: NotificationPreferences) -> None:
    if wishes.notification_mode not in NotificationMode.values:
        raise Malformed(
            "{notification_mode!r} is not a valid notification mode. Use each, many, or digest.",
            said={"notification_mode": wishes.notification_mode},
            field="notification_mode",
        )
    if len(wishes.times) > MAX_TIMES:
        raise Malformed(
            "You can schedule at most {most} digests per day. Remove some times.",
            said={"most": MAX_TIMES},
            field="times",
        )
    if wishes.minutes is not None and not MIN_MINUTES <= wishes.minutes <= MAX_MINUTES:
        raise Malformed(
            "Enter a digest interval from {shortest} to {longest} minutes.",
            said={"shortest": MIN_MINUTES, "longest": MAX_MINUTES},
            field="every",
        )
    if wishes.notification_mode == NotificationMode.DIGEST and wishes.minutes is None and not wishes.times:
        raise Malformed("Enter a digest interval or specific times.", field="every")
    _check_minutes(wishes.times, "times")


def _check_quiet(wishes: NotificationPreferences) -> None:
    ends = [each for each in (wishes.quiet_from, wishes.quiet_until) if each is not None]
    if len(ends) == 1:
        raise Malformed("Enter both the start and the end of quiet hours, or neither.", field="quiet_until")
    if len(set(ends)) == 1:
        raise Malformed("The start and end of quiet hours must differ. Change one of the times.", field="quiet_until")
    _check_minutes(ends, "quiet_until")


def _check_minutes(times: Sequence[time], field: str) -> None:
    if any(each.second or each.microsecond or each.tzinfo for each in times):
        raise Malformed("Enter times as hours and minutes, for example 18:30.", field=field)
