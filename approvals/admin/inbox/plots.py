"""The plots of the home page: where each bar and line stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from approvals.admin.base import figure_filters
from approvals.admin.base.behind import Behind
from approvals.display.fragments import duration, percent
from approvals.queries.insight.figures.analytics import Day, Wait
from approvals.queries.insight.figures.proportions import Share
from approvals.queries.insight.figures.queues import AGES, Queue
from approvals.queries.insight.figures.trends import Trend, Week
from policies.queries.begun import Begun

WIDTH, HEIGHT, GAP = 640, 150, 3
# What a plot in a cell of a table measures.
SMALL_WIDTH, SMALL_HEIGHT = 104, 28
SIZE = {"width": WIDTH, "height": HEIGHT}
# What a character of a label takes on a phone, where it is largest, and the space between two labels.
CHARACTER, SPACE = 10.5, 6
# So many versions are named at one place; of more, the first and the last.
MAX_NAMED = 2

# The lists behind a day with so many actions, behind a step of the waiting times, and behind a part of a week.
OfDay = Callable[[date, int], Behind | None]
OfWait = Callable[[int, int], Behind | None]
OfWeek = Callable[[str, date, int], Behind | None]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart, with its stacked parts (y, height, what), its tooltip, and the list behind it."""

    x: float
    width: float
    parts: list[tuple[float, float, str]]
    label: str
    words: str
    behind: Behind | None


@dataclass(frozen=True, slots=True)
class Dot:
    """One point of a line, with its tooltip and the list behind it."""

    x: float
    y: float
    words: str
    behind: Behind | None


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
    words: str


@dataclass(frozen=True, slots=True)
class Label:
    """The versions that began at one place, or so near to each other that their names would overlap."""

    x: float
    names: tuple[str, ...]

    @property
    def text(self) -> str:
        """The versions, each once; of many the first and the last."""
        names = list(dict.fromkeys(self.names))
        return ", ".join(names) if len(names) <= MAX_NAMED else f"{names[0]} … {names[-1]}"

    @property
    def half(self) -> float:
        """Half its width."""
        return len(self.text) * CHARACTER / 2

    @property
    def middle(self) -> float:
        """Where its middle stands, so that it ends within the plot."""
        return round(min(max(self.x, self.half), WIDTH - self.half), 2)


@dataclass(frozen=True, slots=True)
class TrendPlot:
    """The lines of the weeks, with their marks and labels, and the first day."""

    lines: list[Line]
    marks: list[Mark]
    labels: list[Label]
    first: str


@dataclass(frozen=True, slots=True)
class Ages:
    """The queue of one desk as a bar: parts (x, width, place), the total, the ages in words, and the list behind."""

    desk: str
    parts: list[tuple[float, float, int]]
    total: str
    words: str
    behind: Behind | None


def day_bars(days: Sequence[Day], dates: Sequence[date], listed: OfDay) -> list[Bar]:
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
            behind=listed(dates[place], row.automatic + row.people + row.stopped),
        )
        for place, row in enumerate(rows)
    ]


def wait_bars(waits: Sequence[Wait], listed: OfWait) -> list[Bar]:
    """One bar per waiting-time bucket."""
    most = max((wait.count for wait in waits), default=0) or 1
    step = WIDTH / len(waits)
    labels = [str(label) for label in figure_filters.step_labels()]
    return [
        Bar(
            x=round(place * step + GAP * 2, 2),
            width=round(step - GAP * 4, 2),
            parts=_stack([(wait.count, "people")], most),
            label=labels[place],
            words=f"{labels[place]}: {wait.count}",
            behind=listed(place, wait.count),
        )
        for place, wait in enumerate(waits)
    ]


def trend_plot(trend: Trend, listed: OfWeek) -> TrendPlot:
    """The weeks of all agents together as two lines, with a mark where each version of a policy began."""
    first = trend.weeks[0].monday
    span = (len(trend.weeks) - 1) * 7
    places = [min((timezone.localtime(begun.at).date() - first).days / span, 1.0) for begun in trend.begun]
    xs = [round(place * WIDTH, 2) for place in places]
    marks = [Mark(x, _said_begun(begun)) for x, begun in zip(xs, trend.begun, strict=True)]
    labels = _joined([Label(x, (f"v{begun.number}",)) for x, begun in zip(xs, trend.begun, strict=True)])
    return TrendPlot(_lines(trend.weeks, WIDTH, HEIGHT, listed), marks, labels, _short(first))


def small_trend(weeks: Sequence[Week], listed: OfWeek) -> list[Line]:
    """The same two lines, as small as a cell of a table."""
    return _lines(weeks, SMALL_WIDTH, SMALL_HEIGHT, listed)


def _joined(labels: Sequence[Label]) -> list[Label]:
    """The same labels, with those that would overlap as one, in the middle between them; until none overlap."""
    for place, (one, other) in enumerate(pairwise(labels)):
        if other.middle - other.half < one.middle + one.half + SPACE:
            both = Label((one.x + other.x) / 2, one.names + other.names)
            return _joined([*labels[:place], both, *labels[place + 2 :]])
    return list(labels)


def age_bars(queues: Sequence[Queue], listed: Callable[[Queue], Behind | None]) -> list[Ages]:
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
        bars.append(Ages(queue.desk.name, parts, total, ", ".join(said), listed(queue)))
    return bars


def age_labels() -> list[str]:
    """The ages that are told apart, in words."""
    within = [_("under %(time)s") % {"time": duration(age)} for age in AGES]
    return [*within, _("over %(time)s") % {"time": duration(AGES[-1])}]


def _lines(weeks: Sequence[Week], width: int, height: int, listed: OfWeek) -> list[Line]:
    automatic = _Kind("auto", lambda week: week.automatic, _said_automatic, "automatic")
    changed = _Kind("changed", lambda week: week.changed, _said_changed, "changed")
    return [_line(kind, weeks, width, height, listed) for kind in (automatic, changed)]


def _line(kind: "_Kind", weeks: Sequence[Week], width: int, height: int, listed: OfWeek) -> Line:
    runs: list[list[Dot]] = [[]]
    for place, week in enumerate(weeks):
        share = kind.share(week)
        if share.value is None:
            runs.append([])
            continue
        x, y = place * width / (len(weeks) - 1), (1 - share.value) * (height - 8) + 4
        behind = listed(kind.decided_as, week.monday, share.part)
        runs[-1].append(Dot(round(x, 2), round(y, 2), kind.said(week), behind))
    points = [" ".join(f"{dot.x:g},{dot.y:g}" for dot in run) for run in runs if len(run) > 1]
    return Line(kind.what, points, [dot for run in runs for dot in run])


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a line shows of each week, in words too, and the final decision that it counts."""

    what: str
    share: Callable[[Week], Share]
    said: Callable[[Week], str]
    decided_as: str


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


def _said_begun(begun: Begun) -> str:
    words = _("%(policy)s: version %(number)d in force since %(on)s")
    on = timezone.localtime(begun.at).date()
    return words % {"policy": begun.policy, "number": begun.number, "on": on}


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
