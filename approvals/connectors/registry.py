"""The connectors by name; ``HITL_CONNECTORS`` adds an installation's own."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from approvals.connectors.base import Connector
from approvals.connectors.email import EmailConnector
from approvals.connectors.http import HttpConnector
from approvals.connectors.journal import JournalConnector
from approvals.connectors.policy import PolicyConnector

_CONNECTORS: tuple[Connector, ...] = (EmailConnector(), HttpConnector(), JournalConnector(), PolicyConnector())
_BUILT_IN = {connector.name: connector for connector in _CONNECTORS}


class NoConnector(Exception):
    """There is no connector of this name; the message lists those that there are."""


def connector(name: str) -> Connector:
    """The connector of this name.

    :raises NoConnector: there is none.
    """
    if name in _BUILT_IN:
        return _BUILT_IN[name]
    path = settings.HITL_CONNECTORS.get(name)
    if path is None:
        raise NoConnector(f"There is no connector {name!r}; name one of {', '.join(names())}.")
    return _imported(path)


def names() -> list[str]:
    """The names of all connectors."""
    return sorted({*_BUILT_IN, *settings.HITL_CONNECTORS})


def faults_of(name: str, target: Any) -> list[str]:
    """What is wrong with a connector and its target, in sentences; nothing when they can be used."""
    if not isinstance(target, dict):
        return ["The target is no JSON object; write its fields in braces, or {} for none."]
    try:
        return connector(name).check_target(target)
    except NoConnector as error:
        return [str(error)]


def summary_of(name: str, target: Any) -> str:
    """How a connector says that it carries a target out; where there is no such connector or target, that."""
    if not isinstance(target, dict):
        return "The target is no JSON object"
    try:
        return connector(name).summary(target)
    except NoConnector:
        return f"There is no connector {name!r}"


def expectations(name: str, target: Any) -> Mapping[str, Mapping[str, str]]:
    """What a connector expects of the values at JSON Pointers, like `x-expect` in a schema; most expect nothing."""
    try:
        expects = getattr(connector(name), "expects", None)
    except NoConnector:
        return {}
    return expects(target) if expects is not None and isinstance(target, dict) else {}


@cache
def _imported(path: str) -> Connector:
    found: Connector = import_string(path)
    return found
