"""The home page: pending actions and the automation overview."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from approvals.admin.base.model_admin import actor_of, has_clients, person_of, reach_of, seats_of
from approvals.admin.inbox import tour
from approvals.authority import break_glass
from approvals.display.fragments import duration, percent
from approvals.queries.automation import samples
from approvals.queries.directory import clients
from approvals.queries.inbox import order, waiting
from approvals.queries.insight import analytics
from approvals.queries.insight.analytics import Day, Picture, Wait
from approvals.queries.safety import breakers, tightenings

PERIODS = (7, 30, 90)
USUAL = 30
WIDTH, HEIGHT, GAP = 640, 150, 3
FIRST = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart, with its stacked parts (y, height, what) and its tooltip."""

    x: float
    width: float
    parts: list[tuple[float, float, str]]
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its label."""

    value: str
    label: str
    detail: str


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context of the home page for the selected period."""
    days = _days(request.GET.get("days", ""))
    now = timezone.now()
    person = person_of(request)
    books = clients.seen_by(person) if has_clients(request) else []
    client = next((each for each in books if str(each.pk) == request.GET.get("client")), None)
    picture = analytics.picture(actor_of(request), now - timedelta(days=days), now, client.pk if client else None)
    return {
        "periods": PERIODS,
        "days": days,
        "books": books,
        "client": client,
        "picture": picture,
        "figures": _figures(picture, samples.checked(person, now - timedelta(days=days), now)),
        "day_bars": day_bars(picture.days, now.date(), days),
        "wait_bars": wait_bars(picture.waits),
        "plot": {"width": WIDTH, "height": HEIGHT},
        "first_lines": waiting.page(reach_of(request), ~order.beyond(person, seats_of(request)), size=FIRST).rows,
        "oldest": waiting.oldest(reach_of(request)),
        "most_per_day": max((day.automatic + day.people + day.stopped for day in picture.days), default=0),
        "glasses": break_glass.unreviewed(person),
        "breakers": breakers.shown_to(person),
        "tightenings": tightenings.count(person, seats_of(request)),
        "offers_tour": tour.is_offered(request),
        "may_break_glass": person.has_perm(break_glass.OPEN),
        "is_staffed": any("assigned_desk" in asked for asked in reach_of(request)),
        "now": now,
    }


def day_bars(days: Sequence[Day], today: date, length: int) -> list[Bar]:
    """One stacked bar per day of the period, including empty days."""
    found = {_as_date(day.on): day for day in days}
    dates = [today - timedelta(days=back) for back in range(length - 1, -1, -1)]
    rows = [found.get(on, Day(on, 0, 0, 0)) for on in dates]
    most = max((row.automatic + row.people + row.stopped for row in rows), default=0) or 1
    step = WIDTH / len(rows)
    return [
        Bar(
            x=round(place * step + GAP / 2, 2),
            width=round(step - GAP, 2),
            parts=_stack([(row.automatic, "auto"), (row.people, "people"), (row.stopped, "stopped")], most),
            label=date_format(dates[place], pgettext("day in a plot, as Django formats dates", "M j")),
            words=_("%(on)s: %(auto)d automatic, %(people)d human, %(stopped)d stopped")
            % {"on": dates[place], "auto": row.automatic, "people": row.people, "stopped": row.stopped},
        )
        for place, row in enumerate(rows)
    ]


def wait_bars(waits: Sequence[Wait]) -> list[Bar]:
    """One bar per waiting-time bucket."""
    most = max((wait.count for wait in waits), default=0) or 1
    step = WIDTH / len(waits)
    labels = [*(f"≤ {duration(wait.up_to)}" for wait in waits if wait.up_to), _("longer")]
    return [
        Bar(
            x=round(place * step + GAP * 2, 2),
            width=round(step - GAP * 4, 2),
            parts=_stack([(wait.count, "people")], most),
            label=labels[place],
            words=f"{labels[place]}: {wait.count}",
        )
        for place, wait in enumerate(waits)
    ]


def _stack(parts: Sequence[tuple[int, str]], most: int) -> list[tuple[float, float, str]]:
    stacked, base = [], float(HEIGHT)
    for count, name in parts:
        height = round(count / most * (HEIGHT - 8), 2)
        base = round(base - height, 2)
        if count:
            stacked.append((base, height, name))
    return stacked


def _figures(picture: Picture, checked: int) -> list[Figure]:
    overall, half = picture.overall, picture.half_within
    people = overall.by_people
    waits = sum(wait.count for wait in picture.waits)
    time = f"≤ {duration(half)}" if half else ("–" if not waits else _("more than a day"))
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
        ),
        Figure(
            _("%(checked)d of %(auto)d") % {"checked": checked, "auto": overall.automatic},
            _("checked"),
            _("automatic runs that a person spot-checked"),
        ),
        Figure(time, _("median time to decision"), _("time from proposal to a reviewer’s decision")),
        Figure(percent(overall.escalation_rate), _("escalated"), _("of the actions sent to reviewers")),
        Figure(percent(overall.override_rate), _("modified"), decided),
        Figure(percent(overall.rejection_rate), _("rejected"), decided),
    ]


def _days(text: str) -> int:
    return int(text) if text in {str(days) for days in PERIODS} else USUAL


def _as_date(on: Any) -> date:
    return on.date() if isinstance(on, datetime) else on
