"""Every write that the application's database role could try; what goes through is what the threat model lists."""

from datetime import time

import pytest
from django.contrib.admin.models import LogEntry

from approvals.actors import Door, system
from approvals.connectors.fake import FakeConnector
from approvals.models import (
    Action,
    ActionAttachment,
    Attachment,
    Backlog,
    Beat,
    BreakGlass,
    BreakGlassUse,
    Calendar,
    Client,
    Counter,
    CounterSnapshot,
    Decision,
    Execution,
    Export,
    FlowLimit,
    FlowStart,
    Holiday,
    Hours,
    Installation,
    LedgerEntry,
    LookupResult,
    LostDispatch,
    Restore,
    RestoreEnd,
    StandingRule,
    StandingUse,
    Text,
    Tightening,
    Webhook,
    WebhookAttempt,
    WebhookDelivery,
)
from approvals.services.ledger import sequencing
from tests import world, writes
from tests.admin.offers import everything
from tests.docs import pages
from tests.world import NOON

LIST = "Every write that goes through"


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql_only
@pytest.mark.usefixtures("as_application")
def test_what_the_role_can_write_is_what_is_published(fake: FakeConnector) -> None:
    found = everything.make(fake)
    found.signed_in("junior")
    fill_the_rest()
    tried = writes.try_all()
    published = [
        line for line in pages.section("threat-model.md", LIST).splitlines() if line.startswith(("| `", "| the "))
    ]
    expected = "\n".join(tried.rows)
    assert tried.empty == set()
    assert tried.rows == published, f"Publish these rows in docs/threat-model.md:\n{expected}"


def fill_the_rest() -> None:
    """Write a row to each table that has none yet; most entries stay without a position."""
    sequencing.sequence(actor=system(Door.CLOCK), at=NOON, limit=10)
    action, decision = Action.objects.all()[0], Decision.objects.all()[0]
    calendar = Calendar.objects.all()[0]
    Hours.objects.create(calendar=calendar, weekday=6, begins=time(8), ends=time(9))
    Holiday.objects.create(calendar=calendar, on=NOON.date())
    Beat.objects.create(name="clock", at=NOON)
    counter = Counter.objects.create(id="0" * 32, scope="agent", at=NOON)
    CounterSnapshot.objects.create(counter=counter, number=1, minor=1, at=NOON)
    StandingUse.objects.create(rule=StandingRule.objects.all()[0], action=action, at=NOON)
    BreakGlassUse.objects.create(decision=decision, break_glass=BreakGlass.objects.all()[0])
    text, entry = Text.objects.all()[0], LedgerEntry.objects.all()[0]
    looked = {"name": "x", "state": "found", "source": "x", "text": text, "fetched_at": NOON, "entry": entry}
    LookupResult(action=action, **looked).save(force_insert=True)
    world.open_breaker("x")
    Client.objects.create(key="x", name="x")
    limit = FlowLimit.objects.create(connector="x", starts_per_minute=1)
    FlowStart.objects.create(limit=limit, execution=Execution.objects.all()[0], at=NOON, until=NOON)
    Backlog.objects.create(agent=action.agent, limit=1, began_at=NOON)
    held = {"size": 1, "media_type": "text/plain", "created_at": NOON, "agent": action.agent}
    file = Attachment.objects.create(sha256="0" * 64, name="x", attached_at=NOON, **held)
    ActionAttachment.objects.create(action=action, attachment=file, position=0, salt="0" * 32, digest="0" * 64)
    Installation.objects.create(live_since=NOON)
    restore = Restore.objects.create(began_at=NOON, door=Door.COMMAND, is_complete=True)
    RestoreEnd.objects.create(restore=restore, at=NOON, reason="x")
    LostDispatch.objects.create(id=world.unknown_id(), restore=restore, action_id=action.pk, sent_at=NOON)
    Tightening.objects.create(changes=[], made_through=Door.COMMAND, made_at=NOON)
    held = {"source": "x", "salt": "x", "format": "csv", "columns": [], "grounds": []}
    Export.objects.create(person=world.person("taker"), touched_at=NOON, requested_at=NOON, **held)
    Webhook.objects.create(name="x", url="https://x.example/", owner=world.person("hooked"))
    sent, lost = WebhookDelivery.objects.all()[:2]
    WebhookAttempt.objects.create(delivery=sent, number=1, at=NOON, milliseconds=1)
    for each in (sent, lost):
        each.keep(NOON)
        each.save()
    LogEntry.objects.create(user=world.person("logged"), action_flag=1, change_message="x")
