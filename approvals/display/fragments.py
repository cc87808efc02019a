"""Displays texts, values and states: inert, exact, and never by color alone."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from approvals.authority.visibility import summary
from approvals.models import Action
from approvals.queries.directory.duty import NOBODY_ON_DUTY
from approvals.queries.insight.figures.proportions import Share
from approvals.states import ActionState
from approvals.text import links, local_numbers, money
from approvals.text.json_diff import ABSENT
from approvals.text.risk import risk_band
from approvals.text.unicode import is_plain, piece_of, pieces
from policies import words
from policies.engine.evaluation.result import Requirement
from policies.errors import Refused
from policies.lab import requirements

OUTCOMES = {
    "auto": pgettext_lazy("outcome", "run automatically"),
    "review": pgettext_lazy("outcome", "review"),
    "escalate": pgettext_lazy("outcome", "escalate"),
    "block": pgettext_lazy("outcome", "block"),
}


MAX_DEPTH = 8


def inert(value: Any) -> str:
    """An external text, isolated from the page's direction, with hidden characters shown as chips."""
    text = str(value)
    if is_plain(text):
        return format_html("<bdi>{}</bdi>", text)
    parts = (_chip(piece.chip, piece.name) if piece.chip else piece.text for piece in pieces(text))
    return format_html("<bdi>{}</bdi>", format_html_join("", "{}", ((part,) for part in parts)))


def chip_of(sign: str) -> str:
    """One character as a chip with its code and name."""
    piece = piece_of(sign)
    return _chip(piece.chip, piece.name)


def in_a_sentence(said: Any, **values: Any) -> str:
    """Our sentence with external texts in it, each made inert."""
    places = {name: f"{{{name}}}" for name in values}
    return format_html(str(said) % places, **{name: inert(value) for name, value in values.items()})


@lru_cache(1024)
def _chip(chip: str, name: str) -> str:
    return format_html(
        '<span class="chip" title="{}"><span class="visually-hidden">{} </span>{}</span>', name, name, chip
    )


def shown(value: Any) -> str:
    """A JSON value in words; absent and empty values are clearly different."""
    if value is ABSENT:
        return format_html('<span class="nothing">{}</span>', _("not provided"))
    if value is None:
        return format_html('<span class="nothing">{}</span>', _("empty"))
    if value == "":
        return format_html('<span class="nothing">{}</span>', _("empty text"))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, Decimal):
        text = f"{value.normalize():f}"
        return text if local_numbers.mark() == "." else words.written(text, "", words.locale())
    return inert(json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value)


def tree(value: Any, depth: int = 0) -> str:
    """A JSON value as nested lists of names and values, its sentences in the reader's language."""
    if value in ([], {}):
        return shown(None)
    if not isinstance(value, dict | list) or depth >= MAX_DEPTH:
        return shown(value)
    if isinstance(value, list):
        items = ((tree(item, depth + 1),) for item in value)
        return format_html('<ul class="tree">{}</ul>', format_html_join("", "<li>{}</li>", items))
    pairs = ((inert(in_words(str(name))), tree(item, depth + 1)) for name, item in _spoken(value).items())
    return format_html('<dl class="tree">{}</dl>', format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", pairs))


def _spoken(value: dict[str, Any]) -> dict[str, Any]:
    """Without the parts of a sentence, where the sentence stands beside them."""
    if not {"said"} < set(value) or not {"sentence", "text"} & set(value):
        return value
    kept = {name: item for name, item in value.items() if name != "said"}
    return {name: reason_text(value) if name in {"sentence", "text"} else item for name, item in kept.items()}


def in_parts(parts: Iterable[tuple[str, str]]) -> str:
    """A text in parts with roles, such as the host of a link; joined, they equal the text."""
    return format_html("<bdi>{}</bdi>", format_html_join("", '<span class="part-{}">{}</span>', parts))


def linked(url: str) -> str:
    """A link as text with its host highlighted; not clickable."""
    parts = links.parts("uri", url) if is_plain(url) else ()
    return in_parts(parts) if parts else inert(url)


def warned(action: Action, is_reader_able: bool = False) -> str:
    """A warning before the decision, such as that no reviewer is on duty in time; empty if none.

    Readers who can decide are not warned, because they are present themselves.
    """
    told = (item for item in action.warnings or () if not (is_reader_able and item["code"] == NOBODY_ON_DUTY))
    return format_html_join(" ", "{}", ((_warning(item),) for item in told))


def _warning(item: Mapping[str, Any]) -> str:
    if item["code"] != NOBODY_ON_DUTY:
        return inert(item["message"])
    if not item["next_on_duty_at"]:
        return _("No authorized reviewer is on duty before the due time.")
    when = moment(datetime.fromisoformat(item["next_on_duty_at"]))
    return format_html(_("No authorized reviewer is on duty before {}."), when)


def sentence(action: Action) -> str:
    """The sentence that names the action."""
    return inert(summary(action))


def amount(action: Action) -> str:
    """The action's amount with its currency."""
    return money.said(action)


def risk_badge(score: int) -> str:
    """A risk score with its band, in words and color."""
    return _risk_badge(score, *risk_band(score))


@lru_cache(4096)
def _risk_badge(score: int, band: str, label: str) -> str:
    return format_html('<span class="badge risk-{}">{} <span class="figure">{}</span></span>', band, label, score)


def state_badge(state: str) -> str:
    """A state in words and color."""
    label = ActionState(state).label if state in ActionState.values else state
    return format_html('<span class="badge state-{}">{}</span>', state, label)


def moment(at: datetime | None) -> str:
    """A time, machine-readable and in the reader's time zone; its title has the seconds and the zone."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    whole = f"{local:%Y-%m-%d %H:%M:%S %Z}"
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), whole, f"{local:%Y-%m-%d %H:%M}")


def left(due: datetime | None) -> str:
    """The time left or overdue, in at most two units."""
    if due is None:
        return ""
    now = timezone.now()
    if due < now:
        since = timesince(due, now, depth=1)
        return format_html('<span class="overdue">{}</span>', _("%(time)s overdue") % {"time": since})
    return _("%(time)s left") % {"time": timeuntil(due, now, depth=1)}


def percent(share: float | None) -> str:
    """A fraction as a whole percentage, or a dash if there is nothing to divide."""
    return "–" if share is None else f"{share * 100:.0f} %"


def leads_to(text: Any, behind: Any) -> str:
    """A text as a link to the list behind it, named by what opens; the text alone where there is no list."""
    if behind is None:
        return str(text)
    link = '<a href="{}">{}<span class="visually-hidden"> ({})</span></a>'
    return format_html(link, behind.address, text, behind.words)


def share_of(share: Share) -> str:
    """A share with its part and the interval of 95 % confidence, such as “7 (27 %, likely 13 % to 46 %)”."""
    if share.interval is None:
        return "–"
    low, high = (percent(bound) for bound in share.interval)
    likely = _("%(part)s (%(share)s, likely %(low)s to %(high)s)")
    # The blank before each percent sign does not break.
    said = likely % {"part": share.part, "share": percent(share.value), "low": low, "high": high}
    return format_html('<strong class="figure">{}</strong>', said.replace(" %", "\u00a0%"))


def joined(values: Iterable[Any]) -> str:
    """Values joined with commas."""
    return ", ".join(map(str, values))


def duration(span: timedelta | None) -> str:
    """A duration in its largest unit, such as 5 min, 2 h or 1 day."""
    if span is None:
        return ""
    minutes = round(span.total_seconds() / 60)
    if minutes < 60:
        return _("%(count)d min") % {"count": minutes}
    hours = minutes // 60
    return _("%(count)d h") % {"count": hours} if hours < 24 else _("%(count)d d") % {"count": hours // 24}


def age(at: datetime) -> str:
    """How long ago this was, in its largest unit."""
    return duration(timezone.now() - at)


def outcome(name: str) -> str:
    """A policy route in words."""
    return str(OUTCOMES.get(name, name))


def reason_text(found: Any) -> str:
    """A reason or a line of the score in the reader's language; the record keeps it in English."""
    if isinstance(found, Mapping):
        said, text = found.get("said"), found.get("text", found.get("sentence", ""))
    else:
        said, text = found.said, getattr(found, "text", getattr(found, "sentence", ""))
    return words.in_words(said or text)


def what_is_odd(flag: Mapping[str, Any]) -> str:
    """What an anomaly says of its value in the reader's language, without the name of its field."""
    if said := flag.get("said"):
        return words.in_words(said)
    return words.in_words(str(flag["sentence"]).removeprefix(f"{str(flag['pointer']).rsplit('/', 1)[-1]} "))


def named_anomaly(flag: Mapping[str, Any], field: str) -> str:
    """What an anomaly says in the reader's language, after its field if it has one."""
    return f"{field}: {what_is_odd(flag)}" if flag["pointer"] else what_is_odd(flag)


def translated(sentence: Any) -> str:
    """A sentence of ours in the reader's language; what the catalogs do not know stays as it is."""
    return words.in_words(sentence)


def shown_as(value: Any, name: str) -> str:
    """A value of a record's field; anomalies are sentences in the reader's language."""
    if name != "flags" or not isinstance(value, list):
        return shown(value)
    if not value:
        return shown(None)
    return inert(" ".join(named_anomaly(flag, str(flag["pointer"]).rpartition("/")[2]) for flag in value))


def faults_in_words(refusal: Refused) -> dict[str, str]:
    """The faults of a payload in the reader's language, by the pointer of their field."""
    faults = refusal.details.get("faults", ())
    return {fault["pointer"]: words.in_words(fault["message"]) for fault in faults}


def in_words(name: str) -> str:
    """A machine name with spaces instead of underscores."""
    return name.replace("_", " ")


def would_pass(evaluation: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, list[str]]:
    """Why the action did not run automatically: fixed obstacles and unmet conditions."""
    found: dict[str, list[str]] = {"never": [], "needs": []}
    for item in evaluation["requirements"]:
        requirement = Requirement(**item)
        told = capfirst(words.in_words(requirements.said(requirement, schema)))
        found["never" if requirements.is_never(requirement) else "needs"].append(told)
    return found


def unlocalized(value: float) -> str:
    """A number as SVG needs it, independent of the language."""
    return f"{value:g}"
