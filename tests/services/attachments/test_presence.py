"""Right before an effect: an action whose documents are missing is not carried out, and people are told why."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.actors import Door, system
from approvals.connectors.fake import FakeConnector
from approvals.errors import AttachmentMissing, NotApproved, StoreAway, Tampered
from approvals.models import Action, ActionAttachment, Attachment, Execution
from approvals.services.attachments import presence
from approvals.services.execution import agent
from approvals.states import ExecutionMode
from approvals.storage import contents
from policies import db
from tests import attaching, world
from tests.world import World

WORKER = system(Door.CELERY)
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.world(connector="fake", undo_seconds=0),
]


def place_of(store: Path, file: Attachment) -> Path:
    return store / file.sha256[:2] / file.sha256


def returned(action: Action) -> str:
    """Why the action went back to people."""
    return str(action.history.latest("history_id").history_change_reason)  # type: ignore[attr-defined]


def away(*_given: object) -> bool:
    raise StoreAway()


class TestAnExecution:
    def test_goes_ahead_while_the_bytes_are_there(self, here: World, fake: FakeConnector, store: Path) -> None:
        action = here.approved(db.now(), attachments=[attaching.attachment(here).pk])
        attaching.execute()
        assert world.fresh(action).state == "executed"

    def test_goes_back_to_people_without_the_bytes(self, here: World, fake: FakeConnector, store: Path) -> None:
        file = attaching.attachment(here)
        action = here.approved(db.now(), attachments=[file.pk])
        place_of(store, file).unlink()
        attaching.execute()
        assert not fake.orders
        assert world.fresh(action).state == "pending"
        assert "Missing attachments: 1." in returned(action)

    def test_goes_back_to_people_with_other_bytes(self, here: World, fake: FakeConnector, store: Path) -> None:
        file = attaching.attachment(here)
        action = here.approved(db.now(), attachments=[file.pk])
        place_of(store, file).write_bytes(b"x" * file.size)
        attaching.execute()
        assert (world.fresh(action).state, fake.orders) == ("pending", [])

    def test_waits_while_the_store_does_not_answer(
        self, here: World, fake: FakeConnector, store: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        action = here.approved(db.now(), attachments=[attaching.attachment(here).pk])
        with monkeypatch.context() as patch:
            patch.setattr(contents, "is_whole", away)
            attaching.execute()
        assert (world.fresh(action).state, fake.orders) == ("approved", [])
        execution = Execution.objects.get(action=action)
        assert (execution.lapses, execution.leased_until is not None) == (0, True)
        Execution.objects.update(leased_until=None)
        attaching.execute()
        assert world.fresh(action).state == "executed"

    def test_goes_back_to_people_when_a_row_was_exchanged(self, here: World, fake: FakeConnector, store: Path) -> None:
        file, other = attaching.attachment(here), attaching.attachment(here)
        action = here.approved(db.now(), attachments=[file.pk])
        statement = "UPDATE approvals_actionattachment SET attachment_id = %s"
        world.tamper(statement, [world.stored(other.pk)], "approvals_actionattachment_fixed")
        attaching.execute()
        assert (world.fresh(action).state, fake.orders) == ("pending", [])

    def test_asks_nothing_of_an_action_without_attachments(
        self, here: World, fake: FakeConnector, store: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(presence, "missing", away)
        action = here.approved(db.now())
        with CaptureQueriesContext(connection) as asked:
            attaching.execute()
        assert world.fresh(action).state == "executed"
        assert not any("approvals_attachment" in each["sql"] for each in asked)
        assert not any("approvals_actionattachment" in each["sql"] for each in asked)


@pytest.mark.world(execution=ExecutionMode.AGENT, undo_seconds=0, connector="")
class TestAnAgentThatRedeems:
    def test_gets_nothing_without_the_bytes(self, here: World, fake: FakeConnector, store: Path) -> None:
        file = attaching.attachment(here)
        action = here.approved(db.now(), attachments=[file.pk])
        place_of(store, file).unlink()
        with pytest.raises(NotApproved, match="Missing"):
            agent.consume(actor=here.as_agent(), at=db.now(), action_id=action.pk)
        assert world.fresh(action).state == "pending"

    def test_comes_back_while_the_store_does_not_answer(
        self, here: World, fake: FakeConnector, store: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        action = here.approved(db.now(), attachments=[attaching.attachment(here).pk])
        whole = contents.is_whole
        monkeypatch.setattr(contents, "is_whole", away)
        with pytest.raises(StoreAway):
            agent.consume(actor=here.as_agent(), at=db.now(), action_id=action.pk)
        monkeypatch.setattr(contents, "is_whole", whole)
        agent.consume(actor=here.as_agent(), at=db.now(), action_id=action.pk)
        assert world.fresh(action).state == "executing"


class TestADecision:
    def test_is_refused_when_a_row_was_exchanged(self, here: World, fake: FakeConnector, store: Path) -> None:
        file, other = attaching.attachment(here), attaching.attachment(here)
        action = here.pending(attachments=[file.pk])
        statement = "UPDATE approvals_actionattachment SET attachment_id = %s"
        world.tamper(statement, [world.stored(other.pk)], "approvals_actionattachment_fixed")
        with pytest.raises(Tampered):
            world.decide("approve", action, here.junior)
        world.decide("reject", action, here.junior, rationale="The document was exchanged.")
        assert ActionAttachment.objects.get().attachment == other


class TestTheBytes:
    def test_are_refused_when_they_were_changed(self, here: World, store: Path) -> None:
        file = attaching.attachment(here)
        place_of(store, file).write_bytes(b"x" * file.size)
        with pytest.raises(AttachmentMissing, match="differs"):
            contents.open_bytes(file)

    def test_of_a_large_file_are_compared_by_their_size(self, here: World, store: Path) -> None:
        file = attaching.attachment(here, b"x" * (contents.HASHED_BYTES + 1))
        assert contents.is_whole(file.sha256, file.size)
        place_of(store, file).write_bytes(b"x")
        assert not contents.is_whole(file.sha256, file.size)
