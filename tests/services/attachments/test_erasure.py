"""Erasing: nothing of a document is left that anybody could ask about, and the record keeps that it was there."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission

from approvals.actors import Actor, Door, system
from approvals.errors import AttachmentMissing, Malformed, NotAllowed, NotFound, WrongState
from approvals.models import ActionAttachment, Agent, Attachment, LedgerEntry, Person
from approvals.queries.record import digests
from approvals.services.attachments import erasure
from approvals.services.intake import override
from approvals.storage import contents
from tests import attaching, world
from tests.world import NOON, World

OPERATOR = system(Door.COMMAND)
WHY = "Request 17 of a data subject"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("store"),
]


def closed(here: World, file: Attachment) -> world.Action:
    action = here.propose(attachments=[file.pk])
    return world.withdraw(here, action)


def erase(file: Attachment, actor: Actor = OPERATOR, reason: str = WHY) -> bool:
    return erasure.erase(actor=actor, at=NOON, attachment_id=file.pk, reason=reason)


class TestErasing:
    def test_leaves_no_bytes_no_name_no_digest_and_no_salt(self, here: World, store: Path) -> None:
        file = attaching.attachment(here)
        closed(here, file)
        assert erase(file)
        row, place = Attachment.objects.get(), ActionAttachment.objects.get()
        assert (row.sha256, row.name, place.salt) == ("", "", "")
        assert not [path for path in store.glob("??/*") if path.is_file()]
        with pytest.raises(AttachmentMissing, match="erased"):
            contents.open_bytes(row)

    def test_keeps_the_digest_of_the_revision_and_an_entry(self, here: World) -> None:
        file = attaching.attachment(here)
        action = world.fresh(closed(here, file))
        erase(file)
        assert digests.digest_now(action, action.revision) == action.revision.digest
        entry = LedgerEntry.objects.get(action=action, event="attachment.erased")
        assert action.history.latest("history_id").history_change_reason == WHY  # type: ignore[attr-defined]
        assert Attachment.objects.get().erasure_reason == WHY
        assert action.revision.attachments[0] in entry.data

    def test_is_refused_while_an_action_is_open(self, here: World) -> None:
        file = attaching.attachment(here)
        here.pending(attachments=[file.pk])
        with pytest.raises(WrongState):
            erase(file)
        assert Attachment.objects.get().sha256

    def test_demands_a_reason(self, here: World) -> None:
        with pytest.raises(Malformed):
            erase(attaching.attachment(here), reason=" ")

    def test_happens_once(self, here: World) -> None:
        file = attaching.attachment(here)
        erase(file)
        with pytest.raises(NotFound):
            erase(file)

    def test_of_what_no_action_has_is_recorded_too(self, here: World) -> None:
        erase(attaching.attachment(here))
        assert LedgerEntry.objects.filter(action=None, event="attachment.erased").count() == 1

    def test_keeps_bytes_that_another_agent_uploaded_and_says_so(self, here: World) -> None:
        content = attaching.text()
        file = attaching.attachment(here, content)
        here.agent = Agent.objects.create(name="other-bot", title="Other bot", owner=here.owner)
        other = attaching.attachment(here, content)
        assert erase(file) is False
        assert contents.open_bytes(other) == content

    def test_lets_the_agent_upload_the_same_bytes_again(self, here: World) -> None:
        content = attaching.text()
        file = attaching.attachment(here, content)
        erase(file)
        assert attaching.uploaded(here, content).attachment.pk != file.pk

    def test_lets_the_action_be_proposed_again_no_more(self, here: World) -> None:
        file = attaching.attachment(here)
        action = closed(here, file)
        erase(file)
        with pytest.raises(WrongState, match="erased"):
            override._files(world.fresh(action))


class TestWhoErases:
    def test_is_a_compliance_officer(self, here: World) -> None:
        officer = world.auditor("officer")
        Person.objects.filter(pk=officer.pk).update(is_superuser=False)
        officer = Person.objects.get(pk=officer.pk)
        assert erase(attaching.attachment(here), Actor(Door.ADMIN, person=officer))

    def test_is_no_reviewer(self, here: World) -> None:
        with pytest.raises(NotAllowed):
            erase(attaching.attachment(here), Actor(Door.ADMIN, person=here.senior))

    def test_is_no_agent(self, here: World) -> None:
        with pytest.raises(NotAllowed):
            erase(attaching.attachment(here), here.as_agent())

    def test_is_nobody_with_a_token(self, here: World) -> None:
        here.senior.user_permissions.add(Permission.objects.get(codename="erase_attachment"))
        with pytest.raises(NotAllowed):
            erase(attaching.attachment(here), Actor(Door.TOKEN, person=here.senior))
