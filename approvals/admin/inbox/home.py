"""The home page: pending actions and the automation overview."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.admin.base.model_admin import actor_of, has_clients, person_of, reach_of, seats_of
from approvals.admin.inbox import plots, tour
from approvals.admin.setup.guide import checklist
from approvals.authority import break_glass
from approvals.display.fragments import duration, percent
from approvals.queries.automation import samples
from approvals.queries.directory import clients
from approvals.queries.inbox import order, waiting
from approvals.queries.insight.figures import analytics, queues, trends
from approvals.queries.insight.figures.analytics import Picture, Shares
from approvals.queries.insight.figures.trends import Trend
from approvals.queries.safety import breakers, tightenings

PERIODS = (7, 30, 90)
USUAL = 30
FIRST = 5


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
    actor = actor_of(request)
    picture = analytics.picture(actor, now - timedelta(days=days), now, client.pk if client else None)
    trend = trends.trend(actor, now, client.pk if client else None)
    # Decisions are counted by the days of the reader's zone.
    today = timezone.localtime(now).date()
    dates = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    return {
        "periods": PERIODS,
        "days": days,
        "books": books,
        "client": client,
        "picture": picture,
        "figures": _figures(picture, samples.checked(person, now - timedelta(days=days), now)),
        "by_type": [(row, []) for row in picture.by_type],
        "by_agent": _with_trends(picture.by_agent, trend),
        "day_bars": plots.day_bars(picture.days, dates),
        "wait_bars": plots.wait_bars(picture.waits),
        "trend": plots.trend_plot(trend),
        "is_trend_cut": trend.is_cut,
        "age_bars": plots.age_bars(queues.by_desk(person, reach_of(request), now)),
        "age_labels": plots.age_labels(),
        "plot": plots.SIZE,
        "first_lines": waiting.page(reach_of(request), ~order.beyond(person, seats_of(request)), size=FIRST).rows,
        "oldest": waiting.oldest(reach_of(request)),
        "most_per_day": max((day.automatic + day.people + day.stopped for day in picture.days), default=0),
        "glasses": break_glass.unreviewed(person),
        "breakers": breakers.shown_to(person),
        "tightenings": tightenings.count(person, seats_of(request)),
        "offers_tour": tour.is_offered(request),
        "checklist": checklist.lines(request),
        "may_break_glass": person.has_perm(break_glass.OPEN),
        "is_staffed": any("assigned_desk" in asked for asked in reach_of(request)),
        "now": now,
    }


def _figures(picture: Picture, checked: int) -> list[Figure]:
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


def _with_trends(rows: Sequence[Shares], trend: Trend) -> list[tuple[Shares, list[plots.Line]]]:
    return [(row, plots.small_trend(trend.by_agent.get(row.name, trend.nothing))) for row in rows]


def _days(text: str) -> int:
    return int(text) if text in {str(days) for days in PERIODS} else USUAL
