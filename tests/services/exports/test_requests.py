"""Who may take which list out, and what is recorded of it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import Error

from approvals.actors import Actor, Door
from approvals.errors import Malformed, NotAllowed, NotFound
from approvals.models import Client, Export, LedgerEntry, Membership, Person
from approvals.services.exports import removal, requests
from approvals.services.safety import break_glass
from tests import world
from tests.services.exports.conftest import WORKER, after, ask, fresh, may_read, write
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def long(here: World, reader: Person) -> Export:
    for _ in range(3):
        here.propose()
    return ask(reader).export


def entries() -> list[tuple[str, dict[str, Any]]]:
    rows = LedgerEntry.objects.filter(event__startswith="export.").order_by("id")
    return [(row.event, json.loads(row.data)) for row in rows]


def change(row: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def act(verb: str, who: Person, export: Export) -> Export:
    done: Export = getattr(requests, verb)(actor=Actor(Door.ADMIN, person=who), at=NOON, export_id=export.pk)
    return done


class TestASmallList:
    def test_is_a_file_at_once_and_on_the_record(self, here: World, reader: Person) -> None:
        here.propose()
        asked = ask(reader, "state__exact=proposed")
        assert asked.content is not None and asked.content.count(b"\n") == 2
        ((event, told),) = entries()
        assert (event, told["rows"], told["size"]) == ("export.downloaded", 1, len(asked.content))
        assert told["digest"] == asked.export.digest
        assert fresh(asked.export).state == "taken"

    @pytest.mark.parametrize("name", ["csv", "jsonl", "xlsx"])
    def test_can_be_empty(self, reader: Person, name: str) -> None:
        assert ask(reader, name=name).content is not None


class TestARequest:
    def test_is_refused_to_who_may_not_read_the_list(self, here: World) -> None:
        with pytest.raises(NotAllowed):
            ask(here.owner)
        assert not Export.objects.exists()

    def test_is_refused_to_a_token(self, reader: Person) -> None:
        with pytest.raises(NotAllowed):
            requests.ask(
                actor=Actor(Door.TOKEN, person=reader), at=NOON, source="approvals.action", query="", name="csv",
                columns=["id"],
            )  # fmt: skip

    @pytest.mark.parametrize(
        "changes", [{"name": "pdf"}, {"columns": []}, {"columns": ["password"]}, {"query": "password__regex=x"}]
    )
    def test_is_refused_where_it_asks_for_what_there_is_not(self, reader: Person, changes: dict[str, Any]) -> None:
        with pytest.raises(Malformed):
            ask(reader, **changes)

    def test_is_refused_for_a_list_that_there_is_not(self, reader: Person) -> None:
        with pytest.raises(NotFound):
            ask(reader, source="sessions.session")

    def test_is_refused_while_several_are_unfinished(self, long: Export, reader: Person) -> None:
        for _ in range(requests.MAX_UNFINISHED - 1):
            ask(reader)
        with pytest.raises(Malformed, match="3 exports"):
            ask(reader)
        act("cancel", reader, long)
        assert ask(reader).content is None


class TestAFile:
    def test_is_handed_out_to_its_person_on_the_record(self, long: Export, reader: Person) -> None:
        write()
        act("hand_out", reader, long)
        assert [event for event, _told in entries()] == ["export.requested", "export.written", "export.downloaded"]
        assert entries()[-1][1]["digest"] == fresh(long).digest

    def test_is_handed_out_to_nobody_else(self, long: Export, here: World) -> None:
        write()
        with pytest.raises(NotFound):
            act("hand_out", may_read(here.senior, "Reviewers", "Compliance"), long)

    @pytest.mark.parametrize("loss", ["desk", "group"])
    def test_is_not_handed_out_once_rights_are_lost(self, long: Export, reader: Person, loss: str) -> None:
        write()
        Membership.objects.filter(person=reader).delete() if loss == "desk" else reader.groups.clear()
        with pytest.raises(NotAllowed):
            act("hand_out", reader, long)
        assert entries()[-1][0] == "export.written"

    @pytest.mark.parametrize("loss", ["client", "every client", "responsibility"])
    def test_is_not_handed_out_once_a_client_is_lost(self, long: Export, here: World, loss: str) -> None:
        """The desk alone, of which the person still is a member, does not stand for its clients."""
        reader, client = may_read(here.senior), Client.objects.create(key="north", name="North")
        own = Membership.objects.filter(person=reader)
        if loss == "client":
            Membership.objects.create(person=reader, desk=here.desk, client=client)
        if loss == "every client":
            change(own.get(), covers_clients=True)
        if loss == "responsibility":
            change(client, responsible=reader)
        export = ask(reader).export
        write()
        act("hand_out", reader, export)
        own.filter(client=client).delete()
        change(own.get(), covers_clients=False)
        change(client, responsible=None)
        with pytest.raises(NotAllowed):
            act("hand_out", reader, export)

    def test_is_handed_out_by_a_membership_for_every_client_in_place_of_one(self, long: Export, here: World) -> None:
        reader, client = may_read(here.senior), Client.objects.create(key="north", name="North")
        seat = Membership.objects.create(person=reader, desk=here.desk, client=client)
        export = ask(reader).export
        write()
        seat.delete()
        change(Membership.objects.get(person=reader), covers_clients=True)
        assert act("hand_out", reader, export).pk == export.pk

    def test_is_not_handed_out_once_glass_is_whole_again(self, long: Export, here: World) -> None:
        """Of a desk of which the person is a member, where it showed every client."""
        reader = may_read(here.junior, "Reviewers", "Break-glass")
        actor, given = Actor(Door.ADMIN, person=reader), {"reason": "Nobody else is there.", "password": "secret"}
        glass = break_glass.start(actor=actor, at=NOON, desk=here.desk.slug, **given)
        export = ask(reader).export
        write()
        break_glass.close(actor=actor, at=NOON, break_glass_id=glass.pk)
        with pytest.raises(NotAllowed):
            act("hand_out", reader, export)

    def test_is_not_handed_out_before_it_is_ready_or_after_its_time(self, long: Export, reader: Person) -> None:
        with pytest.raises(NotFound):
            act("hand_out", reader, long)
        write()
        Export.objects.update(expires_at=world.now() - timedelta(seconds=1))
        with pytest.raises(NotFound):
            act("hand_out", reader, long)


class TestCancel:
    def test_ends_it_between_two_turns(self, long: Export, reader: Person) -> None:
        write(after(1))
        act("cancel", reader, long)
        assert write() == 0
        assert fresh(long).state == "canceled"

    def test_is_refused_once_it_is_finished(self, long: Export, reader: Person) -> None:
        write()
        with pytest.raises(Malformed):
            act("cancel", reader, long)

    def test_is_refused_to_others(self, long: Export, here: World) -> None:
        with pytest.raises(NotFound):
            act("cancel", here.senior, long)


class TestTheRow:
    @pytest.mark.parametrize(
        "changes", [{"query": "x"}, {"columns": ["x"]}, {"grounds": []}, {"source": "x"}, {"salt": "x"}]
    )
    def test_stays_as_it_was_asked_for(self, long: Export, changes: dict[str, Any]) -> None:
        with pytest.raises(Error):
            Export.objects.filter(pk=long.pk).update(**changes)

    def test_does_not_change_once_it_has_ended(self, long: Export, reader: Person) -> None:
        act("cancel", reader, long)
        with pytest.raises(Error):
            Export.objects.filter(pk=long.pk).update(size=7)

    @pytest.mark.parametrize("end", ["cancel", "expire", "fail"])
    def test_keeps_nothing_of_what_was_searched_for_once_it_has_ended(
        self, long: Export, reader: Person, end: str
    ) -> None:
        """Nor the salt, without which its digest in the ledger is of no use."""
        export = ask(reader, "q=Paper").export
        if end == "cancel":
            act("cancel", reader, export)
        if end == "fail":
            reader.groups.clear()
        write()
        if end == "expire":
            assert fresh(export).query == "q=Paper"
            Export.objects.filter(pk=export.pk).update(expires_at=world.now() - timedelta(seconds=1))
            removal.expire(actor=WORKER, at=NOON, limit=9)
        assert (fresh(export).query, fresh(export).salt) == ("", "")
        digests = {told["query"] for _event, told in entries() if told["export"] == str(export.pk)}
        assert len(digests) == 1

    def test_of_a_small_list_keeps_nothing_either(self, here: World, reader: Person) -> None:
        export = fresh(ask(reader, "q=Maria").export)
        assert (export.state, export.query, export.salt) == ("taken", "", "")

    @pytest.mark.parametrize("changes", [{"query": ""}, {"salt": ""}, {"query": "", "salt": ""}])
    def test_keeps_it_until_then(self, long: Export, reader: Person, changes: dict[str, Any]) -> None:
        export = ask(reader, "q=Paper").export
        with pytest.raises(Error):
            Export.objects.filter(pk=export.pk).update(**changes)

    def test_is_not_deleted(self, long: Export) -> None:
        with pytest.raises(Error):
            Export.objects.filter(pk=long.pk).delete()
