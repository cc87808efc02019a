"""A long list becomes a whole file, whatever happens to who writes it."""

import csv
import hashlib
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from approvals.authority import visibility
from approvals.models import Delivery, Export, LedgerEntry, Membership, Person
from approvals.services.exports import files, formats, pages, removal, writing
from approvals.states import ActionState
from tests import world
from tests.services.exports.conftest import WORKER, after, ask, fresh, may_read, write
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


def content(export: Export) -> bytes:
    return files.finished(export.pk, export.fence).read_bytes()


def ids(export: Export) -> list[str]:
    return [line["id"] for line in csv.DictReader(io.StringIO(content(export).decode()))]


@pytest.fixture
def actions(here: World) -> list[str]:
    """The ids of five actions, the newest first."""
    return [str(here.propose().pk) for _ in range(5)][::-1]


@pytest.fixture
def export(actions: list[str], reader: Person) -> Export:
    asked = ask(reader)
    assert asked.content is None
    return asked.export


class TestAWholeFile:
    def test_holds_every_row_in_the_order_of_the_list(self, export: Export, actions: list[str], folder: Path) -> None:
        assert write() == 1
        done = fresh(export)
        assert (done.state, done.rows, done.total, ids(done)) == ("ready", 5, 5, actions)
        assert done.digest == hashlib.sha256(content(done)).hexdigest()
        assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o600]

    def test_is_on_the_record_without_what_was_searched_for(self, actions: list[str], reader: Person) -> None:
        export = ask(reader, "q=Paper&state__exact=proposed").export
        write()
        entries = LedgerEntry.objects.filter(event__startswith="export.").order_by("id")
        assert [entry.event for entry in entries] == ["export.requested", "export.written"]
        told = json.loads(entries[1].data)
        assert (told["filters"], told["rows"], told["digest"]) == (
            {"state__exact": "proposed"},
            5,
            fresh(export).digest,
        )
        assert not any("Paper" in entry.data for entry in entries)

    def test_is_told_to_its_person(self, export: Export) -> None:
        write()
        assert Delivery.objects.get(kind="export.ready").person_id == export.person_id

    def test_counts_a_workbook_that_holds_too_much(
        self, actions: list[str], reader: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(formats, "MAX_XLSX_ROWS", 4)
        export = ask(reader, name="xlsx").export
        write()
        assert (fresh(export).state, fresh(export).fault) == ("failed", "rows")

    def test_can_be_a_workbook(self, actions: list[str], reader: Person, folder: Path) -> None:
        export = ask(reader, name="xlsx").export
        write(after(1))
        write()
        assert content(fresh(export)).startswith(b"PK")
        assert len(list(folder.iterdir())) == 1


class TestTurns:
    def test_go_on_where_the_last_ended(self, export: Export, actions: list[str]) -> None:
        assert write(after(1)) == 1
        half = fresh(export)
        assert (half.state, half.rows, half.leased_until) == ("writing", 2, None)
        write()
        assert ids(fresh(export)) == actions
        assert fresh(export).restarts == 0

    def test_take_different_exports(self, export: Export, reader: Person) -> None:
        other = ask(reader, name="jsonl").export
        write(after(1))
        write(after(1))
        assert (fresh(export).rows, fresh(other).rows) == (2, 2)

    def test_cut_what_was_not_recorded(self, export: Export, actions: list[str]) -> None:
        write(after(1))
        with files.part(export.pk, 1).open("ab") as file:
            file.write(b"half a li")
        write()
        assert ids(fresh(export)) == actions

    @pytest.mark.parametrize("loss", ["gone", "short"])
    def test_begin_again_where_the_file_is_lost(self, export: Export, actions: list[str], loss: str) -> None:
        write(after(1))
        part = files.part(export.pk, 1)
        part.unlink() if loss == "gone" else part.write_bytes(b"")
        write()
        assert (ids(fresh(export)), fresh(export).restarts) == (actions, 1)

    def test_leave_to_another_host_what_it_writes(self, export: Export) -> None:
        write(after(1))
        Export.objects.update(host="elsewhere")
        assert write() == 0
        Export.objects.update(touched_at=NOON - timedelta(days=365))
        assert write() == 1
        assert fresh(export).restarts == 1


class TestAProcessThatDies:
    def test_is_followed_by_one_that_begins_again(self, export: Export, actions: list[str]) -> None:
        held = writing.lease(actor=WORKER, at=NOON)
        assert held is not None and write() == 0
        Export.objects.update(leased_until=world.now() - timedelta(seconds=1))
        write()
        assert (ids(fresh(export)), fresh(export).restarts) == (actions, 1)

    def test_records_nothing_if_it_was_only_paused(self, export: Export) -> None:
        held = writing.lease(actor=WORKER, at=NOON)
        assert held is not None
        Export.objects.update(leased_until=world.now() - timedelta(seconds=1))
        write()
        assert writing.finish(actor=WORKER, at=NOON, export=held, size=1, digest="x") is False
        assert writing.record_progress(actor=WORKER, at=NOON, export=held, is_over=True) is False
        assert fresh(export).rows == 5

    def test_leaves_a_file_that_nobody_goes_on_with(
        self, export: Export, actions: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It may only be paused, and would go on writing to it."""
        answers = iter([True, True])

        def killed(_export: Export) -> Person:
            if next(answers, False):
                return export.person
            raise OperationalError("gone")

        with monkeypatch.context() as patch:
            patch.setattr(writing, "_demand_rights", killed)
            with pytest.raises(OperationalError):
                write()
        assert (fresh(export).rows, fresh(export).leased_until is None) == (2, False)
        Export.objects.update(leased_until=world.now() - timedelta(seconds=1))
        write()
        assert (ids(fresh(export)), fresh(export).restarts) == (actions, 1)

    def test_records_nothing_while_another_writes(self, export: Export) -> None:
        held = writing.lease(actor=WORKER, at=NOON)
        assert held is not None
        Export.objects.update(leased_until=world.now() - timedelta(seconds=1))
        other = writing.lease(actor=WORKER, at=NOON)
        assert other is not None and other.fence > held.fence
        assert writing.record_progress(actor=WORKER, at=NOON, export=held, is_over=True) is False
        assert writing.record_progress(actor=WORKER, at=NOON, export=other, is_over=True) is True

    def test_is_given_up_after_some_times(self, export: Export) -> None:
        for _ in range(writing.MAX_RESTARTS + 1):
            writing.lease(actor=WORKER, at=NOON)
            Export.objects.update(leased_until=world.now() - timedelta(seconds=1))
        assert write() == 0
        assert (fresh(export).state, fresh(export).fault) == ("failed", "given_up")


class TestRightsThatAreLost:
    def lose(self, reader: Person, what: str) -> None:
        if what == "desk":
            Membership.objects.filter(person=reader).delete()
        elif what == "group":
            reader.groups.clear()
        else:
            reader.is_active = False
            reader.save()

    @pytest.mark.parametrize("what", ["desk", "group", "account"])
    def test_end_it(self, export: Export, reader: Person, folder: Path, what: str) -> None:
        write(after(1))
        self.lose(reader, what)
        write()
        assert (fresh(export).state, fresh(export).fault) == ("failed", "rights")
        removal.remove_old(actor=WORKER, at=NOON)
        assert list(folder.iterdir()) == []

    def test_within_a_turn_end_it_before_the_next_page(
        self, export: Export, reader: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(after(1))
        answers = iter([["desk:1"]] * 2)
        monkeypatch.setattr(visibility, "grounds_of", lambda _person: next(answers, []))
        Export.objects.filter(pk=export.pk)
        write()
        assert fresh(export).fault == "rights"

    def test_more_than_before_are_no_loss(self, export: Export, reader: Person) -> None:
        may_read(reader, "Reviewers", "Compliance")
        write()
        assert fresh(export).state == "ready"

    def test_narrow_what_is_written(self, here: World, reader: Person, actions: list[str]) -> None:
        """What its person may not see is not there, as in the list."""
        stranger = may_read(world.person("stranger"))
        assert ask(stranger).export.rows == 0
        assert ask(stranger).content is not None


class TestAFault:
    def test_of_the_disk_is_said(self, export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(_file: Any) -> int:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(files, "synced", full)
        write()
        assert (fresh(export).state, fresh(export).fault) == ("failed", "disk")

    def test_of_a_database_that_is_away_is_tried_again(self, export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
        def away(_file: Any) -> int:
            raise OperationalError("server closed the connection unexpectedly")

        monkeypatch.setattr(files, "synced", away)
        with pytest.raises(OperationalError):
            write()
        assert fresh(export).state == "writing"

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite bounds no statement")
    def test_of_a_page_that_takes_long_is_said_before_its_lease_lapses(
        self, export: Export, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def slow(*_given: Any) -> list[Any]:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(20)")
            return []

        monkeypatch.setattr(writing, "STATEMENT_MS", 50)
        monkeypatch.setattr(pages.Pages, "after", slow)
        write()
        assert (fresh(export).state, fresh(export).fault) == ("failed", "slow")
        assert timedelta(milliseconds=60_000) < writing.LEASE

    def test_is_none_that_the_first_page_is_far_from_the_count(
        self, export: Export, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """There is a sign of life between the two."""
        told: list[tuple[int | None, int]] = []
        go_on = writing.record_progress

        def watched(**given: Any) -> bool:
            told.append((given["export"].total, given["export"].rows))
            return go_on(**given)

        monkeypatch.setattr(writing, "record_progress", watched)
        write()
        assert told[0] == (5, 0) and told[1] == (5, 2)


class TestOldFiles:
    def test_go_where_there_are_too_many(
        self, actions: list[str], reader: Person, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writing, "MAX_READY", 2)
        made = []
        for _ in range(3):
            made.append(ask(reader).export)
            write()
        assert [fresh(each).state for each in made] == ["removed", "ready", "ready"]
        removal.remove_old(actor=WORKER, at=NOON)
        assert len(list(folder.iterdir())) == 2

    def test_go_after_a_week(self, export: Export, folder: Path) -> None:
        write()
        assert removal.remove_old(actor=WORKER, at=NOON) == 0
        Export.objects.update(expires_at=world.now() - timedelta(seconds=1))
        assert removal.remove_old(actor=WORKER, at=NOON) == 1
        assert (fresh(export).state, list(folder.iterdir())) == ("removed", [])

    def test_of_a_turn_that_is_over_stay_until_the_next(self, export: Export, actions: list[str]) -> None:
        write(after(1))
        assert removal.remove_old(actor=WORKER, at=NOON) == 0
        writing.lease(actor=WORKER, at=NOON)
        assert removal.remove_old(actor=WORKER, at=NOON) == 0

    def test_of_nobody_go(self, export: Export, folder: Path) -> None:
        folder.mkdir()
        (folder / f"{world.unknown_id()}.1").write_text("x")
        (folder / "new").write_text("x")
        assert removal.remove_old(actor=WORKER, at=NOON) == 1
        assert [path.name for path in folder.iterdir()] == ["new"]


def test_a_list_is_written_as_it_is_then(export: Export, here: World, actions: list[str]) -> None:
    """A row that comes meanwhile is above what was written, and one that changes is written as it is."""
    write(after(1))
    here.propose()
    write()
    assert ids(fresh(export)) == actions
    assert ActionState.PROPOSED in content(fresh(ask_again(export))).decode()


def ask_again(export: Export) -> Export:
    asked = ask(export.person, columns=["id", "state"])
    write()
    return asked.export
