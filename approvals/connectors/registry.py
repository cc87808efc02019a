"""The connectors by name; ``HITL_CONNECTORS`` adds custom ones."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import structlog
from django.conf import settings
from django.utils.module_loading import import_string

from approvals.connectors.base import Checks, Connector, Order, Previews, Reaches, Reverses
from approvals.connectors.csv import CsvConnector
from approvals.connectors.email import EmailConnector
from approvals.connectors.http import HttpConnector
from approvals.connectors.journal import JournalConnector
from approvals.connectors.policy import PolicyConnector
from approvals.connectors.scim import ScimConnector

_CONNECTORS: tuple[Connector, ...] = (
    *(CsvConnector(), EmailConnector(), HttpConnector(), JournalConnector()),
    *(PolicyConnector(), ScimConnector()),
)
_BUILT_IN = {connector.name: connector for connector in _CONNECTORS}
# It calls a service, and services call connectors, so it is found by its path like a custom one.
_OURS = {"configuration": "approvals.services.configuration.connector.CONNECTOR"}

MAX_LINES = 5
MAX_LINE_LENGTH = 500

log = structlog.get_logger()


class NoConnector(Exception):
    """The connector is unknown; the message lists the known ones."""


def connector(name: str) -> Connector:
    """Return the connector with this name.

    :raises NoConnector: it is unknown.
    """
    if name in _BUILT_IN:
        return _BUILT_IN[name]
    path = _OURS.get(name) or settings.HITL_CONNECTORS.get(name)
    if path is None:
        raise NoConnector(f"Unknown connector {name!r}. Use one of: {', '.join(names())}.")
    return _imported(path)


def names() -> list[str]:
    """Return the names of all connectors."""
    return sorted({*_BUILT_IN, *_OURS, *settings.HITL_CONNECTORS})


def faults_of(name: str, target: Any) -> list[str]:
    """Return the faults of a connector and its target as sentences; empty if they are valid."""
    if not isinstance(target, dict):
        return ["The target must be a JSON object. Enter {} for no fields."]
    try:
        return connector(name).check_target(target)
    except NoConnector as error:
        return [str(error)]


def summary_of(name: str, target: Any) -> str:
    """Return the connector's summary of a target, or why there is none."""
    if not isinstance(target, dict):
        return "The target is not a JSON object"
    try:
        return connector(name).summary(target)
    except NoConnector:
        return f"Unknown connector {name!r}"


def host_of(name: str, target: Any) -> str:
    """Return the host that a connector reaches for a target, or nothing if it does not say."""
    try:
        way = connector(name)
    except NoConnector:
        return ""
    return way.host(target) if isinstance(way, Reaches) and isinstance(target, dict) else ""


def expectations(name: str, target: Any) -> Mapping[str, Mapping[str, str]]:
    """Return a connector's expectations by JSON Pointer, like `x-expect` in a schema; most have none."""
    try:
        expects = getattr(connector(name), "expects", None)
    except NoConnector:
        return {}
    return expects(target) if expects is not None and isinstance(target, dict) else {}


def has_check(name: str) -> bool:
    """Return whether this connector is asked right before it sends."""
    try:
        return isinstance(connector(name), Checks)
    except NoConnector:
        return False


def objections(name: str, order: Order) -> list[str]:
    """Return why a connector cannot execute an order now, as sentences; most are not asked.

    :raises NoConnector: it is unknown.
    """
    way = connector(name)
    return way.check(order) if isinstance(way, Checks) else []


def preview_of(name: str, target: Any, payload: Any) -> list[str]:
    """Return what a connector will do with a payload, in short lines; nothing if it does not say."""
    try:
        way = connector(name)
    except NoConnector:
        return []
    if not isinstance(way, Previews) or not isinstance(target, dict) or not isinstance(payload, dict):
        return []
    try:
        lines = way.preview(target, payload)[:MAX_LINES]
    except Exception:
        # A page must not fail because of a custom connector.
        log.exception("connector.preview_failed", connector=name)
        return []
    return [line if len(line) <= MAX_LINE_LENGTH else f"{line[:MAX_LINE_LENGTH]}…" for line in lines]


def can_reverse(name: str, target: Any) -> bool:
    """Return whether this connector can say how an order executed at this target is undone."""
    try:
        way = connector(name)
    except NoConnector:
        return False
    asked = getattr(way, "can_reverse", None)
    if not isinstance(way, Reverses) or not isinstance(target, dict):
        return False
    return asked is None or bool(asked(target))


def reverse_of(name: str, order: Order) -> Order | None:
    """Return the order that undoes an executed one, or None if there is none.

    :raises NoConnector: it is unknown.
    """
    way = connector(name)
    return way.reverse(order) if isinstance(way, Reverses) else None


@cache
def _imported(path: str) -> Connector:
    found: Connector = import_string(path)
    return found
