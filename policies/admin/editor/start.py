"""Where a draft starts: an existing version, a template, or nothing; and that no template replaces what was typed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from policies.engine.document.parse import HOUSE
from policies.engine.document.source_text import SourceFault, read
from policies.lab import compare
from policies.models import Version
from policies.queries import templates


@dataclass(frozen=True, slots=True)
class Card:
    """A template as authors choose it."""

    name: str
    title: "str | Promise"
    sentence: "str | Promise"


CARDS = (
    Card(
        "tiered_review",
        _("By amount and risk"),
        _("Small amounts run automatically, medium ones need a junior, and large ones a senior."),
    ),
    Card(
        "confidence_bands",
        _("By the agent’s confidence"),
        _("What the agent is sure of runs automatically. The less sure it is, the stricter the review."),
    ),
    Card(
        "reversibility_table",
        _("By reversibility and stakes"),
        _("What can be reversed runs automatically. What is irreversible and costly always goes to a person."),
    ),
    Card(
        "non_negotiable_domains",
        _("Sensitive domains"),
        _("Legal, security, and health matters need a senior. HR and financial approvals need a person."),
    ),
    Card(
        HOUSE,
        _("Global rules"),
        _("Rules for every action, in addition to its own policy: very large amounts, low confidence, credentials."),
    ),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A template that would replace a changed draft, and what would be different then."""

    card: Card
    lines: list[str]


def origin_of(source: str) -> str:
    """Return a short name of the text that a draft starts from."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def text(request: HttpRequest) -> str:
    """Return the text that the address asks for: a version, a shipped template, or nothing."""
    number, name = request.GET.get("version", ""), request.GET.get("template", "")
    if number.isdecimal() and len(number) < 10 and request.user.has_perm("policies.view_version"):
        version = Version.objects.filter(pk=int(number)).first()
        return version.source if version else ""
    return templates.source(name) if name in templates.names() else ""


def wanted(typed: Mapping[str, str]) -> Card | None:
    """Return the template whose button was pressed, or None."""
    name = typed.get("use_template") or typed.get("replace_by", "")
    return next((card for card in CARDS if card.name == name), None)


def is_changed(source: str, typed: Mapping[str, str]) -> bool:
    """Return whether a draft holds something that it did not start with."""
    return bool(source.strip()) and origin_of(source) != typed.get("origin", "")


def asked(card: Card, source: str) -> Asked:
    """Return the question whether a template replaces the draft."""
    return Asked(card, compare.differences(_body(source), _body(templates.source(card.name))))


def _body(source: str) -> dict[str, Any]:
    try:
        body = read(source)
    except SourceFault:
        return {}
    return body if isinstance(body, dict) else {}
