"""The plots of the home page: where each bar and line stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from approvals.display.fragments import duration, percent
from approvals.queries.insight.analytics import Day, Wait
from approvals.queries.insight.proportions import Share
from approvals.queries.insight.queues import AGES, Queue
from approvals.queries.insight.trends import Trend, Week
from policies.queries.begun import Begun

WIDTH, HEIGHT, GAP = 640, 150, 3
# What a plot in a cell of a table measures.
SMALL_WIDTH, SMALL_HEIGHT = 104, 28
SIZE = {"width": WIDTH, "height": HEIGHT}


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart, with its stacked parts (y, height, what) and its tooltip."""

    x: float
    width: float
    parts: list[tuple[float, float, str]]
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One point of a line, with its tooltip."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart: `runs` are the points of its pieces, for a week without anything interrupts it."""

    what: str
    runs: list[str]
    dots: list[Dot]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a version of a policy began."""

    x: float
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class TrendPlot:
    """The lines of the weeks, with their marks, and the first day."""

    lines: list[Line]
    marks: list[Mark]
    first: str


@dataclass(frozen=True, slots=True)
class Ages:
    """The queue of one desk as a bar: parts (x, width, place), the total, and the ages in words."""

    desk: str
    parts: list[tuple[float, float, int]]
    total: str
    words: str


def day_bars(days: Sequence[Day], dates: Sequence[date]) -> list[Bar]:
    """One stacked bar per date, including those without anything."""
    found = {_as_date(day.on): day for day in days}
    rows = [found.get(on, Day(on, 0, 0, 0)) for on in dates]
    most = max((row.automatic + row.people + row.stopped for row in rows), default=0) or 1
    step = WIDTH / len(rows)
    return [
        Bar(
            x=round(place * step + GAP / 2, 2),
            width=round(step - GAP, 2),
            parts=_stack([(row.automatic, "auto"), (row.people, "people"), (row.stopped, "stopped")], most),
            label=_short(dates[place]),
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


def trend_plot(trend: Trend) -> TrendPlot:
    """The weeks of all agents together as two lines, with a mark where each version of a policy began."""
    first = trend.weeks[0].monday
    span = (len(trend.weeks) - 1) * 7
    marks = [_mark(begun, (timezone.localtime(begun.at).date() - first).days / span) for begun in trend.begun]
    return TrendPlot(_lines(trend.weeks, WIDTH, HEIGHT), marks, _short(first))


def small_trend(weeks: Sequence[Week]) -> list[Line]:
    """The same two lines, as small as a cell of a table."""
    return _lines(weeks, SMALL_WIDTH, SMALL_HEIGHT)


def age_bars(queues: Sequence[Queue]) -> list[Ages]:
    """One bar per desk, as long as its queue, with a part for each age."""
    longest = max((queue.total for queue in queues), default=0) or 1
    bars = []
    for queue in queues:
        at, parts = 0.0, []
        for place, count in enumerate(queue.by_age):
            width = round(count / longest * WIDTH, 2)
            if count:
                parts.append((round(at, 2), width, place))
            at += width
        said = [f"{label}: {count}" for label, count in zip(age_labels(), queue.by_age, strict=True) if count]
        total = _("%(count)d or more") % {"count": queue.total} if queue.is_cut else str(queue.total)
        bars.append(Ages(queue.desk.name, parts, total, ", ".join(said)))
    return bars


def age_labels() -> list[str]:
    """The ages that are told apart, in words."""
    within = [_("under %(time)s") % {"time": duration(age)} for age in AGES]
    return [*within, _("over %(time)s") % {"time": duration(AGES[-1])}]


def _lines(weeks: Sequence[Week], width: int, height: int) -> list[Line]:
    automatic = _line("auto", weeks, lambda week: week.automatic, _said_automatic, width, height)
    changed = _line("changed", weeks, lambda week: week.changed, _said_changed, width, height)
    return [automatic, changed]


def _line(
    what: str,
    weeks: Sequence[Week],
    share: Callable[[Week], Share],
    said: Callable[[Week], str],
    width: int,
    height: int,
) -> Line:
    runs: list[list[Dot]] = [[]]
    for place, week in enumerate(weeks):
        value = share(week).value
        if value is None:
            runs.append([])
            continue
        x, y = place * width / (len(weeks) - 1), (1 - value) * (height - 8) + 4
        runs[-1].append(Dot(round(x, 2), round(y, 2), said(week)))
    points = [" ".join(f"{dot.x:g},{dot.y:g}" for dot in run) for run in runs if len(run) > 1]
    return Line(what, points, [dot for run in runs for dot in run])


def _said_automatic(week: Week) -> str:
    said = ngettext(
        "Week of %(on)s: %(share)s automatic, %(part)d of %(whole)d action",
        "Week of %(on)s: %(share)s automatic, %(part)d of %(whole)d actions",
        week.automatic.whole,
    )
    return said % _of(week, week.automatic)


def _said_changed(week: Week) -> str:
    said = ngettext(
        "Week of %(on)s: %(share)s modified or rejected, %(part)d of %(whole)d human decision",
        "Week of %(on)s: %(share)s modified or rejected, %(part)d of %(whole)d human decisions",
        week.changed.whole,
    )
    return said % _of(week, week.changed)


def _of(week: Week, share: Share) -> dict[str, Any]:
    return {"on": week.monday, "share": percent(share.value), "part": share.part, "whole": share.whole}


def _mark(begun: Begun, place: float) -> Mark:
    words = _("%(policy)s: version %(number)d in force since %(on)s")
    on = timezone.localtime(begun.at).date()
    said = words % {"policy": begun.policy, "number": begun.number, "on": on}
    return Mark(round(min(place, 1.0) * WIDTH, 2), f"v{begun.number}", said)


def _stack(parts: Sequence[tuple[int, str]], most: int) -> list[tuple[float, float, str]]:
    stacked, base = [], float(HEIGHT)
    for count, name in parts:
        height = round(count / most * (HEIGHT - 8), 2)
        base = round(base - height, 2)
        if count:
            stacked.append((base, height, name))
    return stacked


def _short(on: date) -> str:
    return date_format(on, pgettext("day in a plot, as Django formats dates", "M j"))


def _as_date(on: Any) -> date:
    return on.date() if isinstance(on, datetime) else on
