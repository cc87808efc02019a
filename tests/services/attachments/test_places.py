"""What an action holds of its attachments: their places, salted digests, limits, and evidence that points into them."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.errors import KeyReused, Malformed, NotAllowed, TooLarge, UnknownContent
from approvals.ids import uuid7
from approvals.models import Action, ActionAttachment, Agent, Attachment, LedgerEntry
from approvals.queries.record import digests
from approvals.queries.record.related import attachments
from tests import attaching, world
from tests.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("store"),
]


def pointing(file: Attachment, **more: Any) -> dict[str, Any]:
    return {"label": "Amount", "attachment": str(file.pk), **more}


class TestAnAction:
    def test_holds_its_attachments_in_their_order(self, here: World) -> None:
        files = [attaching.attachment(here) for _each in range(3)][::-1]
        action = world.fresh(here.propose(attachments=[file.pk for file in files]))
        assert attachments.of(action) == files

    def test_holds_salted_digests_alone(self, here: World) -> None:
        file = attaching.attachment(here)
        action = world.fresh(here.propose(attachments=[file.pk]))
        place = ActionAttachment.objects.get(action=action)
        assert action.revision.attachments == [digests.of_attachment(file.sha256, place.salt)]
        entry = LedgerEntry.objects.get(action=action, event="action.proposed")
        assert place.digest in entry.data
        assert file.sha256 not in entry.data

    def test_has_another_digest_with_them(self, here: World) -> None:
        file = attaching.attachment(here)
        action = world.fresh(here.propose(attachments=[file.pk]))
        bare = world.fresh(action)
        bare.revision.attachments = None
        assert digests.digest_now(action, action.revision) == action.revision.digest
        assert digests.digest_now(bare, bare.revision) != action.revision.digest

    def test_has_two_salts_for_one_file_in_two_actions(self, here: World) -> None:
        file = attaching.attachment(here)
        held = [world.fresh(here.propose(attachments=[file.pk])).revision.attachments for _each in range(2)]
        assert held[0] != held[1]

    def test_without_attachments_costs_no_statement(self, here: World) -> None:
        action = world.fresh(here.propose())
        assert action.revision
        with CaptureQueriesContext(connection) as asked:
            assert attachments.of(action) == []
        assert len(asked) == 0

    def test_keeps_them_through_an_edit(self, here: World) -> None:
        file = attaching.attachment(here)
        action = here.pending(attachments=[file.pk])
        world.decide("modify", action, here.junior, payload=action.revision.payload | {"amount": 700})
        action = world.fresh(action)
        assert action.revision.number == 2
        assert attachments.of(action) == [file]
        assert digests.digest_now(action, action.revision) == action.revision.digest

    def test_is_the_same_again_with_the_same_key_and_attachments(self, here: World) -> None:
        file = attaching.attachment(here)
        proposal = here.proposal(attachments=[file.pk])
        assert world.send(here, proposal).action == world.send(here, proposal).action

    def test_is_another_with_other_attachments(self, here: World) -> None:
        first, second = attaching.attachment(here), attaching.attachment(here)
        proposal = here.proposal(attachments=[first.pk])
        world.send(here, proposal)
        changed = here.proposal(
            attachments=[second.pk], idempotency_key=proposal.idempotency_key, payload=proposal.payload
        )
        with pytest.raises(KeyReused):
            world.send(here, changed)


class TestAProposal:
    def test_cannot_name_an_unknown_attachment(self, here: World) -> None:
        with pytest.raises(Malformed, match="does not exist"):
            here.propose(attachments=[uuid7()])

    def test_cannot_name_another_agents_attachment(self, here: World) -> None:
        mine, theirs = here.agent, Agent.objects.create(name="other-bot", title="Other bot", owner=here.owner)
        here.agent = theirs
        file = attaching.attachment(here)
        here.agent = mine
        with pytest.raises(Malformed, match="does not exist"):
            here.propose(attachments=[file.pk])
        assert not Action.objects.exists()

    def test_cannot_name_one_twice(self, here: World) -> None:
        file = attaching.attachment(here)
        with pytest.raises(Malformed, match="twice"):
            here.propose(attachments=[file.pk, file.pk])

    def test_cannot_have_more_than_its_action_type_takes(self, here: World) -> None:
        here.set_kind(attachment_count=1)
        files = [attaching.attachment(here).pk for _each in range(2)]
        with pytest.raises(NotAllowed, match="at most 1"):
            here.propose(attachments=files)

    def test_cannot_have_a_larger_one_than_its_action_type_takes(self, here: World) -> None:
        here.set_kind(attachment_mib=1)
        file = attaching.attachment(here, b"x" * (1024 * 1024 + 1))
        with pytest.raises(TooLarge, match="1 MiB"):
            here.propose(attachments=[file.pk])

    def test_cannot_have_another_type_than_its_action_type_takes(self, here: World) -> None:
        here.set_kind(attachment_types=["application/pdf"])
        file = attaching.attachment(here)
        with pytest.raises(UnknownContent, match="application/pdf") as refusal:
            here.propose(attachments=[file.pk])
        assert refusal.value.details["allowed"] == ["application/pdf"]


class TestEvidence:
    @pytest.mark.parametrize(
        ("more", "fault"),
        [
            ({"field": "amount"}, "no JSON Pointer"),
            ({"field": "/nothing"}, "has no field /nothing"),
            ({"attachment": "0190a1b2-0000-7000-8000-000000000000"}, "is not attached"),
            ({"attachment": None, "page": 1}, "need an attachment"),
            ({"attachment": None, "quote": "20 boxes"}, "need an attachment"),
            ({"quote": "x" * 501}, "longer than 500"),
        ],
    )
    def test_that_points_nowhere_is_refused(self, here: World, more: dict[str, Any], fault: str) -> None:
        file = attaching.attachment(here)
        with pytest.raises(Malformed, match=fault) as refusal:
            here.propose(attachments=[file.pk], evidence=[pointing(file, **more)])
        assert refusal.value.details["field"] == "evidence/0"

    def test_that_points_into_a_page_is_kept(self, here: World) -> None:
        file = attaching.attachment(here)
        item = pointing(file, field="/amount", page=1, quote="20 boxes")
        action = here.propose(attachments=[file.pk], evidence=[item])
        assert action.texts.get().content["evidence"] == [item]


class TestGuards:
    def test_refuse_a_salt_that_changes(self, here: World) -> None:
        here.propose(attachments=[attaching.attachment(here).pk])
        with pytest.raises(Exception, match="can only be erased"):
            ActionAttachment.objects.update(salt="0" * 32)

    def test_refuse_other_bytes(self, here: World) -> None:
        attaching.attachment(here)
        with pytest.raises(Exception, match="can only be erased"):
            Attachment.objects.update(sha256="0" * 64)

    def test_refuse_to_delete_what_an_action_has(self, here: World) -> None:
        file = attaching.attachment(here)
        here.propose(attachments=[file.pk])
        with pytest.raises(Exception, match="cannot be deleted"):
            Attachment.objects.filter(pk=file.pk)._raw_delete("default")

    def test_refuse_another_agents_attachment(self, here: World) -> None:
        mine, action = here.agent, here.propose()
        here.agent = Agent.objects.create(name="other-bot", title="Other bot", owner=here.owner)
        theirs = attaching.attachment(here)
        here.agent = mine
        with pytest.raises(Exception, match="of its own agent"):
            ActionAttachment.objects.create(action=action, attachment=theirs, position=0, salt="a", digest="b")
