"""The demo's action types, policies and exchange rates."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from approvals.actors import Door
from approvals.demo.people import keep
from approvals.models import ActionType, Desk, ExchangeRate, Person
from policies.services import versions

ANSWERING = ("responsible", "owner", "confidence_person", "edge_case_owner")
FOLDER = Path(__file__).parent
RATES = {"USD": "0.92", "GBP": "1.17", "CHF": "1.04", "PLN": "0.23", "INR": "0.011", "SEK": "0.087", "NOK": "0.085"}


def stock(at: datetime) -> None:
    """Publish the policies, and add the action types and exchange rates."""
    _publish_policies(at)
    # A reversing action type comes first, so that the other can refer to it.
    for entry in sorted(_documents("types"), key=lambda entry: "reversal_type" in entry):
        keep(_action_type(entry), at, "Added to the catalog.")
    for moment in _weeks(at, timezone.now()):
        for currency, rate in RATES.items():
            keep(ExchangeRate(currency=currency, valid_from=moment.date(), rate=Decimal(rate)), moment, "Weekly rates.")


def _weeks(first: datetime, until: datetime) -> Iterator[datetime]:
    """Yield a moment and those a week apart after it."""
    moment = first
    while moment <= until:
        yield moment
        moment += timedelta(weeks=1)


def _action_type(entry: dict[str, Any]) -> ActionType:
    desk = Desk.objects.get(slug=entry.pop("desk"))
    people = {name: Person.objects.get(username=entry.pop(name)) for name in ANSWERING if name in entry}
    undone_by = ActionType.objects.filter(name=entry.pop("reversal_type", None)).first()
    return ActionType(desk=desk, reversal_type=undone_by, **people, **entry)


def _publish_policies(at: datetime) -> None:
    """Publish with two people: the integrator drafts, the senior publishes."""
    author, publisher = Person.objects.get(username="integrator"), Person.objects.get(username="senior")
    for path in sorted((FOLDER / "policies").glob("*.yaml")):
        version = versions.draft(
            actor_person=author, door=Door.DEMO, name=path.stem, source=path.read_text(encoding="utf-8"), at=at
        )
        versions.publish(
            actor_person=publisher,
            door=Door.DEMO,
            name=path.stem,
            number=version.number,
            digest=version.digest,
            at=at,
        )


def _documents(room: str) -> Iterator[dict[str, Any]]:
    for path in sorted((FOLDER / room).glob("*.yaml")):
        yield yaml.safe_load(path.read_text(encoding="utf-8"))
