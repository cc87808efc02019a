"""What kinds of action the firm's agents may propose, by which policies they are judged, and what currencies cost."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from approvals.actors import Door
from approvals.demo.people import keep
from approvals.models import ActionType, Desk, ExchangeRate, Person
from policies.services import versions

ANSWERING = ("responsible", "owner", "confidence_person", "edge_case_owner")
FOLDER = Path(__file__).parent
RATES = {"USD": "0.92", "GBP": "1.17", "CHF": "1.04", "PLN": "0.23", "INR": "0.011", "SEK": "0.087", "NOK": "0.085"}


def stock(at: datetime) -> None:
    """Publish the policies and take the kinds of action and the exchange rates into the catalog."""
    _publish_policies(at)
    # What undoes another comes first, so that the other can name it.
    for entry in sorted(_documents("types"), key=lambda entry: "reversal_type" in entry):
        keep(_action_type(entry), at, "Taken into the catalog.")
    for currency, rate in RATES.items():
        keep(ExchangeRate(currency=currency, on=at.date(), rate=Decimal(rate)), at, "Monthly rates.")


def _action_type(entry: dict[str, Any]) -> ActionType:
    desk = Desk.objects.get(slug=entry.pop("desk"))
    people = {name: Person.objects.get(username=entry.pop(name)) for name in ANSWERING if name in entry}
    undone_by = ActionType.objects.filter(name=entry.pop("reversal_type", None)).first()
    return ActionType(desk=desk, reversal_type=undone_by, **people, **entry)


def _publish_policies(at: datetime) -> None:
    """Two people take part, as everywhere: the integrator drafts, the senior publishes."""
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
