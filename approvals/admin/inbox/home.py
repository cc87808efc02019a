"""The home page: pending actions and the automation overview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.admin.base import behind
from approvals.admin.base.behind import Behind, Lists
from approvals.admin.base.model_admin import actor_of, has_clients, person_of, reach_of, seats_of
from approvals.admin.inbox import plots, tour
from approvals.admin.setup.guide import checklist
from approvals.authority import break_glass
from approvals.display.fragments import duration, percent
from approvals.models import Client
from approvals.queries.automation import samples
from approvals.queries.directory import clients
from approvals.queries.inbox import order, waiting
from approvals.queries.insight.figures import analytics, queues, trends
from approvals.queries.insight.figures.analytics import Picture, Shares
from approvals.queries.insight.figures.queues import Queue
from approvals.queries.safety import breakers, tightenings
from approvals.states import ActionState

PERIODS = (7, 30, 90)
USUAL = 30
FIRST = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its label, and the list behind it."""

    value: str
    label: str
    detail: str
    behind: Behind | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """The shares of an action type or agent, the list behind each, and the agent's weeks."""

    shares: Shares
    behind: Mapping[str, Behind | None]
    lines: Sequence[plots.Line] = ()


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context of the home page for the selected period."""
    days = _days(request.GET.get("days", ""))
    now = timezone.now()
    person = person_of(request)
    books = clients.seen_by(person) if has_clients(request) else []
    client = next((each for each in books if str(each.pk) == request.GET.get("client")), None)
    return {
        "periods": PERIODS,
        "days": days,
        "books": books,
        "client": client,
        **_counted(request, client, days, now),
        "age_labels": plots.age_labels(),
        "plot": plots.SIZE,
        "first_lines": waiting.page(reach_of(request), ~order.beyond(person, seats_of(request)), size=FIRST).rows,
        "oldest": waiting.oldest(reach_of(request)),
        "glasses": break_glass.unreviewed(person),
        "breakers": breakers.shown_to(person),
        "tightenings": tightenings.count(person, seats_of(request)),
        "offers_tour": tour.is_offered(request),
        "checklist": checklist.lines(request),
        "may_break_glass": person.has_perm(break_glass.OPEN),
        "is_staffed": any("assigned_desk" in asked for asked in reach_of(request)),
        "now": now,
    }


def _counted(request: HttpRequest, client: Client | None, days: int, now: datetime) -> dict[str, Any]:
    """The figures of a period and their plots, each with the list behind it."""
    actor, person, of_client = actor_of(request), person_of(request), client.pk if client else None
    # Decisions are counted by whole days of the reader's zone, as lists are filtered by them.
    today = timezone.localtime(now).date()
    dates = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    since = behind.starts(dates[0])
    picture = analytics.picture(actor, since, now, of_client)
    trend = trends.trend(actor, now, of_client)
    lists = behind.lists_of(request, client, is_complete=not picture.is_cut)
    of_weeks = behind.lists_of(request, client, is_complete=not trend.is_cut)
    found = _Period(lists, dates[0], today)
    checked = samples.checked(person, since, now, of_client)
    queue = queues.by_desk(person, reach_of(request), now)
    return {
        "picture": picture,
        "figures": _figures(picture, checked, found),
        "by_type": [found.row(row, "action_type") for row in picture.by_type],
        "by_agent": [
            found.row(row, "agent", plots.small_trend(weeks, partial(_of_week, of_weeks, {_by("agent"): row.key})))
            for row in picture.by_agent
            for weeks in [trend.by_agent.get(row.key or 0, trend.nothing)]
        ],
        "day_bars": plots.day_bars(picture.days, dates, lambda on, count: _Period(lists, on, on).decided("any", count)),
        "wait_bars": plots.wait_bars(
            picture.waits, lambda place, count: found.decided("person", count, {"waited": place})
        ),
        "trend": plots.trend_plot(trend, partial(_of_week, of_weeks, {})),
        "is_trend_cut": trend.is_cut,
        "age_bars": plots.age_bars(queue, partial(_of_desk, behind.lists_of(request, is_everywhere=True))),
        "most_per_day": max((day.automatic + day.people + day.stopped for day in picture.days), default=0),
    }


@dataclass(frozen=True, slots=True)
class _Period:
    """The lists behind what is counted from one day to another."""

    lists: Lists
    first: date
    last: date

    def decided(self, how: str, count: int, filters: Mapping[str, Any] = MappingProxyType({})) -> Behind | None:
        """So many actions that stand decided in a way."""
        days = behind.period("decided", self.first, self.last)
        return self.lists.actions(count, {"decided_as": how, **days, **filters})

    def escalated(self, count: int, filters: Mapping[str, Any] = MappingProxyType({})) -> Behind | None:
        """So many actions that people escalated."""
        return self.lists.actions(count, {**behind.period("escalated", self.first, self.last), **filters})

    def checked(self, count: int) -> Behind | None:
        """So many spot checks that were done, of those that were selected then."""
        return self.lists.samples(count, {**behind.period("drawn", self.first, self.last), "checked_at__isempty": 0})

    def row(self, row: Shares, column: str, lines: Sequence[plots.Line] = ()) -> Row:
        """The shares of one action type or agent."""
        one = {_by(column): row.key}
        lists = {
            "total": self.decided("any", row.total, one),
            "automatic": self.decided("automatic", row.automatic, one),
            "escalated": self.escalated(row.escalated, one),
            "modified": self.decided("modify", row.modified, one),
            "rejected": self.decided("reject", row.rejected, one),
        }
        return Row(row, lists, lines)


def _by(column: str) -> str:
    return f"{column}__id__exact"


def _of_week(lists: Lists, filters: Mapping[str, Any], how: str, monday: date, count: int) -> Behind | None:
    return _Period(lists, monday, monday + timedelta(days=6)).decided(how, count, filters)


def _of_desk(lists: Lists, queue: Queue) -> Behind | None:
    """What waits at a desk, which is told by whom it asks and not by whose the action is."""
    filters = {"state__exact": ActionState.PENDING.value, "waits_at": queue.desk.pk}
    return None if queue.is_cut else lists.actions(queue.total, filters)


def _figures(picture: Picture, checked: int, found: _Period) -> list[Figure]:
    overall, half = picture.overall, picture.half_within
    people = overall.by_people
    waits = sum(wait.count for wait in picture.waits)
    time = f"≤ {duration(half)}".replace(" ", "\u00a0") if half else ("–" if not waits else _("more than a day"))
    said = ngettext("of %(count)d human decision", "of %(count)d human decisions", people)
    decided = said % {"count": people}
    automatic = ngettext(
        "%(auto)d of %(total)d action with a decision", "%(auto)d of %(total)d actions with a decision", overall.total
    )
    return [
        Figure(
            percent(overall.automatic_share),
            _("automatic"),
            automatic % {"auto": overall.automatic, "total": overall.total},
            found.decided("automatic", overall.automatic),
        ),
        Figure(
            _("%(checked)d of %(auto)d") % {"checked": checked, "auto": overall.automatic},
            _("checked"),
            _("automatic runs that a person spot-checked"),
            found.checked(checked),
        ),
        Figure(time, _("median time to decision"), _("time from proposal to a reviewer’s decision")),
        Figure(
            percent(overall.escalation_rate),
            _("escalated"),
            _("of the actions sent to reviewers"),
            found.escalated(overall.escalated),
        ),
        Figure(percent(overall.override_rate), _("modified"), decided, found.decided("modify", overall.modified)),
        Figure(percent(overall.rejection_rate), _("rejected"), decided, found.decided("reject", overall.rejected)),
    ]


def _days(text: str) -> int:
    return int(text) if text in {str(days) for days in PERIODS} else USUAL
